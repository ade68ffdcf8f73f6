/**
 * Whether what is known of the logs still holds under the keys that are trusted now. Keys come and go by a member's act or by sync, while the
 * bytes are read anew only when somebody asks for it: until then, what rested on the keys of before is not known.
 */
import { type AuditTest, type EvidenceFacts, testById } from '#audit';
import { keySetOf, parseVerifierKey, type VerifierKey } from '#evidence';
import type { Target, Workbook } from '#findings';
import type { TableName } from '#model';
import type { LoadedEvidence, OpenEngagement } from './contract.ts';

/** The log keys of the engagement that can be read; they were judged when they were added. */
export function trustedKeysOf(workbook: Workbook): VerifierKey[] {
	return [...workbook.trustedKeys.keys()].flatMap((text) => {
		const key = parseVerifierKey(text);
		return key.ok ? [key.value] : [];
	});
}

const keySets = new WeakMap<Workbook['trustedKeys'], string>();

/** `keySetOf` what is trusted now. Asked for with every page of a list, while keys are seldom changed. */
export function presentKeySet(workbook: Workbook): string {
	const known = keySets.get(workbook.trustedKeys) ?? keySetOf(trustedKeysOf(workbook));
	keySets.set(workbook.trustedKeys, known);
	return known;
}

/** Facts that do not say under which keys they were found are of an earlier version: nobody knows. */
export const areUnderPresentKeys = (evidence: EvidenceFacts, workbook: Workbook): boolean =>
	!hasLogs(evidence) || evidence.keySet === presentKeySet(workbook);

const hasLogs = ({ integrity }: EvidenceFacts): boolean => Object.keys(integrity).length > 0;

const withoutTrust = new WeakMap<EvidenceFacts, EvidenceFacts>();

/**
 * The facts as they can be told now: where the keys are others than those they were found under, nothing is verified, and nobody is said to
 * vouch or not to. What the lines and heads say against each other stands.
 */
export function presentFacts(evidence: EvidenceFacts, workbook: Workbook): EvidenceFacts {
	if (areUnderPresentKeys(evidence, workbook)) return evidence;
	const known = withoutTrust.get(evidence);
	if (known) return known;
	const facts = takeTrust(evidence);
	withoutTrust.set(evidence, facts);
	return facts;
}

function takeTrust(evidence: EvidenceFacts): EvidenceFacts {
	const tables = Object.keys(evidence.integrity) as TableName[];
	const checkpoints = Object.entries(evidence.checkpoints ?? {}).map(([table, facts]) => [
		table,
		facts.map((fact) => (fact.signature === 'trusted' ? { ...fact, signature: 'unknown' as const } : fact)),
	]);
	const integrity = Object.entries(evidence.integrity).map(([table, facts]) => [
		table,
		{
			...facts,
			verdict: facts.verdict === 'verified' ? 'not_verifiable' : facts.verdict,
			problems: facts.problems.filter(({ code }) => code !== 'untrusted_key'),
		},
	]);
	return {
		...evidence,
		integrity: Object.fromEntries(integrity),
		keyTrust: Object.fromEntries(tables.map((table) => [table, 'not_judged'])),
		...(evidence.checkpoints ? { checkpoints: Object.fromEntries(checkpoints) } : {}),
	};
}

/** Whether a test's verdict rests on trusted keys at all, on this evidence. */
export const restsOnKeys = ({ restsOnKeys: rests }: AuditTest, loaded: LoadedEvidence | null): boolean =>
	rests === true && (loaded === null || hasLogs(loaded.drop.evidence));

/** Of the results at hand, the tests whose verdict no run has come to under the keys that are trusted now. */
export function testsUnderOtherKeys(engagement: OpenEngagement): string[] {
	const [workbook, loaded] = [engagement.workbook(), engagement.evidence()];
	const present = presentKeySet(workbook);
	const runs = workbook.runs.filter(({ importId, keySet }) => importId === loaded?.importId && keySet === present);
	const found = new Set(runs.flatMap(({ tests }) => tests.map(({ test, resultSha256 }) => `${test} ${resultSha256}`)));
	return (engagement.results()?.tests ?? [])
		.filter(({ test: id, result_sha256: hash }) => {
			const test = testById(id);
			return test !== undefined && restsOnKeys(test, loaded) && !found.has(`${id} ${hash}`);
		})
		.map(({ test }) => test);
}

/** Why a sign-off would stand on what is out of date for its keys; null: it would not. */
export function keysBlockSigning(engagement: OpenEngagement, { kind, id }: Target): string | null {
	const [workbook, loaded] = [engagement.workbook(), engagement.evidence()];
	if (kind === 'integrity')
		return loaded && !areUnderPresentKeys(loaded.drop.evidence, workbook)
			? 'The trusted keys are others than those the logs were verified under. Verify again, then sign.'
			: null;
	const test = kind === 'procedure' ? testById(id) : undefined;
	const run = workbook.runs.findLast(({ tests }) => tests.some((one) => one.test === id));
	return test && run && restsOnKeys(test, loaded) && run.keySet !== presentKeySet(workbook)
		? 'The trusted keys are others than at the last run. Run the test again, then sign.'
		: null;
}
