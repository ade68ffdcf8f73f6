/** Reads a whole drop in one streaming pass: hashes, columns, logs, checkpoints, documents, and what all of it establishes. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { EvidenceFacts, IpeTable, TableIntegrity } from '#audit';
import {
	type CheckpointFile,
	compareDeclared,
	type DeclaredTable,
	type DisclosureReport,
	describeVerifierKeyError,
	type LogHead,
	MAX_MANIFEST_BYTES,
	MAX_NOTE_BYTES,
	type Manifest,
	openSealedLog,
	parseManifest,
	parseVerifierKey,
	SEALED_TABLES,
	type SealedLogReport,
	type SealedVerification,
	type VerifierKey,
	type VerifyEd25519,
	verifySealed,
} from '#evidence';
import { compareText, err, ok, type Result, type Sha256Hex, toBase64Url } from '#kernel';
import { isTableName, type TableName } from '#model';
import { type Population, PopulationBuilder, type QuarantinedLine } from '#population';
import { totalOf } from './controlTotals.ts';
import { type DropError, DropFailure, dropError, failDrop, showName } from './dropError.ts';
import { asDropError, type DropSource, readWhole } from './dropSource.ts';
import { type ImportedDocuments, importDocuments } from './importDocuments.ts';
import { type ImportedFile, type ImportedTable, importTable, importUnknownFile } from './importTable.ts';
import { lineOrders } from './lineOrders.ts';

export type ImportPhase = 'manifest' | 'tables' | 'documents' | 'verification';

export interface ImportProgress {
	readonly phase: ImportPhase;
	/** The table being read, in the phase `tables`. */
	readonly table: string | null;
	readonly bytesDone: number;
	/** Of all phases; 0 while it is not known. */
	readonly bytesTotal: number;
}

export interface ImportOptions {
	/** Log keys from outside the drop. Without one nothing is ever `verified`. */
	readonly trustedKeys?: readonly VerifierKey[];
	/** Heads this workstation remembers. */
	readonly previousHeads?: readonly LogHead[];
	/** Called at least once a chunk; keep it cheap. */
	readonly onProgress?: (progress: ImportProgress) => void;
	readonly signal?: AbortSignal;
}

/** A sealed table as far as proofs and reports need it. */
export interface ImportedLog {
	readonly report: SealedLogReport;
	readonly verification: SealedVerification;
	/** The checkpoint files as they lie in the drop, by size where their names are sizes. */
	readonly checkpoints: readonly CheckpointFile[];
}

export interface ImportedDrop {
	readonly manifest: Manifest;
	readonly manifestBytes: Uint8Array;
	readonly manifestSha256: Sha256Hex;
	readonly population: Population;
	readonly evidence: EvidenceFacts;
	/** Where each loaded table lies, with its hash and size. */
	readonly files: ReadonlyMap<TableName, ImportedFile>;
	readonly quarantine: ReadonlyMap<TableName, readonly QuarantinedLine[]>;
	readonly sealed: ReadonlyMap<TableName, ImportedLog>;
	readonly disclosures: ReadonlyMap<TableName, DisclosureReport>;
	readonly documents: ImportedDocuments;
	/** What was found and is no error: unknown tables and keys, files nobody declared. One sentence each. */
	readonly notices: readonly string[];
}

/** Reads a drop. Errors are values: bad input, cancelled, unreadable medium. */
export async function importDrop(source: DropSource, options: ImportOptions = {}): Promise<Result<ImportedDrop, DropError>> {
	try {
		return ok(await new DropImport(source, options).run());
	} catch (error) {
		if (options.signal?.aborted) return err(dropError('cancelled', '', 'The import was cancelled; nothing was kept.'));
		return err(asDropError(error, 'the drop'));
	}
}

/** A file under data/ and what the manifest says of it. */
interface PlannedFile {
	readonly path: string;
	readonly name: string;
	/** The table of the data model it is read as, if any. */
	readonly table: TableName | null;
	readonly declared: DeclaredTable | null;
}

const MAX_CHECKPOINT_FILES = 100_000;

class DropImport {
	readonly #source: DropSource;
	readonly #options: ImportOptions;
	readonly #notices: string[] = [];
	#phase: ImportPhase = 'manifest';
	#table: string | null = null;
	#bytesDone = 0;
	#bytesTotal = 0;

	constructor(source: DropSource, options: ImportOptions) {
		this.#source = source;
		this.#options = options;
	}

	async run(): Promise<ImportedDrop> {
		const manifestBytes = await this.#readManifest();
		const parsed = parseManifest(manifestBytes);
		if (!parsed.ok) throw new DropFailure(dropError(parsed.error.code, 'manifest.json', parsed.error.message));
		const manifest = parsed.value;
		const plan = this.#plan(manifest);
		await this.#measure(plan, manifest);

		const builder = new PopulationBuilder();
		const tables: ImportedTable[] = [];
		const unknown: { readonly file: PlannedFile; readonly found: ImportedFile }[] = [];
		this.#phase = 'tables';
		for (const file of plan) {
			this.#table = file.name;
			if (file.table) tables.push(await importTable(this.#source, file.path, file.table, builder, this.#onBytes));
			else unknown.push({ file, found: await importUnknownFile(this.#source, file.path, this.#onBytes) });
		}
		this.#table = null;
		const population = builder.finish(manifest.asOf);

		this.#phase = 'documents';
		const documents = await importDocuments(this.#source, population, this.#onBytes);
		this.#phase = 'verification';
		const sealed = await this.#verifyLogs(manifest, tables, population);
		const ipe = [...compareTables(plan, tables, unknown, population), ...compareDocuments(manifest, documents)];
		this.#noteDocuments(documents);
		this.#report();
		return {
			manifest,
			manifestBytes,
			manifestSha256: sha256(manifestBytes),
			population,
			evidence: factsOf(manifest, tables, sealed, ipe, documents),
			files: new Map(tables.map(({ table, path, sha256: hash, bytes, lines }) => [table, { path, sha256: hash, bytes, lines }])),
			quarantine: new Map(tables.map(({ table }) => [table, population.table(table).quarantine])),
			sealed,
			disclosures: new Map(tables.flatMap(({ table, disclosures }) => (disclosures ? [[table, disclosures] as const] : []))),
			documents,
			notices: this.#notices,
		};
	}

	readonly #onBytes = (bytes: number): void => {
		this.#bytesDone += bytes;
		this.#report();
	};

	#report(): void {
		if (this.#options.signal?.aborted) failDrop('cancelled', '', 'The import was cancelled; nothing was kept.');
		this.#options.onProgress?.({ phase: this.#phase, table: this.#table, bytesDone: this.#bytesDone, bytesTotal: this.#bytesTotal });
	}

	#readManifest(): Promise<Uint8Array> {
		this.#report();
		if (!this.#source.paths.has('manifest.json'))
			failDrop(
				'manifest_missing',
				'manifest.json',
				'There is no manifest.json, so this is not an evidence drop. Give the folder or ZIP that holds it.',
			);
		return readWhole(this.#source, 'manifest.json', MAX_MANIFEST_BYTES);
	}

	/** All files under data/: the declared ones in their order, then the others. */
	#plan(manifest: Manifest): PlannedFile[] {
		for (const key of manifest.unknownKeys) this.#notices.push(`manifest.json has a key this version does not know: ${showName(key)}.`);
		const plan: PlannedFile[] = [];
		for (const declared of manifest.tables) {
			if (!this.#source.paths.has(declared.file))
				failDrop(
					'table_file_missing',
					declared.file,
					`${showName(declared.file)} is declared as table ${showName(declared.table)} but is not in the drop. Ask the company for the file, or for a manifest without it.`,
				);
			if (!declared.known)
				this.#notices.push(
					`The manifest declares a table this version does not know: ${showName(declared.table)}; its file was hashed, not read.`,
				);
			plan.push({ path: declared.file, name: declared.table, table: declared.known, declared });
		}
		const declaredFiles = new Set(manifest.tables.map(({ file }) => file));
		const others = [...this.#source.paths].filter((path) => path.startsWith('data/') && !declaredFiles.has(path)).sort(compareText);
		for (const path of others) {
			const name = /^data\/([^/]+)\.ndjson$/.exec(path)?.[1] ?? path;
			const isNew = isTableName(name) && !plan.some(({ table }) => table === name);
			this.#notices.push(`${showName(path)} is not declared in the manifest${isNew ? '' : ' and was hashed, not read'}.`);
			plan.push({ path, name: isNew ? name : path, table: isNew ? name : null, declared: null });
		}
		return plan;
	}

	async #measure(plan: readonly PlannedFile[], manifest: Manifest): Promise<void> {
		const disclosures = [...this.#source.paths].filter((path) => path.startsWith('disclosures/'));
		const known = new Set<string>(SEALED_TABLES.map((table) => `disclosures/${table}.ndjson`));
		for (const path of disclosures)
			if (!known.has(path)) this.#notices.push(`${showName(path)} belongs to no sealed table and was not read.`);
		let total = manifest.documents?.bytes ?? 0;
		for (const path of [...plan.map((file) => file.path), ...disclosures.filter((one) => known.has(one))])
			total += await this.#source.size(path);
		this.#bytesTotal = total;
		this.#report();
	}

	async #verifyLogs(
		manifest: Manifest,
		tables: readonly ImportedTable[],
		population: Population,
	): Promise<ReadonlyMap<TableName, ImportedLog>> {
		const claimed = manifest.claimedLogKey === null ? null : parseVerifierKey(manifest.claimedLogKey);
		if (claimed && !claimed.ok)
			this.#notices.push(`The log_key of the manifest is no verifier key: ${describeVerifierKeyError(claimed.error)}.`);
		const checkpoints = await this.#readCheckpoints();
		const logs = new Map<TableName, ImportedLog>();
		for (const table of SEALED_TABLES) {
			const imported = tables.find((one) => one.table === table);
			const files = checkpoints.get(table) ?? [];
			const heads = this.#options.previousHeads ?? [];
			// A sealed table that is absent while its checkpoints or its remembered head exist was taken away whole.
			if (!imported && files.length === 0 && !heads.some(({ origin }) => origin === `${manifest.log}/${table}`)) continue;
			const report = imported?.log ?? openSealedLog({ hasOrderSeq: table === 'order_event' }).finish();
			const verification = verifySealed({
				table,
				report,
				endsWithLineFeed: imported?.endsWithLineFeed ?? true,
				checkpoints: files,
				log: manifest.log,
				claimedKey: claimed?.ok ? claimed.value : null,
				trustedKeys: this.#options.trustedKeys ?? [],
				previousHeads: heads,
				orders: imported ? lineOrders(population.table(table)) : NO_LINES,
				verify: nodeVerifier(),
			});
			logs.set(table, { report, verification, checkpoints: files });
			this.#report();
		}
		return logs;
	}

	async #readCheckpoints(): Promise<ReadonlyMap<string, readonly CheckpointFile[]>> {
		const byTable = new Map<string, CheckpointFile[]>();
		const paths = [...this.#source.paths].filter((path) => path.startsWith('checkpoints/'));
		if (paths.length > MAX_CHECKPOINT_FILES)
			failDrop(
				'too_many_files',
				'checkpoints',
				`The drop holds ${paths.length} checkpoints, at most ${MAX_CHECKPOINT_FILES} are read. Ask for fewer.`,
			);
		for (const path of paths.sort(compareCheckpointPaths)) {
			const [, table = '', name] = path.split('/');
			if (name === undefined || !(SEALED_TABLES as readonly string[]).includes(table)) {
				this.#notices.push(`${showName(path)} belongs to no sealed table and was not read.`);
				continue;
			}
			const files = byTable.get(table) ?? [];
			byTable.set(table, files);
			files.push({ path, bytes: await readPrefix(this.#source, path, MAX_NOTE_BYTES + 1) });
		}
		return byTable;
	}

	#noteDocuments({ uncited, misnamed }: ImportedDocuments): void {
		for (const path of misnamed) this.#notices.push(`${showName(path)} does not lie under the hash of its bytes, so no row can cite it.`);
		if (uncited.length > 0)
			this.#notices.push(`${uncited.length} ${uncited.length === 1 ? 'document is' : 'documents are'} cited by no row.`);
	}
}

const NO_LINES = { orderIdOf: () => null, lastOfOrders: () => [], malformed: () => [] };

/** As much of a file as tells that it is too large: a checkpoint that is none is a problem of the log, not of the drop. */
async function readPrefix(source: DropSource, path: string, maxBytes: number): Promise<Uint8Array> {
	const prefix = new Uint8Array(maxBytes);
	let filled = 0;
	for await (const chunk of source.open(path)) {
		const part = chunk.subarray(0, maxBytes - filled);
		prefix.set(part, filled);
		filled += part.length;
		if (filled === maxBytes) break;
	}
	return prefix.slice(0, filled);
}

/** By the size in the name, then by name. */
function compareCheckpointPaths(a: string, b: string): number {
	const size = (path: string): number => Number(/\/(\d{1,15})[^/]*$/.exec(path)?.[1] ?? Number.MAX_SAFE_INTEGER);
	return size(a) - size(b) || compareText(a, b);
}

function compareTables(
	plan: readonly PlannedFile[],
	tables: readonly ImportedTable[],
	unknown: readonly { readonly file: PlannedFile; readonly found: ImportedFile }[],
	population: Population,
): IpeTable[] {
	return plan.map(({ path, name, table, declared }) => {
		if (!declared) return { table: name, verdict: 'not_declared', differences: [] };
		const found = table ? tables.find((one) => one.table === table) : unknown.find(({ file }) => file.path === path)?.found;
		if (!found) return { table: name, verdict: 'missing', differences: [] };
		const columns = table ? population.table(table) : null;
		return compareDeclared(declared, {
			sha256: found.sha256,
			bytes: found.bytes,
			lines: found.lines,
			quarantined: columns?.quarantine.length ?? 0,
			total: (column) => (columns ? totalOf(columns, column) : { kind: 'withheld', rows: found.lines }),
		});
	});
}

/** Documents are declared by count and bytes; listed only where that is not what lies there. */
function compareDocuments({ documents: declared }: Manifest, found: ImportedDocuments): IpeTable[] {
	if (!declared) return found.count === 0 ? [] : [{ table: 'documents', verdict: 'not_declared', differences: [] }];
	const differences = [
		{ what: 'rows', declared: String(declared.count), found: String(found.count) } as const,
		{ what: 'bytes', declared: String(declared.bytes), found: String(found.bytes) } as const,
	].filter((one) => one.declared !== one.found);
	return differences.length === 0 ? [] : [{ table: 'documents', verdict: 'differs', differences }];
}

function factsOf(
	manifest: Manifest,
	tables: readonly ImportedTable[],
	sealed: ReadonlyMap<TableName, ImportedLog>,
	ipe: readonly IpeTable[],
	documents: ImportedDocuments,
): EvidenceFacts {
	const integrity: Partial<Record<TableName, TableIntegrity>> = {};
	for (const [table, { verification }] of sealed)
		integrity[table] = { rows: verification.rows, verdict: verification.verdict, problems: verification.problems };
	const hashes: Partial<Record<TableName, { readonly rows: number; readonly sha256: string }>> = {};
	for (const { table, lines, sha256: hash } of tables) hashes[table] = { rows: lines, sha256: hash };
	return {
		integrity,
		ipe,
		documents: { present: documents.present, missing: documents.missing, altered: documents.altered },
		periodFrom: manifest.periodFrom,
		periodTo: manifest.periodTo,
		entityIds: manifest.entityIds,
		tables: hashes,
	};
}

const sha256 = (bytes: Uint8Array): Sha256Hex => createHash('sha256').update(bytes).digest('hex') as Sha256Hex;

/** OpenSSL's Ed25519: ten times the portable one, which thousands of checkpoints need. Keys were judged sound when they were parsed. */
function nodeVerifier(): VerifyEd25519 {
	const keys = new Map<string, KeyObject>();
	return (publicKey, message, signature) => {
		const x = toBase64Url(publicKey);
		let key = keys.get(x);
		if (!key) {
			key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
			keys.set(x, key);
		}
		return verify(null, message, key, signature);
	};
}
