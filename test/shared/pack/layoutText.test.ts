import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../../build/outsideTools.ts';
import { packFonts } from '../../../electron/services/packFonts.ts';
import { emptyInput, fixtureInput } from './fixtureInput.ts';
import { openPack, pageTexts, render, temporaryFile } from './packBytes.ts';

const HOSTILE = [
	'Line\u2028separator, tab\tand bell\u0007',
	'override \u202Etxt.exe\u202C and zero\u200Bwidth',
	'emoji 😀 and 👩‍👩‍👧 and flag 🇩🇪',
	'lone surrogate \ud800 here',
	'Arabic السلام عليكم then 123',
	'Hebrew שלום עולם, Hindi नमस्ते दुनिया, Thai สวัสดี',
	'combining e\u0301 o\u0308 and A\u030a, stacked o\u0323\u0308',
	'private \ue000 and astral ideograph 𠀀 and 𝔄',
	'x'.repeat(3_000),
	'',
];

function withReasons(reasons: readonly string[]) {
	const whole = emptyInput();
	const [test] = fixtureInput().result.tests;
	if (test === undefined) throw new Error('the fixture has tests');
	const exceptions = reasons.map((reason, i) => ({
		order_id: reason.slice(0, 60) || null,
		keys: { invoice_id: reason.slice(0, 200) },
		amount_minor: i,
		currency: 'EUR',
		reason,
		rows: [],
	}));
	return {
		...whole,
		engagement: { ...whole.engagement, client: reasons[0] ?? '' },
		result: { ...whole.result, tests: [{ ...test, exceptions }] },
	};
}

describe('text that no font shows', () => {
	let text = '';
	beforeAll(async () => {
		const path = temporaryFile(await render(withReasons(HOSTILE)));
		text = hasProgram('pdftotext') ? pageTexts(path).join('\n') : '';
	});

	it.skipIf(!hasProgram('pdftotext'))('is written out by number: pictures, controls, overrides, halves of characters', () => {
		for (const spelt of ['⟨U+1F1E9⟩', '⟨U+0007⟩', '⟨U+0009⟩', '⟨U+202E⟩', '⟨U+200B⟩', '⟨U+D800⟩', '⟨U+E000⟩', '⟨U+2028⟩'])
			expect(text).toContain(spelt);
	});

	it.skipIf(!hasProgram('pdftotext'))('is composed where a composed form exists', () => {
		expect(text).toContain('combining \u00e9 \u00f6 and \u00c5');
		expect(text).not.toContain('A\u030a');
	});

	it.skipIf(!hasProgram('pdftotext'))('is broken, not cut, where it has no place to break', () => {
		expect(text.match(/x{20,}/g)?.join('').length).toBeGreaterThanOrEqual(3_000);
	});

	it.skipIf(!hasProgram('pdftotext'))('keeps its space to the word behind, where it was broken for want of a place', async () => {
		const entities = [{ id: 'E1', name: `${'\u{1f680}'.repeat(40)} Ltd` }];
		const input = emptyInput();
		const pages = pageTexts(temporaryFile(await render({ ...input, engagement: { ...input.engagement, entities } })));
		expect(pages.join('\n')).toMatch(/⟨U\+1F680⟩ Ltd/);
		expect(pages.join('\n')).not.toMatch(/⟨U\+1F680⟩Ltd/);
	});

	it('never stops a pack, whatever it is', async () => {
		const unit = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 60 }),
			fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 12 }), async (reasons) => {
				const pack = await openPack(await render(withReasons(reasons)));
				for (const content of pack.contents)
					for (const string of content.match(/\((?:\\.|[^\\()])*\)/gs) ?? []) {
						const bytes = string.slice(1, -1).replace(/\\r/g, '\r').replace(/\\(.)/gs, '$1');
						expect(bytes.length % 2).toBe(0);
						for (let i = 0; i < bytes.length; i += 2) expect(bytes.slice(i, i + 2)).not.toBe('\0\0');
					}
			}),
			{ numRuns: 12 },
		);
	});
});

describe('font files', () => {
	it('are the six faces, each a TrueType font', () => {
		const fonts = packFonts();
		for (const bytes of Object.values(fonts)) expect([...bytes.subarray(0, 4)]).toEqual([0, 1, 0, 0]);
		expect(Object.keys(fonts)).toHaveLength(6);
	});
});

describe.skipIf(!hasProgram('pdftotext'))('a hyphen', () => {
	const linesOf = async (word: string): Promise<string> =>
		pageTexts(
			temporaryFile(await render(withReasons([Array.from({ length: 200 }, (_, i) => `${'x'.repeat(i % 7)} ${word}`).join(' ')]))),
		).join('\n');

	it('ends a line behind a longer word, and never behind one or two letters', async () => {
		expect(await linesOf('non-performance')).toMatch(/non-\s/);
		expect(await linesOf('as-performance')).not.toMatch(/as-\s/);
	});
});
