/** What a malformed line may have been about: the ids that can still be read in it. */
import type { Table } from '#model';
import type { QuarantinedLine } from './lineFault.ts';

const BYTES_READ_MAX = 8192;
const NAME_MAX = 200;

/** Columns that name things: primary keys and references. */
export const idColumns = (table: Table): string[] =>
	table.columns.filter(({ type, held }) => type === 'id' && held).map(({ name }) => name);

/**
 * Ids in a line that could not be parsed, by column. The bytes are read as Latin-1, so that one bad byte hides nothing else;
 * ids with escapes or other scripts are not recognised, which only means that less is known.
 */
export function namesIn(table: Table, line: Uint8Array): QuarantinedLine['names'] {
	let text = '';
	for (const byte of line.subarray(0, BYTES_READ_MAX)) text += String.fromCharCode(byte);
	return idColumns(table).flatMap((column) => {
		const value = new RegExp(`"${column}"\\s*:\\s*"([^"\\\\]{1,${NAME_MAX}})"`).exec(text)?.[1];
		return value === undefined ? [] : [{ column, value }];
	});
}
