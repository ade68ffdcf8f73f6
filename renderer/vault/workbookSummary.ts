/** What an engagement comes to at the moment, for Home and the status bar. */
import { CATALOGUE } from '#audit';
import { isTrustedByClaimAlone } from '#evidence';
import { archiveDeadline, daysUntil, openWork } from '#findings';
import { formatDay } from '#kernel';
import type { LoadedEvidence, OpenEngagement } from './contract.ts';
import { areUnderPresentKeys, presentFacts, testsUnderOtherKeys } from './presentKeys.ts';
import type { EngagementSummary } from './summary.ts';

export function summaryOf(engagement: OpenEngagement, now: number): EngagementSummary {
	const workbook = engagement.workbook();
	const { name, client, organisation, isSample, deadline } = workbook.engagement;
	const member = engagement.member();
	const manifest = engagement.evidence()?.drop.manifest;
	const { triage, findings, mine } = openWork(workbook, engagement.results(), member.memberId);
	const { total, draft, prepared, reviewed, issued, changedSinceSignoff, openNotes } = findings;
	return {
		engagementId: engagement.engagementId,
		name,
		client,
		organisation,
		isSample,
		memberId: member.memberId,
		memberName: member.name,
		role: member.role,
		period: manifest ? `${manifest.periodFrom} – ${manifest.periodTo}` : '',
		deadline: deadline === null ? null : deadlineOf(deadline, now),
		evidence: evidenceOf(engagement),
		results: resultsOf(engagement),
		triage,
		findings: { total, draft, prepared, reviewed, issued, changedSinceSignoff, openNotes },
		packs: workbook.packs.length,
		signed: total === 0 ? 'no findings yet' : `${findings.signed} of ${total} ${total === 1 ? 'finding' : 'findings'}`,
		open: { exceptions: triage.fresh, findings: findings.open },
		mine,
	};
}

function deadlineOf(day: string, now: number): EngagementSummary['deadline'] {
	const left = daysUntil(formatDay(Math.floor(now / 86_400_000)), day);
	const archive = archiveDeadline(day, 'as1215');
	return left.ok && archive.ok ? { day, daysLeft: left.value, archiveBy: archive.value } : null;
}

function evidenceOf(engagement: OpenEngagement): EngagementSummary['evidence'] {
	const loaded = engagement.evidence();
	if (!loaded) return null;
	const { drop } = loaded;
	let [rows, tables, quarantined] = [0, 0, 0];
	for (const table of drop.population.tables()) {
		rows += table.rows;
		tables++;
		quarantined += table.quarantine.length;
	}
	return {
		company: drop.manifest.company,
		asOf: drop.manifest.asOf,
		rows,
		declaredRows: drop.manifest.tables.reduce((sum, table) => sum + table.rows, 0),
		tables,
		differing: drop.evidence.ipe.filter(({ verdict }) => verdict !== 'as_declared').length,
		quarantined,
		...integrityOf(engagement, drop),
	};
}

/** The logs' verdicts in a few words; nothing is called fine that could not be told. */
function integrityOf(
	engagement: OpenEngagement,
	{ evidence, manifest }: LoadedEvidence['drop'],
): { integrity: string; integrityTone: 'pass' | 'warn' | 'fail' | 'neutral' } {
	const workbook = engagement.workbook();
	const { integrity, documents } = presentFacts(evidence, workbook);
	const isByClaimAlone = isTrustedByClaimAlone([...workbook.trustedKeys.values()], manifest.claimedLogKey);
	const again = areUnderPresentKeys(evidence, workbook) ? '' : ', verify again';
	const logs = Object.values(integrity);
	const count = (verdict: string): number => logs.filter((log) => log.verdict === verdict).length;
	const [verified, unknown] = [count('verified'), count('not_verifiable')];
	const failed = logs.length - verified - unknown;
	const damaged = documents.altered.length + documents.missing.length;
	const withDocuments = (words: string): string =>
		damaged === 0 ? words : `${words} · ${damaged} ${damaged === 1 ? 'document' : 'documents'} altered or missing`;
	if (logs.length === 0) return { integrity: withDocuments('no sealed table supplied'), integrityTone: damaged > 0 ? 'fail' : 'neutral' };
	if (failed > 0) return { integrity: withDocuments(`${failed} of ${logs.length} logs failed${again}`), integrityTone: 'fail' };
	if (unknown > 0)
		return {
			integrity: withDocuments(verified === 0 ? `not verifiable${again}` : `${verified} of ${logs.length} logs verified`),
			integrityTone: damaged > 0 ? 'fail' : 'warn',
		};
	const words = `${verified} of ${logs.length} logs verified${isByClaimAlone ? ', by the drop’s own key' : ''}`;
	return { integrity: withDocuments(words), integrityTone: damaged > 0 ? 'fail' : isByClaimAlone ? 'warn' : 'pass' };
}

function resultsOf(engagement: OpenEngagement): EngagementSummary['results'] {
	const results = engagement.results();
	if (!results) return null;
	const count = (verdict: string): number => results.tests.filter((test) => test.verdict === verdict).length;
	return {
		run: results.tests.length,
		of: CATALOGUE.length,
		passed: count('pass'),
		withExceptions: count('exception'),
		incomplete: count('incomplete'),
		notTestable: count('not_testable'),
		exceptions: results.tests.reduce((sum, { exceptions }) => sum + exceptions.length, 0),
		isStale: isStale(engagement),
	};
}

/** Whether evidence came in, a parameter changed or the trusted keys became others after the last run. */
function isStale(engagement: OpenEngagement): boolean {
	const workbook = engagement.workbook();
	const last = workbook.runs.at(-1);
	if (!last) return false;
	if (last.importId !== engagement.evidence()?.importId) return true;
	if (testsUnderOtherKeys(engagement).length > 0) return true;
	for (const values of workbook.parameters.values()) for (const { stamp } of values.values()) if (stamp.seq > last.stamp.seq) return true;
	return false;
}
