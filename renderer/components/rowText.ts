/** Rows as text: what copies and exports say of them, and what their amounts come to. */
import { plainAmount } from '#explore';
import { sha256HexOfText } from '#kernel';
import { copyText } from '../app/bridge.ts';
import type { Exporting } from '../app/exportRecord.ts';
import { plural } from '../app/format.ts';
import { type Notice, notify } from '../app/notify.ts';
import { toTsv } from '../app/tsv.ts';
import type { SelectionTotals } from '../state/status.ts';

interface Amount {
	readonly minor: bigint;
	/** Null: not known, so it is added to nothing. */
	readonly currency: string | null;
}

export interface TextColumn<Row> {
	readonly title: string;
	/** What is copied; a column without it and without `money` stays out of copies. */
	readonly text?: (row: Row) => string;
	/** The amount of a column of money: copied as a plain number, and added up over the rows that are selected. Null: the row has none. */
	readonly money?: (row: Row) => Amount | null;
}

/** As many rows as a clipboard is asked to take. */
export const COPY_MAX = 50_000;

function cellText<Row>({ text, money }: TextColumn<Row>, row: Row): string {
	const amount = money?.(row);
	if (amount && amount.currency !== null) return plainAmount(amount.minor, amount.currency);
	return text?.(row) ?? '';
}

/** The rows under their headers, column by column as they are shown. */
export function tableOf<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): { header: string[]; rows: string[][] } {
	const told = columns.filter(({ text, money }) => text ?? money);
	return { header: told.map(({ title }) => title), rows: rows.map((row) => told.map((column) => cellText(column, row))) };
}

const TOO_LARGE: Notice = {
	tone: 'failed',
	message: 'The clipboard did not take it: it may be too large. Export the rows as CSV instead.',
};

/**
 * Copies rows with their headers, and says what came of it. More than one row leave by the vault's gate, as an export does: its role may not
 * let them out, and what was taken stands on record.
 * @param label of the list
 * @param fetchRows all of the `count` rows; it may throw
 */
export async function copyRows<Row>(
	{ exports }: Exporting,
	label: string,
	columns: readonly TextColumn<Row>[],
	count: number,
	fetchRows: () => Promise<readonly Row[]>,
): Promise<void> {
	if (count === 0) return notify({ tone: 'warn', message: 'No row is selected.' });
	if (count > COPY_MAX)
		return notify({ ...TOO_LARGE, message: `${plural(count, 'row')} are too many to copy. Export them as CSV instead.` });
	const begun = count > 1 ? await exports.begin(`${label} to the clipboard`, count) : null;
	if (begun && !begun.ok) return notify({ tone: 'failed', message: begun.error.message });
	let rows: readonly Row[];
	try {
		rows = await fetchRows();
	} catch (error) {
		return notify({ tone: 'failed', message: `Nothing was copied: ${error instanceof Error ? error.message : String(error)}` });
	}
	if (rows.length !== count) return notify({ tone: 'failed', message: 'Nothing was copied: the list has changed meanwhile.' });
	const table = tableOf(columns, rows);
	const text = toTsv([table.header, ...table.rows]);
	if (!(await copyText(text))) return notify(TOO_LARGE);
	const recorded = begun ? await exports.written(begun.value, sha256HexOfText(text)) : null;
	if (recorded && !recorded.ok)
		return notify({ tone: 'failed', message: `The rows were copied, but the log did not take it: ${recorded.error.message}` });
	notify({ tone: 'done', message: `${plural(count, 'row')} copied with headers` });
}

/** Sums of the first column of money, one a currency. Rows without an amount, or without a currency, are counted and in no sum. */
export function totalsOf<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): SelectionTotals {
	const column = columns.find(({ money }) => money);
	if (!column?.money) return { count: rows.length, sums: [] };
	const sums = new Map<string, bigint>();
	let without = 0;
	for (const row of rows) {
		const amount = column.money(row);
		if (amount === null || amount.currency === null) without++;
		else sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor);
	}
	return {
		count: rows.length,
		of: column.title,
		sums: [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, minor]) => ({ currency, minor })),
		without,
	};
}
