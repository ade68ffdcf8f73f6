/** What people do at random, for the fuzz: acts over few things, so that they meet; and dice that a seed decides. */
import { type Act, redoable, undoable } from '#findings';
import { judged, KEY, signed, TARGET } from '../findings/book.ts';
import type { Station } from './papersWorld.ts';

export interface Dice {
	/** 0 ≤ n < sides. */
	roll(sides: number): number;
	of<T>(items: readonly T[]): T;
	/** True once in `sides`. */
	one(sides: number): boolean;
}

/** Mulberry32: small, and the same everywhere. */
export function diceOf(seed: number): Dice {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return (t ^ (t >>> 14)) >>> 0;
	};
	const roll = (sides: number): number => next() % sides;
	return { roll, of: <T>(items: readonly T[]): T => items[roll(items.length)] as T, one: (sides) => roll(sides) === 0 };
}

const FINDINGS = ['f1', 'f2', 'f3', 'f4'];
const FIELDS = ['condition', 'criteria', 'effect', 'cause'] as const;
const KEYS = ['a', 'b', 'c', 'd', 'e'].map(KEY);
const WORDS = ['one', 'two', 'three'];

/** One step of work: mostly allowed, not always. */
export function anyActs(dice: Dice, { state, memberId, replica }: Station): readonly Act[] {
	const { workbook } = state;
	const findingId = dice.of(FINDINGS);
	const value = dice.of(WORDS);
	switch (dice.roll(16)) {
		case 0:
			return workbook.findings.has(findingId)
				? [{ type: 'finding.edited', findingId, field: dice.of(FIELDS), value }]
				: [{ type: 'finding.created', findingId, title: findingId, severity: 'low' }];
		case 1:
		case 2:
		case 3:
			return [{ type: 'finding.edited', findingId, field: dice.of(FIELDS), value }];
		case 4:
		case 5:
			return [judged(KEYS.slice(dice.roll(3), 3 + dice.roll(3)), { verdict: dice.of(['confirmed', 'waiting', 'new']) })];
		case 6:
			return [{ type: 'setting.changed', key: dice.of(['k1', 'k2']), value, reason: '' }];
		case 7:
			return [{ type: 'parameter.changed', test: 'T16', name: dice.of(['days', 'tolerance']), value: dice.of([null, 1, 2]), reason: '' }];
		case 8:
			return [
				{ type: 'evidence.linked', findingId, linkId: `${replica[0]}${state.workbook.seq}`, link: linkTo(dice.of(KEYS)) },
				{ type: 'finding.edited', findingId, field: 'effect', value: `${value} ${state.workbook.seq}` },
			];
		case 9:
			return [signed({ workbook: () => workbook }, dice.of(['prepared', 'reviewed']), `s${replica[0]}${workbook.seq}`, TARGET(findingId))];
		case 10:
			return [{ type: 'finding.state_changed', findingId, state: dice.of(['draft', 'withdrawn', 'issued']), reason: value }];
		case 11: {
			const found = dice.one(3) ? redoable(workbook, memberId, replica) : undoable(workbook, memberId, replica);
			return found.ok ? found.value.acts : [];
		}
		case 12: {
			const open = [...workbook.conflicts.values()].filter(({ settled }) => settled === null);
			if (open.length === 0) return [];
			const { conflictId, first, second, cell } = dice.of(open);
			const choice = dice.of(['first', 'second', 'new'] as const);
			const written = cell.startsWith('finding/') && !cell.endsWith('state') ? 'settled' : first.value;
			return [{ type: 'conflict.settled', conflictId, choice, value: { first: first.value, second: second.value, new: written }[choice] }];
		}
		case 13: {
			const open = [...workbook.refused.values()].filter(({ dismissed }) => dismissed === null);
			return open.length === 0 ? [] : [{ type: 'refusal.dismissed', ...dice.of(open).ref, reason: 'seen' }];
		}
		case 14:
			return dice.one(4)
				? [{ type: 'member.role_changed', memberId: 'rob', role: dice.of(['reviewer', 'preparer', 'readonly']) }]
				: [
						{
							type: 'note.raised',
							noteId: `n${replica[0]}${workbook.seq}`,
							target: TARGET(findingId),
							text: value,
							blocksReview: dice.one(2),
						},
					];
		default:
			return [{ type: 'view.saved', viewId: 'v1', screen: 'orders', name: value, definition: '' }];
	}
}

const linkTo = (exceptionKey: string) => ({ kind: 'exception', exceptionKey, label: 'T16' }) as const;
