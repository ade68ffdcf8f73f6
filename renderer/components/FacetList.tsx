/** Counts by value beside a list: one block a column, one button a value, with a bar as long as its share of the largest. */
import type { ReactNode } from 'react';
import { formatCount } from '../app/format.ts';
import styles from './FacetList.module.css';

interface FacetListProps {
	readonly label: string;
	readonly className?: string | undefined;
	readonly isBusy?: boolean;
	/** Only where the window is too narrow to show them all the time. */
	readonly isOpen?: boolean;
	readonly children: ReactNode;
}

export function FacetList({ label, className, isBusy = false, isOpen = false, children }: FacetListProps) {
	return (
		<nav
			className={`${styles['facets']} ${className ?? ''}`}
			aria-label={label}
			data-region
			data-open={isOpen || undefined}
			aria-busy={isBusy || undefined}
		>
			{children}
		</nav>
	);
}

export function FacetBlock({ label, className, children }: { label: string; className?: string | undefined; children: ReactNode }) {
	return (
		<section className={`${styles['facet']} ${className ?? ''}`} aria-label={label}>
			{children}
		</section>
	);
}

interface FacetValueProps {
	readonly label: string;
	readonly count: number;
	/** The largest count of its block, at least 1; null: no bar. */
	readonly most: number | null;
	readonly isPressed?: boolean;
	/** The label is crossed out: rows with it are left out. */
	readonly isLeftOut?: boolean;
	readonly onPress: () => void;
}

export function FacetValue({ label, count, most, isPressed, isLeftOut = false, onPress }: FacetValueProps) {
	return (
		<button type="button" className={styles['value']} aria-pressed={isPressed} title={label} onClick={onPress}>
			{most === null ? null : <span className={styles['bar']} style={{ width: `${(100 * count) / most}%` }} />}
			<span className={styles['label']} data-left={isLeftOut || undefined}>
				{label}
			</span>{' '}
			<span className={styles['count']}>{formatCount(count)}</span>
		</button>
	);
}
