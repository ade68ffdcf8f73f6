/**
 * A second, independent writer of sound orders: whatever mix of terms, parts, holds, returns and disputes it draws, no revenue or
 * dispute test may find anything.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runTest } from '#audit';
import { DAY_MS, formatInstant, HOUR_MS, mulDivRoundHalfUp, parseInstant } from '#kernel';
import { facts, populateWhole, type Row } from './populate.ts';
import {
	approval,
	company,
	contract,
	dispute,
	document,
	event,
	hold,
	line,
	obligation,
	order,
	revenue,
	shipment,
	test,
} from './revenueFixture.ts';

const TESTS = 'T03 T04 T16 T17 T18 T19 T20 T21 T22 T23 T24 T25 T26 T28 T31 T32 T34 T35 T63 T64 T65 T83'.split(' ');
const START = parseInstant('2026-02-02T09:00:00.000Z');

const plan = fc.record({
	term: fc.constantFrom('shipment', 'delivery', 'acceptance'),
	quantity: fc.integer({ min: 1, max: 40 }),
	price: fc.integer({ min: 1, max: 5_000_000 }),
	standAlone: fc.integer({ min: 1, max: 5_000_000 }),
	otherPrice: fc.integer({ min: 1, max: 5_000_000 }),
	parts: fc.integer({ min: 1, max: 4 }),
	firstDay: fc.integer({ min: 0, max: 200 }),
	gapHours: fc.integer({ min: 1, max: 200 }),
	transitHours: fc.integer({ min: 1, max: 120 }),
	holdHours: fc.option(fc.integer({ min: 1, max: 300 })),
	returnShare: fc.option(fc.integer({ min: 1, max: 100 })),
	dispute: fc.option(
		fc.record({
			outcome: fc.constantFrom('resolved_customer', 'resolved_company'),
			share: fc.integer({ min: 1, max: 100 }),
			hours: fc.integer({ min: 2, max: 71 }),
		}),
	),
	names: fc.constantFrom('both', 'obligation', 'line'),
});
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

const start = START.ok ? START.value : 0;
const iso = (instant: number): string => formatInstant(instant);
const share = (price: number, part: number, whole: number): number => Number(mulDivRoundHalfUp(BigInt(price), BigInt(part), BigInt(whole)));

/** Writes an order as the plan says; instants are whole seconds. */
function write(drawn: Plan) {
	const { term, quantity, parts, names } = drawn;
	const total = drawn.price + drawn.otherPrice;
	const allocated = share(total, drawn.standAlone, drawn.standAlone + drawn.otherPrice);
	const rows = {
		shipments: [] as Row[],
		events: [] as Row[],
		revenue: [] as Row[],
		documents: [] as Row[],
		carrier: [] as Row[],
		holds: [] as Row[],
		disputes: [] as Row[],
		approvals: [] as Row[],
		invoiceLines: [] as Row[],
	};
	let serial = 0;
	const post = (kind: string, amount: number, at: number): string => {
		const id = `R${++serial}`;
		const name = names === 'both' ? {} : names === 'line' ? { obligation_id: null } : { line_id: null };
		if (amount > 0)
			rows.revenue.push(
				revenue(id, amount, '2026-01-01', { kind, recognised_at: iso(at), posted_at: iso(at), period: iso(at).slice(0, 7), ...name }),
			);
		return id;
	};
	const shippedAt = (part: number): number => start + drawn.firstDay * DAY_MS + part * drawn.gapHours * HOUR_MS;
	const transferAt = (part: number): number =>
		shippedAt(part) + (term === 'shipment' ? 0 : drawn.transitHours * HOUR_MS) + (term === 'acceptance' ? HOUR_MS : 0);
	// A hold from just after the first shipment: what is transferred meanwhile waits for its end.
	const frozen = drawn.holdHours === null ? null : { from: shippedAt(0) + 1000, to: shippedAt(0) + 1000 + drawn.holdHours * HOUR_MS };
	if (frozen) rows.holds.push(hold('2026-01-01', null, { hold_id: 'H-C', opened_at: iso(frozen.from), closed_at: iso(frozen.to) }));
	const free = (instant: number): number => (frozen && instant >= frozen.from && instant < frozen.to ? frozen.to : instant);
	let moved = 0;
	let earned = 0;
	let last = start;
	for (let part = 0; part < parts && moved < quantity; part++) {
		const pieces = part === parts - 1 ? quantity - moved : Math.min(quantity - moved, Math.ceil(quantity / parts));
		const deliveredAt = shippedAt(part) + drawn.transitHours * HOUR_MS;
		moved += pieces;
		rows.shipments.push(
			shipment(`S${part}`, String(pieces), null, {
				shipped_at: iso(shippedAt(part)),
				delivered_at: iso(deliveredAt),
				pod_document_id: `DOC-${part}`,
			}),
		);
		rows.documents.push(
			document(`DOC-${part}`, 'pod', '2026-01-01', { created_at: iso(deliveredAt + 60_000), dated_at: iso(deliveredAt), order_id: 'SO-1' }),
		);
		rows.carrier.push({ tracking_no: `T-S${part}`, status: 'delivered', at: iso(deliveredAt), raw_sha256: 'c'.repeat(64) });
		if (term === 'acceptance')
			rows.events.push(
				event('line.accepted', '2026-01-01', { line_id: 'L1', quantity: String(pieces), occurred_at: iso(transferAt(part)) }),
			);
		const cumulative = share(allocated, moved, quantity);
		last = Math.max(last, free(transferAt(part)));
		post('recognise', cumulative - earned, last);
		earned = cumulative;
		rows.invoiceLines.push({
			invoice_id: 'I1',
			line_no: part + 1,
			order_id: 'SO-1',
			line_id: 'L1',
			sku: 'S1',
			quantity: String(pieces),
			unit_price_minor: 1,
			amount_minor: share(drawn.price, moved, quantity) - share(drawn.price, moved - pieces, quantity),
			tax_minor: 0,
		});
	}
	const other = { start: Math.max(last, frozen?.to ?? 0) + HOUR_MS };
	if (drawn.dispute) {
		const { outcome, hours } = drawn.dispute;
		const disputed = Math.max(1, Math.floor((quantity * drawn.dispute.share) / 100));
		const logged = other.start + DAY_MS;
		const closed = logged + hours * HOUR_MS;
		const amount = share(allocated, disputed, quantity);
		rows.disputes.push(
			dispute('2026-01-01', {
				logged_at: iso(logged),
				closed_at: iso(closed),
				status: outcome,
				disputed_quantity: String(disputed),
				root_cause_code: 'X',
				evidence_score: 70,
				evidence_threshold: 60,
			}),
		);
		rows.holds.push(
			hold('2026-01-01', null, {
				hold_id: 'H-D',
				kind: 'dispute',
				dispute_id: 'D-1',
				line_id: 'L1',
				opened_at: iso(logged + 600_000),
				closed_at: iso(closed),
			}),
		);
		rows.approvals.push(approval('A1', 'hold_release', 'H-D', 'U1'), approval('A2', 'hold_release', 'H-D', 'U2'));
		if (outcome === 'resolved_customer') post('reverse', amount, closed);
		else {
			post('reverse', amount, logged + 900_000);
			const back = post('reinstate', amount, closed);
			rows.approvals.push(approval('A3', 'revenue_event', back, 'U1'), approval('A4', 'revenue_event', back, 'U2'));
		}
		other.start = closed + DAY_MS;
	}
	const lostQuantity = drawn.dispute?.outcome === 'resolved_customer' ? Math.max(1, Math.floor((quantity * drawn.dispute.share) / 100)) : 0;
	const returned = drawn.returnShare === null ? 0 : Math.floor(((quantity - lostQuantity) * drawn.returnShare) / 100);
	if (returned > 0) {
		rows.events.push(event('line.returned', '2026-01-01', { line_id: 'L1', quantity: String(returned), occurred_at: iso(other.start) }));
		post('reverse', share(allocated, returned, quantity), other.start + HOUR_MS);
	}
	return { rows, total, allocated };
}

/** The second line of the order was never transferred. */
function companyOf(drawn: Plan) {
	const { rows, total, allocated } = write(drawn);
	const sound = company({
		contract: [contract({ transfer_term: drawn.term, price_minor: total, pod_required: true })],
		sales_order: [order({ total_minor: total })],
		sales_order_line: [
			line({ quantity: String(drawn.quantity), amount_minor: drawn.price }),
			line({ line_id: 'L2', amount_minor: drawn.otherPrice, obligation_id: 'OB-2' }),
		],
		obligation: [
			obligation({ ssp_minor: drawn.standAlone, allocated_minor: allocated }),
			obligation({ obligation_id: 'OB-2', line_id: 'L2', ssp_minor: drawn.otherPrice, allocated_minor: total - allocated }),
		],
		shipment: rows.shipments,
		order_event: rows.events,
		revenue_event: rows.revenue,
		document: rows.documents,
		carrier_event: rows.carrier,
		hold: rows.holds,
		dispute: rows.disputes,
		approval: rows.approvals,
		invoice: [
			{
				invoice_id: 'I1',
				invoice_no: 'I1',
				series: 'A',
				entity_id: 'E1',
				customer_id: 'C1',
				kind: 'invoice',
				issued_at: iso(start),
				currency: 'EUR',
				total_minor: 1,
				entered_by: 'U1',
			},
		],
		invoice_line: rows.invoiceLines,
	});
	return populateWhole({ tables: sound });
}

describe('a sound company of another writer', () => {
	it('gives no exception in any revenue or dispute test', () => {
		fc.assert(
			fc.property(plan, (drawn) => {
				const population = companyOf(drawn);
				const evidence = facts();
				const faults = TESTS.flatMap((id) => runTest(test(id), population, evidence).exceptions.map(({ reason }) => `${id} ${reason}`));
				expect(faults).toEqual([]);
			}),
			{ numRuns: 300 },
		);
	});
});
