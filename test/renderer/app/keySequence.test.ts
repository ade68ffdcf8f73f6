import { describe, expect, it } from 'vitest';
import { type Begun, type Heard, hear, isEditing, SEQUENCE_MS } from '../../../renderer/app/keySequence.ts';

const USABLE = ['g d', 'g o', 'g Shift+o', 'f', '1', '$mod+k', 'Escape'];

interface Press {
	readonly key: string;
	readonly with?: readonly string[];
	readonly at?: number;
}

const event = ({ key, with: held = [], at = 0 }: Press): KeyboardEvent =>
	({
		key,
		code: `Key${key.toUpperCase()}`,
		timeStamp: at,
		ctrlKey: held.includes('Control'),
		altKey: held.includes('Alt'),
		metaKey: held.includes('Meta'),
		getModifierState: (name: string) => held.includes(name),
	}) as unknown as KeyboardEvent;

/** What each press was heard as: the keys meant, or how it stands. */
function hearAll(presses: readonly Press[], usable: (at: number) => readonly string[] = () => USABLE): string[] {
	let begun: Begun | null = null;
	return presses.map((press, at) => {
		const heard: Heard = hear(usable(at), begun, event(press));
		begun = heard.kind === 'begun' ? heard.begun : null;
		return heard.kind === 'meant' ? heard.keys : heard.kind;
	});
}

describe('what a key press means', () => {
	it('is a single key, or a sequence once its last press is there', () => {
		expect(hearAll([{ key: 'f' }, { key: 'g' }, { key: 'd' }, { key: 'x' }])).toEqual(['f', 'begun', 'g d', 'nothing']);
		expect(hearAll([{ key: 'k', with: ['Control'] }])).toEqual(['$mod+k']);
	});

	it('a modifier alone neither goes on nor breaks', () => {
		expect(hearAll([{ key: 'g' }, { key: 'Shift', with: ['Shift'] }, { key: 'O', with: ['Shift'] }])).toEqual([
			'begun',
			'begun',
			'g Shift+o',
		]);
		expect(hearAll([{ key: 'Shift', with: ['Shift'] }])).toEqual(['nothing']);
	});

	it('a slip after G means nothing: it judges no exception and begins no finding', () => {
		expect(hearAll([{ key: 'g' }, { key: '1' }, { key: '1' }])).toEqual(['begun', 'broken', '1']);
		expect(hearAll([{ key: 'g' }, { key: 'f' }])).toEqual(['begun', 'broken']);
		expect(hearAll([{ key: 'g' }, { key: 'Escape' }, { key: 'Escape' }])).toEqual(['begun', 'broken', 'Escape']);
	});

	it('G once more begins anew, and a command with Ctrl acts at once', () => {
		expect(hearAll([{ key: 'g' }, { key: 'g' }, { key: 'd' }])).toEqual(['begun', 'begun', 'g d']);
		expect(hearAll([{ key: 'g' }, { key: 'k', with: ['Control'] }, { key: 'd' }])).toEqual(['begun', '$mod+k', 'nothing']);
	});

	it('waits by the clock of the presses, not by when the window came to hear of them', () => {
		expect(hearAll([{ key: 'g' }, { key: 'd', at: SEQUENCE_MS }])).toEqual(['begun', 'g d']);
		expect(hearAll([{ key: 'g' }, { key: 'd', at: SEQUENCE_MS + 1 }])).toEqual(['begun', 'nothing']);
		expect(hearAll([{ key: 'g' }, { key: '1', at: SEQUENCE_MS + 1 }])).toEqual(['begun', '1']);
	});

	it('other commands may come between two presses; one that has gone is not meant', () => {
		expect(hearAll([{ key: 'g' }, { key: 'd' }], (at) => (at === 0 ? USABLE : [...USABLE, 'a', 'n']))).toEqual(['begun', 'g d']);
		expect(hearAll([{ key: 'g' }, { key: 'd' }], (at) => (at === 0 ? USABLE : ['g o']))).toEqual(['begun', 'broken']);
	});
});

describe('keys while one types', () => {
	it('leave to the field what deletes words, selects, copies, walks and takes back', () => {
		for (const keys of [
			'$mod+Backspace',
			'$mod+Delete',
			'$mod+a',
			'$mod+c',
			'$mod+v',
			'$mod+z',
			'$mod+Shift+z',
			'$mod+Home',
			'$mod+ArrowLeft',
		])
			expect(isEditing(keys), keys).toBe(true);
	});

	it('still act where they have no meaning in a text', () => {
		for (const keys of ['$mod+k', '$mod+Enter', '$mod+s', '$mod+Shift+s', '$mod+l', 'F1', 'Escape', 'Alt+1', 'Alt+ArrowLeft'])
			expect(isEditing(keys), keys).toBe(false);
	});
});
