/** What stands in the way of a pack, and what its reader will see: each check by itself, none of them adds up to one verdict. */

import { CATALOGUE } from '#audit';
import { isFirstReading } from '#evidence';
import { can, exceptionIndex, type Finding, ROLE_NAMES } from '#findings';
import type { OpenEngagement } from './contract.ts';
import { check, counted, findingChecks, isAre, type PackCheck } from './packsFindingChecks.ts';
import { areUnderPresentKeys, presentFacts, testsUnderOtherKeys } from './presentKeys.ts';

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
	const { ipe } = loaded.drop.evidence;
	const { integrity } = presentFacts(loaded.drop.evidence, engagement.workbook());
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
	if (!areUnderPresentKeys(loaded.drop.evidence, engagement.workbook()))
		checks.push(
			check(
				'keys',
				'fail',
				'Trusted keys changed since',
				'The logs were verified under other trusted keys than those of now. Verify them again, then run the tests that rest on them.',
				{ blocks: true, screen: 'integrity' },
			),
		);
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
						`${stale.join(', ')}: the rule, a parameter or the trusted keys are others than at the last run. Run ${stale.length === 1 ? 'it' : 'them'} again.`,
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
	const underOthers = new Set(testsUnderOtherKeys(engagement));
	return tests
		.filter(({ test: id, version, parameters: used }) => {
			const test = CATALOGUE.find((one) => one.id === id);
			const own = parameters.get(id);
			return (
				!test ||
				underOthers.has(id) ||
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
