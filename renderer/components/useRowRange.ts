/** Selecting a range of rows in a list, with its totals in the status bar and its copy. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useCommands } from '../app/commands.ts';
import { formatCount } from '../app/format.ts';
import { openVault } from '../app/vault.ts';
import { useStatus } from '../state/status.ts';
import { boundsOf, isWithin, type RowRange, rangeAfter } from './rowRange.ts';
import { COPY_MAX, copyRows, type TextColumn, totalsOf } from './rowText.ts';

const BLOCK = 1000;

interface Ranged<Row> {
	/** Names the list where its rows are copied. */
	readonly label: string;
	readonly columns: readonly TextColumn<Row>[];
	readonly count: number;
	/** Rows [from, to); it throws where they can't be had. */
	readonly fetchRows: (from: number, to: number) => Promise<readonly Row[]>;
	/** Another value is another list: what was selected is not in it. */
	readonly version: unknown;
	/** The list holds its selection itself: nothing is selected here. */
	readonly isOff?: boolean;
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export interface RowRanges {
	readonly range: RowRange | null;
	readonly has: (index: number) => boolean;
	/**
	 * Selects or copies.
	 * @param at the row one stands on before the key
	 * @returns whether the key is done with: nobody else should act on it
	 */
	readonly press: (event: KeyPress, at: number) => boolean;
	readonly click: (index: number, at: number, isExtending: boolean) => void;
}

/** All rows of a span, block by block; fewer than that are an error, never a part. */
async function gather<Row>(fetchRows: Ranged<Row>['fetchRows'], from: number, to: number): Promise<readonly Row[]> {
	const rows: Row[] = [];
	while (rows.length < to - from) {
		const block = await fetchRows(from + rows.length, Math.min(to, from + rows.length + BLOCK));
		if (block.length === 0) throw new Error('the list has changed meanwhile.');
		rows.push(...block);
	}
	return rows;
}

export function useRowRange<Row>(ranged: Ranged<Row>): RowRanges {
	const [range, setRange] = useState<RowRange | null>(null);
	const latest = useRef(ranged);
	latest.current = ranged;
	const held = useRef<RowRange | null>(null);
	const take = useCallback((next: RowRange | null): void => {
		held.current = next;
		setRange(next);
	}, []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another list is what gives the range up
	useEffect(() => take(null), [ranged.version, ranged.count, take]);
	useTotals(range, latest);
	/** The range, or else the row one stands on. */
	const copy = useCallback((at: number): void => {
		const { label, columns, fetchRows } = latest.current;
		const [from, to] = held.current ? boundsOf(held.current) : at < 0 ? [0, 0] : [at, at + 1];
		void copyRows(openVault(), label, columns, to - from, () => gather(fetchRows, from, to));
	}, []);
	useListCommands(ranged, copy, take);
	const press = useCallback(
		(event: KeyPress, at: number): boolean => {
			const mod = event.ctrlKey || event.metaKey;
			const { count } = latest.current;
			if (event.altKey) return false;
			if (mod && event.key.toLowerCase() === 'c' && !event.shiftKey) {
				if (document.getSelection()?.toString()) return false;
				copy(at);
				return true;
			}
			const before = held.current;
			const next = rangeAfter(before, { key: event.key, shiftKey: event.shiftKey, mod }, at, count);
			if (next !== before) take(next);
			return (mod && event.key.toLowerCase() === 'a') || (event.key === 'Escape' && before !== null);
		},
		[take, copy],
	);
	const click = useCallback(
		(index: number, at: number, isExtending: boolean): void => {
			if (!isExtending) {
				take(null);
				return;
			}
			// The browser has marked text from there to here; rows are what is meant.
			document.getSelection()?.removeAllRanges();
			take({ anchor: held.current?.anchor ?? (at < 0 ? index : at), head: index });
		},
		[take],
	);
	return { range, has: (index) => isWithin(range, index), press, click };
}

/** By the palette as well. Their keys are the list's own, which hears them first. */
function useListCommands<Row>({ isOff, count }: Ranged<Row>, copy: (at: number) => void, take: (range: RowRange | null) => void): void {
	useCommands(
		() =>
			isOff
				? []
				: [
						{
							id: 'rows.all',
							title: 'Select all rows of the list',
							group: 'List',
							keys: '$mod+a',
							when: 'grid',
							disabled: count === 0 ? 'The list is empty.' : null,
							run: () => take({ anchor: 0, head: count - 1 }),
						},
						{
							id: 'rows.copy',
							title: 'Copy the selected rows with headers',
							group: 'List',
							keys: '$mod+c',
							when: 'grid',
							run: () => copy(-1),
						},
					],
		[isOff, count, copy, take],
	);
}

/** What the range comes to, in the status bar for as long as it stands. */
function useTotals<Row>(range: RowRange | null, latest: { readonly current: Ranged<Row> }): void {
	useEffect(() => {
		if (range === null) return;
		const { setTotals } = useStatus.getState();
		const { columns, fetchRows } = latest.current;
		const [from, to] = boundsOf(range);
		const count = to - from;
		let isStale = false;
		const isMoney = columns.some(({ money }) => money);
		const note = count > COPY_MAX ? `not added up: more than ${formatCount(COPY_MAX)} rows` : '';
		setTotals({ count, sums: [], ...(isMoney && note !== '' ? { note } : {}) });
		if (isMoney && note === '')
			void gather(fetchRows, from, to).then(
				(rows) => {
					if (!isStale) setTotals(totalsOf(columns, rows));
				},
				(error: unknown) => {
					if (!isStale) setTotals({ count, sums: [], note: `not added up: ${error instanceof Error ? error.message : String(error)}` });
				},
			);
		return () => {
			isStale = true;
			setTotals(null);
		};
	}, [range, latest]);
}
