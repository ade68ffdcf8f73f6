import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, parseInstant } from '#kernel';
import { type Freezes, freezesIn, type Interval, IntervalSet } from '#revenue';
import { populateWhole, type Tables } from '../audit/populate.ts';
import { company, dispute, event, hold, ts } from '../audit/revenueFixture.ts';

const at = (text: string): number => {
	const instant = parseInstant(ts(text));
	if (!instant.ok) throw new Error(`${text} is no instant`);
	return instant.value;
};

describe('interval sets', () => {
	const interval = fc
		.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
		.map(([from, length]) => ({ from, to: from + length }));

	it('cover exactly the instants that some interval covers, by one that does', () => {
		fc.assert(
			fc.property(fc.array(interval, { maxLength: 12 }), fc.integer({ min: -1, max: 85 }), (intervals, instant) => {
				const rows: Interval[] = intervals.map((each, row) => ({ ...each, row }));
				const piece = new IntervalSet(rows).covering(instant);
				const covers = ({ from, to }: { from: number; to: number }): boolean => from <= instant && instant < to;
				expect(piece !== null).toBe(rows.some(covers));
				if (piece) expect(covers(rows[piece.row] as Interval)).toBe(true);
			}),
		);
	});

	it('leave out what has no start', () => {
		expect(new IntervalSet([{ from: Number.NaN, to: 5, row: 0 }]).isEmpty).toBe(true);
	});
});

describe('freezes', () => {
	const freezesOf = (tables: Tables): { freezes: Freezes; order: number; line: number } => {
		const population = populateWhole({ tables: company(tables) });
		return {
			freezes: freezesIn(population),
			order: population.dictionary('order').codeOf('SO-1'),
			line: population.dictionary('line').codeOf('L1'),
		};
	};
	const freeFrom = (tables: Tables, transfer: string, days = 2): number => {
		const { freezes, order, line } = freezesOf(tables);
		return freezes.freeFrom(order, line, at(transfer), (instant) => instant + days * DAY_MS);
	};

	it('move a transfer during a hold to its end', () => {
		expect(freeFrom({ hold: [hold('2026-03-01', '2026-03-20')] }, '2026-03-10')).toBe(at('2026-03-20'));
	});

	it('count from before recognition was due, and not after', () => {
		const tables = { hold: [hold('2026-03-12', '2026-03-20')] };
		expect(freeFrom(tables, '2026-03-10')).toBe(at('2026-03-20'));
		expect(freeFrom(tables, '2026-03-09')).toBe(at('2026-03-09'));
	});

	it('follow each other: holds, disputes and states of the order', () => {
		const tables = {
			hold: [hold('2026-03-09', '2026-03-12')],
			dispute: [dispute('2026-03-13', { closed_at: ts('2026-03-18'), status: 'resolved_company' })],
			order_event: [
				event('order.held', '2026-03-18 12:00', { to_state: 'on_hold' }),
				event('order.hold_released', '2026-03-25', { to_state: 'delivered' }),
			],
		};
		expect(freeFrom(tables, '2026-03-10')).toBe(at('2026-03-25'));
	});

	it('last for ever while nothing ended them, and concern their own line only', () => {
		expect(freeFrom({ hold: [hold('2026-03-09', null)] }, '2026-03-10')).toBe(Number.POSITIVE_INFINITY);
		expect(freeFrom({ hold: [hold('2026-03-09', null, { line_id: 'L2' })] }, '2026-03-10')).toBe(at('2026-03-10'));
	});

	it('say so where they follow each other beyond reason', () => {
		const holds = Array.from({ length: 1100 }, (_, index) => {
			const day = (offset: number): string => new Date(at('2020-01-01') + (2 * index + offset) * DAY_MS).toISOString();
			return hold('2026-01-01', null, { hold_id: `H-${index}`, opened_at: day(0), closed_at: day(1) });
		});
		expect(freeFrom({ hold: holds }, '2020-01-01')).toBeNaN();
	});
});
