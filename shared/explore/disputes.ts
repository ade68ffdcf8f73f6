/** Disputes and their holds as a list: age, escalation, how much of each dispute a hold covered, and what the audit tests say. */
import { CATALOGUE, type EvidenceFacts, type ExceptionDraft, type Overrides, runTest } from '#audit';
import { compareText, HOUR_MS } from '#kernel';
import type { Population } from '#population';

const DISPUTE_TESTS_SHOWN = ['T18', 'T34', 'T35', 'T60', 'T63', 'T64', 'T65'] as const;

/** An escalation counts up to this after it was due, as T63 reads it. */
const LEEWAY_MS = 24 * HOUR_MS;
const ESCALATION_HOURS = 72;

/**
 * `not_needed` closed before it was due · `not_due` open, and the limit has not run out · `in_time` · `late` escalated after it was due ·
 * `missed` the limit has run out and nobody escalated.
 */
export type EscalationState = 'not_needed' | 'not_due' | 'in_time' | 'late' | 'missed';

export type EvidenceState = 'enough' | 'short' | 'not_scored' | 'no_threshold';

export interface DisputeException {
	readonly test: string;
	readonly title: string;
	readonly sentence: string;
	readonly keys: Readonly<Record<string, string>>;
	readonly orderId: string | null;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
}

export interface DisputeRow {
	/** Row of the table dispute. */
	readonly row: number;
	readonly disputeId: string;
	readonly orderId: string | null;
	readonly lineId: string | null;
	readonly customer: string | null;
	/** Epoch milliseconds; closing is null while it is open. */
	readonly loggedAt: number;
	readonly closedAt: number | null;
	readonly status: string;
	readonly isOpen: boolean;
	readonly ageMs: number;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	readonly escalation: EscalationState;
	readonly evidence: EvidenceState;
	readonly evidenceScore: number | null;
	readonly evidenceThreshold: number | null;
	/** Of its span, how long a hold was in force. */
	readonly heldMs: number;
	/** Revenue recognised or reinstated, posted while the dispute was open; minor units of its order's currency. */
	readonly postedMinor: bigint;
	/** Tests with an exception about it. */
	readonly tests: readonly string[];
}

export interface Span {
	readonly from: number;
	readonly to: number;
}

export interface DisputeBook {
	readonly rows: readonly DisputeRow[];
	/** By row of dispute. */
	readonly exceptions: ReadonlyMap<number, readonly DisputeException[]>;
	/** Tests that could not be run on this drop, with why. */
	readonly notTold: readonly { readonly test: string; readonly why: string }[];
}

/** Null where no disputes were supplied. */
export function disputeBook(population: Population, evidence: EvidenceFacts, overrides: Overrides): DisputeBook | null {
	if (!population.has('dispute')) return null;
	const { exceptions, notTold } = disputeExceptions(population, evidence, overrides);
	const hours = overrides['T63']?.['hours'];
	const limit = (typeof hours === 'number' ? hours : ESCALATION_HOURS) * HOUR_MS;
	const rows = Array.from({ length: population.table('dispute').rows }, (_, row) =>
		disputeRow(population, row, limit, exceptions.get(row) ?? []),
	);
	return { rows, exceptions, notTold };
}

function disputeRow(population: Population, row: number, limit: number, exceptions: readonly DisputeException[]): DisputeRow {
	const disputes = population.table('dispute');
	const span = spanOf(population, row);
	const status = disputes.text('status', row) ?? '';
	const closed = disputes.instants('closed_at')[row] as number;
	const isOpen = Number.isNaN(closed) && (status === 'open' || status === '');
	const order = orderRow(population, row);
	const currency = order < 0 ? null : population.table('sales_order').text('currency', order);
	return {
		row,
		disputeId: disputes.text('dispute_id', row) ?? '',
		orderId: disputes.text('order_id', row),
		lineId: disputes.text('line_id', row),
		customer: customerOf(population, order),
		loggedAt: span.from,
		closedAt: Number.isNaN(closed) ? null : closed,
		status,
		isOpen,
		ageMs: Math.max(0, span.to - span.from),
		amountMinor: disputes.isNull('amount_minor', row) ? null : (disputes.minors('amount_minor')[row] as bigint),
		currency,
		escalation: escalationOf(span, disputes.instants('escalated_at')[row] as number, limit, isOpen),
		...evidenceOf(population, row),
		heldMs: coverOf(
			span,
			holdsOf(population, row).map(({ span: held }) => held),
		).reduce((sum, { from, to }) => sum + to - from, 0),
		postedMinor: eventsOf(population, row).reduce((sum, event) => sum + postedUnder(population, event, span), 0n),
		tests: [...new Set(exceptions.map(({ test }) => test))].sort(compareText),
	};
}

/** From logging to closing, or to as-of while it is open. */
export function spanOf(population: Population, row: number): Span {
	const disputes = population.table('dispute');
	const closed = disputes.instants('closed_at')[row] as number;
	return { from: disputes.instants('logged_at')[row] as number, to: Number.isNaN(closed) ? population.asOf : closed };
}

function escalationOf({ from, to }: Span, escalated: number, limit: number, isOpen: boolean): EscalationState {
	if (!Number.isNaN(escalated)) return escalated - from <= limit + LEEWAY_MS ? 'in_time' : 'late';
	if (to - from <= limit) return isOpen ? 'not_due' : 'not_needed';
	return 'missed';
}

function evidenceOf(population: Population, row: number): Pick<DisputeRow, 'evidence' | 'evidenceScore' | 'evidenceThreshold'> {
	const disputes = population.table('dispute');
	const score = disputes.integers('evidence_score')[row] as number;
	const threshold = disputes.integers('evidence_threshold')[row] as number;
	const evidence = Number.isNaN(threshold) ? 'no_threshold' : Number.isNaN(score) ? 'not_scored' : score < threshold ? 'short' : 'enough';
	return { evidence, evidenceScore: Number.isNaN(score) ? null : score, evidenceThreshold: Number.isNaN(threshold) ? null : threshold };
}

const orderRow = (population: Population, row: number): number =>
	population.has('sales_order')
		? population.index('sales_order', 'order_id').rowOf(population.table('dispute').codes('order_id')[row] as number)
		: -1;

export function customerOf(population: Population, order: number): string | null {
	if (order < 0) return null;
	const code = population.table('sales_order').codes('customer_id')[order] as number;
	const customer = population.has('customer') ? population.index('customer', 'customer_id').rowOf(code) : -1;
	return customer < 0 ? population.table('sales_order').text('customer_id', order) : population.table('customer').text('name', customer);
}

/** Whether a row of a table is about the line in dispute: of a whole order's dispute every row of it is. */
function concerns(population: Population, dispute: number, table: 'hold' | 'revenue_event', row: number): boolean {
	const own = population.table('dispute').codes('line_id')[dispute] as number;
	const other = population.table(table).codes('line_id')[row] as number;
	return own < 0 || other < 0 || own === other;
}

export interface HoldSpan {
	readonly row: number;
	readonly span: Span;
}

/** The holds on a dispute's order that concern its line, oldest first. */
export function holdsOf(population: Population, dispute: number): HoldSpan[] {
	if (!population.has('hold')) return [];
	const holds = population.table('hold');
	const order = population.table('dispute').codes('order_id')[dispute] as number;
	return [...population.index('hold', 'order_id').rowsOf(order)]
		.filter((row) => concerns(population, dispute, 'hold', row))
		.map((row) => {
			const closed = holds.instants('closed_at')[row] as number;
			return {
				row,
				span: { from: holds.instants('opened_at')[row] as number, to: Number.isNaN(closed) ? Number.POSITIVE_INFINITY : closed },
			};
		})
		.sort((a, b) => a.span.from - b.span.from);
}

/** The parts of a span that others cover, each once, in order. */
export function coverOf(span: Span, others: readonly Span[]): Span[] {
	const pieces: Span[] = [];
	let reached = span.from;
	for (const { from, to } of [...others].sort((a, b) => a.from - b.from)) {
		const start = Math.max(from, reached);
		const end = Math.min(to, span.to);
		if (!(end > start)) continue;
		pieces.push({ from: start, to: end });
		reached = end;
	}
	return pieces;
}

/** The parts of a span that nothing covers. */
export function gapsOf(span: Span, covered: readonly Span[]): Span[] {
	const gaps: Span[] = [];
	let at = span.from;
	for (const { from, to } of covered) {
		if (from > at) gaps.push({ from: at, to: from });
		at = Math.max(at, to);
	}
	if (span.to > at) gaps.push({ from: at, to: span.to });
	return gaps;
}

/** Revenue events of a dispute's order that concern its line. */
export function eventsOf(population: Population, dispute: number): number[] {
	if (!population.has('revenue_event')) return [];
	const order = population.table('dispute').codes('order_id')[dispute] as number;
	return [...population.index('revenue_event', 'order_id').rowsOf(order)].filter((row) =>
		concerns(population, dispute, 'revenue_event', row),
	);
}

/** What an event recognised or reinstated, posted in a span; reversals are no revenue. */
export function postedUnder(population: Population, event: number, { from, to }: Span): bigint {
	const revenue = population.table('revenue_event');
	const posted = revenue.instants('posted_at')[event] as number;
	if (!(posted >= from && posted < to) || revenue.text('kind', event) === 'reverse') return 0n;
	return revenue.minors('amount_minor')[event] as bigint;
}

function disputeExceptions(
	population: Population,
	evidence: EvidenceFacts,
	overrides: Overrides,
): { readonly exceptions: Map<number, DisputeException[]>; readonly notTold: DisputeBook['notTold'] } {
	const exceptions = new Map<number, DisputeException[]>();
	const notTold: { test: string; why: string }[] = [];
	for (const id of DISPUTE_TESTS_SHOWN) {
		const test = CATALOGUE.find((one) => one.id === id);
		if (!test) continue;
		const run = runTest(test, population, evidence, overrides);
		if (run.verdict === 'not_testable') notTold.push({ test: id, why: run.why ?? '' });
		for (const draft of run.exceptions) {
			const told: DisputeException = {
				test: id,
				title: test.title,
				sentence: draft.reason,
				keys: draft.keys,
				orderId: draft.orderId,
				amountMinor: draft.amountMinor,
				currency: draft.currency,
			};
			for (const row of disputesOf(population, draft)) exceptions.set(row, [...(exceptions.get(row) ?? []), told]);
		}
	}
	return { exceptions, notTold };
}

/** The disputes an exception is about: that it names, that its hold names, or those of its order and line. */
function disputesOf(population: Population, { keys, orderId, rows }: ExceptionDraft): number[] {
	const disputes = population.table('dispute');
	const named = keys['dispute_id'];
	if (named !== undefined) {
		const row = population.index('dispute', 'dispute_id').rowOf(disputes.dictionary('dispute_id').codeOf(named));
		return row < 0 ? [] : [row];
	}
	const cited = rows.filter(({ table }) => table === 'dispute').map(({ row }) => row);
	if (cited.length > 0) return [...new Set(cited)];
	if (orderId === null || !('hold_id' in keys || 'revenue_id' in keys)) return [];
	const ofOrder = [...population.index('dispute', 'order_id').rowsOf(population.dictionary('order').codeOf(orderId))];
	const events = rows.filter(({ table }) => table === 'revenue_event' || table === 'hold');
	return ofOrder.filter((dispute) =>
		events.every(({ table, row }) => (table === 'revenue_event' || table === 'hold' ? concerns(population, dispute, table, row) : true)),
	);
}

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
			return row.postedMinor > 0n;
		case 'not_held':
			return row.heldMs === 0 || row.tests.includes('T65');
		case 'with_exceptions':
			return row.tests.length > 0;
		default:
			return true;
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
