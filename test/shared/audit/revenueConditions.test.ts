import { describe, expect, it } from 'vitest';
import { approval, contract, document, event, found, hold, order, revenue, run, shipment, ts } from './revenueFixture.ts';

describe('T18 revenue on a held or disputed order', () => {
	const posted = (at: string, more = {}) => ({ revenue_event: [revenue('R1', 5000, at, more)] });
	const held = (at: string, holds = [hold('2026-03-10 08:00', '2026-03-12 08:00')], more = {}) =>
		run('T18', { ...posted(at, more), hold: holds });

	it('finds revenue posted from the opening of a hold up to its closing, which is free again', () => {
		expect(held('2026-03-10 07:59').verdict).toBe('pass');
		expect(found(held('2026-03-10 08:00'))).toEqual([{ keys: { revenue_id: 'R1' }, amount: 5000n }]);
		expect(held('2026-03-12 07:59').verdict).toBe('exception');
		expect(held('2026-03-12 08:00').verdict).toBe('pass');
	});

	it('goes by posted_at, not by the instant revenue is recognised for', () => {
		expect(held('2026-03-09', undefined, { posted_at: ts('2026-03-11') }).verdict).toBe('exception');
		expect(held('2026-03-11', undefined, { posted_at: ts('2026-03-13') }).verdict).toBe('pass');
	});

	it('knows that a hold on a line holds that line, and one without line the whole order', () => {
		const onLine = (line: string) => [hold('2026-03-10', null, { line_id: line })];
		expect(held('2026-03-11', onLine('L1')).verdict).toBe('exception');
		expect(held('2026-03-11', onLine('L2')).verdict).toBe('pass');
		expect(held('2026-03-11', onLine('L1'), { line_id: null }).verdict).toBe('exception');
		expect(held('2026-03-11', onLine('L2'), { line_id: null, obligation_id: null }).verdict).toBe('exception');
	});

	it('minds reinstatements as well, and lets reversals through', () => {
		expect(held('2026-03-11', undefined, { kind: 'reinstate' }).verdict).toBe('exception');
		expect(held('2026-03-11', undefined, { kind: 'reverse' }).tested).toBe(0);
	});

	it('names a hold that really covers the instant among several that overlap', () => {
		const holds = [hold('2026-03-01', '2026-03-11'), hold('2026-03-05', '2026-03-20', { hold_id: 'H-2', kind: 'dispute' })];
		expect(held('2026-03-15', holds).exceptions[0]?.reason).toContain('dispute H-2 on the whole order');
	});
});

describe('T20 revenue before contract approval', () => {
	const signed = (more: Record<string, unknown>, kind = 'recognise') =>
		run('T20', {
			contract: [contract({ signed_at: ts('2026-03-01 10:00'), approved_at: ts('2026-03-02 10:00'), ...more })],
			revenue_event: [revenue('R1', 5000, '2026-03-02 10:00', { kind })],
		});

	it('passes revenue at the instant of approval, and finds it a minute earlier', () => {
		expect(signed({}).verdict).toBe('pass');
		expect(found(signed({ approved_at: ts('2026-03-02 10:01') }))).toEqual([
			{ keys: { revenue_id: 'R1', contract_id: contract({})['contract_id'] }, amount: 5000n },
		]);
		expect(signed({ signed_at: ts('2026-03-02 10:01') }).verdict).toBe('exception');
	});

	it('finds revenue of a contract that was never signed or approved', () => {
		expect(signed({ signed_at: null }).exceptions[0]?.reason).toContain('was not signed and approved at 2026-03-02 10:00 UTC');
		expect(signed({ approved_at: null }).exceptions[0]?.reason).toContain('and not approved');
		expect(signed({ approved_at: null }, 'reverse').tested).toBe(0);
	});

	it('leaves an unknown contract to the test that reports it', () => {
		expect(run('T20', { sales_order: [order({ contract_id: 'CT-9' })], revenue_event: [revenue('R1', 5000, '2026-01-01')] }).tested).toBe(
			0,
		);
	});
});

describe('T83 fallback rule used', () => {
	const fallback = (tables = {}, missing: readonly string[] = []) =>
		run(
			'T83',
			{
				revenue_event: [revenue('R1', 5000, '2026-03-10', { fallback: true, rule_id: 'R-FALLBACK', trigger_event_id: 'EV-T' })],
				...tables,
			},
			{ evidence: { documents: { present: 0, missing, altered: [] } } },
		);
	const proof = document('DOC-1', 'pod', '2026-03-09');

	it('finds revenue with neither document nor approval', () => {
		const result = fallback();
		expect(found(result)).toEqual([{ keys: { revenue_id: 'R1' }, amount: 5000n }]);
		expect(result.exceptions[0]?.reason).toContain('under fallback rule R-FALLBACK version 1');
	});

	it('accepts a document of the triggering event, of the order, or of a shipment', () => {
		expect(
			fallback({ document: [proof], order_event: [event('line.delivered', '2026-03-09', { event_id: 'EV-T', document_id: 'DOC-1' })] })
				.verdict,
		).toBe('pass');
		expect(fallback({ document: [{ ...proof, order_id: 'SO-1' }] }).verdict).toBe('pass');
		expect(fallback({ document: [proof], shipment: [shipment('S1', '10', '2026-03-09', { pod_document_id: 'DOC-1' })] }).verdict).toBe(
			'pass',
		);
	});

	it('accepts no contract or invoice, no document of another order, and none without bytes', () => {
		expect(fallback({ document: [document('DOC-1', 'contract', '2026-03-09', { order_id: 'SO-1' })] }).verdict).toBe('exception');
		expect(fallback({ document: [{ ...proof, order_id: 'SO-2' }] }).verdict).toBe('exception');
		expect(fallback({ document: [{ ...proof, order_id: 'SO-1' }] }, [String(proof['sha256'])]).verdict).toBe('exception');
	});

	it('accepts an approval of this event by another than the requester', () => {
		expect(fallback({ approval: [approval('A1', 'revenue_event', 'R1', 'U1')] }).verdict).toBe('pass');
		expect(fallback({ approval: [approval('A1', 'revenue_event', 'R1', 'U0')] }).verdict).toBe('exception');
		expect(fallback({ approval: [approval('A1', 'revenue_event', 'R2', 'U1')] }).verdict).toBe('exception');
		expect(fallback({ approval: [approval('A1', 'credit_memo', 'R1', 'U1')] }).verdict).toBe('exception');
	});

	it('asks nothing of revenue by the usual rules', () => {
		expect(run('T83', { revenue_event: [revenue('R1', 5000, '2026-03-10')] }).tested).toBe(0);
	});
});
