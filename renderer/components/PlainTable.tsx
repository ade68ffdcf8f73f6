/** A small table that is only read. One whose rows are walked by keys is a `RowTable`, a long one a `DataGrid`. */
import type { ReactNode } from 'react';
import styles from './PlainTable.module.css';

/** The title of a column; numbers stand on the right, and what is hidden is only heard. */
export type PlainHead = string | { readonly title: string; readonly isNumber?: boolean; readonly isHidden?: boolean };

/** @param children rows, as `tr` */
export function PlainTable({ caption, head, children }: { caption?: ReactNode; head: readonly PlainHead[]; children: ReactNode }) {
	return (
		<table className={styles['table']}>
			{caption === undefined ? null : <caption>{caption}</caption>}
			<thead>
				<tr>
					{head.map((column) => {
						const { title, isNumber, isHidden } = typeof column === 'string' ? { title: column } : { ...column };
						return (
							<th key={title} scope="col" className={isNumber ? styles['number'] : undefined}>
								{isHidden ? <span className="visuallyHidden">{title}</span> : title}
							</th>
						);
					})}
				</tr>
			</thead>
			<tbody>{children}</tbody>
		</table>
	);
}

/** The head of a column of numbers. */
export const numberHead = (title: string): PlainHead => ({ title, isNumber: true });

/** A cell of a column of numbers. */
export function NumberCell({ isAdverse = false, children }: { isAdverse?: boolean; children: ReactNode }) {
	return (
		<td className={styles['number']} data-adverse={isAdverse || undefined}>
			{children}
		</td>
	);
}
