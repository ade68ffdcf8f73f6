import { describe, expect, test } from 'vitest';
import { csvBytes, gatherRows } from '../../../renderer/app/exportCsv.ts';

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

describe('a list as CSV', () => {
	test('says what it is before its header, and how many rows there are', () => {
		const csv = text(
			csvBytes({
				name: 'x',
				what: 'X as CSV',
				facts: [
					['test', 'T01'],
					['as of', '2026-12-31'],
				],
				header: ['order'],
				rows: [['SO-1'], ['SO-2']],
			}),
		);
		expect(csv).toBe('\uFEFF# test: T01\r\n# as of: 2026-12-31\r\n# rows: 2\r\norder\r\nSO-1\r\nSO-2\r\n');
	});

	test('a cell that a spreadsheet would run is text, and a negative number stays one', () => {
		const csv = text(csvBytes({ name: 'x', what: 'X as CSV', facts: [], header: ['a', 'b'], rows: [['=1+1', '-12.50']] }));
		expect(csv).toContain("'=1+1,-12.50");
	});

	test('rows are gathered whole, block by block', async () => {
		const asked: [number, number][] = [];
		const answer = await gatherRows(
			25,
			(from, to) => {
				asked.push([from, to]);
				return Promise.resolve({ ok: true, value: Array.from({ length: to - from }, (_, i) => from + i) });
			},
			10,
		);
		expect(answer).toEqual({ ok: true, value: Array.from({ length: 25 }, (_, i) => i) });
		expect(asked).toEqual([
			[0, 10],
			[10, 20],
			[20, 25],
		]);
	});

	test('a pager that gives less than it was asked for loses no row', async () => {
		const answer = await gatherRows(25, (from, to) =>
			Promise.resolve({ ok: true, value: Array.from({ length: Math.min(4, to - from) }, (_, i) => from + i) }),
		);
		expect(answer).toEqual({ ok: true, value: Array.from({ length: 25 }, (_, i) => i) });
	});

	test('a list that ends early is refused, never written in part', async () => {
		const answer = await gatherRows(25, (from, to) =>
			Promise.resolve({ ok: true, value: from >= 10 ? [] : Array(Math.min(10, to - from)) }),
		);
		expect(answer).toMatchObject({ ok: false, error: { code: 'conflict' } });
	});

	test('a refusal on the way is the answer', async () => {
		const refusal = { ok: false, error: { code: 'locked', message: 'locked' } } as const;
		expect(await gatherRows(5, () => Promise.resolve(refusal))).toBe(refusal);
	});
});
