/** How much was recognised: T23 proration of partial transfers, T24 more than the price. */
import { amendedOrders, RECOGNISE, REINSTATE, signOf } from '#revenue';
import { inMoney, keysOf } from './draft.ts';
import { partialProration } from './revenueProration.ts';
import { citeObligation, lineText, OBLIGATION_NEEDS, obligationCurrency, REVENUE_COLUMNS, revenueView } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Reading: at as-of, over all revenue events of the obligation. Amendments of the order may have raised the price by their deltas. */
function overRecognised({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const { links, book, allocated, amounts } = view;
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let obligation = 0; obligation < links.line.length; obligation++) {
		const events = book.ofObligation(obligation);
		if (events.length === 0) continue;
		tested++;
		let net = 0n;
		for (const event of events) net += signOf(book.kinds[event] as number) * (amounts[event] as bigint);
		const price = allocated[obligation] as bigint;
		const limit = price + BigInt(events.length);
		if (net <= limit || net <= limit + (amended.get(links.order[obligation] as number)?.movedPrice ?? 0n)) continue;
		const currency = obligationCurrency(view, obligation);
		const obligations = population.table('obligation');
		const count = events.filter((event) => [RECOGNISE, REINSTATE].includes(book.kinds[event] as number)).length;
		exceptions.push({
			orderId: obligations.text('order_id', obligation),
			keys: keysOf(population, 'obligation', obligation),
			amountMinor: net - price,
			currency,
			reason: `Net revenue of obligation ${obligations.text('obligation_id', obligation)} (${lineText(population, links.line[obligation] as number)}) is ${inMoney(net, currency)} over ${count === 1 ? '1 recognition' : `${count} recognitions`} less reversals; only ${inMoney(price, currency)} of the price is allocated to it, ${inMoney(net - price, currency)} less.`,
			rows: citeObligation(view, obligation, null),
		});
	}
	return { tested, exceptions, open: 0 };
}

export const REVENUE_MEASUREMENT_TESTS: readonly AuditTest[] = [
	{
		id: 'T23',
		judgesByAbsence: true,
		version: 1,
		title: 'Partial delivery proration',
		severity: 'high',
		why: 'Where a line is transferred in parts, each part earns its share; anything else moves revenue between periods.',
		rule: 'After a recognise event of a line with partial transfers, cumulative revenue differs from allocated price × transferred ÷ ordered, rounded half up, by more than one minor unit a revenue event; the last transfer takes the rest. Reversals and reinstatements are set aside.',
		source: 'ASC 606-10-25-31',
		parameters: [],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id', 'transfer_term'] },
			{ table: 'revenue_event', columns: REVENUE_COLUMNS },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
			{ table: 'order_event', columns: ['order_id', 'type', 'occurred_at'] },
		],
		mayRead: ['contract_amendment'],
		run: partialProration,
	},
	{
		id: 'T24',
		version: 1,
		title: 'Over-recognition',
		severity: 'critical',
		why: 'No obligation can earn more than the part of the price allocated to it.',
		rule: 'Recognised plus reinstated less reversed revenue of an obligation exceeds its allocated price by more than one minor unit a revenue event.',
		source: 'ASC 606-10-32-28',
		parameters: [],
		needs: [...OBLIGATION_NEEDS, { table: 'contract', columns: ['contract_id'] }, { table: 'revenue_event', columns: REVENUE_COLUMNS }],
		mayRead: ['contract_amendment'],
		run: overRecognised,
	},
];
