/** Gathers the evidence a pack embeds: cited lines byte for byte, proofs' trees, documents, and the whole drop where it fits. */
import { citedRows } from '#audit';
import type { CancelSignal } from '#intake';
import {
	type AuditedDrop,
	asDropError,
	collectRows,
	type DropError,
	type DropSource,
	type ImportedDrop,
	lineSha256,
	readWhole,
} from '#intake';
import { compareText, type Result } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { CitedLine, EvidenceInput, SealedEvidence, WithheldFromTable } from '#pack';
import { type Redaction, showsWithheld } from './redaction.ts';

/** A pack carries the whole population up to this size, so that its tests can be re-run; beyond it, only what is cited. */
const EMBEDDED_DROP_BYTES_MAX = 96 * 2 ** 20;
const DOCUMENTS_BYTES_MAX = 64 * 2 ** 20;
const LINE_FEED = 10;

export interface PackSelection {
	/** Orders whose whole histories are carried. */
	readonly orders: readonly string[];
	/** Rows carried besides those that exceptions cite. */
	readonly rows?: ReadonlyMap<TableName, readonly number[]>;
	readonly redaction: Redaction;
	readonly signal?: CancelSignal;
}

export type GatheredEvidence = Omit<EvidenceInput, 'result' | 'documents' | 'heads'>;

export async function gatherEvidence(
	source: DropSource,
	audited: AuditedDrop,
	selection: PackSelection,
): Promise<Result<GatheredEvidence, DropError>> {
	const { drop } = audited;
	const { redaction } = selection;
	const collected = await collectRows(source, drop, wantedRows(audited, selection), selection.signal);
	if (!collected.ok) return collected;
	const cited = new Map<TableName, readonly CitedLine[]>();
	const withheld = new Map<TableName, WithheldFromTable>();
	for (const [table, rows] of [...collected.value].sort(([a], [b]) => compareText(a, b))) {
		const shown = [...rows].filter(([, line]) => redaction.columns.size === 0 || !showsWithheld(redaction, table, line.bytes));
		const lines = shown.map(
			([row, line]): CitedLine => ({ ...line, key: drop.population.table(table).keyText(row), sha256: lineSha256(line) }),
		);
		if (lines.length < rows.size) withheld.set(table, { fields: fieldsWithheldFrom(redaction, table), lines: rows.size - lines.length });
		cited.set(
			table,
			lines.sort((a, b) => a.line - b.line),
		);
	}
	try {
		const dropFiles = await wholeFiles(source, drop, redaction);
		return { ok: true, value: { dropManifest: drop.manifestBytes, cited, withheld, sealed: sealedEvidence(drop), dropFiles } };
	} catch (error) {
		return { ok: false, error: asDropError(error, 'the drop') };
	}
}

/** A line of another table is withheld for the fields whose values it repeats; which one, nobody needs to know. */
const fieldsWithheldFrom = ({ columns, fields }: Redaction, table: TableName): readonly string[] => {
	const own = columns.get(table);
	return own ? [...own].sort(compareText) : [...fields].sort(compareText);
};

/** Rows that exceptions and findings cite, and every event and revenue event of the orders whose timelines are shown. */
function wantedRows({ runs, drop }: AuditedDrop, { orders, rows: further = new Map() }: PackSelection): Map<TableName, Set<number>> {
	const wanted = new Map<TableName, Set<number>>([...citedRows(runs)].map(([table, rows]) => [table, new Set(rows)]));
	for (const [table, rows] of further) wanted.set(table, new Set([...(wanted.get(table) ?? []), ...rows]));
	for (const table of ['order_event', 'revenue_event'] as const) {
		if (!drop.population.has(table)) continue;
		const rows = wanted.get(table) ?? new Set<number>();
		const index = drop.population.index(table, 'order_id');
		for (const order of orders) for (const row of index.rowsOf(drop.population.dictionary('order').codeOf(order))) rows.add(row);
		wanted.set(table, rows);
	}
	return wanted;
}

function sealedEvidence(drop: ImportedDrop): Map<TableName, SealedEvidence> {
	return new Map(
		[...drop.sealed].map(([table, { report, verification, checkpoints }]) => {
			const matching = verification.checkpoints
				.filter((one) => one.kind === 'read')
				.filter((one) => one.root === 'matches' && one.isOfThisLog && one.signature !== 'invalid');
			// A checkpoint under the trusted key proves more than one under a claimed key, however large.
			const best = largest(matching.filter(({ signature }) => signature === 'trusted')) ?? largest(matching);
			return [table, { tree: report.tree, checkpoints, sealedBy: best ? { path: best.path, size: best.checkpoint.size } : null }];
		}),
	);
}

/** By its size: checkpoint files come in the order of their names, which may be any. */
const largest = <T extends { readonly checkpoint: { readonly size: number } }>(checkpoints: readonly T[]): T | undefined =>
	checkpoints.reduce<T | undefined>((best, one) => (best && best.checkpoint.size >= one.checkpoint.size ? best : one), undefined);

/** Data and disclosures whole, or nothing: half a population can't be re-run. */
async function wholeFiles(
	source: DropSource,
	{ manifest }: ImportedDrop,
	redaction: Redaction,
): Promise<{ path: string; bytes: Uint8Array }[]> {
	const tables = new Map(manifest.tables.map(({ file, known }) => [file, known]));
	const paths = [...source.paths].filter((path) => tables.has(path) || /^(data|disclosures)\//.test(path)).sort(compareText);
	let total = 0;
	for (const path of paths) total += await source.size(path);
	if (total > EMBEDDED_DROP_BYTES_MAX) return [];
	const files: { path: string; bytes: Uint8Array }[] = [];
	for (const path of paths) {
		const bytes = await readWhole(source, path, EMBEDDED_DROP_BYTES_MAX);
		if (path.startsWith('data/') && redaction.columns.size > 0) {
			const name = /^data\/([^/]+)\.ndjson$/.exec(path)?.[1] ?? '';
			const table = tables.get(path) ?? (isTableName(name) ? name : null);
			for (const line of linesIn(bytes)) if (showsWithheld(redaction, table, line)) return [];
		}
		files.push({ path, bytes });
	}
	return files;
}

function* linesIn(bytes: Uint8Array): Generator<Uint8Array> {
	for (let from = 0; from < bytes.length; ) {
		const end = bytes.indexOf(LINE_FEED, from);
		yield bytes.subarray(from, end < 0 ? bytes.length : end);
		from = end < 0 ? bytes.length : end + 1;
	}
}

export interface PackDocument {
	readonly sha256: string;
	readonly mediaType: string;
	readonly description: string;
}

/** The bytes of documents, in order, as long as they fit; what does not is named by the pack and stays in the drop. */
export async function readDocuments(
	source: DropSource,
	documents: readonly PackDocument[],
): Promise<(PackDocument & { readonly bytes: Uint8Array })[]> {
	const read: (PackDocument & { readonly bytes: Uint8Array })[] = [];
	let left = DOCUMENTS_BYTES_MAX;
	for (const document of documents) {
		const path = `documents/${document.sha256}`;
		if (!source.paths.has(path) || (await source.size(path)) > left) continue;
		const bytes = await readWhole(source, path, left);
		left -= bytes.length;
		read.push({ ...document, bytes });
	}
	return read;
}
