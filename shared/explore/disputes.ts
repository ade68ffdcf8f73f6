/** Disputes and their holds as a list: age, escalation, how much of each dispute a hold covered, and what the audit tests say. */
import { type AuditTest, CATALOGUE, type EvidenceFacts, type ExceptionDraft, type Overrides, runTest } from '#audit';
import { compareText, HOUR_MS } from '#kernel';
import type { Population } from '#population';
import { concerns, coverOf, eventsOf, holdsOf, postedUnder, type Span, spanOf } from './disputeSpans.ts';
import { type DisputeSupply, disputeSupply } from './disputeSupply.ts';
import { isWhole } from './whole.ts';

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
	/**
	 * Of its span, how long a hold was in force; null where it can't be told: no holds were supplied, or none is found and lines of them
	 * were set aside.
	 */
	readonly heldMs: number | null;
	/** Revenue recognised or reinstated, posted while the dispute was open; minor units of its order's currency, null without revenue events. */
	readonly postedMinor: bigint | null;
	/** Tests with an exception about it. */
	readonly tests: readonly string[];
}

export interface DisputeBook {
	readonly rows: readonly DisputeRow[];
	/** By row of dispute. */
	readonly exceptions: ReadonlyMap<number, readonly DisputeException[]>;
	readonly supply: DisputeSupply;
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
	return { rows, exceptions, supply: disputeSupply(population), notTold };
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
		heldMs: heldOf(population, row, span),
		postedMinor: population.has('revenue_event')
			? eventsOf(population, row).reduce((sum, event) => sum + postedUnder(population, event, span), 0n)
			: null,
		tests: [...new Set(exceptions.map(({ test }) => test))].sort(compareText),
	};
}

function heldOf(population: Population, row: number, span: Span): number | null {
	const covered = coverOf(
		span,
		holdsOf(population, row).map(({ span: held }) => held),
	);
	return covered.length === 0 && !isWhole(population, 'hold') ? null : covered.reduce((sum, { from, to }) => sum + to - from, 0);
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

/** An exception as a dossier tells it. */
export const tellException = (test: AuditTest, draft: ExceptionDraft): DisputeException => ({
	test: test.id,
	title: test.title,
	sentence: draft.reason,
	keys: draft.keys,
	orderId: draft.orderId,
	amountMinor: draft.amountMinor,
	currency: draft.currency,
});

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
			const told = tellException(test, draft);
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
