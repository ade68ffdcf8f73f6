/** Results test by test: rule, parameters, population, verdict, and every exception with a way to its order. */
import { NOT_IN_THIS_VERSION, type TestResult } from '#audit';
import { testAnchor } from './planAnchors.ts';
import { type Block, type Cell, chipCell, keptText, paragraphs, type Run, type Section, text } from './planBlocks.ts';
import { exceptionTable } from './planExceptions.ts';
import { chipFor, clipped, hashRun, integer, plural, SEVERITY_CHIPS, TEST_CHIPS } from './planFormat.ts';
import type { CatalogueText, PackInput } from './planInput.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

const catalogueText = ({ catalogue }: PackInput, test: string): CatalogueText | null => catalogue.find(({ id }) => id === test) ?? null;

export const severityOf = (input: PackInput, test: string): string => catalogueText(input, test)?.severity ?? 'medium';

/** Tests with exceptions first, gravest first; then by number. */
function inOrder(input: PackInput, tests: readonly TestResult[]): TestResult[] {
	const rank = ({ test, verdict }: TestResult) =>
		verdict === 'exception' ? SEVERITIES.indexOf(severityOf(input, test)) : SEVERITIES.length;
	return tests
		.map((test, position) => ({ test, position }))
		.sort((a, b) => rank(a.test) - rank(b.test) || a.position - b.position)
		.map(({ test }) => test);
}

/** @param timelineNumbers section number of an order's timeline, by order id */
export function planTests(input: PackInput, number: string, timelineNumbers: ReadonlyMap<string, string>): Section {
	const run = inOrder(
		input,
		input.result.tests.filter(({ verdict }) => verdict === 'exception' || verdict === 'pass'),
	);
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Results by test', anchor: 'tests', listed: true },
		text('Every test that found exceptions or passed. Tests with exceptions come first, the gravest on top.', 'lead'),
		...sumWords(input, run),
		overview(input, run),
	];
	for (const [i, result] of run.entries()) blocks.push(...testBlocks(input, result, `${number}.${i + 1}`, timelineNumbers));
	return { title: 'Results by test', blocks };
}

export function planUnfinished(input: PackInput, number: string, timelineNumbers: ReadonlyMap<string, string>): Section {
	const incomplete = input.result.tests.filter(({ verdict }) => verdict === 'incomplete');
	const untestable = input.result.tests.filter(({ verdict }) => verdict === 'not_testable');
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Tests without a conclusion', anchor: 'unfinished', listed: true },
		text('Nothing is passed in silence. These tests could judge only some of their records, or none, and say why.', 'lead'),
		{ kind: 'heading', level: 2, number: `${number}.1`, text: 'Not testable', anchor: 'not-testable', listed: true },
		{
			kind: 'table',
			tagging: 'cells',
			continued: 'Not testable',
			columns: [
				{ head: 'Test', bold: true, firm: true },
				{ head: 'Title', maxShare: 0.4 },
				{ head: 'Severity', firm: true },
				{ head: 'Why it could not be run' },
			],
			rows: untestable.map(({ test, title, why }) => [
				test,
				title,
				SEVERITY_CHIPS[severityOf(input, test)]?.label ?? '',
				untestedWords(why, input.tool.name),
			]),
			empty: 'Every test that was asked for could be run.',
		},
		{ kind: 'heading', level: 2, number: `${number}.2`, text: 'Incomplete', anchor: 'incomplete', listed: true },
		{
			kind: 'table',
			tagging: 'cells',
			continued: 'Incomplete',
			columns: [
				{ head: 'Test', firm: true },
				{ head: 'Title', maxShare: 0.4 },
				{ head: 'What is open' },
				{ head: 'Exceptions', align: 'right', firm: true },
			],
			rows: incomplete.map(({ test, title, why, exceptions }): Cell[] => [
				paragraphs([{ text: test, link: testAnchor(test), bold: true }]),
				title,
				why ?? 'no reason was given',
				integer(exceptions.length),
			]),
			empty: 'No test was left incomplete.',
		},
	];
	for (const [i, result] of incomplete.entries()) blocks.push(...testBlocks(input, result, `${number}.${i + 3}`, timelineNumbers));
	return { title: 'Tests without a conclusion', blocks };
}

const untestedWords = (why: string | null, tool: string): string =>
	why === NOT_IN_THIS_VERSION ? `this version of ${tool} does not have this test` : (why ?? 'no reason was given');

const exceptionsOf = (tests: readonly TestResult[]): number => tests.reduce((sum, { exceptions }) => sum + exceptions.length, 0);

/** The table's sum, tied to the figure of the cover. */
function sumWords({ result: { tests } }: PackInput, run: readonly TestResult[]): Block[] {
	const [sum, all] = [exceptionsOf(run), exceptionsOf(tests)];
	const rest =
		all === sum
			? ''
			: ` With the ${integer(all - sum)} of tests left incomplete (next chapter) these are the ${integer(all)} of the cover.`;
	return run.length === 0 && rest === '' ? [] : [text(`${plural(run.length, 'test')}, ${plural(sum, 'exception')}.${rest}`)];
}

/** A test with exceptions whose other records could not all be judged. */
export const isPartlyJudged = ({ verdict, why }: TestResult): boolean => verdict === 'exception' && why !== null;

function overview(input: PackInput, tests: readonly TestResult[]): Block {
	return {
		kind: 'table',
		tagging: 'cells',
		dense: true,
		continued: 'Results by test',
		columns: [
			{ head: 'Test', firm: true },
			{ head: 'Title' },
			{ head: 'Severity', firm: true },
			{ head: 'Records tested', align: 'right', firm: true },
			{ head: 'Exceptions', align: 'right', firm: true },
			{ head: 'Verdict', firm: true },
		],
		rows: tests.map((result) => overviewRow(input, result)),
		empty: 'No test reached a verdict.',
	};
}

function overviewRow(input: PackInput, result: TestResult): Cell[] {
	const { test, title, verdict, population, exceptions } = result;
	return [
		paragraphs([{ text: test, link: testAnchor(test), bold: true }]),
		isPartlyJudged(result) ? paragraphs([{ text: title }, { text: '  ▲ not all judged', tone: 'warn', bold: true }]) : title,
		SEVERITY_CHIPS[severityOf(input, test)]?.label ?? '',
		integer(population.rows),
		integer(exceptions.length),
		chipCell(chipFor(TEST_CHIPS, verdict)),
	];
}

function testBlocks(input: PackInput, result: TestResult, number: string, timelineNumbers: ReadonlyMap<string, string>): Block[] {
	const words = catalogueText(input, result.test);
	const severity = severityOf(input, result.test);
	const blocks: Block[] = [
		{
			kind: 'heading',
			level: 2,
			number,
			text: clipped(`${result.test} ${result.title}`),
			anchor: testAnchor(result.test),
			listed: true,
			chips: [
				chipFor(SEVERITY_CHIPS, severity),
				{
					...chipFor(TEST_CHIPS, result.verdict),
					...(result.verdict === 'exception' ? { label: plural(result.exceptions.length, 'exception') } : {}),
				},
			],
		},
	];
	if (words !== null && words.why !== '') blocks.push(keptText(words.why));
	if (result.why !== null)
		blocks.push({
			kind: 'callout',
			tone: 'warn',
			title: result.verdict === 'incomplete' ? '▲ Incomplete' : '▲ Not all records could be judged',
			words: result.why,
		});
	blocks.push({ kind: 'facts', rows: facts(result, words) });
	if (result.exceptions.length > 0) blocks.push(exceptionTable(result, number, timelineNumbers));
	return blocks;
}

function facts(result: TestResult, words: CatalogueText | null) {
	const parameters = Object.entries(result.parameters).flatMap(([name, value], i): Run[] => {
		const spec = words?.parameters.find((parameter) => parameter.name === name);
		return [
			...(i === 0 ? [] : [{ text: '\n' }]),
			{ text: `${name} `, mono: true },
			{ text: `${value === '' ? 'not set' : value}${spec === undefined || spec.unit === '' ? '' : ` ${spec.unit}`}`, bold: true },
			...(spec === undefined || spec.doc === '' ? [] : [{ text: `  ${spec.doc}`, tone: 'muted' as const }]),
		];
	});
	return [
		...(words === null ? [] : [{ label: 'An exception is', value: withValues(words.rule, result.parameters) }]),
		...(words === null || words.source === '' ? [] : [{ label: 'Source', value: words.source }]),
		...(parameters.length === 0 ? [] : [{ label: 'Parameters', value: parameters }]),
		{ label: 'Population', value: [{ text: `${plural(result.population.rows, 'record')}  ` }, hashRun(result.population.sha256)] },
		{ label: 'Result hash', value: [{ text: `version ${result.version}  ` }, hashRun(result.result_sha256)] },
	];
}

/** The rule with its parameters' values in the place of their names in braces. */
const withValues = (rule: string, parameters: Readonly<Record<string, number | string>>): string =>
	rule.replace(/\{(\w+)\}/g, (whole, name: string) => (name in parameters ? String(parameters[name]) : whole));
