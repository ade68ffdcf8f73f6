/** Scope, method and limits, in words a reader needs before the figures. */
import { NOT_IN_THIS_VERSION } from '#audit';
import { isFirstReading } from '#evidence';
import { type Block, type Section, text } from './planBlocks.ts';
import { hashRun, instant, integer, plural } from './planFormat.ts';
import type { PackInput } from './planInput.ts';

export function planScope(input: PackInput, number: string): Section {
	const { engagement, result } = input;
	const rows = input.ipe.reduce((sum, { found }) => sum + (found?.rows ?? 0), 0);
	const aside = input.ipe.reduce((sum, { quarantined }) => sum + quarantined.length, 0);
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Scope and method', anchor: 'scope', listed: true },
		text(
			`This pack reports an examination of the order-to-revenue cycle of ${engagement.client} for the accounting periods ${engagement.periodFrom} to ${engagement.periodTo}. ` +
				`It rests on ${plural(rows - aside, 'record')} in ${plural(input.ipe.length, 'table')}, handed over as one evidence drop and examined in full, not by sample.` +
				(aside === 0 ? '' : ` Beyond these, ${plural(aside, 'line')} could not be read and ${aside === 1 ? 'was' : 'were'} set aside.`),
			'lead',
		),
		{ kind: 'heading', level: 2, number: `${number}.1`, text: 'What was examined', anchor: 'scope-what', listed: true },
		{
			kind: 'facts',
			rows: [
				{
					label: 'Entities',
					value: engagement.entities.map(({ id, name }) => (name === '' || name === id ? id : `${name} (${id})`)).join(', ') || '—',
				},
				{
					label: 'Data as of',
					value: `${instant(engagement.asOf)}. Every age and every deadline is measured against this instant, never against the clock of a machine.`,
				},
				{ label: 'Evidence drop', value: result.drop.drop_id },
				{ label: 'Drop manifest, SHA-256', value: [hashRun(result.drop.manifest_sha256)] },
				{ label: 'Audit tests', value: testsWords(input) },
				{
					label: 'Withheld from this pack',
					value: input.redactions.length === 0 ? 'nothing' : input.redactions.map(({ field, reason }) => `${field} (${reason})`).join('; '),
				},
			],
		},
		...method(number),
		...limits(number, input),
	];
	return { title: 'Scope and method', blocks };
}

/** How many tests were asked for, and what became of them; the parts add up to the first figure. */
function testsWords({ result: { tests }, catalogue, tool }: PackInput): string {
	const untested = tests.filter(({ verdict }) => verdict === 'not_testable');
	const absent = untested.filter(({ why }) => why === NOT_IN_THIS_VERSION).length;
	const unable = untested.length - absent;
	const parts = [
		`${integer(tests.length - untested.length)} were run on this data`,
		...(unable === 0 ? [] : [`${integer(unable)} could not be run on it`]),
		...(absent === 0 ? [] : [`${integer(absent)} are not in this version of ${tool.name}`]),
	];
	return `${integer(tests.length)} of the ${integer(Math.max(catalogue.length, tests.length))} in the catalogue: ${parts.join(', ')}`;
}

function method(number: string): Block[] {
	return [
		{ kind: 'heading', level: 2, number: `${number}.2`, text: 'How it was examined', anchor: 'scope-how', listed: true },
		{
			kind: 'list',
			ordered: true,
			items: [
				[
					{ text: 'Completeness and accuracy. ', bold: true },
					{
						text: 'Every file of the drop was hashed as it stands and compared with its declaration: rows, bytes, SHA-256 and control totals. A malformed line was set aside with file, line and reason, and no test that reads its table is called passed.',
					},
				],
				[
					{ text: 'Integrity. ', bold: true },
					{
						text: 'In sealed tables each line carries the hash of the line before it of the same order, and all lines together form a log (RFC 6962) whose root is signed at intervals. Hashes were taken over the stored bytes; nothing was re-written before hashing.',
					},
				],
				[
					{ text: 'Audit tests. ', bold: true },
					{
						text: 'Each test is a rule applied to every record in scope. It gives one of four verdicts: exceptions, passed (none, on complete data), incomplete (none, but some records could not be judged), or not testable (what it needs is missing). A test with exceptions may leave records open too, and says so.',
					},
				],
				[
					{ text: 'Recomputation. ', bold: true },
					{
						text: 'Revenue was recomputed from the events themselves (ASC 606, steps 3 to 5), in whole minor units and without floating point, and compared with what was booked.',
					},
				],
				[
					{ text: 'Evidence. ', bold: true },
					{
						text: 'For every order with an exception the state history is printed, with the standing of each event’s hash. The records an exception rests on are embedded in this file byte for byte, those of sealed tables with proofs that they are in the log. What is left out of either is said below.',
					},
				],
			],
		},
	];
}

/** A pack that is older than its own data was made by a wrong clock, or its data carries a wrong date. */
const clockWords = ({ created, engagement: { asOf } }: PackInput): string[] =>
	Date.parse(created) < Date.parse(asOf)
		? [`This pack was created at ${instant(created)}, before the instant of its data: one of the two is wrong.`]
		: [];

function limits(number: string, input: PackInput): Block[] {
	const isTrusted = input.trustedKey !== null;
	return [
		{ kind: 'heading', level: 2, number: `${number}.3`, text: 'What this pack does not say', anchor: 'scope-limits', listed: true },
		{
			kind: 'list',
			items: [
				'Hashes and signatures prove that records are unchanged since they were sealed, not that they were true when they were written.',
				'A test that passed found no exception to its own rule. It is not an opinion on the financial statements.',
				isTrusted && isFirstReading(input.trustedKey?.origin ?? '')
					? 'The log’s key was trusted at first reading: only the drop itself vouches for it. Verified then means sealed by one and the same key throughout, whoever holds it.'
					: isTrusted
						? `The log’s key was trusted because of where it came from: ${input.trustedKey?.origin}. Nothing in this pack shows whose key it is.`
						: 'No key of the log was trusted from outside the drop. Chains and roots were recomputed, but who sealed them is not verified, and no table is called verified.',
				'The time in a signature is the signer’s claim, unless an independent timestamp is attached to it.',
				...clockWords(input),
				...(input.notes ?? []),
			],
		},
	];
}
