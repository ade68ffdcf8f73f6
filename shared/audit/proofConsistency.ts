/** T22: proofs that contradict the carrier, the revenue they support, or other orders. */
import { DAY_MS } from '#kernel';
import type { Population } from '#population';
import { amendedOrders, contractTransfers, deliveredMovements, lineOrders, type Movements, RECOGNISE, transferTermOf } from '#revenue';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { earnedBefore, eventDocument, kindOf, lineContract, PROOF_KINDS, PROOF_NEEDS, shipmentProofs } from './proofLinks.ts';
import { sharedProofs } from './proofShared.ts';
import { keyOf, lineCurrency, linePrice, lineText, type RevenueView, revenueView } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

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
		if (transferTermOf(contractual, line) !== 'acceptance') continue;
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
	const term = transferTermOf(contractTransfers(population), line);
	const obligations = links.ofLine.rowsOf(line);
	const events = Array.from(book.ofLine(line)).filter((event) => book.kinds[event] === RECOGNISE);
	let sum = 0n;
	return {
		line,
		price: highestLinePrice(view, line),
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

/** The most a line can have been allocated at any time: amendments may since have lowered it. */
function highestLinePrice(view: RevenueView, line: number): bigint {
	const amended = amendedOrders(view.population).get(lineOrders(view.population)[line] as number);
	return linePrice(view, line) + (amended?.movedPrice ?? 0n);
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
	const term = transferTermOf(contractTransfers(population), line);
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

export const PROOF_CONSISTENCY_TESTS: readonly AuditTest[] = [
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
