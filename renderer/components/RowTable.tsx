/**
 * A short list whose rows are walked by keys: arrows or J and K, Home, End, Enter; Space ticks; Shift with arrows and Ctrl+A select, Ctrl+C
 * copies. Long lists are `DataGrid`'s.
 */
import { Checkbox } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react';
import { openVault } from '../app/vault.ts';
import { rowByKey } from './listKeys.ts';
import styles from './RowTable.module.css';
import { copyRows, type TextColumn } from './rowText.ts';
import { useRowRange } from './useRowRange.ts';

/** What is copied of a cell is its `text` or `money`, otherwise what it shows: whoever shows less than there is, such as of a hash, says its text. */
export interface RowColumn<Row> extends TextColumn<Row> {
	readonly id: string;
	readonly align?: 'left' | 'right';
	/** CSS width, such as `64px`. */
	readonly width?: string;
	readonly sortable?: boolean;
	/** Long text breaks into lines; everything else stays on one. */
	readonly wraps?: boolean;
	/** Takes the room that the others leave, on one line that is cut off at its end. */
	readonly fills?: boolean;
	readonly cell: (row: Row) => ReactNode;
}

export interface RowSort {
	readonly column: string;
	readonly direction: 'asc' | 'desc';
}

export interface RowTableProps<Row> {
	readonly label: string;
	readonly columns: readonly RowColumn<Row>[];
	readonly rows: readonly Row[];
	readonly rowKey: (row: Row) => string;
	readonly activeKey?: string | null;
	readonly onActive?: (row: Row) => void;
	/** Enter and double click. */
	readonly onOpen?: (row: Row) => void;
	readonly ticked?: ReadonlySet<string>;
	readonly onTick?: (ticked: ReadonlySet<string>) => void;
	readonly sort?: RowSort | null;
	readonly onSort?: (sort: RowSort) => void;
	/** Rows of one group stand together under its title. Rows must come in the order of their groups. */
	readonly groupOf?: (row: Row) => string;
	/** What stands where no row does. */
	readonly empty?: ReactNode;
}

export function RowTable<Row>(props: RowTableProps<Row>) {
	const { label, columns, rows, rowKey, ticked, sort, onSort, groupOf } = props;
	const body = useRef<HTMLTableSectionElement>(null);
	const keys = rows.map(rowKey);
	const activeAt = Math.max(0, keys.indexOf(props.activeKey ?? ''));
	const focusRow = (at: number): void => {
		const clamped = Math.min(rows.length - 1, Math.max(0, at));
		const row = rows[clamped];
		if (row === undefined) return;
		props.onActive?.(row);
		body.current?.querySelectorAll<HTMLElement>('tr[data-row]')[clamped]?.focus();
	};
	const told = textColumns(columns, rows, body, ticked ? 1 : 0);
	const ranges = useRowRange<Row>({ label, columns: told, count: rows.length, fetchRows: pagerOf(rows), version: keys.join(' ') });
	const copiesTicked = ({ ctrlKey, metaKey, key }: KeyboardEvent): boolean => {
		if (!ticked?.size || ranges.range || !(ctrlKey || metaKey) || key !== 'c' || document.getSelection()?.toString()) return false;
		const wanted = rows.filter((row) => ticked.has(rowKey(row)));
		void copyRows(openVault(), label, told, wanted.length, () => Promise.resolve(wanted));
		return true;
	};
	const tick = (key: string): void => {
		if (!ticked) return;
		const next = new Set(ticked);
		if (!next.delete(key)) next.add(key);
		props.onTick?.(next);
	};
	const onKeyDown = (event: KeyboardEvent, at: number, row: Row): void => {
		if (event.target !== event.currentTarget || event.altKey) return;
		if (copiesTicked(event) || ranges.press(event, at)) {
			event.preventDefault();
			event.stopPropagation();
			return;
		}
		if (event.ctrlKey || event.metaKey) return;
		const to = rowByKey(event.key, at, rows.length);
		if (to !== null) focusRow(to);
		else if (event.key === 'Enter' && props.onOpen) props.onOpen(row);
		else if (event.key === ' ' && ticked) tick(rowKey(row));
		else return;
		event.preventDefault();
		event.stopPropagation();
	};
	const width = columns.length + (ticked ? 1 : 0);
	let group: string | null = null;
	return (
		<div className={styles['scroll']} data-keys="list">
			{/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are walked by keys is a grid */}
			<table className={styles['table']} role="grid" aria-label={label} aria-multiselectable="true" aria-rowcount={rows.length + 1}>
				<thead>
					<tr>
						{ticked ? (
							<th scope="col" className={styles['tick']}>
								<Checkbox
									aria-label={`Select all of ${label}`}
									checked={rows.length > 0 && keys.every((key) => ticked.has(key))}
									indeterminate={keys.some((key) => ticked.has(key)) && !keys.every((key) => ticked.has(key))}
									onChange={({ currentTarget }) => props.onTick?.(new Set(currentTarget.checked ? keys : []))}
								/>
							</th>
						) : null}
						{columns.map((column) => (
							<Head key={column.id} column={column} sort={sort ?? null} {...(onSort ? { onSort } : {})} />
						))}
					</tr>
				</thead>
				<tbody ref={body}>
					{rows.length === 0 ? (
						<tr>
							<td colSpan={width} className={styles['empty']}>
								{props.empty ?? 'Nothing to show.'}
							</td>
						</tr>
					) : null}
					{rows.flatMap((row, at) => {
						const key = rowKey(row);
						const title = groupOf?.(row) ?? null;
						const isNewGroup = title !== null && title !== group;
						group = title;
						const line = (
							<tr
								key={key}
								data-row=""
								tabIndex={at === activeAt ? 0 : -1}
								aria-selected={key === props.activeKey || ranges.has(at)}
								className={styles['row']}
								onClick={(event) => {
									ranges.click(at, activeAt, event.shiftKey);
									props.onActive?.(row);
								}}
								onDoubleClick={() => props.onOpen?.(row)}
								onKeyDown={(event) => onKeyDown(event, at, row)}
							>
								{ticked ? (
									<td className={styles['tick']}>
										<Checkbox tabIndex={-1} aria-label={`Select ${key}`} checked={ticked.has(key)} onChange={() => tick(key)} />
									</td>
								) : null}
								{columns.map((column) => (
									<td
										key={column.id}
										className={[
											column.align === 'right' ? styles['right'] : '',
											column.wraps ? '' : styles['line'],
											column.fills ? styles['fills'] : '',
										].join(' ')}
									>
										{column.cell(row)}
									</td>
								))}
							</tr>
						);
						if (!isNewGroup) return [line];
						return [
							<tr key={`group ${title}`}>
								<th colSpan={width} scope="colgroup" className={styles['group']}>
									{title}
								</th>
							</tr>,
							line,
						];
					})}
				</tbody>
			</table>
		</div>
	);
}

const pagerOf =
	<Row,>(rows: readonly Row[]) =>
	(from: number, to: number): Promise<readonly Row[]> =>
		Promise.resolve(rows.slice(from, to));

/** A column says its own text, or what stands in its cells, all of which are in the page: nothing that is shown is left out of a copy. */
function textColumns<Row>(
	columns: readonly RowColumn<Row>[],
	rows: readonly Row[],
	body: RefObject<HTMLTableSectionElement | null>,
	offset: number,
): readonly TextColumn<Row>[] {
	return columns.map((column, at): TextColumn<Row> => {
		if (column.text ?? column.money) return column;
		const shown = (row: Row): string =>
			// biome-ignore lint/performance/useDomNodeTextContent: lines within a cell are apart as they are shown
			body.current?.querySelectorAll<HTMLTableRowElement>('tr[data-row]')[rows.indexOf(row)]?.cells[at + offset]?.innerText ?? '';
		return { title: column.title, text: shown };
	});
}

function Head<Row>({ column, sort, onSort }: { column: RowColumn<Row>; sort: RowSort | null; onSort?: (sort: RowSort) => void }) {
	const own = sort?.column === column.id ? sort.direction : null;
	const className = column.align === 'right' ? styles['right'] : undefined;
	const style = column.width === undefined ? {} : { width: column.width };
	if (!(column.sortable && onSort))
		return (
			<th scope="col" className={className} style={style}>
				{column.title}
			</th>
		);
	return (
		<th scope="col" className={className} style={style} aria-sort={own === null ? 'none' : own === 'asc' ? 'ascending' : 'descending'}>
			<button
				type="button"
				className={styles['sort']}
				onClick={() => onSort({ column: column.id, direction: own === 'asc' ? 'desc' : 'asc' })}
			>
				{column.title}
				<span aria-hidden="true">{own === null ? '' : own === 'asc' ? ' ▲' : ' ▼'}</span>
			</button>
		</th>
	);
}
