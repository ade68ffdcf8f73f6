// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, so that only those in view are drawn; a table could not
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
/** The list of triage: one stop for the keyboard, whose active row moves; only the rows in view are drawn. */
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { InboxColumn, InboxSort } from '#findings';
import { useRowRange } from '../../components/useRowRange.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import { listSpace, ROW_PX, rowAtTop } from './listScroll.ts';
import { TRIAGE_COLUMNS } from './triageColumns.tsx';
import type { RowWindow } from './useWindow.ts';

const OVERSCAN = 8;

interface TriageListProps {
	readonly count: number;
	readonly at: number;
	readonly rows: RowWindow;
	/** Names the list. */
	readonly listId: string;
	readonly fetchRows: (from: number, to: number) => Promise<readonly ExceptionRow[]>;
	readonly sort: readonly InboxSort[];
	readonly onSort: (column: InboxColumn) => void;
	/** First row in view, as it changes. */
	readonly onScroll: (first: number) => void;
	readonly onStand: (at: number) => void;
}

export function TriageList({ count, at, rows, listId, fetchRows, sort, onSort, onScroll, onStand }: TriageListProps) {
	const box = useRef<HTMLDivElement>(null);
	const [view, setView] = useView(box);
	const space = listSpace(count, view.height - ROW_PX);
	const ranges = useRowRange<ExceptionRow>({ label: 'Exceptions', columns: TRIAGE_COLUMNS, count, fetchRows, version: listId });
	const listTop = space.topOf(view.top);
	// The active row is kept in view, whichever way it was reached.
	// biome-ignore lint/correctness/useExhaustiveDependencies: another row in hand is what moves the list
	useEffect(() => {
		const element = box.current;
		if (!element || at < 0) return;
		const now = listSpace(count, element.clientHeight - ROW_PX);
		const [top, bottom] = [at * ROW_PX, (at + 1) * ROW_PX];
		const inner = element.clientHeight - ROW_PX;
		const shown = now.topOf(element.scrollTop);
		if (top < shown) element.scrollTop = Math.floor(now.scrollOf(top));
		else if (bottom > shown + inner) element.scrollTop = Math.ceil(now.scrollOf(bottom - inner));
	}, [at]);
	const first = Math.max(0, rowAtTop(listTop) - OVERSCAN);
	const last = Math.min(count, Math.ceil((listTop + view.height) / ROW_PX) + OVERSCAN);
	const onKeyDown = (event: KeyboardEvent): void => {
		if (ranges.press(event, at)) {
			event.preventDefault();
			event.stopPropagation();
			return;
		}
		const mod = event.ctrlKey || event.metaKey;
		// A verdict is of the row in hand: several that look chosen would promise more.
		if (!(event.shiftKey || mod)) ranges.click(at, at, false);
		if (mod && event.key !== 'Home' && event.key !== 'End') return;
		const page = Math.max(1, Math.floor(view.height / ROW_PX) - 2);
		const to = targetOf(event.key, at, count, page);
		if (to === null) return;
		event.preventDefault();
		onStand(Math.min(count - 1, Math.max(0, to)));
	};
	return (
		<div
			ref={box}
			className={styles['list']}
			role="grid"
			aria-label="Exceptions to judge"
			aria-rowcount={count + 1}
			aria-multiselectable="true"
			aria-activedescendant={rows.rowAt(at) ? `exception-${at}` : undefined}
			tabIndex={0}
			data-keys="list"
			data-triage-list
			onKeyDown={onKeyDown}
			onScroll={({ currentTarget }) => {
				setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight });
				onScroll(rowAtTop(space.topOf(currentTarget.scrollTop)));
			}}
		>
			<Heads
				sort={sort}
				onSort={(column) => {
					onSort(column);
					// The keys of the list go on: Enter must not be the head's.
					box.current?.focus();
				}}
			/>
			<div role="presentation" className={styles['space']} style={{ height: space.height }}>
				{Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step).map((index) => (
					<Row
						key={index}
						index={index}
						top={view.top + index * ROW_PX - listTop}
						row={rows.rowAt(index)}
						isActive={index === at}
						isChosen={ranges.has(index)}
						onStand={(isExtending) => {
							ranges.click(index, at, isExtending);
							onStand(index);
						}}
					/>
				))}
			</div>
		</div>
	);
}

/** Where the scrollbar stands, and how much is seen. */
function useView(box: RefObject<HTMLDivElement | null>) {
	const [view, setView] = useState({ top: 0, height: 600 });
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		return () => observer.disconnect();
	}, [box]);
	return [view, setView] as const;
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

function Heads({ sort, onSort }: Pick<TriageListProps, 'sort' | 'onSort'>) {
	return (
		<div role="row" aria-rowindex={1} className={`${styles['row']} ${styles['head']}`}>
			{TRIAGE_COLUMNS.map(({ id, title, sort: column, className }) => {
				const own = column !== null && sort[0]?.column === column ? sort[0].direction : null;
				return (
					<span
						key={id}
						role="columnheader"
						className={className === styles['right'] ? className : undefined}
						aria-sort={own === null ? undefined : ARIA_SORT[own]}
					>
						{column === null ? (
							title
						) : (
							<button type="button" tabIndex={-1} className={styles['sort']} onClick={() => onSort(column)}>
								{title}
								<span aria-hidden="true">{own === null ? '' : own === 'asc' ? ' ▲' : ' ▼'}</span>
							</button>
						)}
					</span>
				);
			})}
		</div>
	);
}

function targetOf(key: string, at: number, count: number, page: number): number | null {
	switch (key) {
		case 'ArrowDown':
			return at + 1;
		case 'ArrowUp':
			return at - 1;
		case 'PageDown':
			return at + page;
		case 'PageUp':
			return at - page;
		case 'Home':
			return 0;
		case 'End':
			return count - 1;
		default:
			return null;
	}
}

interface RowProps {
	readonly index: number;
	/** Pixels from the beginning of the space. */
	readonly top: number;
	readonly row: ExceptionRow | undefined;
	readonly isActive: boolean;
	/** Of the range that is selected. */
	readonly isChosen: boolean;
	readonly onStand: (isExtending: boolean) => void;
}

function Row({ index, top, row, isActive, isChosen, onStand }: RowProps) {
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the grid's, whose active row this is
		<div
			id={`exception-${index}`}
			role="row"
			aria-rowindex={index + 2}
			aria-selected={isActive || isChosen}
			data-active={isActive}
			className={styles['row']}
			style={{ top }}
			onClick={({ shiftKey }) => onStand(shiftKey)}
			tabIndex={-1}
		>
			{row ? (
				TRIAGE_COLUMNS.map(({ id, className, hint, cell }) => (
					<span key={id} role="gridcell" className={className} title={hint?.(row)}>
						{cell(row)}
					</span>
				))
			) : (
				<span role="gridcell" className={styles['muted']}>
					…
				</span>
			)}
		</div>
	);
}
