/** How the synchronisation stands, for the top bar and the Sync screen: one reading, so that they never disagree. */
import { create } from 'zustand';
import type { SyncStop } from '#sync';
import { useRunningJob } from '../components/JobProgress.tsx';
import type { VaultError } from '../vault/contract.ts';
import type { SyncStatus } from '../vault/feedApi.ts';
import type { PapersStatus } from '../vault/syncApi.ts';
import { needsPerson, type SyncFacts } from './syncPill.ts';
import { type Query, useQuery } from './useQuery.ts';

/** What the last quiet look at the hub saw; gone with the page. */
interface Look {
	/** Null: nobody has looked since the engagement was opened. */
	readonly isReached: boolean | null;
	/** The hub's logs are longer than what was brought in. */
	readonly hasNews: boolean;
	/** Why work papers were not exchanged last, where a person has to see to it. */
	readonly papersStop: VaultError | null;
	note(look: Partial<Pick<Look, 'isReached' | 'hasNews' | 'papersStop'>>): void;
}

export const useLook = create<Look>((set) => ({ isReached: null, hasNews: false, papersStop: null, note: (look) => set(look) }));

export const SYNC_JOB = /^Synchronis/;

export const useFeedStatus = (): Query<SyncStatus> => useQuery((vault) => vault.feed.status(), [], ['sync', 'workbook', 'evidence']);
export const usePapersStatus = (): Query<PapersStatus> => useQuery((vault) => vault.sync.status(), [], ['sync', 'workbook']);

/** What waits for a person: conflicts, refused acts, a hub or a copy that was not believed. */
export function waitingOf(feed: Pick<SyncStatus, 'lastStop' | 'lost'> | null, papers: PapersStatus | null): number {
	const stop: SyncStop | null = feed?.lastStop ?? null;
	const ofPapers = papers ? papers.openConflicts + papers.openRefusals + (papers.stopped ? 1 : 0) : 0;
	return ofPapers + (needsPerson(stop) ? 1 : 0) + ((feed?.lost.length ?? 0) > 0 ? 1 : 0);
}

export function useSyncFacts(): SyncFacts | null {
	const feed = useFeedStatus();
	const papers = usePapersStatus();
	const look = useLook();
	const job = useRunningJob(SYNC_JOB);
	if (feed.state !== 'ready') return null;
	const { url, lastOkAt, lastStop } = feed.data;
	const standing = papers.state === 'ready' ? papers.data : null;
	return {
		...{ isConnected: url !== null, lastOkAt, lastStop, hasNews: look.hasNews },
		isOutOfReach: url !== null && (look.isReached === null ? lastStop !== null : !look.isReached),
		toSend: standing?.pending ?? 0,
		isPapersDistrusted: look.papersStop?.code === 'distrusted',
		waiting: waitingOf({ lastStop: null, lost: feed.data.lost }, standing) + (look.papersStop ? 1 : 0),
		isRunning: job !== null,
		share: job && job.total > 0 ? job.done / job.total : null,
	};
}
