import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#kernel';
import {
	dictOf,
	entryOf,
	equalValues,
	type PdfObject,
	type PdfValue,
	parsePdfDate,
	pdfDate,
	pdfText,
	pdfTextToken,
	readPdfFile,
	surveyPdf,
} from '#pack';
import { renderFixture } from './packFixture.ts';

/** The values of all objects in a text, read leniently. */
function objects(text: string): PdfObject[] {
	const found: PdfObject[] = [];
	surveyPdf(
		new Uint8Array(Buffer.from(text, 'latin1')),
		() => null,
		(object) => found.push(object),
	);
	return found;
}
const value = (text: string): PdfValue => (objects(`1 0 obj ${text} endobj`)[0] as PdfObject).value;
const stringOf = (text: string): string => pdfText(value(text)) ?? '(no string)';

describe('the tokenizer (ISO 32000-1 §7.2, §7.3)', () => {
	it('names decode their escapes, so that /J#53 is /JS', () => {
		expect(value('/J#53')).toMatchObject({ kind: 'name', value: 'JS' });
		expect(value('/A;Name_With-Various***Characters?')).toMatchObject({ value: 'A;Name_With-Various***Characters?' });
	});

	it('literal strings: nested parentheses, escapes, octal codes, continued lines', () => {
		expect(stringOf('(a (nested) one)')).toBe('a (nested) one');
		expect(stringOf('(\\(\\)\\\\\\n\\053\\53\\0533)')).toBe('()\\\n+++3');
		expect(stringOf('(one \\\ntwo)')).toBe('one two');
		expect(stringOf('(endobj 2 0 obj %%EOF)')).toBe('endobj 2 0 obj %%EOF');
	});

	it('hex strings: white space skipped, an odd last digit stands for itself and zero', () => {
		expect(stringOf('<48 65\n6C6c 6F>')).toBe('Hello');
		expect(stringOf('<486>')).toBe('H`');
		expect(stringOf('<feff00e9>')).toBe('é');
	});

	it('numbers and references', () => {
		expect(value('[1 -2 +3 .5 4. 12 0 R 7 8]')).toMatchObject({
			items: [
				{ value: 1 },
				{ value: -2 },
				{ value: 3 },
				{ value: 0.5, integer: false },
				{ value: 4 },
				{ kind: 'reference', number: 12 },
				{ value: 7 },
				{ value: 8 },
			],
		});
	});

	it('comments may hide anything, also `endobj`, and are skipped', () => {
		expect(value('<< /A 1 % endobj >>\n /B true >>')).toMatchObject({ kind: 'dict' });
		expect(entryOf(dictOf(value('<< /A 1 % >> endobj\n /B true >>')) as never, 'B')).toMatchObject({ value: true });
	});

	it('stream data is skipped by its length, whatever it holds', () => {
		const found = objects('1 0 obj << /Length 30 >> stream\nendstream endobj 2 0 obj 7    \nendstream endobj 3 0 obj 8 endobj');
		expect(found.map(({ number }) => number)).toEqual([1, 3]);
	});

	it('each value knows the bytes it came from', () => {
		const text = '1 0 obj << /K (v) /L [1 2] >> endobj';
		const dict = dictOf(objects(text)[0]?.value) as NonNullable<ReturnType<typeof dictOf>>;
		const slice = (part: { start: number; end: number } | undefined): string => text.slice(part?.start, part?.end);
		expect([slice(dict), slice(entryOf(dict, 'K')), slice(entryOf(dict, 'L'))]).toEqual(['<< /K (v) /L [1 2] >>', '(v)', '[1 2]']);
	});

	it('any text token reads back as the text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
				expect(stringOf(pdfTextToken(text))).toBe(text);
			}),
		);
	});

	it('equal values are equal however they are spelt, and only they', () => {
		expect(equalValues(value('<< /A (x) /B [1 2 0 R] >>'), value('<</B[1 2 0 R]/A<78>>>'))).toBe(true);
		for (const other of ['<< /A (x) >>', '<< /A (y) /B [1 2 0 R] >>', '<< /A (x) /B [1 3 0 R] >>', '<< /A (x) /B [1] >>', '[1]', 'null'])
			expect(equalValues(value('<< /A (x) /B [1 2 0 R] >>'), value(other))).toBe(false);
	});
});

describe('dates', () => {
	it('read back what was written', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
				expect(parsePdfDate(pdfDate(seconds * 1000))).toBe(seconds * 1000);
			}),
		);
	});

	it.each([
		['D:20260115', '2026-01-15T00:00:00.000Z'],
		["D:20260115120000+02'00'", '2026-01-15T10:00:00.000Z'],
		['D:20260115120000-0530', '2026-01-15T17:30:00.000Z'],
		['D:20260115120000Z', '2026-01-15T12:00:00.000Z'],
	])('%s', (text, instant) => {
		expect(new Date(parsePdfDate(text) ?? 0).toISOString()).toBe(instant);
	});

	it.each(['', 'yesterday', 'D:20261315000000Z', 'D:2026-01-15', '20260115'])('“%s” is no date', (text) => {
		expect(parsePdfDate(text)).toBeNull();
	});
});

describe('the strict reading', () => {
	it('accounts for every object, and finds it by number', async () => {
		const bytes = await renderFixture();
		const seen: number[] = [];
		const file = readPdfFile(bytes, ({ number }) => seen.push(number));
		if (!file.ok) throw new Error(file.error.detail);
		expect(file.value.revisions).toHaveLength(1);
		expect(seen.length).toBe(file.value.revisions[0]?.offsets.size);
		for (const number of seen) expect(file.value.get(number)).toBeDefined();
		expect(file.value.get(9999)).toBeUndefined();
	});

	it('says where it stopped', () => {
		const read = readPdfFile(utf8('%PDF-1.7\n1 0 obj\n<< /A ! >>\nendobj\n%%EOF\n'));
		expect(read).toMatchObject({ ok: false, error: { code: 'syntax_error', at: 23 } });
	});

	it('stops at more revisions than anybody needs', async () => {
		const { appendUpdate } = await import('./tamper.ts');
		let bytes = await renderFixture();
		for (let i = 0; i < 63; i++) bytes = appendUpdate(bytes, {});
		expect(readPdfFile(bytes).ok).toBe(true);
		const { trailer } = { trailer: bytes };
		expect(readPdfFile(new Uint8Array(Buffer.concat([trailer, utf8('xref\n0 0\ntrailer\n<< >>\n')]))).ok).toBe(false);
	});
});
