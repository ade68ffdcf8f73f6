/** The line above a list: how it is narrowed, a field to narrow it by words, and how much of it is left. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './ListFilter.module.css';

interface ListFilterProps {
	/** Chips and the field. */
	readonly children: ReactNode;
	/** What is left, in numbers. */
	readonly status: ReactNode;
	/** Null: nothing is narrowed. */
	readonly onReset: (() => void) | null;
	/** Writes what is left to a file. */
	readonly onExport?: () => void;
}

export function ListFilter({ children, status, onReset, onExport }: ListFilterProps) {
	return (
		<div className={styles['filter']}>
			{children}
			<span className={styles['status']} role="status">
				{status}
			</span>
			{onReset ? (
				<Button variant="subtle" onClick={onReset}>
					Reset
				</Button>
			) : null}
			{onExport ? (
				<Button variant="subtle" onClick={onExport}>
					Export CSV
				</Button>
			) : null}
		</div>
	);
}
