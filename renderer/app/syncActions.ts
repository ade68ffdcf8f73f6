/** What a synchronisation does, whoever asks for it: a person, a key, or the clock. */
import { can } from '#findings';
import { ok } from '#kernel';
import type { SyncStop } from '#sync';
import { useNav } from '../state/nav.ts';
import type { Answer, VaultError } from '../vault/contract.ts';
import type { PullOutcome, SyncStatus } from '../vault/feedApi.ts';
import type { PapersExchanged } from '../vault/papersLink.ts';
import { formatCount, plural } from './format.ts';
import { notify } from './notify.ts';
import { needsPerson } from './syncPill.ts';
import { useLook } from './useSync.ts';
import { openVault } from './vault.ts';

/** Evidence in, then work papers both ways; says what came of it. */
export async function syncNow(): Promise<void> {
	const summary = await openVault().workbook.summary();
	const mayPull = summary.ok && can(summary.value.role, 'population.imported');
	if (mayPull && !(await bringEvidence())) return;
	await exchangePapers();
}

/** @returns whether to go on with what else there is */
async function bringEvidence(): Promise<boolean> {
	const { feed } = openVault();
	const pulled = await feed.pull();
	if (pulled.ok) {
		useLook.getState().note({ isReached: true, hasNews: false });
		notify({ tone: (pulled.value.imported?.lost ?? 0) > 0 ? 'warn' : 'done', message: pulledWords(pulled.value) });
		return true;
	}
	const status = await feed.status();
	// A hub that was reached, but has no evidence yet, still takes work papers.
	const isHubs = status.ok && status.value.lastStop !== null && status.value.lastStop.status !== 404;
	tellFault(pulled.error, status.ok ? status.value.lastStop : null);
	return !isHubs && pulled.error.code !== 'cancelled';
}

/** Sends what waits and takes what colleagues did. */
export async function exchangePapers(): Promise<void> {
	const exchanged = await openVault().papers.exchange();
	if (exchanged.ok) {
		useLook.getState().note({ isReached: true, papersStop: null });
		const { openConflicts, openRefusals } = exchanged.value;
		return notify({ tone: openConflicts + openRefusals > 0 ? 'warn' : 'done', message: exchangedWords(exchanged.value) });
	}
	const { error } = exchanged;
	const isForPerson = error.code === 'distrusted' || error.code === 'conflict';
	if (isForPerson) useLook.getState().note({ papersStop: error });
	tellFault(error, null);
}

function tellFault({ code, message }: VaultError, stop: SyncStop | null): void {
	// Being offline is no failure: the pill says it.
	const isOffline = code === 'not_connected' && !needsPerson(stop);
	if (isOffline) useLook.getState().note({ isReached: false });
	else if (code === 'distrusted' || code === 'not_connected') useNav.getState().go('sync', { tab: 'exchange' });
	if (isOffline) notify({ tone: 'warn', message: `${message} Work goes on; nothing is lost.` });
	else notify({ tone: code === 'cancelled' ? 'warn' : 'failed', message });
}

function exchangedWords({ sent, received, openConflicts, openRefusals }: PapersExchanged): string {
	const needs = openConflicts + openRefusals;
	if (sent === 0 && received === 0 && needs === 0) return 'Work papers are the same here and at the hub.';
	return `${plural(sent, 'act')} sent, ${plural(received, 'act')} of colleagues received.${needs > 0 ? ` ${formatCount(needs)} ${needs === 1 ? 'needs' : 'need'} you: see Sync.` : ''}`;
}

function pulledWords({ imported, publication, records }: PullOutcome): string {
	const own = records > 0 ? ` ${plural(records, 'new record')} of the hub’s own log.` : '';
	const lost = imported && imported.lost > 0 ? ` ${plural(imported.lost, 'document')} the hub could not give: see Sync.` : '';
	return imported
		? `Publication ${formatCount(publication ?? 0)} verified and stored: ${plural(imported.rows, 'row')}.${lost}${own}`
		: `Nothing new: publication ${formatCount(publication ?? 0)} stands.${own}`;
}

/** Why nothing can be synchronised now, or null. */
export function whyNoSync(status: SyncStatus | null, isRunning: boolean): string | null {
	if (isRunning) return 'A synchronisation runs already.';
	if (status === null) return 'The engagement is still being opened.';
	return status.url === null ? 'This engagement is not connected to a hub.' : null;
}

/** Looks whether the hub can be reached and has more than was brought in. Quiet: nothing is fetched, nothing is said but by the pill. */
export async function lookAtHub(status: SyncStatus): Promise<Answer<{ readonly hasNews: boolean }>> {
	const answer = await openVault().feed.feeds();
	if (!answer.ok) {
		useLook.getState().note({ isReached: false });
		return answer;
	}
	const hasNews = answer.value.feeds.some(({ feed, kind, position }) => kind === 'sealed' && position > (status.heads[feed]?.size ?? 0));
	useLook.getState().note({ isReached: true, hasNews });
	return ok({ hasNews });
}
