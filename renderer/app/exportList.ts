/** A list as a CSV file, whole, as its columns tell it; and what came of it. */
import { type TextColumn, tableOf } from '../components/rowText.ts';
import type { Answer } from '../vault/contract.ts';
import { type CsvExport, exportCsv, gatherRows } from './exportCsv.ts';
import { plural } from './format.ts';
import { notify } from './notify.ts';
import { openVault } from './vault.ts';

interface ExportedList<Row> extends Pick<CsvExport, 'name' | 'what' | 'facts'> {
	readonly columns: readonly TextColumn<Row>[];
	readonly total: number;
	/** Rows [from, to). */
	readonly fetchRows: (from: number, to: number) => Promise<Answer<readonly Row[]>>;
}

export async function exportList<Row>({ name, what, facts, columns, total, fetchRows }: ExportedList<Row>): Promise<void> {
	const rows = await gatherRows(total, fetchRows);
	if (!rows.ok) return notify({ tone: 'failed', message: rows.error.message });
	const saved = await exportCsv(openVault(), { name, what, facts, ...tableOf(columns, rows.value) });
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value) notify({ tone: 'done', message: `${plural(rows.value.length, 'row')} written and read back: ${saved.value.name}` });
}
