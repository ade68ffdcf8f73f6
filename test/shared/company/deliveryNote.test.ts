import { describe, expect, it } from 'vitest';
import { pdfString, writeNote } from '#company';

const NOTE = {
	title: 'Delivery note',
	issuer: 'Northlight Instruments GmbH',
	facts: [['Customer', 'Größe & Söhne (Süd) \\ KG']],
	items: [{ sku: 'NX-010-DE', description: 'Cable 4 × 0.5', quantity: 2_500_000n }],
	signedBy: 'Emil Krüger',
	signedOn: '2026-03-31 11:37',
} as const;

describe('a delivery note', () => {
	const file = writeNote(NOTE);

	it('is plain ASCII, so that its length in characters is its length in bytes', () => {
		expect(Buffer.from(file, 'utf8').length).toBe(file.length);
	});

	it('has a cross-reference table that points at its objects', () => {
		const table = /xref\n0 (\d+)\n([\s\S]*?)trailer/.exec(file);
		const entries = (table?.[2] ?? '').trim().split('\n').slice(1);
		expect(entries).toHaveLength(Number(table?.[1]) - 1);
		for (const [index, entry] of entries.entries()) {
			expect(file.slice(Number(entry.slice(0, 10))).startsWith(`${index + 1} 0 obj\n`)).toBe(true);
		}
		expect(file.slice(Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1])).startsWith('xref\n')).toBe(true);
	});

	it('declares the length of its page content', () => {
		const [, length = '', content = ''] = /\/Length (\d+) >>\nstream\n([\s\S]*?)endstream/.exec(file) ?? [];
		expect(content.length).toBe(Number(length));
	});

	it('escapes what PDF strings cannot hold, and says "?" for what the font cannot show', () => {
		expect(pdfString('a(b)\\é→中')).toBe('(a\\(b\\)\\\\\\351??)');
	});

	it('is the same file for the same note', () => {
		expect(writeNote(NOTE)).toBe(file);
	});
});
