import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords } from '../../../../renderer/screens/Findings/diffWords.ts';

const side = (parts: ReturnType<typeof diffWords>, other: 'added' | 'removed'): string =>
	parts
		.filter(({ kind }) => kind !== other)
		.map(({ text }) => text)
		.join('');

describe('the difference of two texts', () => {
	it('names what was taken out and what was put in, by words', () => {
		expect(diffWords('known 88,000.00 EUR in May', 'known 90,000.00 EUR in May')).toEqual([
			{ kind: 'same', text: 'known ' },
			{ kind: 'removed', text: '88,000.00' },
			{ kind: 'added', text: '90,000.00' },
			{ kind: 'same', text: ' EUR in May' },
		]);
	});

	it('of equal texts is one part, of nothing none', () => {
		expect(diffWords('as it was', 'as it was')).toEqual([{ kind: 'same', text: 'as it was' }]);
		expect(diffWords('', '')).toEqual([]);
	});

	it('always gives both texts back', () => {
		const text = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n', 'ä'), { maxLength: 40 }).map((words) => words.join(''));
		fc.assert(
			fc.property(text, text, (before, now) => {
				const parts = diffWords(before, now);
				expect([side(parts, 'added'), side(parts, 'removed')]).toEqual([before, now]);
			}),
		);
	});

	it('of long texts without anything in common is told as wholes', () => {
		const [before, now] = ['x ', 'y '].map((word) => word.repeat(3000));
		const parts = diffWords(before ?? '', now ?? '');
		expect([side(parts, 'added'), side(parts, 'removed')]).toEqual([before, now]);
	});
});
