// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, so that only those in view are drawn; a table could not
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
/** The list of triage: one stop for the keyboard, whose active row moves; only the rows in view are drawn. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatMinor } from '../../app/format.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import type { RowWindow } from './useWindow.ts';
import { SeverityMark, TriageBadge } from './words.tsx';

const ROW_PX = 28;
const OVERSCAN = 8;

interface TriageListProps {
	readonly count: number;
	readonly at: number;
	readonly rows: RowWindow;
	/** First row in view, as it changes. */
	readonly onScroll: (first: number) => void;
	readonly onStand: (at: number) => void;
}

export function TriageList({ count, at, rows, onScroll, onStand }: TriageListProps) {
	const box = useRef<HTMLDivElement>(null);
	const [view, setView] = useState({ top: 0, height: 600 });
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		return () => observer.disconnect();
	}, []);
	// The active row is kept in view, whichever way it was reached.
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const [top, bottom] = [at * ROW_PX, (at + 1) * ROW_PX];
		const inner = element.clientHeight - ROW_PX;
		if (top < element.scrollTop) element.scrollTop = top;
		else if (bottom > element.scrollTop + inner) element.scrollTop = bottom - inner;
	}, [at]);
	const first = Math.max(0, Math.floor(view.top / ROW_PX) - OVERSCAN);
	const last = Math.min(count, Math.ceil((view.top + view.height) / ROW_PX) + OVERSCAN);
	const onKeyDown = (event: KeyboardEvent): void => {
		if (event.ctrlKey && event.key !== 'Home' && event.key !== 'End') return;
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
			aria-activedescendant={rows.rowAt(at) ? `exception-${at}` : undefined}
			tabIndex={0}
			data-keys="list"
			data-triage-list
			onKeyDown={onKeyDown}
			onScroll={({ currentTarget }) => {
				setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight });
				onScroll(Math.floor(currentTarget.scrollTop / ROW_PX));
			}}
		>
			<div role="row" aria-rowindex={1} className={`${styles['row']} ${styles['head']}`}>
				{['Severity', 'Test', 'Subject', 'Amount', 'Cur', 'Verdict', 'Why'].map((title) => (
					<span key={title} role="columnheader" className={title === 'Amount' ? styles['right'] : undefined}>
						{title}
					</span>
				))}
			</div>
			<div role="presentation" className={styles['space']} style={{ height: count * ROW_PX }}>
				{Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step).map((index) => (
					<Row key={index} index={index} row={rows.rowAt(index)} isActive={index === at} onStand={onStand} />
				))}
			</div>
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
	readonly row: ExceptionRow | undefined;
	readonly isActive: boolean;
	readonly onStand: (at: number) => void;
}

/** The order, or what else the exception is about. */
export const subjectOf = ({ orderId, keys }: Pick<ExceptionRow, 'orderId' | 'keys'>): string => orderId ?? Object.values(keys).join(' / ');

function Row({ index, row, isActive, onStand }: RowProps) {
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the grid's, whose active row this is
		<div
			id={`exception-${index}`}
			role="row"
			aria-rowindex={index + 2}
			aria-selected={isActive}
			className={styles['row']}
			style={{ top: index * ROW_PX }}
			onClick={() => onStand(index)}
			tabIndex={-1}
		>
			{row ? (
				<>
					<span role="gridcell">
						<SeverityMark severity={row.severity} />
					</span>
					<span role="gridcell" title={row.title}>
						{row.test}
					</span>
					<span role="gridcell" title={subjectOf(row)}>
						{subjectOf(row)}
					</span>
					<span role="gridcell" className={styles['right']}>
						{row.amountMinor === null ? '–' : formatMinor(row.amountMinor, row.currency ?? '')}
					</span>
					<span role="gridcell" className={styles['muted']}>
						{row.currency ?? ''}
					</span>
					<span role="gridcell">
						<TriageBadge verdict={row.verdict} />
						{row.isChanged ? <abbr title="The test gives another result now than when this was judged"> Δ</abbr> : null}
					</span>
					<span role="gridcell" title={row.reason} className={styles['muted']}>
						{row.reason}
					</span>
				</>
			) : (
				<span role="gridcell" className={styles['muted']}>
					…
				</span>
			)}
		</div>
	);
}
