/** Delivery proofs and acceptances: T21 none, T22 inconsistent with carrier, revenue or other orders. */
import { absolute, DAY_MS } from '#kernel';
import type { Population } from '#population';
import {
	contractTransfers,
	deliveredMovements,
	justifiedRevenue,
	lineOrders,
	type Movements,
	orderContracts,
	RECOGNISE,
	signOf,
	TRANSFER_TERMS,
} from '#revenue';
import { inMoney, inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import {
	keyOf,
	lineCurrency,
	linePrice,
	lineText,
	OBLIGATION_NEEDS,
	REVENUE_COLUMNS,
	type RevenueView,
	revenueView,
} from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

const PROOF_KINDS = ['pod', 'acceptance'];

const kindOf = (population: Population, document: number): string =>
	document < 0 ? '' : (population.table('document').text('kind', document) ?? '');

const sha256Of = (population: Population, document: number): string => population.table('document').text('sha256', document) ?? '';

/** The document of kind pod or acceptance that each shipment names, -1 where none or unknown. */
function shipmentProofs(population: Population): Int32Array {
	const index = population.index('document', 'document_id');
	const isProof = population.derive(markProofs);
	return population
		.table('shipment')
		.codes('pod_document_id')
		.map((code) => {
			const document = code < 0 ? -1 : index.rowOf(code);
			return document >= 0 && isProof[document] === 1 ? document : -1;
		});
}

/** The document an order event names, -1 where none or unknown. */
const eventDocument = (population: Population, event: number): number =>
	population.index('document', 'document_id').rowOf(population.table('order_event').codes('document_id')[event] as number);

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

/** What of a line's price had been earned before a movement; nothing where the line has no quantity to measure by. */
function earnedBefore(view: RevenueView, movements: Movements, line: number, movement: number, price: bigint): bigint {
	const ordered = view.ordered[line] as bigint;
	return ordered <= 0n ? 0n : justifiedRevenue(price, movements.before(line, movement), ordered);
}

/** Contract row of a line, -1 where unknown. */
function lineContract(population: Population, line: number): number {
	const order = lineOrders(population)[line] as number;
	return order < 0 ? -1 : (orderContracts(population)[order] as number);
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

/** A proof with what it proves. */
interface Proof {
	readonly document: number;
	/** Row of shipment, -1 where an acceptance event names it. */
	readonly shipment: number;
	readonly line: number;
	readonly movements: Movements;
	/** The movement it proves, -1 where the quantity was not delivered. */
	readonly movement: number;
}

/** Proofs named by shipments, and by acceptance events that transfer control. */
function* proofsOf(population: Population): Generator<Proof> {
	const delivered = deliveredMovements(population).movements;
	const contractual = contractTransfers(population);
	const proofOf = population.derive(shipmentProofs);
	const lines = population.table('sales_order_line').rows;
	for (let line = 0; line < lines; line++) {
		for (let at = delivered.startOf(line); at < delivered.endOf(line) && delivered.sourceOf(at) === 'shipment'; at++) {
			const shipment = delivered.rows[at] as number;
			const document = proofOf[shipment] as number;
			if (document >= 0) yield { document, shipment, line, movements: delivered, movement: at };
		}
		if (TRANSFER_TERMS[contractual.term[line] as number] !== 'acceptance') continue;
		const { movements } = contractual;
		for (let at = movements.startOf(line); at < movements.endOf(line); at++) {
			if (movements.sourceOf(at) !== 'order_event') continue;
			const document = eventDocument(population, movements.rows[at] as number);
			if (PROOF_KINDS.includes(kindOf(population, document))) yield { document, shipment: -1, line, movements, movement: at };
		}
	}
}

/**
 * Reading: (a) a delivery proof's dated_at against the carrier's nearest `delivered` of the shipment's tracking number, midnight meaning the
 * whole day; (b) created_at against the first revenue that reaches into what it proves, where the term is delivery or acceptance; (c) one
 * sha256 on proofs of several orders: each of them is named, since it cannot be told which is the original. One exception a document.
 */
function inconsistentProof({ population, number }: AuditContext): Outcome {
	const view = revenueView(population);
	const tolerance = number('days') * DAY_MS;
	const faults = new Map<number, ExceptionDraft>();
	const seen = new Set<number>();
	let recognised: RecognisedLine | null = null;
	for (const proof of proofsOf(population)) {
		seen.add(proof.document);
		if (faults.has(proof.document)) continue;
		let fault = datedApart(population, proof, tolerance);
		if (!fault && mayBeCreatedLate(view, proof, tolerance)) {
			if (recognised?.line !== proof.line) recognised = recognisedLine(view, proof.line);
			fault = createdLate(view, proof, tolerance, recognised);
		}
		if (fault) faults.set(proof.document, fault);
	}
	const reported = new Set(Array.from(faults.values(), ({ orderId, keys }) => `${orderId}\n${keys['document_id']}`));
	const shared = sharedProofs(population).filter(({ orderId, keys }) => !reported.has(`${orderId}\n${keys['document_id']}`));
	return { tested: seen.size, exceptions: [...faults.values(), ...shared], open: 0 };
}

/** Carrier events of one tracking number that are looked at. */
const CARRIER_EVENTS_MAX = 1000;

function datedApart(population: Population, { document, shipment, line }: Proof, tolerance: number): ExceptionDraft | null {
	if (shipment < 0 || kindOf(population, document) !== 'pod' || !population.has('carrier_event')) return null;
	const dated = population.table('document').instants('dated_at')[document] as number;
	if (Number.isNaN(dated)) return null;
	const carrier = population.table('carrier_event');
	const delivered = carrier.dictionary('status').codeOf('delivered');
	const tracking = population.table('shipment').codes('tracking_no')[shipment] as number;
	let nearest = -1;
	let least = Number.POSITIVE_INFINITY;
	for (const event of population.index('carrier_event', 'tracking_no').rowsOf(tracking).subarray(0, CARRIER_EVENTS_MAX)) {
		if (delivered < 0 || carrier.codes('status')[event] !== delivered) continue;
		const distance = distanceFromDate(dated, carrier.instants('at')[event] as number);
		if (distance < least) {
			least = distance;
			nearest = event;
		}
	}
	if (nearest < 0 || least <= tolerance) return null;
	const words = `is dated ${inTime(dated)}, but the carrier reports delivery of ${population.table('shipment').text('tracking_no', shipment)} at ${inTime(carrier.instants('at')[nearest] as number)}, ${inDays(least)} apart`;
	return proofDraft(population, { document, shipment, line }, words, [ref('carrier_event', nearest)]);
}

/** A proof dated at midnight names a day, not an instant. */
function distanceFromDate(dated: number, instant: number): number {
	if (dated % DAY_MS !== 0) return Math.abs(dated - instant);
	return Math.max(0, dated - instant, instant - (dated + DAY_MS - 1));
}

const inDays = (ms: number): string => `${(ms / DAY_MS).toFixed(1)} days`;

/** What was recognised for a line, event by event; proofs come line by line, so one is kept. */
interface RecognisedLine {
	readonly line: number;
	readonly price: bigint;
	/** Rows of recognise events, earliest first. */
	readonly events: readonly number[];
	/** Σ of the amounts up to and with each. */
	readonly cumulative: readonly bigint[];
	/** Whether proofs support the transfer of the line: point in time, by delivery or acceptance, not held for the customer. */
	readonly isProvable: boolean;
}

function recognisedLine(view: RevenueView, line: number): RecognisedLine {
	const { population, links, book, amounts } = view;
	const term = TRANSFER_TERMS[contractTransfers(population).term[line] as number];
	const obligations = links.ofLine.rowsOf(line);
	const events = Array.from(book.ofLine(line)).filter((event) => book.kinds[event] === RECOGNISE);
	let sum = 0n;
	return {
		line,
		price: linePrice(view, line),
		events,
		cumulative: events.map((event) => {
			sum += amounts[event] as bigint;
			return sum;
		}),
		isProvable:
			(term === 'delivery' || term === 'acceptance') &&
			!obligations.some((obligation) => links.overTime[obligation] === 1) &&
			population.table('contract').flags('bill_and_hold')[lineContract(population, line)] !== 1,
	};
}

/** The quick look: against the first revenue of the line at all. */
function mayBeCreatedLate({ population, book, recognisedAt }: RevenueView, { document, line }: Proof, tolerance: number): boolean {
	const first = book.byLine.startOf(line);
	if (first === book.byLine.endOf(line)) return false;
	const created = population.table('document').instants('created_at')[document] as number;
	return created - (recognisedAt[book.byLine.rows[first] as number] as number) > tolerance;
}

function createdLate(
	view: RevenueView,
	{ document, shipment, line, movements, movement }: Proof,
	tolerance: number,
	{ price, events, cumulative, isProvable }: RecognisedLine,
): ExceptionDraft | null {
	if (!isProvable) return null;
	const { population, recognisedAt, amounts } = view;
	const created = population.table('document').instants('created_at')[document] as number;
	const earned = earnedBefore(view, movements, line, movement, price);
	const threshold = earned === 0n ? 0n : earned + BigInt(events.length);
	let low = 0;
	for (let high = events.length; low < high; ) {
		const middle = (low + high) >> 1;
		if ((cumulative[middle] as bigint) > threshold) high = middle;
		else low = middle + 1;
	}
	const event = events[low];
	if (event === undefined || !(created - (recognisedAt[event] as number) > tolerance)) return null;
	const late = `${inDays(created - (recognisedAt[event] as number))} after revenue ${population.table('revenue_event').text('revenue_id', event)} was recognised at ${inTime(recognisedAt[event] as number)}`;
	const term = TRANSFER_TERMS[contractTransfers(population).term[line] as number];
	const words = `came into being at ${inTime(created)}, ${late} on a transfer by ${term}`;
	return proofDraft(population, { document, shipment, line }, words, [ref('revenue_event', event)], amounts[event] as bigint);
}

function proofDraft(
	population: Population,
	{ document, shipment, line }: Pick<Proof, 'document' | 'shipment' | 'line'>,
	words: string,
	rows: readonly RowRef[],
	amountMinor: bigint | null = null,
): ExceptionDraft {
	return {
		orderId: population.table('sales_order_line').text('order_id', line),
		keys: { ...keysOf(population, 'document', document), ...keyOf(population, 'shipment', 'shipment_id', shipment) },
		amountMinor,
		currency: amountMinor === null ? null : lineCurrency(population, line),
		reason: `The ${kindOf(population, document)} ${population.table('document').text('document_id', document)} for ${lineText(population, line)} ${words}.`,
		rows: [ref('document', document), ...refs('shipment', [shipment]), ref('sales_order_line', line), ...rows],
	};
}

/** Calls `put` with every proof and each order it is of: the one it names itself, and those of the shipments that name it. */
function eachProofOfOrder(population: Population, put: (document: number, order: number) => void): void {
	const isProof = population.derive(markProofs);
	const orderIds = population.table('document').codes('order_id');
	for (let document = 0; document < orderIds.length; document++)
		if (isProof[document] === 1 && (orderIds[document] as number) >= 0) put(document, orderIds[document] as number);
	const shipped = population.table('shipment').codes('order_id');
	const proofOf = population.derive(shipmentProofs);
	for (let shipment = 0; shipment < shipped.length; shipment++)
		if ((proofOf[shipment] as number) >= 0) put(proofOf[shipment] as number, shipped[shipment] as number);
}

const markProofs = (population: Population): Uint8Array => {
	const documents = population.table('document');
	const codes = PROOF_KINDS.map((kind) => documents.dictionary('kind').codeOf(kind)).filter((code) => code >= 0);
	return Uint8Array.from(documents.codes('kind'), (code) => (codes.includes(code) ? 1 : 0));
};

/** Limb (c), in two looks: which hashes are on several orders at all, then which orders those are. */
function sharedProofs(population: Population): ExceptionDraft[] {
	const hashes = population.table('document').codes('sha256');
	const first = new Int32Array(population.dictionary('sha256').size).fill(-1);
	const isShared = new Uint8Array(first.length);
	eachProofOfOrder(population, (document, order) => {
		const hash = hashes[document] as number;
		if (hash < 0) return;
		if (first[hash] === -1) first[hash] = order;
		else if (first[hash] !== order) isShared[hash] = 1;
	});
	const groups = new Map<number, Map<number, number>>();
	eachProofOfOrder(population, (document, order) => {
		const hash = hashes[document] as number;
		if (hash < 0 || isShared[hash] !== 1) return;
		const orders = groups.get(hash) ?? new Map<number, number>();
		groups.set(hash, orders);
		if (!orders.has(order)) orders.set(order, document);
	});
	return [...groups.values()].flatMap((orders) =>
		Array.from(orders, ([order, document]) => sharedDraft(population, order, document, orders)),
	);
}

const NAMED_ORDERS_MAX = 5;

function sharedDraft(population: Population, order: number, document: number, orders: ReadonlyMap<number, number>): ExceptionDraft {
	const ids = population.dictionary('order');
	const others: string[] = [];
	const rows = [ref('document', document)];
	for (const [other, proof] of orders) {
		if (other === order) continue;
		if (others.length === NAMED_ORDERS_MAX) break;
		others.push(ids.text(other));
		rows.push(ref('document', proof));
	}
	const more = orders.size - 1 - others.length;
	return {
		orderId: ids.text(order),
		keys: keysOf(population, 'document', document),
		amountMinor: null,
		currency: null,
		reason: `The ${kindOf(population, document)} ${population.table('document').text('document_id', document)} of order ${ids.text(order)} has the same bytes (SHA-256 ${sha256Of(population, document).slice(0, 16)}…) as the proof of ${others.join(', ')}${more > 0 ? ` and ${more} more orders` : ''}.`,
		rows,
	};
}

const PROOF_NEEDS = [
	...OBLIGATION_NEEDS,
	{ table: 'contract', columns: ['contract_id', 'transfer_term', 'pod_required', 'bill_and_hold'] },
	{ table: 'revenue_event', columns: REVENUE_COLUMNS },
	{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'tracking_no'] },
	{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at'] },
	{ table: 'document', columns: ['document_id', 'kind', 'sha256', 'created_at'] },
] as const satisfies AuditTest['needs'];

export const REVENUE_PROOF_TESTS: readonly AuditTest[] = [
	{
		id: 'T21',
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
	{
		id: 'T22',
		version: 1,
		title: 'Inconsistent proof',
		severity: 'high',
		why: 'A proof that contradicts the carrier, is made after the revenue it supports, or serves several orders may have been made up.',
		rule: "A proof is dated more than {days} days from the carrier's delivery; or, where control passes on delivery or acceptance, came into being more than {days} days after the revenue it supports was recognised; or the same bytes prove several orders.",
		source: 'AS 1105.08',
		parameters: [{ name: 'days', default: 1, unit: 'days', doc: 'Days of 24 hours by which a proof may stand off.' }],
		needs: PROOF_NEEDS,
		mayRead: ['carrier_event'],
		run: inconsistentProof,
	},
];
