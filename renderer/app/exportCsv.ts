/** Lists as CSV files: what is filtered on screen, whole, with what it is and as of when in its first lines. */
import { err, ok, utf8 } from '#kernel';
import type { Answer } from '../vault/contract.ts';
import { type Exporting, onRecord } from './exportRecord.ts';
import { type SavedFile, saveBytes } from './files.ts';
import { toCsv } from './tsv.ts';

export interface CsvExport {
	/** "exceptions-T01", without an ending. */
	readonly name: string;
	/** As the log of acts says it: "Exceptions of T01 as CSV". */
	readonly what: string;
	/** What the rows are, such as filter and population: printed above the header as `# label: value`. */
	readonly facts: readonly (readonly [label: string, value: string])[];
	readonly header: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

const MARK = '\uFEFF';

/** UTF-8 with a byte order mark, so that spreadsheets read it as such; formula-leading cells are neutralised. */
export function csvBytes({ facts, header, rows }: CsvExport): Uint8Array<ArrayBuffer> {
	const head = facts.map(([label, value]) => [`# ${label}: ${value}`]);
	return utf8(`${MARK}${toCsv([...head, [`# rows: ${rows.length}`], header, ...rows])}\r\n`);
}

/** Asks where to save it, writes it, reads it back and puts it on record. A cancelled dialog is `null`, and on no record. */
export async function exportCsv(vault: Exporting, list: CsvExport): Promise<Answer<SavedFile | null>> {
	const begun = await vault.exports.begin(list.what, list.rows.length);
	return begun.ok ? await onRecord(vault, begun.value, await saveBytes(`${list.name}.csv`, 'table', csvBytes(list))) : begun;
}

/** Rows of a pager, gathered block by block, however many of a block it gives at once. A list that ends early is refused: a file has all or is none. */
export async function gatherRows<Row>(
	total: number,
	fetchRows: (from: number, to: number) => Promise<Answer<readonly Row[]>>,
	block = 1000,
): Promise<Answer<readonly Row[]>> {
	const all: Row[] = [];
	while (all.length < total) {
		const answer = await fetchRows(all.length, Math.min(total, all.length + block));
		if (!answer.ok) return answer;
		if (answer.value.length === 0)
			return err({
				code: 'conflict',
				message: `The list ended after ${all.length} of ${total} rows: it has changed meanwhile. Nothing was written; try again.`,
			});
		all.push(...answer.value);
	}
	return ok(all);
}
