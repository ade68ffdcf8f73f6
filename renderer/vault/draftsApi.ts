/** Drafts for the window: what somebody was typing when the window locked, and is theirs to keep or discard. */

import { z } from 'zod';
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import type { Draft, DraftFields } from './drafts.ts';
import type { CoreContext } from './engagement.ts';
import { onEngagement } from './onEngagement.ts';
import { refuse } from './vaultError.ts';

export type { Draft, DraftFields } from './drafts.ts';

const PLACE_CHARS = 400;
const TEXT_CHARS = 20_000;
const FIELDS_MAX = 8;

const place = z.string().min(1).max(PLACE_CHARS);
const fields = z.record(z.string().max(40), z.string().max(TEXT_CHARS)).refine((each) => Object.keys(each).length <= FIELDS_MAX);

const refused = (): Answer<never> => refuse('invalid', 'This text is too long to be kept as a draft. Save it, or shorten it.');

export function draftsApi(context: Pick<CoreContext, 'open'>) {
	return {
		/** Keeps what is typed at a place ("finding:…:cause"), a moment later; a lock keeps it at once. */
		keep(at: string, typed: DraftFields): Promise<Answer<void>> {
			const open = context.open();
			if (!open.ok) return Promise.resolve(open);
			if (!place.safeParse(at).success || !fields.safeParse(typed).success) return Promise.resolve(refused());
			open.value.drafts.keep(open.value.memberId, at, typed);
			return Promise.resolve(ok(undefined));
		},
		/** The open member's own draft of a place; null where there is none. */
		find(at: string): Promise<Answer<Draft | null>> {
			return onEngagement(context, async ({ drafts, memberId }) => ok(await drafts.find(memberId, at)));
		},
		/** Once the act stands in the log, or the draft is discarded. */
		drop(at: string): Promise<Answer<void>> {
			return onEngagement(context, async ({ drafts, memberId }) => {
				await drafts.drop(memberId, at);
				return ok(undefined);
			});
		},
	};
}
