/** T21: delivered and recognised without the proof the contract asks for; with it the rest of the family of proofs. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { deliveredMovements, justifiedRevenue, type Movements, signOf } from '#revenue';
import { inMoney, inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import { PROOF_CONSISTENCY_TESTS } from './proofConsistency.ts';
import { earnedBefore, eventDocument, kindOf, lineContract, PROOF_KINDS, PROOF_NEEDS, sha256Of, shipmentProofs } from './proofLinks.ts';
import { keyOf, lineCurrency, linePrice, lineText, type RevenueView, revenueView } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Proofs that stand for a whole order, or for lines of it, without being named by a shipment. */
interface OrderProofs {
	readonly whole: readonly number[];
	readonly byLine: ReadonlyMap<number, readonly number[]>;
}

/**
 * Acceptances of an order or line; delivery proofs too, but only in drops whose shipments name none: where the company
 * links a proof to its shipment, a proof lying about elsewhere is not linked.
 * @param order code of the order id
 */
function orderProofs(population: Population, order: number): OrderProofs {
	const kinds = population.derive(shipmentsNameProofs) ? ['acceptance'] : PROOF_KINDS;
	const whole = Array.from(population.index('document', 'order_id').rowsOf(order)).filter((document) =>
		kinds.includes(kindOf(population, document)),
	);
	const byLine = new Map<number, number[]>();
	const events = population.table('order_event');
	const lines = events.codes('line_id');
	const documents = events.codes('document_id');
	for (const event of population.index('order_event', 'order_id').rowsOf(order)) {
		if ((documents[event] as number) < 0) continue;
		const document = eventDocument(population, event);
		if (!kinds.includes(kindOf(population, document))) continue;
		const line = lines[event] as number;
		if (line < 0) whole.push(document);
		else if (byLine.has(line)) byLine.get(line)?.push(document);
		else byLine.set(line, [document]);
	}
	return { whole, byLine };
}

const shipmentsNameProofs = (population: Population): boolean =>
	population
		.table('shipment')
		.codes('pod_document_id')
		.some((code) => code >= 0);

/** Net revenue of a line, and the number of events behind it. */
function lineRevenue({ book, amounts }: RevenueView, line: number): { readonly net: bigint; readonly events: number } {
	let net = 0n;
	const events = book.ofLine(line);
	for (const event of events) net += signOf(book.kinds[event] as number) * (amounts[event] as bigint);
	return { net, events: events.length };
}

/**
 * Reading: each delivered shipment under a contract with pod_required, if net revenue reaches into its share of the line (earlier shipments
 * first). A proof is linked by pod_document_id (kind pod or acceptance), or it is an acceptance of the order, or of the line's events.
 */
function missingProof({ population, evidence }: AuditContext): Outcome {
	const view = revenueView(population);
	const { movements } = deliveredMovements(population);
	const required = population.table('contract').flags('pod_required');
	const missing = new Set(evidence.documents.missing);
	const proofOf = population.derive(shipmentProofs);
	const known = new Map<number, OrderProofs>();
	const lineIds = population.table('sales_order_line').codes('line_id');
	const orderIds = population.table('sales_order_line').codes('order_id');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let line = 0; line < lineIds.length; line++) {
		const contract = movements.startOf(line) === movements.endOf(line) ? -1 : lineContract(population, line);
		if (contract < 0 || required[contract] !== 1) continue;
		const { net, events } = lineRevenue(view, line);
		const price = linePrice(view, line);
		for (let at = movements.startOf(line); at < movements.endOf(line) && movements.sourceOf(at) === 'shipment'; at++) {
			const earned = earnedBefore(view, movements, line, at, price);
			if (net <= (earned === 0n ? 0n : earned + BigInt(events))) break;
			tested++;
			const shipment = movements.rows[at] as number;
			const own = proofOf[shipment] as number;
			const linked = own >= 0 ? [own] : [];
			if (linked.length === 0) {
				const order = orderIds[line] as number;
				const proofs = known.get(order) ?? orderProofs(population, order);
				known.set(order, proofs);
				linked.push(
					...[proofs.whole, proofs.byLine.get(lineIds[line] as number) ?? []]
						.map((list) => firstPresent(population, list, missing))
						.filter((document) => document >= 0),
				);
			}
			if (linked.some((document) => !missing.has(sha256Of(population, document)))) continue;
			exceptions.push(withoutProof(view, line, at, movements, linked[0] ?? -1));
		}
	}
	return { tested, exceptions, open: 0 };
}

/** The first document whose bytes are there, else the first at all, else -1. */
const firstPresent = (population: Population, documents: readonly number[], missing: ReadonlySet<string>): number =>
	documents.find((document) => !missing.has(sha256Of(population, document))) ?? documents[0] ?? -1;

function withoutProof(view: RevenueView, line: number, movement: number, movements: Movements, document: number): ExceptionDraft {
	const { population, book, ordered } = view;
	const shipment = movements.rows[movement] as number;
	const shipments = population.table('shipment');
	const currency = lineCurrency(population, line);
	const price = linePrice(view, line);
	const whole = ordered[line] as bigint;
	const share =
		whole > 0n
			? justifiedRevenue(price, movements.cumulative[movement] as bigint, whole) - earnedBefore(view, movements, line, movement, price)
			: price;
	const lacks =
		document < 0
			? 'no delivery proof or acceptance is linked'
			: `the bytes of its proof ${population.table('document').text('document_id', document)} are not in the drop`;
	return {
		orderId: shipments.text('order_id', shipment),
		keys: {
			...keysOf(population, 'sales_order_line', line),
			...keysOf(population, 'shipment', shipment),
			...keyOf(population, 'document', 'document_id', document),
		},
		amountMinor: absolute(share),
		currency,
		reason: `Shipment ${shipments.text('shipment_id', shipment)} of ${inUnits(shipments.quantities('quantity')[shipment] as bigint)} units for ${lineText(population, line)}, delivered at ${inTime(shipments.instants('delivered_at')[shipment] as number)}, is recognised with ${inMoney(share, currency)}; its contract requires a proof, and ${lacks}.`,
		rows: [
			ref('shipment', shipment),
			ref('sales_order_line', line),
			...refs('contract', [lineContract(population, line)]),
			...refs('document', [document]),
			...refs('revenue_event', book.ofLine(line).subarray(0, 20)),
		],
	};
}

export const REVENUE_PROOF_TESTS: readonly AuditTest[] = [
	{
		id: 'T21',
		judgesByAbsence: true,
		version: 1,
		title: 'Missing proof of delivery',
		severity: 'high',
		why: "Where a proof is agreed, it is what shows that control passed; without its bytes the revenue rests on the company's word.",
		rule: 'A shipment under a contract that requires a delivery proof is delivered and its quantity recognised, and no document of kind pod or acceptance is linked to it, or the bytes of what is linked are missing.',
		source: 'ASC 606-10-25-30; AS 1105.08',
		parameters: [],
		needs: PROOF_NEEDS,
		run: missingProof,
	},
	...PROOF_CONSISTENCY_TESTS,
];
