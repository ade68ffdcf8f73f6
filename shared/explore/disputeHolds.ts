/** All holds, those behind a dispute and those of their own, with the revenue posted while they were in force. */
import { CATALOGUE, type EvidenceFacts, type Overrides, runTest } from '#audit';
import type { Population } from '#population';
import { postedUnder } from './disputeSpans.ts';
import { customerOf, type DisputeException, tellException } from './disputes.ts';

export interface HoldRow {
	/** Row of the table hold. */
	readonly row: number;
	readonly holdId: string;
	readonly kind: string;
	readonly disputeId: string | null;
	readonly orderId: string | null;
	readonly lineId: string | null;
	readonly customer: string | null;
	readonly openedAt: number;
	/** Null while it is in force. */
	readonly closedAt: number | null;
	readonly ageMs: number;
	readonly reason: string;
	readonly openedBy: string | null;
	readonly closedBy: string | null;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	/** Recognised or reinstated while it was in force, minor units of the order's currency; null without revenue events. */
	readonly postedMinor: bigint | null;
	readonly exceptions: readonly DisputeException[];
}

const HOLD_TESTS = ['T18', 'T35'];

/** Null where no holds were supplied. */
export function holdRows(population: Population, evidence: EvidenceFacts, overrides: Overrides): readonly HoldRow[] | null {
	if (!population.has('hold')) return null;
	const exceptions = exceptionsByHold(population, evidence, overrides);
	const holds = population.table('hold');
	return Array.from({ length: holds.rows }, (_, row) => {
		const from = holds.instants('opened_at')[row] as number;
		const closed = holds.instants('closed_at')[row] as number;
		const to = Number.isNaN(closed) ? population.asOf : closed;
		const order = population.has('sales_order')
			? population.index('sales_order', 'order_id').rowOf(holds.codes('order_id')[row] as number)
			: -1;
		return {
			row,
			holdId: holds.text('hold_id', row) ?? '',
			kind: holds.text('kind', row) ?? '',
			disputeId: holds.text('dispute_id', row),
			orderId: holds.text('order_id', row),
			lineId: holds.text('line_id', row),
			customer: customerOf(population, order),
			openedAt: from,
			closedAt: Number.isNaN(closed) ? null : closed,
			ageMs: Math.max(0, to - from),
			reason: holds.text('reason_code', row) ?? '',
			openedBy: holds.text('opened_by', row),
			closedBy: holds.text('closed_by', row),
			amountMinor: holds.isNull('amount_minor', row) ? null : (holds.minors('amount_minor')[row] as bigint),
			currency: order < 0 ? null : population.table('sales_order').text('currency', order),
			postedMinor: population.has('revenue_event')
				? eventsUnder(population, row).reduce((sum, event) => sum + postedUnder(population, event, { from, to }), 0n)
				: null,
			exceptions: exceptions.get(row) ?? [],
		};
	});
}

/** Revenue events of a hold's order that concern its line. */
function eventsUnder(population: Population, hold: number): number[] {
	const holds = population.table('hold');
	const lines = population.table('revenue_event').codes('line_id');
	const own = holds.codes('line_id')[hold] as number;
	return [...population.index('revenue_event', 'order_id').rowsOf(holds.codes('order_id')[hold] as number)].filter(
		(event) => own < 0 || (lines[event] as number) < 0 || lines[event] === own,
	);
}

function exceptionsByHold(population: Population, evidence: EvidenceFacts, overrides: Overrides): Map<number, DisputeException[]> {
	const found = new Map<number, DisputeException[]>();
	for (const id of HOLD_TESTS) {
		const test = CATALOGUE.find((one) => one.id === id);
		if (!test) continue;
		for (const draft of runTest(test, population, evidence, overrides).exceptions)
			for (const { table, row } of draft.rows) {
				if (table !== 'hold') continue;
				found.set(row, [...(found.get(row) ?? []), tellException(test, draft)]);
			}
	}
	return found;
}
