/** What stands in the way of a pack, and what its reader will see: each check by itself, none of them adds up to one verdict. */

import { CATALOGUE } from '#audit';
import { isFirstReading } from '#evidence';
import { can, exceptionIndex, type Finding, openNotes, ROLE_NAMES, signoffStatus } from '#findings';
import type { OpenEngagement } from './contract.ts';
import { rowOfLink } from './packsFindings.ts';

type PackCheckTone = 'pass' | 'warn' | 'fail' | 'neutral';

export interface PackCheck {
	readonly id: string;
	readonly tone: PackCheckTone;
	readonly title: string;
	/** One sentence: what is so, and how to mend it. */
	readonly sentence: string;
	/** No pack can be made while it stands. */
	readonly blocks: boolean;
	/** Where it is mended. */
	readonly screen: 'data' | 'integrity' | 'procedures' | 'exceptions' | 'findings' | 'settings' | 'packs' | null;
	readonly params: Readonly<Record<string, string>>;
}

const check = (
	id: string,
	tone: PackCheckTone,
	title: string,
	sentence: string,
	more: Partial<Pick<PackCheck, 'blocks' | 'screen' | 'params'>> = {},
): PackCheck => ({ id, tone, title, sentence, blocks: false, screen: null, params: {}, ...more });

const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
const isAre = (count: number): string => (count === 1 ? 'is' : 'are');

/** Checks of everything but the fields to be withheld, in the order of the road: evidence, tests, judgement, findings. */
export function packChecks(engagement: OpenEngagement, findings: readonly Finding[]): PackCheck[] {
	return [
		...roleChecks(engagement),
		...evidenceChecks(engagement),
		...resultChecks(engagement),
		...triageChecks(engagement),
		...findings.flatMap((finding) => findingChecks(engagement, finding)),
	];
}

function roleChecks(engagement: OpenEngagement): PackCheck[] {
	const { role } = engagement.member();
	if (can(role, 'pack.made')) return [];
	return [
		check('role', 'fail', 'Your role', `The role ${ROLE_NAMES[role]} may not make packs. Ask a preparer, a reviewer or a partner.`, {
			blocks: true,
		}),
	];
}

function evidenceChecks(engagement: OpenEngagement): PackCheck[] {
	const loaded = engagement.evidence();
	if (!loaded)
		return [check('evidence', 'fail', 'Evidence', 'No evidence is loaded. Import a drop first.', { blocks: true, screen: 'data' })];
	const { integrity, ipe } = loaded.drop.evidence;
	const checks: PackCheck[] = [];
	for (const [table, facts] of Object.entries(integrity)) {
		if (!facts) continue;
		const tone = facts.verdict === 'verified' ? 'pass' : facts.verdict === 'not_verifiable' ? 'warn' : 'fail';
		checks.push(
			check(
				`integrity.${table}`,
				tone,
				`Log of ${table}`,
				`${facts.verdict.replace('_', ' ')}: ${counted(facts.rows, 'line')}, ${counted(facts.problems.length, 'problem')}. The pack says the same.`,
				{ screen: 'integrity' },
			),
		);
	}
	const keys = [...engagement.workbook().trustedKeys.values()];
	const trusted = keys.length;
	const taken = keys.filter(({ origin }) => isFirstReading(origin)).length;
	checks.push(
		taken > 0
			? check(
					'key',
					'warn',
					'Log key',
					`${counted(taken, 'log key')} of ${trusted} ${isAre(taken)} trusted at first reading: only the drop vouches for it, and the pack says so. Compare it with the company by another way.`,
					{ screen: 'integrity' },
				)
			: trusted > 0
				? check('key', 'pass', 'Log key', `${counted(trusted, 'log key')} from outside the drop ${isAre(trusted)} trusted.`, {
						screen: 'integrity',
					})
				: check(
						'key',
						'warn',
						'Log key',
						'No log key from outside the drop is trusted, so the pack calls no table verified. Add the key you were given.',
						{
							screen: 'integrity',
						},
					),
	);
	const differing = ipe.filter(({ verdict }) => verdict !== 'as_declared').length;
	checks.push(
		differing === 0
			? check('ipe', 'pass', 'Declared and found', `${counted(ipe.length, 'table')}, all as declared.`, { screen: 'data' })
			: check(
					'ipe',
					'warn',
					'Declared and found',
					`${differing} of ${counted(ipe.length, 'table')} not as declared. The pack lists what differs.`,
					{
						screen: 'data',
					},
				),
	);
	return checks;
}

function resultChecks(engagement: OpenEngagement): PackCheck[] {
	const results = engagement.results();
	if (!results || results.tests.length === 0)
		return [
			check('results', 'fail', 'Audit tests', 'No test has been run on this evidence. Run them first.', {
				blocks: true,
				screen: 'procedures',
			}),
		];
	const run = results.tests.length;
	const stale = staleTests(engagement);
	return [
		run === CATALOGUE.length
			? check('results', 'pass', 'Audit tests', `All ${run} tests of the catalogue have a result.`, { screen: 'procedures' })
			: check('results', 'warn', 'Audit tests', `${run} of ${CATALOGUE.length} tests have a result. The pack states only those.`, {
					screen: 'procedures',
				}),
		...(stale.length > 0
			? [
					check(
						'stale',
						'fail',
						'Audit tests changed since',
						`${stale.join(', ')}: the rule or a parameter is another than at the last run. Run ${stale.length === 1 ? 'it' : 'them'} again.`,
						{ blocks: true, screen: 'procedures' },
					),
				]
			: []),
	];
}

/** Tests whose result is not what a run now would state. */
function staleTests(engagement: OpenEngagement): string[] {
	const { parameters } = engagement.workbook();
	const tests = engagement.results()?.tests ?? [];
	return tests
		.filter(({ test: id, version, parameters: used }) => {
			const test = CATALOGUE.find((one) => one.id === id);
			const own = parameters.get(id);
			return (
				!test ||
				test.version !== version ||
				test.parameters.some(({ name, default: usual }) => name in used && String(used[name]) !== String(own?.get(name)?.value ?? usual))
			);
		})
		.map(({ test }) => test);
}

function triageChecks(engagement: OpenEngagement): PackCheck[] {
	const results = engagement.results();
	if (!results) return [];
	const { judgements } = engagement.workbook();
	const keys = [...exceptionIndex(results).keys()];
	const open = keys.filter((key) => !judgements.has(key)).length;
	if (keys.length === 0) return [];
	return [
		open === 0
			? check('triage', 'pass', 'Exceptions', `All ${counted(keys.length, 'exception')} are judged.`, { screen: 'exceptions' })
			: check(
					'triage',
					'warn',
					'Exceptions',
					`${open.toLocaleString('en-US')} of ${counted(keys.length, 'exception')} ${isAre(open)} not judged yet.`,
					{
						screen: 'exceptions',
					},
				),
	];
}

function findingChecks(engagement: OpenEngagement, finding: Finding): PackCheck[] {
	const workbook = engagement.workbook();
	const { findingId, label, state } = finding;
	const place = { screen: 'findings', params: { finding: findingId } } as const;
	const id = (what: string): string => `finding.${findingId}.${what}`;
	if (state === 'withdrawn')
		return [check(id('state'), 'fail', label, `${label} is withdrawn. Take it out of the pack.`, { ...place, blocks: true })];
	const checks: PackCheck[] = [];
	const { prepared, reviewed } = signoffStatus(workbook, { kind: 'finding', id: findingId });
	const changed = [prepared, reviewed].filter(({ status }) => status === 'changed_since');
	if (changed.length > 0) {
		const fields = [...new Set(changed.flatMap((one) => one.changed))].join(', ');
		checks.push(
			check(
				id('changed'),
				'fail',
				label,
				`Δ ${label} has changed since it was signed (${fields}). The pack says so; better have it signed again.`,
				place,
			),
		);
	} else if (prepared.status === 'current' && reviewed.status === 'current')
		checks.push(check(id('signed'), 'pass', label, `${label} is signed as prepared and as reviewed, and has not changed since.`, place));
	else if (prepared.status === 'current')
		checks.push(check(id('signed'), 'warn', label, `${label} is prepared, and nobody has reviewed it.`, place));
	else checks.push(check(id('signed'), 'warn', label, `${label} is signed by nobody. The pack calls it a draft.`, place));
	const notes = openNotes(workbook, { kind: 'finding', id: findingId });
	if (notes.length > 0)
		checks.push(
			check(
				id('notes'),
				notes.some(({ blocksReview }) => blocksReview) ? 'fail' : 'warn',
				label,
				`${counted(notes.length, 'open review note')} on ${label}. Answer and clear ${notes.length === 1 ? 'it' : 'them'}.`,
				place,
			),
		);
	const lost = lostLinks(engagement, finding);
	if (lost > 0)
		checks.push(
			check(
				id('evidence'),
				'warn',
				label,
				`${counted(lost, 'piece')} of evidence of ${label} ${isAre(lost)} not in the loaded evidence.`,
				place,
			),
		);
	return checks;
}

function lostLinks(engagement: OpenEngagement, { evidence }: Finding): number {
	const loaded = engagement.evidence();
	const results = engagement.results();
	if (!loaded || !results) return 0;
	const absent = new Set([...loaded.drop.documents.missing, ...loaded.drop.documents.altered]);
	return evidence.filter(({ link }) => {
		switch (link.kind) {
			case 'row':
				return rowOfLink(loaded.drop.population, link) === null;
			case 'exception':
				return !exceptionIndex(results).has(link.exceptionKey);
			case 'document':
				return absent.has(link.sha256) || !loaded.source.paths.has(`documents/${link.sha256}`);
			default:
				return !results.tests.some(({ result_sha256: hash }) => hash === link.resultSha256);
		}
	}).length;
}
