import { beforeEach, describe, expect, it, vi } from 'vitest';
import { err, ok, sha256HexOfText } from '#kernel';
import type { Exporting } from '../../../renderer/app/exportRecord.ts';
import type { Notice } from '../../../renderer/app/notify.ts';
import { COPY_MAX, copyRows, type TextColumn, tableOf, totalsOf } from '../../../renderer/components/rowText.ts';

const { notices, clipboard } = vi.hoisted(() => ({ notices: [] as Notice[], clipboard: { text: '', takes: true } }));

vi.mock('../../../renderer/app/notify.ts', () => ({ notify: (notice: Notice) => notices.push(notice) }));
vi.mock('../../../renderer/app/bridge.ts', () => ({
	copyText: (text: string) => {
		clipboard.text = text;
		return Promise.resolve(clipboard.takes);
	},
}));

interface Row {
	readonly key: string;
	readonly minor: bigint | null;
	readonly currency: string | null;
}

const COLUMNS: readonly TextColumn<Row>[] = [
	{ title: 'Key', text: ({ key }) => key },
	{ title: 'Chart' },
	{ title: 'Amount', money: ({ minor, currency }) => (minor === null ? null : { minor, currency }) },
];

const ROWS: readonly Row[] = [
	{ key: '=1+1', minor: -123_450n, currency: 'EUR' },
	{ key: 'b', minor: 500n, currency: 'JPY' },
	{ key: 'c', minor: 50n, currency: 'EUR' },
	{ key: 'd', minor: null, currency: 'EUR' },
	{ key: 'e', minor: 7n, currency: null },
];

/** The vault's gate: what was let out, and what of it was put on record. */
const gate = { isShut: false, begun: [] as (readonly [string, number])[], written: [] as string[] };
const VAULT = {
	exports: {
		begin: (what: string, rows: number) => {
			if (gate.isShut) return Promise.resolve(err({ code: 'not_allowed' as const, message: 'Ask another member for it.' }));
			gate.begun.push([what, rows]);
			return Promise.resolve(ok(String(gate.begun.length)));
		},
		written: (exportId: string, sha256: string) => {
			gate.written.push(`${exportId} ${sha256}`);
			return Promise.resolve(ok(undefined));
		},
	},
} as unknown as Exporting;

const copy = (count: number, fetchRows: () => Promise<readonly Row[]>) => copyRows(VAULT, 'Customers', COLUMNS, count, fetchRows);

describe('rows as text', () => {
	beforeEach(() => {
		Object.assign(gate, { isShut: false, begun: [], written: [] });
		notices.length = 0;
		Object.assign(clipboard, { text: '', takes: true });
	});

	it('have plain amounts that a spreadsheet adds up, and no column that says nothing', () => {
		const { header, rows } = tableOf(COLUMNS, ROWS);
		expect(header).toEqual(['Key', 'Amount']);
		expect(rows.map(([, amount]) => amount)).toEqual(['-1234.50', '500', '0.50', '', '']);
	});

	it('are copied with headers and without formulas', async () => {
		await copy(1, () => Promise.resolve(ROWS.slice(0, 1)));
		expect(clipboard.text).toBe("Key\tAmount\r\n'=1+1\t-1234.50");
		expect(notices).toEqual([{ tone: 'done', message: '1 row copied with headers' }]);
	});

	it('leave by the gate of the vault where they are several, and stand on record once the clipboard has them', async () => {
		await copy(1, () => Promise.resolve(ROWS.slice(0, 1)));
		expect(gate.begun).toEqual([]);
		await copy(5, () => Promise.resolve(ROWS));
		expect(gate.begun).toEqual([['Customers to the clipboard', 5]]);
		expect(gate.written).toEqual([`1 ${sha256HexOfText(clipboard.text)}`]);
		clipboard.takes = false;
		await copy(5, () => Promise.resolve(ROWS));
		expect(gate.written.length).toBe(1);
	});

	it('stay where the role lets none out', async () => {
		gate.isShut = true;
		await copy(5, () => expect.unreachable());
		expect(notices).toEqual([{ tone: 'failed', message: 'Ask another member for it.' }]);
		expect(clipboard.text).toBe('');
	});

	it('are not said to be copied where the clipboard, or the list, did not give them', async () => {
		clipboard.takes = false;
		await copy(5, () => Promise.resolve(ROWS));
		await copy(6, () => Promise.resolve(ROWS));
		await copy(5, () => Promise.reject(new Error('locked')));
		await copy(COPY_MAX + 1, () => expect.unreachable());
		expect(notices.map(({ tone }) => tone)).toEqual(['failed', 'failed', 'failed', 'failed']);
	});

	it('come to one sum a currency, and what has no amount is counted', () => {
		expect(totalsOf(COLUMNS, ROWS)).toEqual({
			count: 5,
			of: 'Amount',
			sums: [
				{ currency: 'EUR', minor: -123_400n },
				{ currency: 'JPY', minor: 500n },
			],
			without: 2,
		});
	});
});
