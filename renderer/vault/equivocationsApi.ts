/** Two signed histories of a log: what was seen, the proof for somebody else, and the decision which is believed. */
import { ok } from '#kernel';
import { equivocationProof } from '#sync';
import type { Answer } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { type Believed, type EquivocationRow, equivocationOf, equivocationRows, settlingAct } from './equivocations.ts';
import { clearStop } from './feedStatus.ts';
import { onEngagement } from './onEngagement.ts';
import { pinnedPolicy } from './trustRecord.ts';
import { refuse } from './vaultError.ts';

export function equivocationsApi(context: CoreContext) {
	return {
		/** Two signed histories of a log, as they were seen here; settled and not. */
		equivocations(): Promise<Answer<readonly EquivocationRow[]>> {
			return onEngagement(context, async (engagement) => ok(await equivocationRows(engagement.link, engagement.workbook())));
		},

		/** Both notes of a pair, with the keys and the way to check them, as a file for somebody else. */
		equivocationProof(id: string): Promise<Answer<string>> {
			return onEngagement(context, async (engagement) => {
				const found = await equivocationOf(engagement.link, id);
				const policy = pinnedPolicy(engagement.workbook());
				return found && policy ? ok(equivocationProof(found, policy)) : refuse('not_found', 'These two heads are not kept here.');
			});
		},

		/** Says which of two signed heads is believed from now on. The next pull goes on from it; the pair stays. */
		settleEquivocation(id: string, believed: Believed, reason: string): Promise<Answer<void>> {
			return onEngagement(context, async (engagement) => {
				if (reason.trim() === '') return refuse('invalid', 'Say why this history is believed: the reason stands in the log.');
				if (!(await equivocationOf(engagement.link, id))) return refuse('not_found', 'These two heads are not kept here.');
				const done = await engagement.act(settlingAct(id, believed, reason.trim()));
				if (!done.ok) return done;
				await clearStop(engagement);
				context.changed({ kind: 'sync' });
				return ok(undefined);
			});
		},
	};
}
