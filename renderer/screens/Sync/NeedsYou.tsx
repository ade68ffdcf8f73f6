/** What only a person can decide: a hub that is not believed, values that two members changed, acts that the rules refused. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { isDistrust, type SyncStop } from '#sync';
import { copyText } from '../../app/bridge.ts';
import { formatCount } from '../../app/format.ts';
import { syncNow } from '../../app/syncActions.ts';
import { needsPerson } from '../../app/syncPill.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useLook, usePapersStatus, waitingOf } from '../../app/useSync.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { SyncStatus } from '../../vault/feedApi.ts';
import { ConflictCard } from './ConflictCard.tsx';
import { EquivocationCard } from './EquivocationCard.tsx';
import { RefusedCard } from './RefusedCard.tsx';
import styles from './Sync.module.css';
import { stopWords, technicalDetails } from './stops.ts';

export function NeedsYou({ status }: { status: SyncStatus }) {
	const papers = usePapersStatus();
	const conflicts = useQuery((vault) => vault.sync.conflicts(), [], ['workbook']);
	const pairs = useQuery((vault) => vault.feed.equivocations(), [], ['sync', 'workbook']);
	const refused = useQuery((vault) => vault.sync.refused(), [], ['workbook']);
	const standing = papers.state === 'ready' ? papers.data : null;
	const papersStop = useLook((look) => look.papersStop);
	const count = waitingOf(status, standing) + (papersStop ? 1 : 0);
	const { lastStop } = status;
	return (
		<Panel title={`Needs you ${formatCount(count)}`} className={`${styles['column']} ${styles['needs']}`}>
			{lastStop && needsPerson(lastStop) ? <StopCard stop={lastStop} status={status} /> : null}
			<LostDocuments names={status.lost} />
			<Ask query={pairs} lines={1}>
				{(rows) => rows.filter(({ settled }) => settled === null).map((pair) => <EquivocationCard key={pair.id} pair={pair} />)}
			</Ask>
			{standing?.stopped ? <PapersStop code={standing.stopped.code} message={standing.stopped.message} at={standing.stopped.at} /> : null}
			{papersStop ? <PapersStop code={papersStop.code} message={papersStop.message} at={null} /> : null}
			<Ask query={conflicts} lines={2}>
				{(rows) => (
					<>
						{rows
							.filter(({ settled }) => settled === null)
							.map((row) => (
								<ConflictCard key={`${row.conflictId} ${JSON.stringify([row.first.value, row.second.value])}`} conflict={row} />
							))}
						<Settled count={rows.filter(({ settled }) => settled !== null).length} what="conflict" />
					</>
				)}
			</Ask>
			<Ask query={refused} lines={2}>
				{(rows) => (
					<>
						{rows
							.filter(({ dismissed }) => dismissed === null)
							.map((row) => (
								<RefusedCard key={`${row.ref.replica}/${row.ref.seq}`} refused={row} />
							))}
						<Settled count={rows.filter(({ dismissed }) => dismissed !== null).length} what="refused act" />
					</>
				)}
			</Ask>
			{count === 0 ? <p className={textStyles['muted']}>Nothing waits for a decision.</p> : null}
		</Panel>
	);
}

function Settled({ count, what }: { count: number; what: string }) {
	const go = useNav((nav) => nav.go);
	if (count === 0) return null;
	return (
		<p className={textStyles['note']}>
			{formatCount(count)} {what}
			{count === 1 ? '' : 's'} settled already: see{' '}
			<button type="button" className={textStyles['link']} onClick={() => go('activity')}>
				Activity
			</button>
			.
		</p>
	);
}

const LOST_SHOWN = 20;

/** Evidence stands without them; what cites them says so. */
function LostDocuments({ names }: { names: readonly string[] }) {
	if (names.length === 0) return null;
	const title = `${formatCount(names.length)} ${names.length === 1 ? 'document is' : 'documents are'} lost at the hub`;
	return (
		<article className={styles['card']} data-tone="warn" aria-label={title}>
			<h3>
				<VerdictBadge tone="warn">Incomplete</VerdictBadge> {title}
			</h3>
			<p>
				The hub says that it no longer holds their bytes. All else was verified and stored; rows that cite them are exceptions, and the
				documents count as missing.
			</p>
			<ol className={styles['steps']}>
				<li>Ask the company to send them to the hub again, under the same hashes. The next synchronisation then brings them.</li>
			</ol>
			<details>
				<summary>Their SHA-256</summary>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
				<pre className={styles['raw']} tabIndex={0}>
					{names.slice(0, LOST_SHOWN).join('\n')}
					{names.length > LOST_SHOWN ? `\n… and ${formatCount(names.length - LOST_SHOWN)} more` : ''}
				</pre>
			</details>
		</article>
	);
}

function StopCard({ stop, status }: { stop: SyncStop; status: SyncStatus }) {
	const set = useNav((nav) => nav.set);
	const [isCopied, setCopied] = useState(false);
	const { title, meaning, safe, steps } = stopWords(stop);
	const distrusted = isDistrust(stop);
	return (
		<article className={styles['card']} data-tone={distrusted ? 'fail' : 'warn'} aria-label={title}>
			<h3>
				<VerdictBadge tone={distrusted ? 'fail' : 'warn'}>{distrusted ? 'Hub not believed' : 'Stopped'}</VerdictBadge> {title}
			</h3>
			<p>{stop.message}</p>
			<p className={textStyles['muted']}>
				{meaning} {status.lastAt === null ? null : <Instant at={status.lastAt} />}
			</p>
			<p>{safe}</p>
			<ol className={styles['steps']}>
				{steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ol>
			<details>
				<summary>Technical details: {stop.code}</summary>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
				<pre className={styles['raw']} tabIndex={0}>
					{technicalDetails(stop, status)}
				</pre>
			</details>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void copyText(technicalDetails(stop, status)).then(setCopied)}>
					{isCopied ? 'Copied' : 'Copy technical details'}
				</Button>
				{distrusted ? null : (
					<Button variant="default" onClick={() => set({ tab: 'connection' })}>
						Open the connection
					</Button>
				)}
				<Button variant="subtle" onClick={() => void syncNow()}>
					Ask the hub again
				</Button>
			</div>
		</article>
	);
}

function PapersStop({ code, message, at }: { code: string; message: string; at: number | null }) {
	const isDistrusted = code === 'distrusted';
	return (
		<article className={styles['card']} data-tone={isDistrusted ? 'fail' : 'warn'} aria-label="Work papers not exchanged">
			<h3>
				<VerdictBadge tone={isDistrusted ? 'fail' : 'warn'}>{isDistrusted ? 'Hub not believed' : 'Not exchanged'}</VerdictBadge> Work papers
			</h3>
			<p>{message}</p>
			<p className={textStyles['muted']}>
				{code.replaceAll('_', ' ')} {at === null ? null : <Instant at={at} />}
			</p>
		</article>
	);
}
