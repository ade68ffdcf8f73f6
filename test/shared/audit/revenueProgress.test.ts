import { describe, expect, it } from 'vitest';
import type { Tables } from './populate.ts';
import { amendment, event, found, line, obligation, revenue, run } from './revenueFixture.ts';

/** An over-time line of 10 units and 1,000.00, one unit done and 100.00 recognised on each of the first days of March. */
const done = (days: number, quantities: readonly string[] = Array.from({ length: days }, () => '1')) =>
	quantities.map((quantity, index) =>
		event('line.delivered', `2026-03-0${index + 1} 17:00`, { event_id: `P${index + 1}`, line_id: 'L1', quantity }),
	);
const earned = (...amounts: number[]) => amounts.map((amount, index) => revenue(`R${index + 1}`, amount, `2026-03-0${index + 1} 18:00`));
const overTime = (tables: Tables) => run('T26', { obligation: [obligation({ method: 'over_time' })], ...tables });
const keys = (event: string) => ({ obligation_id: 'OB-1', revenue_id: event });

describe('T26 over-time progress', () => {
	it('passes revenue that follows the quantity done', () => {
		expect(overTime({ order_event: done(4), revenue_event: earned(10000, 10000, 10000, 10000) }).verdict).toBe('pass');
	});

	it('finds the event at which revenue departs from progress, by more than one minor unit an event', () => {
		expect(overTime({ order_event: done(4), revenue_event: earned(10000, 10000, 10003, 10000) }).verdict).toBe('pass');
		const result = overTime({ order_event: done(4), revenue_event: earned(10000, 10000, 10004, 9996) });
		expect(found(result)).toEqual([{ keys: keys('R3'), amount: 4n }]);
		expect(result.exceptions[0]?.reason).toContain('3 of 10 units done (line.delivered), which justify 300.00 EUR');
	});

	it('finds revenue recognised before the progress it stands for', () => {
		const events = [...earned(10000, 10000, 10000), revenue('R4', 10000, '2026-03-03 19:00', { trigger_event_id: 'P4' })];
		expect(found(overTime({ order_event: done(4), revenue_event: events }))).toEqual([{ keys: keys('R4'), amount: 10000n }]);
	});

	it('finds progress that falls, and progress past 100 %', () => {
		const falling = overTime({ order_event: done(4, ['1', '1', '1', '-1']), revenue_event: earned(10000, 10000, 10000) });
		expect(falling.exceptions[0]?.reason).toContain('falls from 3 to 2 units');
		const past = overTime({ order_event: done(4, ['1', '1', '1', '8']), revenue_event: earned(10000, 10000, 10000) });
		expect(past.exceptions[0]?.reason).toContain('passes 100 %: 11 of 10 units');
	});

	it('reads quantities as levels reached where the company writes them so', () => {
		const levels = done(4, ['1', '2', '4', '8']);
		expect(overTime({ order_event: levels, revenue_event: earned(10000, 10000, 20000, 40000) }).verdict).toBe('pass');
		expect(found(overTime({ order_event: levels, revenue_event: earned(10000, 10000, 25000, 35000) }))).toEqual([
			{ keys: keys('R3'), amount: 5000n },
		]);
	});

	it('goes by the triggering event where revenue is dated before progress is recorded throughout', () => {
		const early = done(4).map((_, index) =>
			revenue(`R${index + 1}`, 10000, `2026-03-0${index + 1} 12:00`, { trigger_event_id: `P${index + 1}` }),
		);
		expect(overTime({ order_event: done(4), revenue_event: early }).verdict).toBe('pass');
	});

	it('cannot tell without any record of progress, except revenue beyond the price', () => {
		const blind = overTime({ revenue_event: earned(30000, 30000) });
		expect(blind.verdict).toBe('incomplete');
		expect(blind.why).toBe('1 obligation without any record of progress');
		expect(found(overTime({ revenue_event: earned(60000, 60000) }))).toEqual([{ keys: keys('R2'), amount: 20000n }]);
	});

	it('leaves an amended order open where it disagrees', () => {
		const tables = {
			order_event: done(4),
			revenue_event: earned(10000, 10000, 15000, 5000),
			contract_amendment: [amendment('2026-03-03')],
		};
		expect(overTime(tables).verdict).toBe('incomplete');
	});

	it('leaves out obligations satisfied at a point in time, and over-time ones that earned nothing yet', () => {
		expect(run('T26', { order_event: done(4), revenue_event: earned(99999) }).tested).toBe(0);
		expect(overTime({ order_event: done(4), sales_order_line: [line()] }).tested).toBe(0);
	});
});
