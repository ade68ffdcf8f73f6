/** Reads a whole drop in one streaming pass: hashes, columns, logs, checkpoints, documents, and what all of it establishes. */
import type { EvidenceFacts } from '#audit';
import {
	type DisclosureReport,
	describeVerifierKeyError,
	keySetOf,
	type LogHead,
	MAX_MANIFEST_BYTES,
	type Manifest,
	parseManifest,
	parseVerifierKey,
	SEALED_TABLES,
	type VerifierKey,
} from '#evidence';
import { err, ok, type Result, type Sha256Hex, sha256Hex } from '#kernel';
import type { TableName } from '#model';
import { type Population, PopulationBuilder, type QuarantinedLine } from '#population';
import { type DropError, DropFailure, dropError, failDrop, showName } from './dropError.ts';
import { asDropError, type DropSource, readWhole } from './dropSource.ts';
import { type ImportedDocuments, importDocuments } from './importDocuments.ts';
import { compareFiles, factsOf } from './importFacts.ts';
import { type ImportedLog, readCheckpoints, verifyLogs } from './importLogs.ts';
import { disclosuresPath, type PlannedFile, planImport } from './importPlan.ts';
import { type ImportedFile, type ImportedTable, importTable, importUnknownFile } from './importTable.ts';
import type { CancelSignal, IntakePorts } from './ports.ts';

type ImportPhase = 'manifest' | 'tables' | 'documents' | 'verification';

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
	readonly signal?: CancelSignal;
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
export async function importDrop(
	source: DropSource,
	ports: IntakePorts,
	options: ImportOptions = {},
): Promise<Result<ImportedDrop, DropError>> {
	try {
		return ok(await new DropImport(source, ports, options).run());
	} catch (error) {
		if (options.signal?.aborted) return err(dropError('cancelled', '', 'The import was cancelled; nothing was kept.'));
		return err(asDropError(error, 'the drop'));
	}
}

class DropImport {
	readonly #source: DropSource;
	readonly #ports: IntakePorts;
	readonly #options: ImportOptions;
	#phase: ImportPhase = 'manifest';
	#table: string | null = null;
	#bytesDone = 0;
	#bytesTotal = 0;

	constructor(source: DropSource, ports: IntakePorts, options: ImportOptions) {
		this.#source = source;
		this.#ports = ports;
		this.#options = options;
	}

	async run(): Promise<ImportedDrop> {
		const manifestBytes = await this.#readManifest();
		const parsed = parseManifest(manifestBytes);
		if (!parsed.ok) throw new DropFailure(dropError(parsed.error.code, 'manifest.json', parsed.error.message));
		const manifest = parsed.value;
		const plan = planImport(this.#source, manifest);
		const notices = [...plan.notices];
		await this.#measure(plan.files, manifest);

		const builder = new PopulationBuilder();
		const { tables, found } = await this.#readFiles(plan.files, builder);
		const population = builder.finish(manifest.asOf);
		this.#enter('documents');
		const documents = await importDocuments(this.#source, this.#ports, population, this.#onBytes);
		this.#enter('verification');
		const checkpoints = await readCheckpoints(this.#source, notices, () => this.#report());
		const sealed = verifyLogs(manifest, tables, checkpoints, population, {
			verify: this.#ports.ed25519Verifier(),
			claimedKey: claimedKey(manifest, notices),
			trustedKeys: this.#options.trustedKeys ?? [],
			previousHeads: this.#options.previousHeads ?? [],
		});
		const ipe = compareFiles(plan.files, found, population, manifest, documents);
		noteDocuments(documents, notices);
		noteSpelling(tables, population, notices);
		this.#report();
		return {
			manifest,
			manifestBytes,
			manifestSha256: sha256Hex(manifestBytes),
			population,
			evidence: { ...factsOf(manifest, tables, sealed, ipe, documents), keySet: keySetOf(this.#options.trustedKeys ?? []) },
			files: new Map(tables.map((table) => [table.table, table])),
			quarantine: new Map(tables.map(({ table }) => [table, population.table(table).quarantine])),
			sealed,
			disclosures: new Map(tables.flatMap(({ table, disclosures }) => (disclosures ? [[table, disclosures] as const] : []))),
			documents,
			notices,
		};
	}

	async #readFiles(files: readonly PlannedFile[], builder: PopulationBuilder) {
		const tables: ImportedTable[] = [];
		const found = new Map<string, ImportedFile>();
		for (const { path, name, table } of files) {
			this.#enter('tables', name);
			if (table) {
				const imported = await importTable(this.#source, this.#ports, path, table, builder, this.#onBytes);
				tables.push(imported);
				found.set(path, imported);
			} else found.set(path, await importUnknownFile(this.#source, this.#ports, path, this.#onBytes));
		}
		return { tables, found };
	}

	readonly #onBytes = (bytes: number): void => {
		this.#bytesDone += bytes;
		this.#report();
	};

	#enter(phase: ImportPhase, table: string | null = null): void {
		this.#phase = phase;
		this.#table = table;
		this.#report();
	}

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

	async #measure(files: readonly PlannedFile[], manifest: Manifest): Promise<void> {
		const disclosures = SEALED_TABLES.map(disclosuresPath).filter((path) => this.#source.paths.has(path));
		let total = manifest.documents?.bytes ?? 0;
		for (const path of [...files.map((file) => file.path), ...disclosures]) total += await this.#source.size(path);
		this.#bytesTotal = total;
	}
}

function claimedKey(manifest: Manifest, notices: string[]): VerifierKey | null {
	if (manifest.claimedLogKey === null) return null;
	const key = parseVerifierKey(manifest.claimedLogKey);
	if (!key.ok) notices.push(`The log_key of the manifest is no verifier key: ${describeVerifierKeyError(key.error)}.`);
	return key.ok ? key.value : null;
}

function noteDocuments({ uncited, misnamed, lost }: ImportedDocuments, notices: string[]): void {
	const [first] = lost;
	if (first !== undefined)
		notices.push(
			`${lost.length === 1 ? `The document ${first} is` : `${lost.length} documents, ${first} among them, are`} listed and could not be given: whoever keeps them no longer has the bytes.`,
		);
	for (const path of misnamed) notices.push(`${showName(path)} does not lie under the hash of its bytes, so no row can cite it.`);
	if (uncited.length > 0) notices.push(`${uncited.length} ${uncited.length === 1 ? 'document is' : 'documents are'} cited by no row.`);
}

/** Lines of plain tables that are no canonical JSON. Those of a sealed table are problems of its log. */
function noteSpelling(tables: readonly ImportedTable[], population: Population, notices: string[]): void {
	for (const { path, table, log } of tables) {
		const [first, ...others] = log ? [] : population.table(table).nonCanonicalLines;
		if (first === undefined) continue;
		const more = others.length === 0 ? '' : ` and ${others.length} more`;
		notices.push(`${showName(path)}: line ${first}${more} not in canonical form (RFC 8785); hashed as it stands, and read.`);
	}
}
