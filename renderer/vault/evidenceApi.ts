/** Evidence for the window: previewing and importing drops, what was found in them, single lines and documents. */
import type { IpeTable } from '#audit';
import { BY_CLAIM_ALONE, isTrustedByClaimAlone, type Manifest, parseManifest } from '#evidence';
import { can } from '#findings';
import { collectLines, type DropSource, type IntakePorts, type LoadedDrop, readWhole } from '#intake';
import { fromUtf8, ok, sha256Hex } from '#kernel';
import { isTableName, type TableName } from '#model';
import { describeLineFault } from '#population';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { evidenceRecordsApi } from './evidenceRecordsApi.ts';
import { type ImportOutcome, type OfferedKey, runImport, trustKeys } from './importJob.ts';
import { verifyStored } from './loadedEvidence.ts';
import { FilesPort, openPortDrop } from './portDrop.ts';
import { guarded, refuse } from './vaultError.ts';

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
const DOCUMENT_BYTES_MAX = 64 << 20;

/** The port is handed over by the window; what else needs it gets it from here. */
export interface FilesLineHolder {
	current: FilesPort | null;
}

export function evidenceApi(context: CoreContext, ports: Promise<IntakePorts>, line: FilesLineHolder) {
	const withEvidence = <T>(work: (loaded: LoadedEvidence) => Promise<Answer<T>>): Promise<Answer<T>> =>
		guarded(() => {
			const open = context.open();
			const loaded = open.ok ? open.value.evidence() : null;
			if (!open.ok) return Promise.resolve(open);
			return loaded ? work(loaded) : Promise.resolve(refuse('no_evidence', 'No evidence is loaded. Import a drop first.'));
		});
	const opened = async (dropToken: string): Promise<Answer<DropSource>> => {
		if (!line.current) return refuse('unreadable_file', 'The connection to the files is not there yet. Try again in a moment.');
		return ok(await openPortDrop(line.current, dropToken));
	};

	return {
		// biome-ignore lint/nursery/noMisusedPromises: an object of functions, no promise; the linter takes it for one
		...evidenceRecordsApi(context),

		/** The worker's own line to the files of drops; a newer one replaces it. */
		setFilesPort(next: MessagePort): void {
			line.current?.close();
			line.current = new FilesPort(next);
		},

		/** What a drop says of itself, before anything is read but its manifest. */
		preview(dropToken: string): Promise<Answer<DropPreview>> {
			return guarded(async () => {
				const source = await opened(dropToken);
				if (!source.ok) return source;
				const open = context.open();
				const loaded = open.ok ? open.value.evidence() : null;
				return previewOf(source.value, loaded);
			});
		},

		/** Reads, verifies and stores a drop. Cancelled or refused, it leaves nothing behind. */
		importDrop(
			dropToken: string,
			{ trustedKeys = [] }: { readonly trustedKeys?: readonly OfferedKey[] } = {},
		): Promise<Answer<ImportOutcome>> {
			return context.job('Import of a drop', async (job) => {
				const open = context.open();
				if (!open.ok) return open;
				const engagement = open.value;
				const { role } = engagement.member();
				if (!can(role, 'population.imported'))
					return refuse('not_allowed', `As ${role} you can’t import evidence. Ask a preparer or a partner.`);
				const trusted = await trustKeys(engagement, trustedKeys);
				if (!trusted.ok) return trusted;
				const source = await opened(dropToken);
				return source.ok ? runImport(engagement, source.value, context.randomId(), await ports, job) : source;
			});
		},

		/** Reads the stored bytes again under the keys trusted now. */
		verifyAgain(): Promise<Answer<void>> {
			return context.job('Verification of the stored evidence', async (job) => {
				const open = context.open();
				return open.ok ? verifyStored(open.value, await ports, job) : open;
			});
		},

		summary(): Promise<Answer<EvidenceSummary>> {
			return withEvidence((loaded) => Promise.resolve(ok(summaryOf(loaded, context))));
		},

		/** Lines set aside, in the order of tables and lines. */
		quarantineLines(table: string | null, from: number, to: number): Promise<Answer<readonly QuarantineRow[]>> {
			return withEvidence(async (loaded) => {
				const rows: QuarantineRow[] = [];
				let at = 0;
				for (const [name, lines] of loaded.drop.quarantine) {
					if (table !== null && table !== name) continue;
					const wanted = lines.slice(Math.max(0, from - at), Math.max(0, to - at));
					at += lines.length;
					if (wanted.length === 0) continue;
					const texts = await lineTexts(
						loaded,
						name,
						wanted.map(({ line }) => line),
					);
					for (const fault of wanted)
						rows.push({
							table: name,
							file: loaded.drop.files.get(name)?.path ?? '',
							line: fault.line,
							offset: fault.offset,
							code: fault.code,
							reason: describeLineFault(fault),
							raw: texts.get(fault.line) ?? null,
						});
				}
				return ok(rows);
			});
		},

		/** The stored line of a row, with its hash as results cite it. */
		rawLine(table: string, row: number): Promise<Answer<{ readonly line: number; readonly text: string | null; readonly sha256: string }>> {
			return withEvidence(async (loaded) => {
				if (!isTableName(table) || !loaded.drop.population.has(table))
					return refuse('not_found', `There is no table ${table} in the evidence.`);
				const line = loaded.drop.population.table(table).lineOf(row);
				const collected = await collectLines(loaded.source, loaded.drop, table, [line]);
				if (!collected.ok) return refuse('unreadable_file', collected.error.message);
				const [found] = collected.value;
				return found
					? ok({ line, text: fromUtf8(found.bytes), sha256: sha256Hex(found.bytes) })
					: refuse('not_found', `Line ${line} of ${table} is not among the stored lines.`);
			});
		},

		/** A document by the hash it is named by; whether its bytes have it. */
		document(sha256: string): Promise<Answer<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly isUnaltered: boolean }>> {
			return withEvidence(async ({ source }) => {
				const path = `documents/${sha256}`;
				if (!source.paths.has(path)) return refuse('not_found', 'The bytes of this document are not in the drop.');
				const bytes = await readWhole(source, path, DOCUMENT_BYTES_MAX);
				return ok({ bytes, isUnaltered: sha256Hex(bytes) === sha256 });
			});
		},
	};
}

async function previewOf(source: DropSource, loaded: LoadedEvidence | null): Promise<Answer<DropPreview>> {
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

function summaryOf({ importId, drop }: LoadedEvidence, context: CoreContext): EvidenceSummary {
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

async function lineTexts(
	{ source, drop }: LoadedEvidence,
	table: TableName,
	lines: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
	const collected = await collectLines(source, drop, table, lines);
	return new Map(collected.ok ? collected.value.map(({ line, bytes }) => [line, fromUtf8(bytes)]) : []);
}
