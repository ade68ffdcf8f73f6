/** The order list on its way out: as a CSV file that says what it holds, and as text for the clipboard. Both go by the gate for exports. */
import { csvHead, csvLines, describeFilter, exportColumns, type OrderColumnId, selectedRows, tsvOf } from '#explore';
import { formatInstant, joinBytes, ok, sha256HexOfText, streamingSha256, utf8 } from '#kernel';
import type { Answer, JobControl, VaultContext } from './contract.ts';
import { letOut, mayExport } from './letOut.ts';
import { type Ground, labelsOf, type OnView } from './ordersGround.ts';
import type { OpenView } from './ordersViews.ts';
import { readColumns, readSelection } from './ordersWall.ts';
import { refuse } from './vaultError.ts';

export interface OrderExport {
	/** By which it is put on record once it is written. */
	readonly exportId: string;
	readonly fileName: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly rows: number;
	/** Of the lines below the note: column heads and rows. */
	readonly sha256: string;
}

export interface OrderCopy {
	readonly exportId: string;
	readonly text: string;
	readonly rows: number;
	/** Of the text. */
	readonly sha256: string;
}

const TSV_ROWS_MAX = 100_000;
const CSV_STEP = 20_000;

export function ordersExportApi(context: VaultContext, onView: OnView) {
	return {
		/** The list, or what is selected of it, as a CSV file that says what it holds. */
		async exportCsv(viewId: string, columns: readonly OrderColumnId[], selection: unknown): Promise<Answer<OrderExport>> {
			const asked = onView(viewId, (view, on) => chosen(view, on, columns, selection));
			if (!asked.ok) return asked;
			const { view, on, wanted, rows } = asked.value;
			const may = mayExport(on.engagement);
			if (!may.ok) return may;
			const made = await context.job('Export of the order list', (job) => writeCsv(view, on, wanted, rows, job));
			if (!made.ok) return made;
			const { sha256 } = made.value;
			const out = letOut(on.engagement, context.randomId(), { what: whatOf(view, 'as CSV'), rows: rows.length, sha256 });
			return out.ok ? ok({ ...made.value, exportId: out.value }) : out;
		},

		/** The list, or what is selected of it, as tab-separated text; at most 100,000 rows. */
		copyTsv: (viewId: string, columns: readonly OrderColumnId[], selection: unknown): Answer<OrderCopy> =>
			onView(viewId, (view, on) => {
				const asked = chosen(view, on, columns, selection);
				if (!asked.ok) return asked;
				const { wanted, rows } = asked.value;
				if (rows.length > TSV_ROWS_MAX)
					return refuse(
						'invalid',
						`The clipboard takes at most ${TSV_ROWS_MAX} rows and ${rows.length} are selected. Export them as CSV instead.`,
					);
				const text = tsvOf(view.table, rows, wanted);
				const sha256 = sha256HexOfText(text);
				const out = letOut(on.engagement, context.randomId(), { what: whatOf(view, 'to the clipboard'), rows: rows.length, sha256 });
				return out.ok ? ok({ exportId: out.value, text, rows: rows.length, sha256 }) : out;
			}),
	};
}

const whatOf = ({ filter, table }: OpenView, how: string): string => `Order list ${how}: ${describeFilter(filter, labelsOf(table))}`;

interface Chosen {
	readonly view: OpenView;
	readonly on: Ground;
	readonly wanted: readonly OrderColumnId[];
	readonly rows: Int32Array;
}

function chosen(view: OpenView, on: Ground, columns: readonly OrderColumnId[], selection: unknown): Answer<Chosen> {
	const [read, picked] = [readColumns(columns), readSelection(selection)];
	if (!read.ok) return read;
	if (!picked.ok) return picked;
	return ok({ view, on, wanted: exportColumns(read.value), rows: selectedRows(view.table, view.rows, picked.value) });
}

/** A note of what it is, then column heads and rows, whose hash the note states. With a byte order mark, as spreadsheets want it. */
async function writeCsv(
	{ table, filter }: OpenView,
	{ loaded }: Ground,
	columns: readonly OrderColumnId[],
	rows: Int32Array,
	job: JobControl,
): Promise<Answer<Omit<OrderExport, 'exportId'>>> {
	const hash = streamingSha256();
	const parts: Uint8Array[] = [];
	const put = (text: string): void => {
		const bytes = utf8(text);
		hash.update(bytes);
		parts.push(bytes);
	};
	put(csvHead(columns));
	for (let from = 0; from < rows.length; from += CSV_STEP) {
		if (job.signal.aborted) return refuse('cancelled', 'The export was cancelled; no file was written.');
		put(csvLines(table, rows, columns, from, from + CSV_STEP));
		job.progress('writing', Math.min(rows.length, from + CSV_STEP), rows.length, 'rows');
		await new Promise((resolve) => setTimeout(resolve, 0));
	}
	const sha256 = hash.hex();
	const { manifest } = loaded.drop;
	const note = [
		`# Orders: ${describeFilter(filter, labelsOf(table))}`,
		`# Company: ${manifest.company} · drop ${manifest.dropId} · as of ${formatInstant(table.asOf)}`,
		`# Rows: ${rows.length} of ${table.rows} · SHA-256 of the lines below: ${sha256}`,
	].map((line) => line.replace(/[\r\n]+/g, ' '));
	const head = utf8(`\uFEFF${note.join('\r\n')}\r\n`);
	const bytes = joinBytes([head, ...parts]);
	return ok({ fileName: `orders-${formatInstant(table.asOf).slice(0, 10)}.csv`, bytes, rows: rows.length, sha256 });
}
