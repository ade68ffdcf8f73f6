/** A result as a pack with withheld fields states it: nothing in it shows their values, and it says what is not shown. */
import { type AuditResult, type ExceptionResult, resultSha256, type TestResult, type TestRun } from '#audit';
import { TABLES } from '#model';
import type { Redaction } from './redaction.ts';
import { maskDeep } from './withheldTexts.ts';

const HASHES: ReadonlySet<string> = new Set(['sha256', 'manifest_sha256', 'result_sha256', 'missing', 'altered', 'table']);

/**
 * Sentences of tests that read a withheld field are left out whole: they may quote it cut, rounded or normalised. In all others its
 * value is masked. Tests are hashed anew: the hash vouches for what the pack shows.
 * @param runs in the order of the result's tests
 */
export function redactResult(result: AuditResult, runs: readonly TestRun[], redaction: Redaction): AuditResult {
	if (redaction.columns.size === 0) return result;
	const { tests, ...rest } = result;
	return { ...maskDeep(rest, redaction.texts, HASHES), tests: tests.map((test, i) => redactTest(test, runs[i], redaction)) };
}

function redactTest(test: TestResult, run: TestRun | undefined, redaction: Redaction): TestResult {
	const { result_sha256: _, ...body } = test;
	const read = run ? fieldsRead(run, redaction) : [];
	const hidesAmount = read.some(({ isNumber }) => isNumber);
	const redactOne = (exception: ExceptionResult): ExceptionResult => {
		const masked = maskDeep(exception, redaction.texts, HASHES);
		if (read.length === 0) return masked;
		const reason = `The sentence is withheld, since it may show ${read.map(({ name }) => name).join(', ')}.`;
		return { ...masked, reason, ...(hidesAmount ? { amount_minor: null, currency: null } : {}) };
	};
	const redacted = { ...body, exceptions: body.exceptions.map(redactOne) };
	return { ...redacted, result_sha256: resultSha256(redacted) };
}

/** The withheld fields that a test needs, or may read. */
function fieldsRead({ test }: TestRun, { columns }: Redaction): { name: string; isNumber: boolean }[] {
	return [...columns].flatMap(([table, fields]) => {
		const needed = test.needs.filter((need) => need.table === table).flatMap((need) => need.columns);
		const mayReadAll = test.mayRead?.includes(table) ?? false;
		return [...fields]
			.filter((field) => mayReadAll || needed.includes(field))
			.map((field) => ({ name: `${table}.${field}`, isNumber: isNumber(table, field) }));
	});
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'minor', 'qty', 'decimal']);
const isNumber = (table: keyof typeof TABLES, field: string): boolean =>
	NUMBERS.has(TABLES[table].columns.find(({ name }) => name === field)?.type ?? 'text');

/** "12 exceptions of T11, T12": what the tests found with the withheld values and can't find without them; null where nothing. */
export function lostExceptions(full: AuditResult, redacted: AuditResult): string | null {
	const left = new Map(redacted.tests.map(({ test, exceptions }) => [test, exceptions.length]));
	const lost = full.tests
		.map(({ test, exceptions }) => ({ test, count: exceptions.length - (left.get(test) ?? 0) }))
		.filter(({ count }) => count > 0);
	const total = lost.reduce((sum, { count }) => sum + count, 0);
	return total === 0 ? null : `${total} ${total === 1 ? 'exception' : 'exceptions'} of ${lost.map(({ test }) => test).join(', ')}`;
}
