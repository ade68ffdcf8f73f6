/** Cells for spreadsheets. A text that a spreadsheet would run as a formula gets an apostrophe; numbers, also negative ones, stay numbers. */

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[-+−]?\d[\d.,'  ]*%?$/;

export const neutral = (cell: string): string => (FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell);

/** Tab-separated rows; tabs and line breaks inside a cell become spaces. */
export const toTsv = (rows: readonly (readonly string[])[]): string =>
	rows.map((row) => row.map((cell) => neutral(cell).replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\r\n');

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** RFC 4180 rows. */
export const toCsv = (rows: readonly (readonly string[])[]): string =>
	rows.map((row) => row.map((cell) => quoted(neutral(cell))).join(',')).join('\r\n');
