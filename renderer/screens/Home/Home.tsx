/** Home: the state of the engagement as lines of open work, each leading to its screen. */

import type { ReactNode } from 'react';
import { formatCount, plural } from '../../app/format.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import type { ScreenId } from '../../app/screen.ts';
import { useQuery } from '../../app/useQuery.ts';
import { type Summary, useSummaryQuery } from '../../app/useSummary.ts';
import { Ask } from '../../components/Ask.tsx';
import { Callout } from '../../components/Callout.tsx';
import { FactList, Panel, ScreenHeader } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useKeptStorage } from '../../state/keptStorage.ts';
import { useNav } from '../../state/nav.ts';
import styles from './Home.module.css';

export function Home() {
	const query = useSummaryQuery();
	return (
		<>
			<ScreenHeader title="Home" meta={query.state === 'ready' ? query.data.name : ''} />
			<Ask query={query}>{(summary) => <Overview summary={summary} />}</Ask>
		</>
	);
}

interface Step {
	readonly screen: ScreenId;
	readonly title: string;
	readonly tone: Tone;
	readonly word: string;
	readonly detail: ReactNode;
}

function Overview({ summary }: { summary: Summary }) {
	const go = useNav((nav) => nav.go);
	const role = useRole();
	const isKept = useKeptStorage((storage) => storage.isKept);
	const steps = stepsOf(summary);
	return (
		<div className={styles['page']}>
			<div className={styles['main']}>
				{isKept === false && !summary.isSample ? (
					<Callout>
						This computer does not promise to keep what is stored here: when its disk runs full, it may clear all engagements.{' '}
						<button type="button" className={textStyles['link']} onClick={() => go('settings')}>
							Write a backup
						</button>{' '}
						at the end of each day.
					</Callout>
				) : null}
				<Panel title="Where this engagement stands">
					<ul className={styles['steps']} data-keys="list">
						{steps.map(({ screen, title, tone, word, detail }) => (
							<li key={title}>
								<button type="button" onClick={() => go(screen)}>
									<span className={styles['stepTitle']}>{title}</span>
									<span className={styles['stepVerdict']}>
										<VerdictBadge tone={tone}>{word}</VerdictBadge>
									</span>
									<span className={styles['stepDetail']}>{detail}</span>
								</button>
							</li>
						))}
					</ul>
				</Panel>
				<Recent />
			</div>
			<div className={styles['side']}>
				<Panel title="Engagement">
					<FactList
						facts={[
							{ label: 'Client', value: summary.client },
							{ label: 'Organisation', value: summary.organisation },
							{ label: 'Period', value: summary.period || 'known after the first import' },
							{ label: 'You are', value: `${summary.memberName}, ${ROLE_WORDS[role].toLowerCase()}` },
							{ label: 'Deadline', value: <Deadline summary={summary} /> },
						]}
					/>
				</Panel>
				<Panel title="Waiting for you">
					{summary.mine.length === 0 ? <p className={textStyles['muted']}>Nothing waits for you.</p> : null}
					<ul className={styles['plain']}>
						{summary.mine.map(({ screen, sentence, params }) => (
							<li key={sentence}>
								<button type="button" className={textStyles['link']} onClick={() => go(screen, params)}>
									{sentence}
								</button>
							</li>
						))}
					</ul>
				</Panel>
			</div>
		</div>
	);
}

function Deadline({ summary }: { summary: Summary }) {
	if (summary.deadline === null) return <>none set</>;
	const { day, daysLeft, archiveBy } = summary.deadline;
	return (
		<>
			{day} · {daysLeft >= 0 ? `${plural(daysLeft, 'day')} left` : `${plural(-daysLeft, 'day')} past`}
			<div className={textStyles['muted']}>file complete by {archiveBy} (AS 1215.15)</div>
		</>
	);
}

const INTEGRITY_WORDS = { pass: 'Verified', warn: 'Not verifiable', fail: 'Failed', neutral: 'Not judged' } as const;

function stepsOf({ evidence, results, triage, findings, packs }: Summary): Step[] {
	return [
		evidence
			? {
					screen: 'data',
					title: 'Evidence',
					tone: evidence.differing + evidence.quarantined > 0 ? 'warn' : 'info',
					word: evidenceWord(evidence),
					detail: `${evidence.company}: ${formatCount(evidence.rows)} of ${plural(evidence.declaredRows, 'declared row')} loaded, in ${plural(evidence.tables, 'table')}; ${formatCount(evidence.quarantined)} set aside`,
				}
			: {
					screen: 'data',
					title: 'Evidence',
					tone: 'neutral',
					word: 'None yet',
					detail: 'Import a drop: a folder or ZIP the company handed over',
				},
		evidence
			? {
					screen: 'integrity',
					title: 'Integrity',
					tone: evidence.integrityTone,
					word: INTEGRITY_WORDS[evidence.integrityTone],
					detail: evidence.integrity,
				}
			: { screen: 'integrity', title: 'Integrity', tone: 'neutral', word: 'Nothing to verify', detail: '' },
		results
			? {
					screen: 'procedures',
					title: 'Audit tests',
					tone: results.exceptions > 0 ? 'fail' : results.incomplete > 0 ? 'warn' : 'info',
					word: testsWord(results),
					detail: `${formatCount(results.run)} of ${formatCount(results.of)} run: ${formatCount(results.withExceptions)} with exceptions · ${formatCount(results.incomplete)} incomplete · ${formatCount(results.passed)} passed · ${formatCount(results.notTestable)} not testable`,
				}
			: { screen: 'procedures', title: 'Audit tests', tone: 'neutral', word: 'Not run', detail: 'Run the whole catalogue over every row' },
		{
			screen: 'exceptions',
			title: 'Triage',
			tone: triage.fresh > 0 ? 'info' : 'neutral',
			word: triage.fresh > 0 ? `${formatCount(triage.fresh)} new` : results ? 'Nothing new' : 'No run yet',
			detail: `${formatCount(triage.judged)} judged · ${formatCount(triage.waiting)} waiting for the client`,
		},
		{
			screen: 'findings',
			title: 'Findings',
			tone: findings.changedSinceSignoff > 0 ? 'warn' : 'neutral',
			word: findings.changedSinceSignoff > 0 ? `Δ ${formatCount(findings.changedSinceSignoff)} changed` : `${formatCount(findings.total)}`,
			detail: `${formatCount(findings.draft)} draft · ${formatCount(findings.prepared)} prepared · ${formatCount(findings.reviewed)} reviewed · ${plural(findings.openNotes, 'open review note')}`,
		},
		{
			screen: 'packs',
			title: 'Packs',
			tone: 'neutral',
			word: packs > 0 ? `${formatCount(packs)} made` : 'None yet',
			detail: 'Select, check, sign, verify',
		},
	];
}

/** The worst that can be said of what was handed over: a file may be as declared and have lines that could not be read. */
function evidenceWord({ differing, quarantined }: NonNullable<Summary['evidence']>): string {
	if (differing > 0) return `${formatCount(differing)} differ`;
	return quarantined > 0 ? `${plural(quarantined, 'line')} set aside` : 'As declared';
}

/** The worst that can be said of the run. */
function testsWord({ isStale, withExceptions, incomplete, notTestable, run, of }: NonNullable<Summary['results']>): string {
	if (isStale) return 'Δ run again';
	if (withExceptions > 0) return `${formatCount(withExceptions)} with exceptions`;
	if (incomplete > 0) return `${formatCount(incomplete)} incomplete`;
	return notTestable > 0 ? `${formatCount(notTestable)} not testable` : `${formatCount(run)} of ${formatCount(of)} run`;
}

function Recent() {
	const recent = useQuery((vault) => vault.activity.recent(8), [], ['workbook']);
	return (
		<Panel title="What changed">
			<Ask query={recent} lines={4}>
				{(entries) => (
					<ul className={styles['plain']}>
						{entries.map(({ seq, at, member, sentence }) => (
							<li key={seq} className={styles['recent']}>
								<span className={textStyles['muted']}>
									<Instant at={at} />
								</span>
								<span>
									{member}: {sentence}
								</span>
							</li>
						))}
					</ul>
				)}
			</Ask>
		</Panel>
	);
}
