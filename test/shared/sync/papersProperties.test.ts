import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPapers, mergedLog, outboxOf } from '#sync';
import { anyActs, type Dice, diceOf } from './papersMoves.ts';
import { act, everythingOf, receive, reopened, type Station, synchronise, type World, world } from './papersWorld.ts';

const MEMBERS = ['pat', 'pia', 'rob', 'paul'];

/** Three copies that work, and now and then meet in pairs or at the hub. */
function worked(dice: Dice, steps: number): World {
	const made = world(['pat', 'pia', 'paul']);
	for (let at = 0; at < steps; at++) {
		const station = dice.of(made.stations);
		const kind = dice.roll(10);
		if (kind === 0) synchronise(made, station);
		else if (kind === 1) receive(dice.of(made.stations), everythingOf(station));
		else if (kind === 2) station.memberId = dice.of(MEMBERS);
		else act(made, station, ...anyActs(dice, station));
	}
	return made;
}

describe('the merge', () => {
	it('comes to the same work papers however acts arrive: in any pieces, in any order, with gaps that fill later', () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer(), (seed, arrival) => {
				const made = worked(diceOf(seed), 60);
				const [one, ...others] = made.stations as [Station, ...Station[]];
				for (const other of others) receive(one, everythingOf(other));
				const whole = everythingOf(one);
				const observer: Station = { ...one, state: emptyPapers(one.state.engagementId, { kind: 'replica', replica: '9'.repeat(32) }) };
				const dice = diceOf(arrival);
				for (let tries = 0; observer.state.judged.acts < whole.acts.length && tries < 4000; tries++) {
					const from = dice.roll(whole.acts.length);
					const piece = whole.acts.slice(from, from + 1 + dice.roll(6)).toReversed();
					receive(observer, { ...whole, acts: piece, order: [], checkpoint: null });
				}
				expect(mergedLog(observer.state).length).toBe(whole.acts.length);
				receive(observer, whole);
				expect(observer.state.workbook).toEqual(one.state.workbook);
				expect(observer.state.order).toEqual(one.state.order);
				expect(outboxOf(observer.state)).toEqual(outboxOf(one.state));
			}),
			{ numRuns: 25 },
		);
	});

	it('is the same whoever tells whom, and telling twice adds nothing', () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const made = worked(diceOf(seed), 50);
				const [a, b] = made.stations as [Station, Station];
				const [fromA, fromB] = [everythingOf(a), everythingOf(b)];
				receive(a, fromB);
				receive(b, fromA);
				expect(a.state.workbook).toEqual(b.state.workbook);
				const before = a.state;
				expect(receive(a, fromB).kind).toBe('advance');
				expect(a.state).toBe(before);
			}),
			{ numRuns: 25 },
		);
	});

	it('keeps every act of every copy, in exactly one place', () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const made = worked(diceOf(seed), 50);
				for (const { state } of made.stations) {
					const log = mergedLog(state);
					expect(new Set(log.map(({ hash }) => hash)).size).toBe(log.length);
					expect(log.length).toBe([...state.chains.values()].reduce((sum, chain) => sum + chain.length, 0));
					expect(reopened(state)).toEqual(state);
				}
			}),
			{ numRuns: 15 },
		);
	});
});
