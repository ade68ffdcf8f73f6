import { describe, expect, it } from 'vitest';
import { err, invariant, ok, type Result, unreachable } from '#kernel';

describe('results', () => {
	it('carry a value or an error, never both', () => {
		const results: readonly Result<number, 'too_large'>[] = [ok(1), err('too_large')];
		expect(results).toEqual([
			{ ok: true, value: 1 },
			{ ok: false, error: 'too_large' },
		]);
	});
});

describe('bugs', () => {
	it('a broken invariant stops with its words', () => {
		expect(() => invariant(false, 'rows stay')).toThrow('Invariant broken: rows stay');
		expect(() => invariant(true, 'rows stay')).not.toThrow();
	});

	it('a variant nobody handled stops and is named, whatever it is made of', () => {
		expect(() => unreachable('hold' as never)).toThrow('Unreachable: "hold"');
		expect(() => unreachable({ kind: 'hold', minor: 5n } as never)).toThrow('Unreachable: {"kind":"hold","minor":"5n"}');
	});
});
