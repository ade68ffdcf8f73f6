import { describe, expect, it } from 'vitest';
import type { Row, Tables } from './populate.ts';
import { approval, dispute, event, found, hold, line, obligation, revenue, run, shipment, ts } from './revenueFixture.ts';

const lost = (more: Row = {}) =>
	dispute('2026-03-12', {
		status: 'resolved_customer',
		closed_at: ts('2026-03-16'),
		disputed_quantity: '3',
		root_cause_code: 'DAMAGED',
		...more,
	});
const sold = { shipment: [shipment('S1', '10', '2026-03-10')] };
const earned = revenue('R1', 100000, '2026-03-10');
const reversed = (amount: number, at = '2026-03-16', more: Row = {}) =>
	revenue(`X-${at}-${amount}`, amount, at, { kind: 'reverse', ...more });

describe('T34 partial reversal wrong', () => {
	const t34 = (events: readonly Row[], disputes: readonly Row[] = [lost()], tables: Tables = {}, asOf?: string) =>
		run('T34', { ...sold, revenue_event: events, dispute: disputes, ...tables }, asOf === undefined ? {} : { asOf });
	const keys = { dispute_id: 'D-1' };

	it('passes the disputed share, within a minor unit a row, and finds less, more or nothing', () => {
		expect(t34([earned, reversed(30000)]).verdict).toBe('pass');
		expect(t34([earned, reversed(29998)]).verdict).toBe('pass');
		expect(found(t34([earned, reversed(29997)]))).toEqual([{ keys, amount: 3n }]);
		expect(found(t34([earned, reversed(50000)]))).toEqual([{ keys, amount: 20000n }]);
		const none = t34([earned]);
		expect(found(none)).toEqual([{ keys, amount: 30000n }]);
		expect(none.exceptions[0]?.reason).toContain(
			'resolved for the customer over 3 of 10 units: of the allocated 1,000.00 EUR, 300.00 EUR was to be reversed, and 0.00 EUR was',
		);
	});

	it('counts what was reversed on logging and reinstated in part', () => {
		expect(t34([earned, reversed(100000, '2026-03-12'), revenue('B1', 70000, '2026-03-16', { kind: 'reinstate' })]).verdict).toBe('pass');
	});

	it('accepts a share by the rounded unit price', () => {
		const thirds = { obligation: [obligation({ allocated_minor: 10000 })], sales_order_line: [line({ quantity: '300' })] };
		const disputed = [lost({ disputed_quantity: '200' })];
		expect(t34([revenue('R1', 10000, '2026-03-10'), reversed(6667)], disputed, thirds).verdict).toBe('pass');
		expect(t34([revenue('R1', 10000, '2026-03-10'), reversed(6600)], disputed, thirds).verdict).toBe('pass');
		expect(t34([revenue('R1', 10000, '2026-03-10'), reversed(6630)], disputed, thirds).verdict).toBe('exception');
	});

	it('tells its reversal from that of a return of the same line', () => {
		const returned = { order_event: [event('line.returned', '2026-04-01', { line_id: 'L1', quantity: '2' })] };
		expect(t34([earned, reversed(30000), reversed(20000, '2026-04-02')], undefined, returned).verdict).toBe('pass');
		expect(t34([earned, reversed(25000), reversed(20000, '2026-04-02')], undefined, returned).verdict).toBe('exception');
	});

	it('sees a second reversal of the same share', () => {
		expect(t34([earned, reversed(30000), reversed(30000, '2026-03-17')]).verdict).toBe('exception');
	});

	it('asks for nothing where the disputed quantity was never recognised', () => {
		expect(t34([revenue('R1', 70000, '2026-03-18')]).verdict).toBe('pass');
		expect(t34([]).verdict).toBe('pass');
		expect(t34([revenue('R1', 50000, '2026-03-10')], undefined, { shipment: [shipment('S1', '5', '2026-03-10')] }).verdict).toBe(
			'exception',
		);
	});

	it('is open while the reversal may still come, and where it cannot tell the share', () => {
		expect(t34([earned], undefined, {}, '2026-03-18T00:00:00.000Z').verdict).toBe('incomplete');
		expect(t34([earned], undefined, {}, '2026-03-19T00:00:00.000Z').verdict).toBe('exception');
		expect(t34([earned], [lost({ disputed_quantity: null })]).why).toBe('1 dispute without a disputed quantity');
		const two = { sales_order_line: [line(), line({ line_id: 'L2' })] };
		expect(t34([earned], [lost({ line_id: null })], two).why).toBe('1 dispute over more than one line');
		expect(t34([earned, reversed(30000)], [lost({ line_id: null })]).verdict).toBe('pass');
	});

	it('concerns disputes the customer won', () => {
		expect(t34([earned], [lost({ status: 'resolved_company' })]).tested).toBe(0);
	});
});

describe('T35 reinstated or released without evidence', () => {
	const won = (more: Row = {}) =>
		dispute('2026-03-12', { status: 'resolved_company', closed_at: ts('2026-03-16'), evidence_score: 80, evidence_threshold: 60, ...more });
	const released = hold('2026-03-12', '2026-03-16', { kind: 'dispute', dispute_id: 'D-1', line_id: 'L1' });
	const reinstated = (at = '2026-03-16') => revenue('B1', 30000, at, { kind: 'reinstate' });
	const releaseApprovals = [approval('A1', 'hold_release', 'H-1', 'U1'), approval('A2', 'hold_release', 'H-1', 'U2')];
	const ownApprovals = [approval('A3', 'revenue_event', 'B1', 'U1'), approval('A4', 'revenue_event', 'B1', 'U2')];
	const t35 = (tables: Tables) =>
		run('T35', {
			dispute: [won()],
			hold: [released],
			revenue_event: [reinstated()],
			approval: [...releaseApprovals, ...ownApprovals],
			...tables,
		});

	it('passes what was decided on evidence by two people', () => {
		expect(t35({}).verdict).toBe('pass');
		expect(t35({}).tested).toBe(2);
	});

	it('finds a release and a reinstatement while the dispute is open', () => {
		const open = t35({ dispute: [won({ closed_at: ts('2026-03-16 00:01') })] });
		expect(found(open)).toEqual([
			{ keys: { hold_id: 'H-1' }, amount: null },
			{ keys: { revenue_id: 'B1' }, amount: 30000n },
		]);
		expect(open.exceptions[1]?.reason).toContain('the dispute was open until 2026-03-16 00:01 UTC');
		expect(t35({ dispute: [won({ status: 'open', closed_at: null })] }).exceptions[0]?.reason).toContain(
			'the dispute was open, and still is',
		);
	});

	it('finds evidence below its threshold, not at it, and evidence nobody scored', () => {
		expect(t35({ dispute: [won({ evidence_score: 60 })] }).verdict).toBe('pass');
		expect(t35({ dispute: [won({ evidence_score: 59 })] }).exceptions[0]?.reason).toContain('its evidence scores 59 of the 60 needed');
		expect(t35({ dispute: [won({ evidence_score: null })] }).exceptions[0]?.reason).toContain('was not scored');
		expect(t35({ dispute: [won({ evidence_score: null, evidence_threshold: null })] }).verdict).toBe('pass');
		expect(t35({ dispute: [won({ evidence_score: null, status: 'resolved_customer' })] }).verdict).toBe('pass');
	});

	it('needs two distinct approvers, the requester not counted', () => {
		const by = (second: Row) => found(t35({ approval: [...releaseApprovals, ownApprovals[0] as Row, second] }));
		const reinstatement = [{ keys: { revenue_id: 'B1' }, amount: 30000n }];
		expect(by(approval('A4', 'revenue_event', 'B1', 'U2'))).toEqual([]);
		expect(by(approval('A4', 'revenue_event', 'B1', 'U1'))).toEqual(reinstatement);
		expect(by(approval('A4', 'revenue_event', 'B1', 'U0'))).toEqual(reinstatement);
		expect(by(approval('A4', 'discount', 'B1', 'U2'))).toEqual(reinstatement);
		expect(found(t35({ approval: [...ownApprovals, ...releaseApprovals.slice(1)] }))).toEqual([{ keys: { hold_id: 'H-1' }, amount: null }]);
	});

	it('takes the approvals of the release for both where the company never approves reinstatements by themselves', () => {
		expect(t35({ approval: releaseApprovals }).verdict).toBe('pass');
		expect(t35({ approval: ownApprovals }).verdict).toBe('pass');
		expect(t35({ approval: [] }).exceptions).toHaveLength(2);
	});

	it('finds the dispute of a hold that names none by order and line', () => {
		const nameless = { ...released, dispute_id: null };
		expect(t35({ hold: [nameless], dispute: [won({ evidence_score: 10 })] }).exceptions).toHaveLength(2);
		expect(t35({ hold: [nameless], dispute: [won({ evidence_score: 10, line_id: 'L2' })] }).verdict).toBe('pass');
	});

	it('leaves holds that are open, or of another kind, alone', () => {
		expect(t35({ hold: [{ ...released, closed_at: null }], revenue_event: [] }).tested).toBe(0);
		expect(t35({ hold: [{ ...released, kind: 'hold' }], revenue_event: [] }).tested).toBe(0);
	});
});
