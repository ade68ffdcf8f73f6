/** Sync: evidence in, work papers out and in, and what of it needs a person. Nothing here is needed to go on working. */
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { syncNow, whyNoSync } from '../../app/syncActions.ts';
import { SYNC_JOB, useFeedStatus, useLook, usePapersStatus, waitingOf } from '../../app/useSync.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { RunningJob, useRunningJobId } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { Tabs } from '../../components/Tabs.tsx';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { SyncStatus } from '../../vault/feedApi.ts';
import { Connection } from './Connection.tsx';
import { Exchange } from './Exchange.tsx';
import { Feeds } from './Feeds.tsx';
import { QuietButton } from './QuietButton.tsx';
import styles from './Sync.module.css';
import { Trace } from './Trace.tsx';

type Face = 'exchange' | 'feeds' | 'trace' | 'connection';

const FACES: readonly (readonly [Face, string])[] = [
	['exchange', 'Exchange'],
	['feeds', 'Feeds'],
	['trace', 'Trace of an event'],
	['connection', 'Connection & trust'],
];

export function Sync() {
	const { params, set } = useNav();
	const face = FACES.find(([id]) => id === params['tab'])?.[0] ?? 'exchange';
	const feed = useFeedStatus();
	const papers = usePapersStatus();
	const isRunning = useRunningJobId(SYNC_JOB) !== null;
	const status = feed.state === 'ready' ? feed.data : null;
	const why = whyNoSync(status, isRunning);
	useCommands(
		() =>
			FACES.map(([id, title], at) => ({
				id: `sync.face.${id}`,
				title: `Sync: ${title}`,
				group: 'Sync',
				keys: `Alt+${at + 1}`,
				run: () => set({ tab: id }),
			})),
		[set],
	);
	const papersStop = useLook((look) => look.papersStop);
	const needs = waitingOf(status, papers.state === 'ready' ? papers.data : null) + (papersStop ? 1 : 0);
	return (
		<div className={layoutStyles['fill']}>
			<ScreenHeader
				title="Sync"
				tabs={
					<Tabs
						label="Faces of the synchronisation"
						tabs={FACES}
						tab={face}
						onTab={(tab) => set({ tab })}
						countOf={(tab) => (tab === 'exchange' && needs > 0 ? `▲ ${formatCount(needs)}` : '')}
					/>
				}
				meta={status ? <Meta status={status} /> : null}
				actions={
					status === null || status.url === null ? null : (
						<QuietButton why={why} hint="Ctrl+Shift+Y" onClick={() => void syncNow()}>
							Sync now
						</QuietButton>
					)
				}
			/>
			{isRunning ? (
				<div className={styles['job']}>
					<RunningJob
						label={SYNC_JOB}
						note="What was stored before stands until the new evidence is verified whole. What came before a cancel or a broken line is kept apart, and gone on from next time."
					/>
				</div>
			) : null}
			<Ask query={feed}>
				{(data) => (
					<div className={layoutStyles['page']} role="tabpanel" aria-label={FACES.find(([id]) => id === face)?.[1] ?? ''}>
						{face === 'exchange' ? (
							<Exchange status={data} />
						) : face === 'feeds' ? (
							<Feeds isConnected={data.url !== null} />
						) : face === 'trace' ? (
							<Trace isConnected={data.url !== null} />
						) : (
							<Connection status={data} />
						)}
					</div>
				)}
			</Ask>
		</div>
	);
}

function Meta({ status: { url, lastOkAt, publication } }: { status: SyncStatus }) {
	if (url === null) return <VerdictBadge tone="neutral">Not connected</VerdictBadge>;
	return (
		<>
			<span>{url}</span>
			{lastOkAt === null ? (
				<span>never synchronised</span>
			) : (
				<span>
					last sync <Instant at={lastOkAt} />
				</span>
			)}
			{publication === null ? null : <span>publication {formatCount(publication)}</span>}
		</>
	);
}
