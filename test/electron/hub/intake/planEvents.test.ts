import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#evidence';
import { canonicalize, toHex, utf8 } from '#kernel';
import type { RecordJson } from '../../../../electron/hub/intake/checkRecord.ts';
import type { ChainEnd } from '../../../../electron/hub/intake/placeEvent.ts';
import {
	identify,
	type KnownEvents,
	type OfferedEvent,
	type PlannedEvent,
	planEvents,
	type SealedTable,
} from '../../../../electron/hub/intake/planEvents.ts';
import { orderEvent, revenueEvent } from './records.ts';

/** A log and a reorder buffer as plain values: each step is planned on what the steps before left. */
class Model {
	readonly lines: string[] = [];
	readonly dead: string[] = [];
	duplicates = 0;
	readonly #records = new Map<string, RecordJson>();
	readonly #ends = new Map<string, ChainEnd>();
	#waiting: PlannedEvent[] = [];

	take(offered: readonly OfferedEvent[]): void {
		const plan = planEvents(offered, this.#known());
		for (const { table, record, eventId, orderId, n } of plan.seal) {
			const { prev: _, ...rest } = record;
			const end = this.#ends.get(`${table}/${orderId}`) ?? { n: 0, leaf: null };
			const line = canonicalize({ ...rest, prev: end.leaf });
			expect(n).toBe(end.n + 1);
			this.#ends.set(`${table}/${orderId}`, { n, leaf: toHex(leafHash(utf8(line))) });
			this.#records.set(`${table}/${eventId}`, JSON.parse(line) as RecordJson);
			this.lines.push(line);
		}
		this.#waiting = [...this.#waiting.filter(({ eventId }) => !plan.released.includes(eventId)), ...plan.wait];
		this.dead.push(...plan.dead.map(({ cause }) => cause.code));
		this.duplicates += plan.duplicates;
	}

	get waiting(): number {
		return this.#waiting.length;
	}

	chains(): Record<string, string[]> {
		const chains: Record<string, string[]> = {};
		for (const line of this.lines) {
			const order = String((JSON.parse(line) as RecordJson)['order_id']);
			chains[order] = [...(chains[order] ?? []), line];
		}
		return chains;
	}

	#known(): KnownEvents {
		return {
			sealed: (table, id) => this.#records.get(`${table}/${id}`) ?? null,
			chainEnd: (table, order) => this.#ends.get(`${table}/${order}`) ?? { n: 0, leaf: null },
			waiting: this.#waiting,
			waitingCount: this.#waiting.length,
		};
	}
}

const offer = ({ table, record }: { readonly table: string; readonly record: object }): OfferedEvent => ({
	table: table as SealedTable,
	record: JSON.parse(JSON.stringify(record)) as RecordJson,
	disclosures: [],
	line: 1,
	batchId: 'b',
	channel: 'http',
	receivedAt: 0,
	trace: null,
});

const journal = (orders: number, events: number): OfferedEvent[] =>
	Array.from({ length: orders * events }, (_, at) => offer(orderEvent(`O${at % orders}`, 1 + Math.floor(at / orders))));

const model = (...offered: readonly OfferedEvent[]): Model => {
	const one = new Model();
	one.take(offered);
	return one;
};

describe('the events of a batch', () => {
	it('in any split into batches give the same log', () => {
		const whole = model(...journal(3, 8));
		const property = fc.property(fc.array(fc.nat(23), { maxLength: 8 }), (cuts) => {
			const split = new Model();
			const at = [0, ...[...cuts].sort((a, b) => a - b), 24];
			for (let i = 1; i < at.length; i++) split.take(journal(3, 8).slice(at[i - 1], at[i]));
			expect(split.lines).toEqual(whole.lines);
		});
		fc.assert(property, { numRuns: 300 });
	});

	it('in any order of arrival give the same chain of every order, and nobody waits for ever', () => {
		const whole = model(...journal(3, 6));
		const property = fc.property(
			fc.shuffledSubarray(journal(3, 6), { minLength: 18, maxLength: 18 }),
			fc.integer({ min: 1, max: 18 }),
			(shuffled, size) => {
				const mixed = new Model();
				for (let at = 0; at < shuffled.length; at += size) mixed.take(shuffled.slice(at, at + size));
				expect(mixed.chains()).toEqual(whole.chains());
				expect([mixed.waiting, mixed.dead]).toEqual([0, []]);
			},
		);
		fc.assert(property, { numRuns: 500 });
	});

	it('sent twice, in any mixture, are sealed once', () => {
		const whole = model(...journal(2, 5));
		const property = fc.property(fc.shuffledSubarray([...journal(2, 5), ...journal(2, 5)], { minLength: 20 }), (mixed) => {
			const twice = new Model();
			for (const event of mixed) twice.take([event]);
			expect(twice.chains()).toEqual(whole.chains());
			expect([twice.duplicates, twice.dead]).toEqual([10, []]);
		});
		fc.assert(property, { numRuns: 300 });
	});

	it('with a known id and other content are altered, sealed or waiting', () => {
		expect(model(offer(orderEvent('O1', 1)), offer(orderEvent('O1', 1, { reason_code: 'x' }))).dead).toEqual(['event_altered']);
		expect(model(offer(orderEvent('O1', 5)), offer(orderEvent('O1', 5, { reason_code: 'x' }))).dead).toEqual(['event_altered']);
		expect(model(offer(revenueEvent('R1', 'O1')), offer(revenueEvent('R1', 'O1', { amount_minor: 1 }))).dead).toEqual(['event_altered']);
	});

	it('are no other event for an absent value where null stood, nor without the place the hub gave', () => {
		const sent = offer(orderEvent('O1', null));
		const again = offer(orderEvent('O1', null, { reason_code: null, event_id: 'O1-evx' }));
		const placed = offer(orderEvent('O1', 1, { source_seq: 1, event_id: 'O1-evx' }));
		const one = model(sent, again, placed);
		expect([one.lines.length, one.duplicates, one.dead]).toEqual([1, 2, []]);
	});

	it('in a place that is taken or awaited by another are set aside', () => {
		const first = offer(orderEvent('O1', 1));
		expect(model(first, offer(orderEvent('O1', 1, { event_id: 'other' }))).dead).toEqual(['sequence_taken']);
		expect(model(offer(orderEvent('O1', 3)), offer(orderEvent('O1', 3, { event_id: 'other' }))).dead).toEqual(['sequence_taken']);
	});

	it('that name their predecessor are taken where it is this log’s, and refused where it is not', () => {
		const one = model(offer(orderEvent('O1', 1, { prev: null })));
		const leaf = toHex(leafHash(utf8(one.lines[0] as string)));
		const good = model(offer(orderEvent('O1', 1, { prev: null })), offer(orderEvent('O1', 2, { prev: leaf })));
		expect([good.lines.length, good.dead]).toEqual([2, []]);
		expect(model(offer(orderEvent('O1', 1, { prev: 'a'.repeat(64) }))).dead).toEqual(['chain_differs']);
		expect(model(offer(orderEvent('O1', 1)), offer(orderEvent('O1', 2, { prev: null }))).dead).toEqual(['chain_differs']);
		const late = model(offer(orderEvent('O1', 2, { prev: 'b'.repeat(64) })), offer(orderEvent('O1', 1)));
		expect([late.lines.length, late.dead, late.waiting]).toEqual([1, ['chain_differs'], 0]);
	});

	it('of revenue follow in the order of their arrival', () => {
		const one = model(offer(revenueEvent('R1', 'O1')), offer(revenueEvent('R2', 'O1')));
		expect(one.lines.map((line) => (JSON.parse(line) as RecordJson)['revenue_id'])).toEqual(['R1', 'R2']);
	});

	it('that would be too long with their place are set aside, and those behind them wait', () => {
		const long = offer(orderEvent('O1', 1, { reason_code: 'x'.repeat(59_690) }));
		const one = model(long, offer(orderEvent('O1', 2)));
		expect([one.lines.length, one.dead, one.waiting]).toEqual([0, ['line_too_long'], 1]);
	});

	it('are refused once too many wait', () => {
		const known: KnownEvents = { sealed: () => null, chainEnd: () => ({ n: 0, leaf: null }), waiting: [], waitingCount: 50_000 };
		const plan = planEvents([offer(orderEvent('O1', 2))], known);
		expect(plan.dead.map(({ cause }) => cause.code)).toEqual(['waiting_full']);
		expect(identify(offer(orderEvent('O1', 2))).orderId).toBe('O1');
	});
});
