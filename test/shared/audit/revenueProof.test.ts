import { describe, expect, it } from 'vitest';
import type { Tables } from './populate.ts';
import { contract, document, event, found, line, obligation, order, revenue, run, shipment, ts } from './revenueFixture.ts';

const pod = document('DOC-1', 'pod', '2026-03-10 12:00', { dated_at: ts('2026-03-10 10:00') });
const required = { contract: [contract({ pod_required: true })], revenue_event: [revenue('R1', 100000, '2026-03-10 12:00')] };
const linked = shipment('S1', '10', '2026-03-10 12:00', { pod_document_id: 'DOC-1' });
const bare = shipment('S1', '10', '2026-03-10 12:00');

describe('T21 missing proof of delivery', () => {
	const t21 = (tables: Tables, missing: readonly string[] = []) =>
		run('T21', { ...required, ...tables }, { evidence: { documents: { present: 1, missing, altered: [] } } });
	const keys = { order_id: 'SO-1', line_id: 'L1', shipment_id: 'S1' };

	it('passes a delivery whose proof is linked and there', () => {
		expect(t21({ shipment: [linked], document: [pod] }).verdict).toBe('pass');
	});

	it('finds a delivery without proof, and one whose bytes are missing', () => {
		expect(found(t21({ shipment: [bare] }))).toEqual([{ keys, amount: 100000n }]);
		const gone = t21({ shipment: [linked], document: [pod] }, [String(pod['sha256'])]);
		expect(found(gone)).toEqual([{ keys: { ...keys, document_id: 'DOC-1' }, amount: 100000n }]);
		expect(gone.exceptions[0]?.reason).toContain('the bytes of its proof DOC-1 are not in the drop');
	});

	it('takes no invoice for a proof, nor a document nobody has', () => {
		expect(t21({ shipment: [linked], document: [{ ...pod, kind: 'invoice' }] }).verdict).toBe('exception');
		expect(t21({ shipment: [linked] }).verdict).toBe('exception');
	});

	it('accepts an acceptance of the order, or of the line', () => {
		const acceptance = document('DOC-2', 'acceptance', '2026-03-10');
		expect(t21({ shipment: [bare], document: [{ ...acceptance, order_id: 'SO-1' }] }).verdict).toBe('pass');
		const accepted = (lineId: string) => [event('line.accepted', '2026-03-10', { line_id: lineId, document_id: 'DOC-2' })];
		expect(t21({ shipment: [bare], document: [acceptance], order_event: accepted('L1') }).verdict).toBe('pass');
		expect(t21({ shipment: [bare], document: [acceptance], order_event: accepted('L2') }).verdict).toBe('exception');
	});

	it('takes a proof on the order for one of the shipment only where no shipment of the drop names its own', () => {
		const ofOrder = { ...pod, order_id: 'SO-1' };
		expect(t21({ shipment: [bare], document: [ofOrder] }).verdict).toBe('pass');
		const other = shipment('S9', '1', '2026-03-10', { order_id: 'SO-9', pod_document_id: 'DOC-1' });
		expect(t21({ shipment: [bare, other], document: [ofOrder] }).verdict).toBe('exception');
	});

	it('asks only for what is required, delivered and recognised', () => {
		expect(t21({ shipment: [bare], contract: [contract()] }).tested).toBe(0);
		expect(t21({ shipment: [shipment('S1', '10', null)] }).tested).toBe(0);
		expect(t21({ shipment: [bare], revenue_event: [] }).tested).toBe(0);
		const parts = [shipment('S1', '4', '2026-03-10', { pod_document_id: 'DOC-1' }), shipment('S2', '6', '2026-03-11')];
		expect(t21({ shipment: parts, document: [pod], revenue_event: [revenue('R1', 40000, '2026-03-10')] }).verdict).toBe('pass');
		const both = t21({ shipment: parts, document: [pod], revenue_event: [revenue('R1', 100000, '2026-03-10')] });
		expect(found(both)).toEqual([{ keys: { ...keys, shipment_id: 'S2' }, amount: 60000n }]);
	});
});

describe('T22 inconsistent proof', () => {
	const carrier = (at: string, status = 'delivered') => ({ tracking_no: 'T-S1', status, at: ts(at), raw_sha256: 'b'.repeat(64) });
	const t22 = (tables: Tables) => run('T22', { ...required, shipment: [linked], document: [pod], ...tables });
	const keys = { document_id: 'DOC-1', shipment_id: 'S1' };

	it("finds a proof dated more than one day from the carrier's delivery, on either side", () => {
		expect(t22({ carrier_event: [carrier('2026-03-11 10:00')] }).verdict).toBe('pass');
		const late = t22({ carrier_event: [carrier('2026-03-11 10:01')] });
		expect(found(late)).toEqual([{ keys, amount: null }]);
		expect(late.exceptions[0]?.reason).toContain(
			'is dated 2026-03-10 10:00 UTC, but the carrier reports delivery of T-S1 at 2026-03-11 10:01 UTC',
		);
		expect(t22({ carrier_event: [carrier('2026-03-09 09:59')] }).verdict).toBe('exception');
		expect(t22({ carrier_event: [carrier('2026-03-09 09:59')] }).exceptions).toHaveLength(1);
	});

	it('measures earlier revenue by the price before an amendment lowered it', () => {
		const parts = [
			shipment('S1', '4', '2026-03-10', { pod_document_id: 'DOC-1' }),
			shipment('S2', '6', '2026-03-20', { pod_document_id: 'DOC-2' }),
		];
		const proofs = [document('DOC-1', 'pod', '2026-03-10'), document('DOC-2', 'pod', '2026-03-20')];
		const earned = [revenue('R1', 50000, '2026-03-10'), revenue('R2', 50000, '2026-03-20')];
		const amendment = {
			amendment_id: 'A1', contract_id: 'K1', order_id: 'SO-1', effective_at: ts('2026-03-15'), adds_distinct: false, at_ssp: false,
			remaining_distinct: false, delta_price_minor: -25000, treatment: 'catch_up',
		}; // biome-ignore format: one record
		const tables = { shipment: parts, document: proofs, revenue_event: earned };
		expect(t22(tables).verdict).toBe('exception');
		expect(t22({ ...tables, contract_amendment: [amendment] }).verdict).toBe('pass');
	});

	it('takes the nearest delivery the carrier reports, and nothing but deliveries', () => {
		expect(t22({ carrier_event: [carrier('2026-01-01'), carrier('2026-03-10 11:00')] }).verdict).toBe('pass');
		expect(t22({ carrier_event: [carrier('2026-01-01', 'in_transit')] }).verdict).toBe('pass');
	});

	it('reads a date at midnight as the whole day', () => {
		const dated = { document: [{ ...pod, dated_at: ts('2026-03-10') }] };
		expect(t22({ ...dated, carrier_event: [carrier('2026-03-11 20:00')] }).verdict).toBe('pass');
		expect(t22({ ...dated, carrier_event: [carrier('2026-03-12 00:01')] }).verdict).toBe('exception');
	});

	it('finds a proof made more than one day after the revenue it supports', () => {
		const created = (at: string, more: Tables = {}) => t22({ document: [{ ...pod, created_at: ts(at) }], ...more });
		expect(created('2026-03-11 12:00').verdict).toBe('pass');
		expect(found(created('2026-03-11 12:01'))).toEqual([{ keys, amount: 100000n }]);
		expect(created('2026-03-20', { contract: [contract({ pod_required: true, transfer_term: 'shipment' })] }).verdict).toBe('pass');
		expect(created('2026-03-20', { revenue_event: [] }).verdict).toBe('pass');
	});

	it('compares each partial delivery with the revenue that reaches into it', () => {
		const parts = [
			shipment('S1', '4', '2026-03-10', { pod_document_id: 'DOC-1' }),
			shipment('S2', '6', '2026-03-20', { pod_document_id: 'DOC-2' }),
		];
		const documents = [pod, document('DOC-2', 'pod', '2026-03-20')];
		const events = (second: string) => [revenue('R1', 40000, '2026-03-10'), revenue('R2', 60000, second)];
		expect(t22({ shipment: parts, document: documents, revenue_event: events('2026-03-20') }).verdict).toBe('pass');
		const early = t22({ shipment: parts, document: documents, revenue_event: events('2026-03-18') });
		expect(found(early)).toEqual([{ keys: { document_id: 'DOC-2', shipment_id: 'S2' }, amount: 60000n }]);
	});

	it('judges the acceptance where control passes with it', () => {
		const tables = {
			contract: [contract({ transfer_term: 'acceptance' })],
			shipment: [bare],
			order_event: [event('line.accepted', '2026-03-10 12:00', { line_id: 'L1', document_id: 'DOC-2' })],
		};
		expect(t22({ ...tables, document: [document('DOC-2', 'acceptance', '2026-03-11')] }).verdict).toBe('pass');
		expect(found(t22({ ...tables, document: [document('DOC-2', 'acceptance', '2026-03-12')] }))).toEqual([
			{ keys: { document_id: 'DOC-2' }, amount: 100000n },
		]);
	});

	it('names every order that shares the bytes of a proof with another', () => {
		const copy = { ...document('DOC-2', 'pod', '2026-03-10', { order_id: 'SO-2' }), sha256: String(pod['sha256']) };
		const two = {
			sales_order: [order(), order({ order_id: 'SO-2' })],
			sales_order_line: [line(), line({ order_id: 'SO-2', obligation_id: 'OB-2' })],
			obligation: [obligation(), obligation({ obligation_id: 'OB-2', order_id: 'SO-2' })],
			document: [{ ...pod, order_id: 'SO-1' }, copy],
		};
		const result = t22(two);
		expect(result.exceptions.map(({ orderId, keys }) => [orderId, keys['document_id']])).toEqual([
			['SO-1', 'DOC-1'],
			['SO-2', 'DOC-2'],
		]);
		expect(result.exceptions[1]?.reason).toContain('has the same bytes (SHA-256');
		expect(
			t22({
				...two,
				document: [
					{ ...pod, order_id: 'SO-1' },
					{ ...copy, order_id: 'SO-1' },
				],
			}).verdict,
		).toBe('pass');
		expect(
			t22({
				...two,
				document: [
					{ ...pod, order_id: 'SO-1' },
					{ ...copy, kind: 'contract' },
				],
			}).verdict,
		).toBe('pass');
	});

	it('names both orders whose shipments name one document', () => {
		const other = shipment('S2', '10', '2026-03-10 12:00', { order_id: 'SO-2', pod_document_id: 'DOC-1' });
		const result = t22({
			sales_order: [order(), order({ order_id: 'SO-2' })],
			sales_order_line: [line(), line({ order_id: 'SO-2' })],
			shipment: [linked, other],
		});
		expect(result.exceptions.map(({ orderId }) => orderId)).toEqual(['SO-1', 'SO-2']);
	});
});
