import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '#kernel';
import { MAX_BATCH_BYTES, MAX_BATCH_LINES } from '../../../../electron/hub/intake/bounds.ts';
import { readBatch } from '../../../../electron/hub/intake/readBatch.ts';
import { orderEvent, revenueEvent } from './records.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const body = (...lines: readonly object[]): Uint8Array => utf8(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
const withDeclaration = (fields: object, rest: Uint8Array): Uint8Array =>
	concatBytes(utf8(`${JSON.stringify({ batch: { source_system: 'erp', batch_no: 7, ...fields } })}\n`), rest);

const rows = body(
	revenueEvent('R1', 'O1', { amount_minor: 100 }),
	revenueEvent('R2', 'O1', { amount_minor: 23 }),
	orderEvent('O1', 1, { quantity: '1.5' }),
);
const codeOf = (bytes: Uint8Array) => {
	const read = readBatch(bytes);
	return read.ok ? read.value.verdict : read.error.code;
};

describe('a batch', () => {
	it('is read line by line, numbered as they stand, with both digests', () => {
		const source = utf8('{"table":"x","record":{}}\n\nnot json');
		const read = readBatch(source);
		expect(read.ok && read.value.lines.map(({ line, read: one }) => [line, one.ok ? 'taken' : one.cause.code])).toEqual([
			[1, 'unknown_table'],
			[2, 'blank_line'],
			[3, 'not_json'],
		]);
		expect(read.ok && read.value.sha256Source).toBe(sha256(source));
	});

	it('has the same payload digest in another spelling, and another source digest', () => {
		const plain = readBatch(rows);
		const spaced = readBatch(utf8(Buffer.from(rows).toString().replaceAll('":', '": ').replaceAll('\n', '\r\n')));
		expect(plain.ok && spaced.ok && plain.value.sha256Payload === spaced.value.sha256Payload).toBe(true);
		expect(plain.ok && spaced.ok && plain.value.sha256Source === spaced.value.sha256Source).toBe(false);
	});

	it('sets a line aside that is not UTF-8, and reads the others', () => {
		const read = readBatch(concatBytes(rows, Uint8Array.of(0x7b, 0xff, 0x7d, 10), rows));
		expect(read.ok && read.value.lines.filter(({ read: one }) => !one.ok)).toMatchObject([
			{ line: 4, read: { cause: { code: 'not_utf8' } } },
		]);
	});

	it('is as it declares itself', () => {
		const sums = { 'revenue_event.amount_minor': '123', 'order_event.quantity': '1.50', 'payment.amount_minor': '0' };
		expect(codeOf(withDeclaration({ rows: 3, sums, sha256: sha256(rows), extracted_at: '2026-03-31T00:00:00.000Z' }, rows))).toBe(
			'matched',
		);
		expect(codeOf(rows)).toBe('not_declared');
	});

	it.each([
		['rows', { rows: 4 }],
		['sums', { sums: { 'revenue_event.amount_minor': '124' } }],
		['sha256', { sha256: 'a'.repeat(64) }],
	])('that differs from its declared %s is refused whole', (name, fields) => {
		const read = readBatch(withDeclaration(fields, rows));
		expect(read).toMatchObject({ ok: false, error: { code: 'batch_differs' } });
		expect(!read.ok && read.error.message).toContain(name === 'sums' ? 'declared 124, found 123' : name);
	});

	it('whose sum can not be told because of a bad line is incomplete, neither matched nor refused', () => {
		const bad = concatBytes(rows, utf8('garbage\n'));
		expect(codeOf(withDeclaration({ sums: { 'revenue_event.amount_minor': '123' }, sha256: sha256(bad) }, bad))).toBe('incomplete');
		// A bad line of another table leaves the sum what it is.
		const other = concatBytes(rows, utf8('{"table":"payment","record":{}}\n'));
		expect(codeOf(withDeclaration({ sums: { 'revenue_event.amount_minor': '124' } }, other))).toBe('batch_differs');
	});

	it.each([
		['unknown key', { colour: 1 }],
		['rows', { rows: '3' }],
		['batch_no', { batch_no: '7' }],
		['source_system', { source_system: '' }],
		['sha256', { sha256: 'no' }],
		['extracted_at', { extracted_at: 'yesterday' }],
		['sums of a text', { sums: { 'order_event.type': '1' } }],
		['sums of nothing', { sums: { nothing: '1' } }],
		['sums as a number', { sums: { 'payment.amount_minor': 1 } }],
	])('with a malformed declaration (%s) is refused', (_, fields) => {
		expect(codeOf(withDeclaration(fields, rows))).toBe('malformed');
	});

	it('is refused where it is empty, too large, or has too many lines', () => {
		expect(codeOf(new Uint8Array())).toBe('malformed');
		expect(codeOf(new Uint8Array(MAX_BATCH_BYTES + 1))).toBe('too_large');
		expect(codeOf(new Uint8Array(MAX_BATCH_LINES + 2).fill(10))).toBe('too_large');
		expect(codeOf(new Uint8Array(MAX_BATCH_BYTES).fill(91))).toBe('not_declared');
	});
});
