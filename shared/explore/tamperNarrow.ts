/** A small copy of the evidence to attack: all that an attack needs, and no more. */
import { SEALED_TABLES } from '#evidence';
import { compareText, sha256Hex } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { AttackTarget } from './tamper.ts';
import { checkpointSizes } from './tamperCheckpoints.ts';
import { DropCopy, type LabDrop, readAll } from './tamperCopy.ts';
import { linesOf, putLines } from './tamperLines.ts';
import { type LooseManifest, readManifest, tablesOf, writeManifest } from './tamperManifest.ts';

/** A copy has at most so many bytes of a table: a longer log is cut at a checkpoint. */
export const COPY_BYTES_MAX = 24 << 20;

const DOCUMENTS_MAX = 12;

/** Read along with every copy, since rules of time need them. */
const SMALL_TABLES: readonly TableName[] = ['entity', 'period'];

export const isSealed = (table: TableName): boolean => (SEALED_TABLES as readonly string[]).includes(table);

export interface Narrowed {
	readonly drop: DropCopy;
	readonly table: TableName;
	/** The table was too long to be copied whole. */
	readonly isCut: boolean;
}

/** The part of a drop that an attack needs: few tables, few documents, long logs cut at a checkpoint. */
export async function narrow(source: LabDrop, target: AttackTarget, copyBytesMax: number): Promise<Narrowed | string> {
	if (!source.paths.has('manifest.json')) return 'There is no manifest.json to copy.';
	const whole = new DropCopy(source, source.paths);
	const manifest = await readManifest(whole);
	const table = target === 'plain' ? await plainTable(source, manifest) : target === 'documents' ? 'document' : target;
	if (table === null || !tablesOf(manifest).some((entry) => entry['table'] === table && source.paths.has(String(entry['file']))))
		return target === 'plain' ? 'The drop has no small table with a control total to alter.' : `The drop has no table ${table ?? target}.`;
	const tables = new Set<string>([table, ...SMALL_TABLES]);
	const entries = tablesOf(manifest).filter((entry) => tables.has(String(entry['table'])) && source.paths.has(String(entry['file'])));
	const documents =
		table === 'document'
			? [...source.paths]
					.filter((path) => path.startsWith('documents/'))
					.sort(compareText)
					.slice(0, DOCUMENTS_MAX)
			: [];
	const paths = [
		'manifest.json',
		...entries.map((entry) => String(entry['file'])),
		...[...source.paths].filter((path) => path.startsWith(`checkpoints/${table}/`)),
		...documents,
	];
	const copy = new DropCopy(source, paths);
	const isCut = await shorten(
		copy,
		source,
		entries.find((entry) => entry['table'] === table),
		copyBytesMax,
	);
	const sizes = await Promise.all(documents.map((path) => source.size(path)));
	writeManifest(copy, { ...manifest, tables: entries, documents: { count: documents.length, bytes: sizes.reduce((a, b) => a + b, 0) } });
	return { drop: copy, table, isCut };
}

/** The smallest table without a log that declares a control total. */
async function plainTable(source: LabDrop, manifest: LooseManifest): Promise<TableName | null> {
	let best: { readonly table: TableName; readonly bytes: number } | null = null;
	for (const entry of tablesOf(manifest)) {
		const name = String(entry['table']);
		const totals = entry['control_totals'];
		const isMoney = typeof totals === 'object' && totals !== null && Object.keys(totals)[0]?.endsWith('_minor');
		if (!isTableName(name) || isSealed(name) || !isMoney || !source.paths.has(String(entry['file'])) || Number(entry['rows']) < 3) continue;
		const bytes = await source.size(String(entry['file']));
		if (bytes <= COPY_BYTES_MAX && (best === null || bytes < best.bytes)) best = { table: name, bytes };
	}
	return best?.table ?? null;
}

/** Cuts a long log behind the last checkpoint that fits; what the manifest says of it is said anew, without totals. */
async function shorten(copy: DropCopy, source: LabDrop, entry: LooseManifest | undefined, bytesMax: number): Promise<boolean> {
	const [file, table] = [String(entry?.['file'] ?? ''), String(entry?.['table'] ?? '')];
	if (!entry || !isSealed(table as TableName) || (await source.size(file)) <= bytesMax) return false;
	copy.write(file, await readAll(source, file, bytesMax));
	const lines = (await linesOf(copy, file)).slice(0, -1);
	const sizes = await checkpointSizes(copy, table);
	const last = sizes.filter(({ size }) => size <= lines.length).at(-1)?.size ?? lines.length;
	for (const { path, size } of sizes) if (size > last) copy.remove(path);
	putLines(copy, file, lines.slice(0, last));
	entry['rows'] = last;
	entry['control_totals'] = null;
	const bytes = await copy.read(file);
	if (typeof entry['bytes'] === 'number') entry['bytes'] = bytes.length;
	entry['sha256'] = sha256Hex(bytes);
	return true;
}
