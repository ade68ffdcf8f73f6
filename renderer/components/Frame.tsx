/** The parts screens are put together from: header, toolbar, panels, facts, chips. Hairlines, no cards. */
import type { ReactNode } from 'react';
import { keycaps } from '../app/commands.ts';
import styles from './Frame.module.css';

export function ScreenHeader({ title, meta, actions, tabs }: { title: string; meta?: ReactNode; actions?: ReactNode; tabs?: ReactNode }) {
	return (
		<header className={styles['header']}>
			<h1 tabIndex={-1} data-screen-title>
				{title}
			</h1>
			{tabs ? <div className={styles['tabs']}>{tabs}</div> : null}
			<div className={styles['meta']}>{meta}</div>
			<div className={styles['actions']}>{actions}</div>
		</header>
	);
}

export function Toolbar({ label, children }: { label?: string; children: ReactNode }) {
	return (
		<div className={styles['toolbar']} role="toolbar" aria-label={label ?? 'Tools'}>
			{children}
		</div>
	);
}

export function Panel({
	title,
	actions,
	children,
	className,
}: {
	title: string;
	actions?: ReactNode;
	children: ReactNode;
	className?: string;
}) {
	return (
		<section className={`${styles['panel']} ${className ?? ''}`} aria-label={title}>
			<div className={styles['panelHead']}>
				<h2>{title}</h2>
				<div className={styles['actions']}>{actions}</div>
			</div>
			<div className={styles['panelBody']}>{children}</div>
		</section>
	);
}

interface FactListProps {
	readonly facts: readonly { readonly label: string; readonly value: ReactNode }[];
	/** One a line, name on the left, value on the right: where there is no room for more. */
	readonly isNarrow?: boolean;
}

export function FactList({ facts, isNarrow = false }: FactListProps) {
	return (
		<dl className={styles[isNarrow ? 'factLines' : 'facts']}>
			{facts.map(({ label, value }) => (
				<div key={label}>
					<dt>{label}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

export function Chip({ label, onRemove }: { label: string; onRemove?: () => void }) {
	return (
		<span className={styles['chip']}>
			{label}
			{onRemove ? (
				<button type="button" aria-label={`Remove: ${label}`} onClick={onRemove}>
					×
				</button>
			) : null}
		</span>
	);
}

export function KeyHint({ keys }: { keys: string }) {
	return (
		<span className={styles['keys']}>
			{keycaps(keys).map((cap, i) =>
				cap === 'then' ? (
					// biome-ignore lint/suspicious/noArrayIndexKey: keycaps never move
					<span key={i}> then </span>
				) : (
					// biome-ignore lint/suspicious/noArrayIndexKey: keycaps never move
					<kbd key={i}>{cap}</kbd>
				),
			)}
		</span>
	);
}

/** @param total 0: not known, the bar only says that something goes on */
export function ProgressBar({ done, total, label }: { done: number; total: number; label: string }) {
	const isKnown = total > 0;
	return <progress className={styles['progress']} aria-label={label} {...(isKnown ? { value: Math.min(done, total), max: total } : {})} />;
}
