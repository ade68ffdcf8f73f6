import { beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('rows as text', () => {
	beforeEach(() => {
		notices.length = 0;
		Object.assign(clipboard, { text: '', takes: true });
	});

	it('have plain amounts that a spreadsheet adds up, and no column that says nothing', () => {
		const { header, rows } = tableOf(COLUMNS, ROWS);
		expect(header).toEqual(['Key', 'Amount']);
		expect(rows.map(([, amount]) => amount)).toEqual(['-1234.50', '500', '0.50', '', '']);
	});

	it('are copied with headers and without formulas', async () => {
		await copyRows(COLUMNS, 1, () => Promise.resolve(ROWS.slice(0, 1)));
		expect(clipboard.text).toBe("Key\tAmount\r\n'=1+1\t-1234.50");
		expect(notices).toEqual([{ tone: 'done', message: '1 row copied with headers' }]);
	});

	it('are not said to be copied where the clipboard, or the list, did not give them', async () => {
		clipboard.takes = false;
		await copyRows(COLUMNS, 5, () => Promise.resolve(ROWS));
		await copyRows(COLUMNS, 6, () => Promise.resolve(ROWS));
		await copyRows(COLUMNS, 5, () => Promise.reject(new Error('locked')));
		await copyRows(COLUMNS, COPY_MAX + 1, () => expect.unreachable());
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
