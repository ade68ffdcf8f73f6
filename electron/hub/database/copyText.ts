/** Rows in the text format of PostgreSQL's COPY: one line a row, tabs between, backslashes before what would end either. */
import type { CopyValue } from './databasePort.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** @see https://www.postgresql.org/docs/current/sql-copy.html, "Text Format" */
function field(value: CopyValue): string {
	if (value === null) return '\\N';
	if (typeof value === 'string') return /[\\\n\r\t]/.test(value) ? value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? '') : value;
	if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`;
	return String(value);
}

const copyLine = (row: readonly CopyValue[]): string => `${row.map(field).join('\t')}\n`;

/** About this much text is handed to the engine at a time. */
const CHUNK_CHARS = 1 << 18;

export function* copyChunks(rows: Iterable<readonly CopyValue[]>): Generator<string> {
	let chunk = '';
	for (const row of rows) {
		chunk += copyLine(row);
		if (chunk.length < CHUNK_CHARS) continue;
		yield chunk;
		chunk = '';
	}
	if (chunk !== '') yield chunk;
}

/** `COPY table (columns)`, for names of this program only: they are not quoted. */
export const copyInto = (table: string, columns: readonly string[]): string => `COPY ${table} (${columns.join(', ')})`;
