/** What capabilities do on the open engagement, and what they answer where it is locked or has no evidence. */
import type { Act } from '#findings';
import { ok } from '#kernel';
import type { Answer, LoadedEvidence, OpenEngagement } from './contract.ts';
import { guarded, refuse } from './vaultError.ts';

/** Works on the open engagement. Where none is open, or the store fails, the answer is the refusal. */
export const onEngagement = <E, T>(
	context: { open(): Answer<E> },
	work: (engagement: E) => Promise<Answer<T>> | Answer<T>,
): Promise<Answer<T>> =>
	guarded(async () => {
		const open = context.open();
		return open.ok ? await work(open.value) : open;
	});

/** Appends acts where nothing is to be said of them but that they are done. */
export async function doActs(engagement: OpenEngagement, ...acts: readonly Act[]): Promise<Answer<void>> {
	const done = await engagement.act(...acts);
	return done.ok ? ok(undefined) : done;
}

/** The evidence loaded in it, or the refusal. */
export function evidenceOf(engagement: OpenEngagement): Answer<LoadedEvidence> {
	const loaded = engagement.evidence();
	return loaded ? ok(loaded) : refuse('no_evidence', 'No evidence is loaded. Import a drop first.');
}
