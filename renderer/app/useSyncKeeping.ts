/** The synchronisation's commands, and the quiet look at the hub every few minutes while the engagement is open. */
import { useEffect } from 'react';
import { useRunningJobId } from '../components/JobProgress.tsx';
import { useNav } from '../state/nav.ts';
import { usePrefs } from '../state/prefs.ts';
import { useCommands } from './commands.ts';
import { lookAtHub, syncNow, whyNoSync } from './syncActions.ts';
import { needsPerson } from './syncPill.ts';
import { useSummary } from './useSummary.ts';
import { SYNC_JOB, useFeedStatus, useLook } from './useSync.ts';
import { openVault } from './vault.ts';

const EVERY_MS = 5 * 60_000;

export function useSyncKeeping(): void {
	const summary = useSummary();
	const feed = useFeedStatus();
	const status = feed.state === 'ready' ? feed.data : null;
	const isRunning = useRunningJobId(SYNC_JOB) !== null;
	const go = useNav((nav) => nav.go);
	const why = whyNoSync(status, isRunning);
	useCommands(
		() => [
			{ id: 'sync.now', title: 'Sync now', group: 'Sync', keys: '$mod+Shift+y', disabled: why, run: syncNow },
			{ id: 'sync.export', title: 'Export exchange file', group: 'Sync', run: () => go('sync', { tab: 'exchange', file: 'export' }) },
			{ id: 'sync.import', title: 'Import exchange file', group: 'Sync', run: () => go('sync', { tab: 'exchange', file: 'import' }) },
		],
		[why, go],
	);
	const isWanted =
		usePrefs(({ syncQuietly }) => syncQuietly !== 'off') && summary?.isSample === false && status !== null && status.url !== null;
	useEffect(() => {
		if (!isWanted) return;
		void lookQuietly();
		const timer = setInterval(() => void lookQuietly(), EVERY_MS);
		return () => clearInterval(timer);
	}, [isWanted]);
}

/** A hub that was not believed is left alone until a person has looked at it. */
async function lookQuietly(): Promise<void> {
	const vault = openVault();
	const [status, jobs] = [await vault.feed.status(), await vault.jobs.list()];
	if (!status.ok || !jobs.ok || jobs.value.some(({ outcome, label }) => outcome === 'running' && SYNC_JOB.test(label))) return;
	if (status.value.url === null || needsPerson(status.value.lastStop)) return;
	const looked = await lookAtHub(status.value);
	if (!looked.ok || !looked.value.hasNews || usePrefs.getState().syncQuietly !== 'bring') return;
	const pulled = await vault.feed.pull();
	if (pulled.ok) useLook.getState().note({ hasNews: false });
}
