/**
 * Runs tests over a population and writes their results. A test's own function only finds exceptions; verdicts, needs, hashes and
 * order are decided here, once, so that nothing is silently passed.
 */
import { canonicalize, compareText, sha256HexOfText } from '#kernel';
import { TABLES, type TableName } from '#model';
import type { Population } from '#population';
import type { EvidenceFacts } from './evidenceFacts.ts';
import { type Overrides, parameterReader, resolveParameters } from './parameters.ts';
import { type CitedRow, type ExceptionResult, resultSha256, type TestResult, type Verdict } from './result.ts';
import { leaveDoubtfulOpen } from './setAside.ts';
import type { AuditTest, ExceptionDraft, Outcome, ParameterValue, RowRef } from './types.ts';

/** What a test found, before the cited lines are hashed. */
export interface TestRun {
	readonly test: AuditTest;
	readonly verdict: Verdict;
	readonly why: string | null;
	readonly tested: number;
	readonly parameters: Readonly<Record<string, ParameterValue>>;
	/** Ordered by (order_id, keys). */
	readonly exceptions: readonly ExceptionDraft[];
}

export function runTest(test: AuditTest, population: Population, evidence: EvidenceFacts, overrides: Overrides = {}): TestRun {
	const parameters = resolveParameters(test, overrides);
	const lacking = lackingNeeds(test, population);
	if (lacking !== null) return { test, verdict: 'not_testable', why: lacking, tested: 0, parameters, exceptions: [] };
	const outcome = leaveDoubtfulOpen(test, population, test.run({ population, evidence, ...parameterReader(test, parameters) }));
	const incompleteWhy = incompleteness(test, population, outcome);
	const exceptions = inOrder(outcome.exceptions);
	return { test, tested: outcome.tested, parameters, exceptions, ...judge(outcome, incompleteWhy) };
}

function judge(outcome: Outcome, incompleteWhy: string | null): { verdict: Verdict; why: string | null } {
	if (outcome.exceptions.length > 0) return { verdict: 'exception', why: incompleteWhy };
	if (outcome.notTestable !== undefined) return { verdict: 'not_testable', why: outcome.notTestable };
	return incompleteWhy === null ? { verdict: 'pass', why: null } : { verdict: 'incomplete', why: incompleteWhy };
}

/** Which needed tables or columns were not supplied, as one phrase; null if all were. */
function lackingNeeds(test: AuditTest, population: Population): string | null {
	const lacking = test.needs.flatMap(({ table, columns }) => {
		if (!population.has(table)) return [`table ${table}`];
		return columns.filter((column) => !population.table(table).has(column)).map((column) => `column ${table}.${column}`);
	});
	return lacking.length === 0 ? null : `not supplied: ${lacking.join(', ')}`;
}

/** Why a run without exceptions still is no pass: lines set aside, values withheld, subjects still open. */
function incompleteness(test: AuditTest, population: Population, outcome: Outcome): string | null {
	const reasons: string[] = [];
	for (const name of new Set([...test.needs.map((need) => need.table), ...(test.mayRead ?? [])])) {
		if (!population.has(name)) continue;
		const { quarantine, withheld } = population.table(name);
		if (quarantine.length > 0) reasons.push(`${quarantine.length} malformed ${plural(quarantine.length, 'line')} of ${name} set aside`);
		for (const column of test.needs.find((need) => need.table === name)?.columns ?? []) {
			const rows = withheld.get(column) ?? 0;
			if (rows > 0) reasons.push(`${name}.${column} withheld in ${rows} ${plural(rows, 'row')}`);
		}
	}
	if (outcome.open > 0) reasons.push(outcome.openWhy ?? `${outcome.open} ${plural(outcome.open, 'subject')} still open at as-of`);
	return reasons.length === 0 ? null : reasons.join('; ');
}

const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);

function inOrder(exceptions: readonly ExceptionDraft[]): ExceptionDraft[] {
	return exceptions
		.map((exception) => ({ exception, keys: canonicalize(exception.keys) }))
		.sort(
			(a, b) =>
				compareText(a.exception.orderId ?? '', b.exception.orderId ?? '') ||
				compareText(a.keys, b.keys) ||
				compareText(a.exception.reason, b.exception.reason),
		)
		.map(({ exception }) => exception);
}

/** Every row cited by some exception, by table, each once and ascending: what must be read back from the drop to be hashed. */
export function citedRows(runs: readonly TestRun[]): Map<TableName, Int32Array> {
	const cited = new Map<TableName, Set<number>>();
	for (const { exceptions } of runs) {
		for (const { rows } of exceptions) {
			for (const { table, row } of rows) {
				const known = cited.get(table);
				if (known) known.add(row);
				else cited.set(table, new Set([row]));
			}
		}
	}
	return new Map([...cited].map(([table, rows]) => [table, Int32Array.from(rows).sort()]));
}

export type RowSha256 = (row: RowRef) => string;

/** The written form of a run. `sha256Of` gives the hash of a cited row's stored line. */
export function writeTestResult(run: TestRun, population: Population, evidence: EvidenceFacts, sha256Of: RowSha256): TestResult {
	const body = {
		test: run.test.id,
		version: run.test.version,
		title: run.test.title,
		verdict: run.verdict,
		why: run.why,
		population: { rows: run.tested, sha256: populationSha256(run.test, evidence) },
		parameters: run.parameters,
		exceptions: run.exceptions.map((exception) => writeException(exception, population, sha256Of)),
	};
	return { ...body, result_sha256: resultSha256(body) };
}

function writeException(draft: ExceptionDraft, population: Population, sha256Of: RowSha256): ExceptionResult {
	const rows = uniqueRows(draft.rows).map(
		(row): CitedRow => ({ table: row.table, key: population.table(row.table).keyText(row.row), sha256: sha256Of(row) }),
	);
	return {
		order_id: draft.orderId,
		keys: draft.keys,
		amount_minor: writeAmount(draft.amountMinor),
		currency: draft.currency,
		reason: draft.reason,
		rows,
	};
}

const TABLE_ORDER = new Map(Object.keys(TABLES).map((name, index) => [name, index]));

function uniqueRows(rows: readonly RowRef[]): RowRef[] {
	const seen = new Set<string>();
	return rows
		.filter(({ table, row }) => !seen.has(`${table}/${row}`) && seen.add(`${table}/${row}`))
		.sort((a, b) => (TABLE_ORDER.get(a.table) ?? 0) - (TABLE_ORDER.get(b.table) ?? 0) || a.row - b.row);
}

const writeAmount = (minor: bigint | null): number | string | null =>
	minor === null ? null : Number.isSafeInteger(Number(minor)) ? Number(minor) : String(minor);

/**
 * Names the data a test ran on: SHA-256 of the canonical JSON of { table: { rows, sha256 of its file } } over the tables it reads.
 * Tests that read none (integrity) speak of the whole drop.
 */
function populationSha256(test: AuditTest, evidence: EvidenceFacts): string {
	const names = test.needs.length > 0 ? [...test.needs.map((need) => need.table), ...(test.mayRead ?? [])] : Object.keys(evidence.tables);
	const tables = Object.fromEntries(
		names.flatMap((name) => (evidence.tables[name as TableName] ? [[name, evidence.tables[name as TableName]]] : [])),
	);
	return sha256HexOfText(canonicalize(tables));
}
