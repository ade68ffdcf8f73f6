/** The order list as text for spreadsheets: what is a number stays one, what a spreadsheet would run as a formula does not run. */
import { currencyExponent, formatInstant } from '#kernel';
import { amountColumn, type OrderColumnId, type OrderTable, orderColumnTitle, textColumn } from './ordersColumns.ts';

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[-+]?\d+([.,]\d+)*%?$/;

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers, negative ones too, stay as they are. */
export const neutralCell = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

/** Minor units as a plain decimal: "-1234.50". */
export function plainAmount(minor: bigint, currency: string): string {
	const exponent = currencyExponent(currency);
	const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
	const whole = digits.slice(0, digits.length - exponent);
	return `${minor < 0n ? '-' : ''}${whole}${exponent > 0 ? `.${digits.slice(-exponent)}` : ''}`;
}

/** A cell as exports write it: keys and labels as text, instants in ISO form, empty where null. */
export function exportCell(table: OrderTable, row: number, id: OrderColumnId): string {
	const column = table.columns[id];
	switch (column.kind) {
		case 'text': {
			const code = column.codes[row] as number;
			return code < 0 ? '' : neutralCell(column.texts.label(code));
		}
		case 'amount': {
			const { codes, texts } = textColumn(table, 'currency');
			const code = codes[row] as number;
			return code < 0 ? '' : plainAmount(amountColumn(table).minors[row] as bigint, texts.key(code));
		}
		case 'instant': {
			const value = column.values[row] as number;
			return Number.isNaN(value) ? '' : formatInstant(value);
		}
		default: {
			const value = column.values[row] as number;
			return Number.isNaN(value) ? '' : String(value);
		}
	}
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** RFC 4180 lines of rows [from, to), each ended by CR LF. */
export function csvLines(table: OrderTable, rows: Int32Array, columns: readonly OrderColumnId[], from: number, to: number): string {
	let text = '';
	for (const row of rows.subarray(from, to)) text += `${columns.map((id) => quoted(exportCell(table, row, id))).join(',')}\r\n`;
	return text;
}

export const csvHead = (columns: readonly OrderColumnId[]): string => `${columns.map((id) => quoted(orderColumnTitle(id))).join(',')}\r\n`;

/** Tab-separated rows under their heads; tabs and line breaks inside a cell become spaces. */
export function tsvOf(table: OrderTable, rows: Int32Array, columns: readonly OrderColumnId[]): string {
	const line = (cells: readonly string[]): string => cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t');
	return [line(columns.map(orderColumnTitle)), ...Array.from(rows, (row) => line(columns.map((id) => exportCell(table, row, id))))].join(
		'\r\n',
	);
}

/** An amount without its currency says nothing: it goes along. */
export const exportColumns = (columns: readonly OrderColumnId[]): OrderColumnId[] =>
	columns.flatMap((id): OrderColumnId[] => (id === 'total' && !columns.includes('currency') ? ['total', 'currency'] : [id]));
