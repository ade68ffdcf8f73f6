/** Gathers the evidence a pack embeds: cited lines byte for byte, proofs' trees, documents, and the whole drop where it fits. */
import { citedRows } from '#audit';
import { merkleTree } from '#evidence';
import { compareText, type Result } from '#kernel';
import { TABLE_LIST, type TableName } from '#model';
import type { CitedLine, EvidenceInput, SealedEvidence } from '#pack';
import type { AuditedDrop } from './auditDrop.ts';
import { collectRows, lineSha256 } from './collectLines.ts';
import type { DropError } from './dropError.ts';
import { type DropSource, readWhole } from './dropSource.ts';
import type { ImportedDrop } from './importDrop.ts';

/** A pack carries the whole population up to this size, so that its tests can be re-run; beyond it, only what is cited. */
export const EMBEDDED_DROP_BYTES_MAX = 96 * 2 ** 20;
const DOCUMENTS_BYTES_MAX = 64 * 2 ** 20;

export interface PackSelection {
	readonly orders: readonly string[];
	/** Tables whose lines are left out, because a withheld field stands in them in clear. */
	readonly withheldTables: ReadonlySet<TableName>;
	/** Committed fields whose disclosures are left out. */
	readonly withheldFields: ReadonlySet<string>;
}

export type GatheredEvidence = Omit<EvidenceInput, 'result' | 'documents'> & { readonly carriesPopulation: boolean };

export async function gatherEvidence(
	source: DropSource,
	audited: AuditedDrop,
	selection: PackSelection,
): Promise<Result<GatheredEvidence, DropError>> {
	const { drop } = audited;
	const wanted = wantedRows(audited, selection);
	const collected = await collectRows(source, drop, wanted);
	if (!collected.ok) return collected;
	const cited = new Map<TableName, readonly CitedLine[]>();
	for (const [table, rows] of [...collected.value].sort(([a], [b]) => compareText(a, b))) {
		const lines = [...rows].map(
			([row, line]): CitedLine => ({ ...line, key: drop.population.table(table).keyText(row), sha256: lineSha256(line) }),
		);
		cited.set(
			table,
			lines.sort((a, b) => a.line - b.line),
		);
	}
	const dropFiles = await wholeFiles(source, selection);
	return {
		ok: true,
		value: { dropManifest: drop.manifestBytes, cited, sealed: sealedEvidence(drop), dropFiles, carriesPopulation: dropFiles.length > 0 },
	};
}

/** Rows that exceptions cite, and every event and revenue event of the orders whose timelines are shown. */
function wantedRows({ runs, drop }: AuditedDrop, { orders, withheldTables }: PackSelection): Map<TableName, Set<number>> {
	const wanted = new Map<TableName, Set<number>>([...citedRows(runs)].map(([table, rows]) => [table, new Set(rows)]));
	for (const table of ['order_event', 'revenue_event'] as const) {
		if (!drop.population.has(table)) continue;
		const rows = wanted.get(table) ?? new Set<number>();
		const index = drop.population.index(table, 'order_id');
		for (const order of orders) for (const row of index.rowsOf(drop.population.dictionary('order').codeOf(order))) rows.add(row);
		wanted.set(table, rows);
	}
	for (const table of withheldTables) wanted.delete(table);
	return wanted;
}

function sealedEvidence(drop: ImportedDrop): Map<TableName, SealedEvidence> {
	return new Map(
		[...drop.sealed].map(([table, { report, verification, checkpoints }]) => {
			const matching = verification.checkpoints
				.filter((one) => one.kind === 'read')
				.filter((one) => one.root === 'matches' && one.isOfThisLog && one.signature !== 'invalid');
			// A checkpoint under the trusted key proves more than one under a claimed key, however large.
			const best = matching.filter(({ signature }) => signature === 'trusted').at(-1) ?? matching.at(-1);
			return [
				table,
				{ tree: merkleTree(report.leafHashes), checkpoints, sealedBy: best ? { path: best.path, size: best.checkpoint.size } : null },
			];
		}),
	);
}

/** Data and disclosures whole, or nothing: half a population can't be re-run. */
async function wholeFiles(
	source: DropSource,
	{ withheldTables, withheldFields }: PackSelection,
): Promise<{ path: string; bytes: Uint8Array }[]> {
	const isWhole =
		withheldTables.size === 0 &&
		![...withheldFields].some((field) => TABLE_LIST.some(({ columns }) => columns.some(({ name }) => name === field)));
	const paths = [...source.paths].filter((path) => /^(data|disclosures)\/[^/]+\.ndjson$/.test(path)).sort(compareText);
	let total = 0;
	for (const path of paths) total += await source.size(path);
	if (!isWhole || total > EMBEDDED_DROP_BYTES_MAX) return [];
	const files: { path: string; bytes: Uint8Array }[] = [];
	for (const path of paths) {
		const bytes = await readWhole(source, path, EMBEDDED_DROP_BYTES_MAX);
		files.push({ path, bytes: path.startsWith('disclosures/') ? withoutFields(bytes, withheldFields) : bytes });
	}
	return files;
}

/** Disclosures of other fields than these. A line nobody can read is left out: it could disclose anything. */
function withoutFields(bytes: Uint8Array, fields: ReadonlySet<string>): Uint8Array {
	if (fields.size === 0) return bytes;
	const kept = Buffer.from(bytes)
		.toString('utf8')
		.split('\n')
		.filter((line) => line !== '' && !fields.has(disclosedField(line) ?? [...fields][0] ?? ''));
	return new Uint8Array(Buffer.from(kept.map((line) => `${line}\n`).join('')));
}

/** The field name of a disclosure line, or null. */
function disclosedField(line: string): string | null {
	try {
		const { disclosure } = JSON.parse(line) as { disclosure?: unknown };
		const opened: unknown = JSON.parse(Buffer.from(String(disclosure), 'base64url').toString('utf8'));
		return Array.isArray(opened) && typeof opened[1] === 'string' ? opened[1] : null;
	} catch {
		return null;
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
