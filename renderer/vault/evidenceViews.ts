/** A drop as the window shows it: before its import, and after. */
import type { IpeTable } from '#audit';
import { BY_CLAIM_ALONE, isTrustedByClaimAlone, type Manifest, parseManifest } from '#evidence';
import { collectLines, type DropSource, type LoadedDrop, readWhole } from '#intake';
import { fromUtf8, ok, sha256Hex } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { refuse } from './vaultError.ts';

export interface DropPreview {
	readonly manifest: Manifest;
	readonly kind: DropSource['kind'];
	readonly bytes: number;
	readonly files: number;
	/** Declared tables with the size of their file; null where the file is missing. */
	readonly tables: readonly { readonly table: string; readonly file: string; readonly rows: number; readonly found: number | null }[];
	/** Files under data/ that the manifest does not declare. */
	readonly undeclared: readonly string[];
	readonly documents: number;
	/** This very drop is loaded already. */
	readonly isLoaded: boolean;
}

export interface TableSummary {
	readonly table: string;
	readonly file: string;
	readonly verdict: IpeTable['verdict'];
	readonly differences: IpeTable['differences'];
	readonly rows: number;
	readonly bytes: number;
	readonly sha256: string | null;
	readonly quarantined: number;
	readonly unknownKeys: readonly string[];
}

export interface EvidenceSummary {
	readonly importId: string;
	readonly manifest: Manifest;
	readonly manifestSha256: string;
	readonly rows: number;
	readonly tables: readonly TableSummary[];
	readonly documents: LoadedDrop['documents'];
	readonly notices: readonly string[];
	readonly quarantined: number;
}

export interface QuarantineRow {
	readonly table: string;
	readonly file: string;
	readonly line: number;
	readonly offset: number;
	readonly code: string;
	readonly reason: string;
	/** The stored line as text; null where it is no UTF-8 or can't be read. */
	readonly raw: string | null;
}

const MANIFEST_BYTES_MAX = 64 << 20;

export async function previewOf(source: DropSource, loaded: LoadedEvidence | null): Promise<Answer<DropPreview>> {
	if (!source.paths.has('manifest.json'))
		return refuse('unreadable_file', 'There is no manifest.json, so this is not an evidence drop. Choose the folder or ZIP that holds it.');
	const bytes = await readWhole(source, 'manifest.json', MANIFEST_BYTES_MAX);
	const manifest = parseManifest(bytes);
	if (!manifest.ok) return refuse('unreadable_file', manifest.error.message);
	let total = 0;
	for (const path of source.paths) total += await source.size(path);
	const declared = new Set(manifest.value.tables.map(({ file }) => file));
	const tables = await Promise.all(
		manifest.value.tables.map(async ({ table, file, rows }) => ({
			table,
			file,
			rows,
			found: source.paths.has(file) ? await source.size(file) : null,
		})),
	);
	return ok({
		manifest: manifest.value,
		kind: source.kind,
		bytes: total,
		files: source.paths.size,
		tables,
		undeclared: [...source.paths].filter((path) => path.startsWith('data/') && !declared.has(path)),
		documents: [...source.paths].filter((path) => path.startsWith('documents/')).length,
		isLoaded: loaded?.drop.manifestSha256 === sha256Hex(bytes),
	});
}

export function summaryOf({ importId, drop }: LoadedEvidence, context: CoreContext): EvidenceSummary {
	const declared = new Map(drop.manifest.tables.map((table) => [table.table, table]));
	const tables = drop.evidence.ipe.map(({ table, verdict, differences }): TableSummary => {
		const own = declared.get(table);
		const name: TableName | null = own?.known ?? (isTableName(table) ? table : null);
		const file = name ? drop.files.get(name) : undefined;
		const columns = name && drop.population.has(name) ? drop.population.table(name) : null;
		return {
			table,
			file: own?.file ?? file?.path ?? '',
			verdict,
			differences,
			rows: columns?.rows ?? file?.lines ?? 0,
			bytes: file?.bytes ?? 0,
			sha256: file?.sha256 ?? null,
			quarantined: columns?.quarantine.length ?? 0,
			unknownKeys: columns ? [...columns.unknownKeys.keys()] : [],
		};
	});
	return {
		importId,
		manifest: drop.manifest,
		manifestSha256: drop.manifestSha256,
		rows: tables.reduce((sum, { rows }) => sum + rows, 0),
		tables,
		documents: drop.documents,
		notices: [...drop.notices, ...logNotices(drop, context)],
		quarantined: tables.reduce((sum, { quarantined }) => sum + quarantined, 0),
	};
}

/** What speaks against a log, also what this workstation has seen of it before, and what its trust rests on. */
function logNotices({ evidence, manifest }: LoadedDrop, context: CoreContext): readonly string[] {
	const broken = Object.entries(evidence.integrity).flatMap(
		([
			table,
			{
				verdict,
				problems: [first],
			},
		]) =>
			first && (verdict === 'forked' || verdict === 'altered' || verdict === 'truncated')
				? [`Log of ${table} ${verdict}: ${first.detail}`]
				: [],
	);
	const open = context.open();
	const keys = open.ok ? [...open.value.workbook().trustedKeys.values()] : [];
	return isTrustedByClaimAlone(keys, manifest.claimedLogKey) ? [...broken, BY_CLAIM_ALONE] : broken;
}

export async function lineTexts(
	{ source, drop }: LoadedEvidence,
	table: TableName,
	lines: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
	const collected = await collectLines(source, drop, table, lines);
	return new Map(collected.ok ? collected.value.map(({ line, bytes }) => [line, fromUtf8(bytes)]) : []);
}
