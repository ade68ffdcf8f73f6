/** Audits a drop: import and verification, the tests, and the hashes of every line an exception cites. */
import {
	type AuditResult,
	type AuditTest,
	CATALOGUE,
	citedRows,
	type DocumentFacts,
	type Overrides,
	type QuarantineEntry,
	type RowRef,
	runTest,
	type TestResult,
	type TestRun,
	writeTestResult,
} from '#audit';
import type { LogHead, VerifierKey } from '#evidence';
import { err, formatInstant, invariant, ok, type Result } from '#kernel';
import type { TableName } from '#model';
import { describeLineFault } from '#population';
import { collectRows, lineSha256 } from './collectLines.ts';
import { type DropError, dropError } from './dropError.ts';
import type { LoadedDrop } from './dropSnapshot.ts';
import type { DropSource } from './dropSource.ts';
import { type ImportedDrop, type ImportOptions, type ImportProgress, importDrop } from './importDrop.ts';
import type { CancelSignal, IntakePorts } from './ports.ts';

export interface AuditOptions {
	/** Log keys from outside the drop. */
	readonly trustedKeys?: readonly VerifierKey[];
	/** Heads of logs that were seen before, outside the drop. */
	readonly previousHeads?: readonly LogHead[];
	/** Tests to run, in catalogue order; all of them where not given. */
	readonly tests?: readonly AuditTest[];
	readonly overrides?: Overrides;
	/** What is known of the documents, where the source does not carry them all: a pack's replay. */
	readonly documents?: DocumentFacts;
	readonly signal?: CancelSignal;
	/** What is being done and how far it is; `unit` names what is counted. */
	readonly onProgress?: (phase: string, done: number, total: number, unit: string) => void;
}

export interface AuditedDrop {
	readonly drop: ImportedDrop;
	readonly runs: readonly TestRun[];
	readonly result: AuditResult;
	/** What it was audited with, so that the same can be done again. */
	readonly options: AuditOptions;
}

export async function auditDrop(
	source: DropSource,
	ports: IntakePorts,
	options: AuditOptions = {},
): Promise<Result<AuditedDrop, DropError>> {
	const imported = await importDrop(source, ports, importOptions(options));
	if (!imported.ok) return imported;
	const drop = withDocuments(imported.value, options.documents);
	const runs = await runTests(drop, ports, options);
	if (!runs.ok) return runs;
	const digests = await hashCitedRows(source, drop, runs.value, options);
	if (!digests.ok) return digests;
	const tests = runs.value.map((run) => writeTestResult(run, drop.population, drop.evidence, digests.value));
	return ok({ drop, runs: runs.value, result: resultOf(drop, tests), options });
}

function withDocuments(drop: ImportedDrop, documents: DocumentFacts | undefined): ImportedDrop {
	if (!documents) return drop;
	const ipe = drop.evidence.ipe.filter(({ table }) => table !== 'documents');
	return { ...drop, evidence: { ...drop.evidence, documents, ipe } };
}

/** The options of an import, from those of an audit: its progress in bytes. */
export function importOptions({ trustedKeys = [], previousHeads = [], signal, onProgress }: AuditOptions): ImportOptions {
	return {
		trustedKeys,
		previousHeads,
		...(signal ? { signal } : {}),
		onProgress: ({ phase, table, bytesDone, bytesTotal }: ImportProgress) =>
			onProgress?.(
				phase === 'tables' ? `reading ${table}` : phase === 'documents' ? 'hashing documents' : 'verifying logs',
				bytesDone,
				bytesTotal,
				'bytes',
			),
	};
}

/** Tests run one after another; between two of them the program listens, so that Ctrl+C is heard. */
export async function runTests(
	drop: LoadedDrop,
	ports: IntakePorts,
	{ tests = CATALOGUE, overrides = {}, signal, onProgress }: AuditOptions,
): Promise<Result<TestRun[], DropError>> {
	const runs: TestRun[] = [];
	for (const test of tests) {
		onProgress?.('testing', runs.length, tests.length, 'tests');
		runs.push(runTest(test, drop.population, drop.evidence, overrides));
		await ports.breathe();
		if (signal?.aborted) return err(dropError('cancelled', '', 'The audit was cancelled; nothing was kept.'));
	}
	onProgress?.('testing', tests.length, tests.length, 'tests');
	return ok(runs);
}

export async function hashCitedRows(
	source: DropSource,
	drop: LoadedDrop,
	runs: readonly TestRun[],
	{ signal, onProgress }: AuditOptions,
): Promise<Result<(row: RowRef) => string, DropError>> {
	const cited = citedRows(runs);
	onProgress?.('hashing cited lines', 0, cited.size, 'tables');
	const lines = await collectRows(source, drop, cited, signal);
	if (!lines.ok) return lines;
	const digests = new Map<TableName, Map<number, string>>();
	for (const [table, rows] of lines.value) digests.set(table, new Map([...rows].map(([row, line]) => [row, lineSha256(line)])));
	return ok(({ table, row }) => {
		const digest = digests.get(table)?.get(row);
		invariant(digest, `the line of ${table} row ${row} was read back`);
		return digest;
	});
}

/** The whole result of a drop, in the shape that is written and hashed. */
export function resultOf(drop: LoadedDrop, tests: readonly TestResult[]): AuditResult {
	return {
		format: 'tieout-result/1',
		drop: { drop_id: drop.manifest.dropId, as_of: formatInstant(drop.manifest.asOf), manifest_sha256: drop.manifestSha256 },
		integrity: drop.evidence.integrity as AuditResult['integrity'],
		ipe: drop.evidence.ipe,
		documents: drop.evidence.documents,
		quarantine: [...quarantinedLines(drop), ...wrongDisclosures(drop)],
		tests,
	};
}

const quarantinedLines = (drop: LoadedDrop): QuarantineEntry[] =>
	[...drop.quarantine].flatMap(([table, lines]) =>
		lines.map((line) => ({
			table,
			file: drop.files.get(table)?.path ?? '',
			line: line.line,
			offset: line.offset,
			code: line.code,
			detail: describeLineFault(line),
		})),
	);

/** A disclosure that its line did not commit to is set aside like a malformed line: its value is not believed. */
const wrongDisclosures = (drop: LoadedDrop): QuarantineEntry[] =>
	[...drop.disclosures].flatMap(([table, { problems }]) =>
		problems.map(({ code, fileLine, detail }) => ({
			table,
			file: `disclosures/${table}.ndjson`,
			line: fileLine,
			offset: -1,
			code,
			detail,
		})),
	);
