/** The list of disputes: its filters, its order, its ages. */
import { compareText, HOUR_MS } from '#kernel';
import type { TableName } from '#model';
import type { DisputeBook, DisputeRow } from './disputes.ts';

export interface DisputeFilter {
	readonly only?: 'open' | 'escalation_due' | 'released_without_evidence' | 'posted_under_dispute' | 'not_held' | 'with_exceptions' | null;
	/** Part of dispute, order or customer. */
	readonly text?: string;
	/** Open disputes of one age alone. */
	readonly age?: AgeRange | null;
}

/** Days since a dispute was logged: from `fromDays`, below `toDays`; null: without end. */
export interface AgeRange {
	readonly fromDays: number;
	readonly toDays: number | null;
}

export type DisputeSort = 'age' | 'amount' | 'logged' | 'order';

/** Rows that pass a filter, in order. */
export function disputeList(
	{ rows }: DisputeBook,
	{ only, text, age }: DisputeFilter,
	sort: DisputeSort,
	isDescending: boolean,
): DisputeRow[] {
	const wanted = (text ?? '').trim().toLowerCase();
	const sign = isDescending ? -1 : 1;
	return rows
		.filter((row) => isOnly(row, only ?? null))
		.filter((row) => age == null || isOfAge(row, age))
		.filter((row) => wanted === '' || `${row.disputeId} ${row.orderId ?? ''} ${row.customer ?? ''}`.toLowerCase().includes(wanted))
		.sort((a, b) => sign * compareBy(a, b, sort) || a.row - b.row);
}

function compareBy(a: DisputeRow, b: DisputeRow, sort: DisputeSort): number {
	switch (sort) {
		case 'age':
			return a.ageMs - b.ageMs;
		case 'logged':
			return a.loggedAt - b.loggedAt;
		case 'order':
			return compareText(a.orderId ?? '', b.orderId ?? '');
		case 'amount': {
			const byCurrency = compareText(b.currency ?? '', a.currency ?? '');
			const [x, y] = [a.amountMinor ?? -1n, b.amountMinor ?? -1n];
			return byCurrency || (x < y ? -1 : x > y ? 1 : 0);
		}
	}
}

export function isOnly(row: DisputeRow, only: DisputeFilter['only']): boolean {
	switch (only) {
		case 'open':
			return row.isOpen;
		case 'escalation_due':
			return row.escalation === 'missed' || row.escalation === 'late';
		case 'released_without_evidence':
			return row.tests.includes('T35');
		case 'posted_under_dispute':
			return row.postedMinor !== null && row.postedMinor > 0n;
		case 'not_held':
			return row.heldMs === 0 || row.tests.includes('T65');
		case 'with_exceptions':
			return row.tests.length > 0;
		default:
			return true;
	}
}

/** Why a view can't be told on this drop: what is not in it may belong there all the same. Null where it can. */
export function whyUntold({ supply, notTold }: DisputeBook, only: DisputeFilter['only']): string | null {
	const lacks = (table: TableName): string | null => (supply.notSupplied.includes(table) ? `${table} was not supplied` : null);
	switch (only) {
		case 'posted_under_dispute':
			return lacks('revenue_event');
		case 'not_held':
			return lacks('hold');
		case 'released_without_evidence':
			return notTold.find(({ test }) => test === 'T35')?.why ?? null;
		default:
			return null;
	}
}

/** Ages of open disputes in days, for the ageing chart: how many, and how much per currency. */
export interface AgeBand extends AgeRange {
	readonly label: string;
	readonly count: number;
	readonly sums: readonly { readonly currency: string; readonly minor: bigint }[];
}

const BANDS = [
	[0, 3],
	[3, 7],
	[7, 14],
	[14, 30],
	[30, 60],
	[60, null],
] as const;

const isOfAge = ({ isOpen, ageMs }: DisputeRow, { fromDays, toDays }: AgeRange): boolean =>
	isOpen && ageMs >= fromDays * 24 * HOUR_MS && (toDays === null || ageMs < toDays * 24 * HOUR_MS);

export function ageing({ rows }: DisputeBook): AgeBand[] {
	return BANDS.map(([fromDays, toDays]) => {
		const inBand = rows.filter((row) => isOfAge(row, { fromDays, toDays }));
		const sums = new Map<string, bigint>();
		for (const { currency, amountMinor } of inBand)
			if (amountMinor !== null) sums.set(currency ?? '', (sums.get(currency ?? '') ?? 0n) + amountMinor);
		return {
			label: toDays === null ? `≥ ${fromDays} d` : `${fromDays}–${toDays} d`,
			fromDays,
			toDays,
			count: inBand.length,
			sums: [...sums].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => compareText(a.currency, b.currency)),
		};
	});
}
