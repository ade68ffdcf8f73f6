/** Results in words, for a terminal. No line ever says that all is well: each says what was found, on what, of how many. */
import { type AuditResult, type AuditTest, CATALOGUE, type TestResult } from '#audit';
import { formatMoney } from '#kernel';

const EXCEPTIONS_SHOWN = 3;

export function describeAudit(result: AuditResult): string {
	const lines = [
		`Drop ${result.drop.drop_id}, data as of ${result.drop.as_of}, manifest ${result.drop.manifest_sha256}`,
		'',
		...describeIntegrity(result),
		'',
		...result.tests.flatMap(describeTest),
		'',
		summary(result.tests),
	];
	return `${lines.join('\n')}\n`;
}

/** Integrity, completeness as declared, documents and quarantine: what `verify` prints as a whole. */
export function describeIntegrity(result: Omit<AuditResult, 'tests'>): string[] {
	const lines: string[] = [];
	for (const [table, { rows, verdict, problems }] of Object.entries(result.integrity)) {
		lines.push(`${table.padEnd(20)} ${verdict.replace('_', ' ')}: ${count(rows, 'line')}, ${count(problems.length, 'problem')}`);
		for (const { code, line, detail } of problems.slice(0, 20))
			lines.push(`  ${code}${line === null ? '' : ` at line ${line}`}: ${detail}`);
		if (problems.length > 20) lines.push(`  … and ${problems.length - 20} more (--json lists all)`);
	}
	const asDeclared = result.ipe.filter(({ verdict }) => verdict === 'as_declared').length;
	lines.push(`${'tables'.padEnd(20)} ${asDeclared} of ${result.ipe.length} as declared`);
	for (const { table, verdict, differences } of result.ipe) {
		if (verdict === 'as_declared') continue;
		lines.push(`  ${table}: ${verdict.replace('_', ' ')}`);
		for (const { what, declared, found } of differences) lines.push(`    ${what}: declared ${declared}, found ${found}`);
	}
	const { present, missing, altered } = result.documents;
	lines.push(`${'documents'.padEnd(20)} ${present} present, ${missing.length} missing, ${altered.length} altered`);
	for (const { file, line, offset, detail } of result.quarantine.slice(0, 20))
		lines.push(`  ${file} line ${line} (byte ${offset}): ${detail}`);
	if (result.quarantine.length > 0) lines.push(`${'quarantine'.padEnd(20)} ${count(result.quarantine.length, 'malformed line')} set aside`);
	return lines;
}

function describeTest(test: TestResult): string[] {
	const head = `${test.test} ${test.verdict.replace('_', ' ').padEnd(12)} ${test.title}`;
	const why = test.why === null ? '' : ` (${test.why})`;
	if (test.verdict !== 'exception') return [`${head}${why}`];
	return [
		`${head}: ${count(test.exceptions.length, 'exception')} in ${count(test.population.rows, 'subject')}${why}`,
		...test.exceptions.slice(0, EXCEPTIONS_SHOWN).map(({ reason, amount_minor: amount, currency }) => {
			const atRisk = amount === null || currency === null ? '' : ` [${formatMoney(BigInt(amount), currency)}]`;
			return `    ${reason}${atRisk}`;
		}),
		...(test.exceptions.length > EXCEPTIONS_SHOWN ? [`    … and ${test.exceptions.length - EXCEPTIONS_SHOWN} more`] : []),
	];
}

function summary(tests: readonly TestResult[]): string {
	const of = (verdict: string): number => tests.filter((test) => test.verdict === verdict).length;
	const exceptions = tests.reduce((sum, test) => sum + test.exceptions.length, 0);
	return `${count(tests.length, 'test')}: ${of('exception')} with ${count(exceptions, 'exception')}, ${of('pass')} passed, ${of('incomplete')} incomplete, ${of('not_testable')} not testable`;
}

export function describeCatalogue(catalogue: readonly AuditTest[]): string {
	const rows = catalogue.map(({ id, severity, title, rule, parameters, version }) => {
		const values = parameters.map(({ name, default: value, unit }) => `${name} ${value} ${unit}`).join(', ');
		return `${id} ${severity.padEnd(8)} ${title}${version === 0 ? ' (not in this version)' : ''}\n             ${rule}${values ? `\n             parameters: ${values}` : ''}`;
	});
	return `${rows.join('\n')}\n${count(CATALOGUE.length, 'test')}\n`;
}

export const count = (number: number, noun: string): string => `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
