/** Revenue that something forbade at the time: T18 a hold or dispute, T20 a contract not yet approved, T83 no evidence behind a fallback. */
import type { Population } from '#population';
import { orderContracts } from '#revenue';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { holdsByOrder } from './orderHolds.ts';
import { addsRevenue, draftOf, eventText } from './revenueEventDraft.ts';
import { fallbackUnsupported } from './revenueFallback.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** The order line a revenue event is of: its own word, or its obligation's. */
function lineCodes(population: Population): Int32Array {
	const revenue = population.table('revenue_event');
	const lines = revenue.ids('line_id');
	if (!population.has('obligation')) return lines;
	const index = population.index('obligation', 'obligation_id');
	const owed = population.table('obligation').codes('line_id');
	const obligations = revenue.codes('obligation_id');
	return lines.map((line, event) => {
		if (line >= 0) return line;
		const obligation = index.rowOf(obligations[event] as number);
		return obligation < 0 ? -1 : (owed[obligation] as number);
	});
}

/**
 * Reading: posted_at within [opened_at, closed_at) of any hold on the order, or on the line the revenue is for. A hold without line
 * holds the whole order; revenue that names no line is held by any hold of its order.
 */
function revenueOnHold({ population }: AuditContext): Outcome {
	const revenue = population.table('revenue_event');
	const adds = population.derive(addsRevenue);
	const lines = population.derive(lineCodes);
	const orders = revenue.codes('order_id');
	const posted = revenue.instants('posted_at');
	const index = population.index('hold', 'order_id');
	const holdsOf = holdsByOrder(population);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let event = 0; event < revenue.rows; event++) {
		if (adds[event] !== 1) continue;
		tested++;
		const order = orders[event] as number;
		if (index.countOf(order) === 0) continue;
		const instant = posted[event] as number;
		const covering = holdsOf(order)
			.on(lines[event] as number)
			.map((set) => set.covering(instant))
			.find((piece) => piece !== null);
		if (covering) exceptions.push(onHold(population, event, covering.row));
	}
	return { tested, exceptions, open: 0 };
}

function onHold(population: Population, event: number, hold: number): ExceptionDraft {
	const holds = population.table('hold');
	const closed = holds.instants('closed_at')[hold] as number;
	const until = Number.isNaN(closed) ? 'and was still open at as-of' : `to ${inTime(closed)}`;
	const line = holds.text('line_id', hold);
	const on = line === null ? 'the whole order' : `line ${line}`;
	const order = population.index('sales_order', 'order_id').rowOf(population.table('revenue_event').codes('order_id')[event] as number);
	return {
		...draftOf(population, event),
		reason: `${eventText(population, event)} was posted at ${inTime(population.table('revenue_event').instants('posted_at')[event] as number)}, while ${holds.text('kind', hold)} ${holds.text('hold_id', hold)} on ${on} (${holds.text('reason_code', hold)}) ran from ${inTime(holds.instants('opened_at')[hold] as number)} ${until}.`,
		rows: [ref('revenue_event', event), ref('hold', hold), ...refs('sales_order', [order])],
	};
}

/** Reading: every recognise or reinstate event, against the contract of its order; an unknown contract is T76's. */
function revenueBeforeApproval({ population }: AuditContext): Outcome {
	const revenue = population.table('revenue_event');
	const contracts = population.table('contract');
	const adds = population.derive(addsRevenue);
	const orderIndex = population.index('sales_order', 'order_id');
	const contractOf = orderContracts(population);
	const orders = revenue.codes('order_id');
	const recognised = revenue.instants('recognised_at');
	const approved = contracts.instants('approved_at');
	const signed = contracts.instants('signed_at');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let event = 0; event < revenue.rows; event++) {
		const order = adds[event] === 1 ? orderIndex.rowOf(orders[event] as number) : -1;
		const contract = order < 0 ? -1 : (contractOf[order] as number);
		if (contract < 0) continue;
		tested++;
		const instant = recognised[event] as number;
		// Written so that a missing instant (NaN) is an exception.
		if ((approved[contract] as number) <= instant && (signed[contract] as number) <= instant) continue;
		if (!Number.isNaN(instant)) exceptions.push(beforeApproval(population, event, order, contract));
	}
	return { tested, exceptions, open: 0 };
}

function beforeApproval(population: Population, event: number, order: number, contract: number): ExceptionDraft {
	const contracts = population.table('contract');
	const words = (column: string, verb: string): string => {
		const instant = contracts.instants(column)[contract] as number;
		return Number.isNaN(instant) ? `not ${verb}` : `${verb} at ${inTime(instant)}`;
	};
	return {
		...draftOf(population, event),
		keys: { ...keysOf(population, 'revenue_event', event), ...keysOf(population, 'contract', contract) },
		reason: `${eventText(population, event)} was recognised at ${inTime(population.table('revenue_event').instants('recognised_at')[event] as number)}; its contract ${contracts.text('contract_id', contract)} was ${words('signed_at', 'signed')} and ${words('approved_at', 'approved')}.`,
		rows: [ref('revenue_event', event), ref('sales_order', order), ref('contract', contract)],
	};
}

const EVENT_COLUMNS = ['revenue_id', 'order_id', 'kind', 'amount_minor', 'currency'] as const;

export const REVENUE_CONDITION_TESTS: readonly AuditTest[] = [
	{
		id: 'T18',
		version: 1,
		title: 'Revenue on a held or disputed order',
		severity: 'critical',
		why: 'A hold or a dispute says that it is open whether the revenue is earned; posting it meanwhile overrides that control.',
		rule: 'A recognise or reinstate event is posted at or after the opening and before the closing of a hold on its order, or on its line.',
		source: 'ASC 606-10-25-30',
		parameters: [],
		needs: [
			{ table: 'revenue_event', columns: [...EVENT_COLUMNS, 'posted_at'] },
			{ table: 'hold', columns: ['hold_id', 'order_id', 'opened_at'] },
			{ table: 'sales_order', columns: ['order_id'] },
		],
		mayRead: ['obligation'],
		run: revenueOnHold,
	},
	{
		id: 'T20',
		version: 1,
		title: 'Revenue before contract approval',
		severity: 'high',
		why: 'Without an approved contract there is no customer contract in the sense of step 1, and nothing to recognise.',
		rule: "A recognise or reinstate event is recognised earlier than its order's contract was approved or signed, or either is missing.",
		source: 'ASC 606-10-25-1',
		parameters: [],
		needs: [
			{ table: 'revenue_event', columns: [...EVENT_COLUMNS, 'recognised_at'] },
			{ table: 'sales_order', columns: ['order_id', 'contract_id'] },
			{ table: 'contract', columns: ['contract_id'] },
		],
		run: revenueBeforeApproval,
	},
	{
		id: 'T83',
		version: 1,
		title: 'Fallback rule used',
		severity: 'high',
		why: 'A fallback recognises revenue although the usual signal is missing; without other evidence nothing shows that control passed.',
		rule: 'A recognise or reinstate event made by a fallback rule has neither a document (of its triggering event, or a delivery, acceptance or other proof of its order) nor an approval of the event by another than the requester.',
		source: 'AS 1105.08',
		parameters: [],
		needs: [
			{ table: 'revenue_event', columns: [...EVENT_COLUMNS, 'recognised_at', 'rule_id', 'fallback'] },
			{ table: 'document', columns: ['document_id', 'kind', 'sha256'] },
			{ table: 'approval', columns: ['approval_id', 'subject_kind', 'subject_id', 'requested_by', 'approver_id'] },
		],
		mayRead: ['order_event', 'shipment', 'sales_order'],
		run: fallbackUnsupported,
	},
];
