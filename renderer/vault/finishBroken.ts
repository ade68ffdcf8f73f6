/** What a crash leaves half done, finished at the next start. */
import { deleteDatabase } from './database.ts';
import type { EngagementLocks } from './engagementLocks.ts';
import type { HeaderStore, IndexedDbPort } from './header.ts';

/** Takes away engagements that were never complete, and those that were being disposed of. */
export async function finishBroken(
	headers: HeaderStore,
	ports: { readonly idb: IndexedDbPort; readonly locks: EngagementLocks },
): Promise<void> {
	for (const { engagementId, state } of await headers.list()) {
		if (state === 'ready') continue;
		// Another window may be about it at this moment.
		const release = await ports.locks.take(engagementId);
		if (release === null) continue;
		// It may have been finished while this waited.
		if ((await headers.get(engagementId))?.state !== 'ready') {
			await deleteDatabase(ports.idb, engagementId);
			await headers.remove(engagementId);
		}
		release();
	}
}
