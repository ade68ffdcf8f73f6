/**
 * Work papers between copies of an engagement and a hub: what waits to go, what came, and what of it needs a person. The evidence of a hub
 * comes by `feedApi`.
 */

import { type Act, type ActRef, type CellValue, refKey } from '#findings';
import { ok } from '#kernel';
import {
	EXCHANGE_MAX,
	type ExchangeCrypto,
	exchangeContent,
	type MergeOutcome,
	merge,
	mergeExchange,
	openExchange,
	type PushRequest,
	payloadOfPull,
	pullAnswerSchema,
	pushOf,
	writeExchange,
} from '#sync';
import { type PieceReader, piecedSource } from './byteSource.ts';
import type { Answer } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { doActs } from './onEngagement.ts';
import { passphraseFault } from './passphrase.ts';
import {
	type ConflictRow,
	conflictRows,
	type OutboxRow,
	openOf,
	outboxRows,
	type PapersStatus,
	type RefusedRow,
	refusedRows,
	statusOf,
} from './syncViews.ts';
import { refuse } from './vaultError.ts';

export type { ConflictRow, OutboxRow, PapersStatus, RefusedRow } from './syncViews.ts';

/** What a file or an answer brought. */
export interface Received {
	readonly kind: 'advance' | 'rebase';
	/** New acts of others, and new places. */
	readonly acts: number;
	readonly confirmed: number;
	readonly openConflicts: number;
	readonly openRefusals: number;
}

export function syncApi(context: CoreContext, crypto: ExchangeCrypto) {
	let stopped: (NonNullable<PapersStatus['stopped']> & { readonly engagementId: string }) | null = null;
	const opened = <T>(read: (engagement: VaultEngagement) => T): Answer<T> => {
		const open = context.open();
		return open.ok ? ok(read(open.value)) : open;
	};
	const acting = async (make: (engagement: VaultEngagement) => Answer<readonly Act[]>): Promise<Answer<void>> => {
		const open = context.open();
		if (!open.ok) return open;
		const acts = make(open.value);
		return acts.ok ? await doActs(open.value, ...acts.value) : acts;
	};
	const receivedOf = (engagement: VaultEngagement, outcome: MergeOutcome): Answer<Received> => {
		if (outcome.kind === 'reject') {
			const { code, message } = outcome.reason;
			stopped = { engagementId: engagement.engagementId, code, message, at: context.now() };
			context.changed({ kind: 'workbook', seq: engagement.workbook().seq });
			return refuse('conflict', `${message} Nothing of it was taken in, and nothing here has changed.`);
		}
		const { openConflicts, openRefusals } = openOf(engagement.workbook());
		return ok({ kind: outcome.kind, acts: outcome.acts.length, confirmed: outcome.order.length, openConflicts, openRefusals });
	};
	return {
		status: (): Answer<PapersStatus> =>
			opened((engagement) => statusOf(engagement, stopped?.engagementId === engagement.engagementId ? stopped : null)),
		/** Acts that wait for their confirmed place, in the order in which they go. */
		outbox: (): Answer<readonly OutboxRow[]> => opened(outboxRows),
		/** @param hubHas positions that the hub is known to have */
		nextPush: (hubHas: number): Answer<PushRequest> => opened(({ papers }) => pushOf(papers.state(), hubHas, papers.sender)),
		/** Merges a hub's answer. What is not merged is told by `status` as well. */
		async receive(answer: unknown): Promise<Answer<Received>> {
			const open = context.open();
			if (!open.ok) return open;
			const parsed = pullAnswerSchema.safeParse(answer);
			if (!parsed.success)
				return refuse('invalid', 'The hub answered what this version of the program does not read. Update the older one.');
			const payload = payloadOfPull(parsed.data);
			const merged = await open.value.papers.receive(payload.acts, (state, verify) => ok(merge(state, payload, verify)));
			return merged.ok ? receivedOf(open.value, merged.value) : merged;
		},
		/** Open ones first, then those that are settled. */
		conflicts: (): Answer<readonly ConflictRow[]> => opened(conflictRows),
		/** @param value what stands from now on; that of the side chosen */
		settle: (conflictId: string, choice: 'first' | 'second' | 'new', value: CellValue): Promise<Answer<void>> =>
			acting(() => ok([{ type: 'conflict.settled', conflictId, choice, value }])),
		/** Acts that the rules refused at their place. */
		refused: (): Answer<readonly RefusedRow[]> => opened(refusedRows),
		dismiss: ({ replica, seq }: ActRef, reason: string): Promise<Answer<void>> =>
			acting(() => ok([{ type: 'refusal.dismissed', replica, seq, reason }])),
		/** Does a refused act once more, as a new one on top of what stands now. */
		retry: (ref: ActRef): Promise<Answer<void>> =>
			acting((engagement) => {
				const refused = engagement.workbook().refused.get(refKey(ref));
				if (!refused) return refuse('not_found', 'No act of this number was refused.');
				if (refused.act.type === 'signoff.given')
					return refuse('not_allowed', 'A signature is not repeated. Open what it stands on and sign it with your passphrase.');
				const { replica, seq } = refused.ref;
				return ok([refused.act, { type: 'refusal.dismissed', replica, seq, reason: 'Done again' }]);
			}),
		/** A partner makes this copy the one that orders, where the one that did is lost. */
		async takeOver(): Promise<Answer<void>> {
			const open = context.open();
			return open.ok ? await open.value.papers.takeOver() : open;
		},
		/** A partner hands the ordering over to a hub; what was ordered so far stays as it is. */
		appointHub: (log: string, vkey: string): Promise<Answer<void>> =>
			acting(() => ok([{ type: 'sequencer.appointed', sequencer: { kind: 'hub', log, vkey } }])),
		/**
		 * Writes all work papers into an exchange file, encrypted under a passphrase that goes another way. A job.
		 * @param write takes the file's bytes; by comlink, wrap it in `proxy`
		 */
		async exportExchange(
			passphrase: string,
			write: (bytes: Uint8Array) => Promise<Answer<void>>,
		): Promise<Answer<{ readonly acts: number }>> {
			const open = context.open();
			if (!open.ok) return open;
			const engagement = open.value;
			const fault = transferFault(engagement, passphrase);
			if (fault !== null) return refuse('weak_passphrase', fault);
			return await context.job('Writing an exchange file', async ({ signal, progress }) => {
				const { papers } = engagement;
				const content = exchangeContent(papers.state(), papers.sender, new Date(context.now()).toISOString());
				progress('Encrypting', 0, content.acts.length, 'acts');
				const sender = { memberId: papers.sender.name, sign: papers.sender.sign };
				const file = await writeExchange(content, sender, passphrase, crypto);
				if (signal.aborted) return refuse('cancelled', 'It was cancelled; no file was written.');
				const written = await write(file);
				return written.ok ? ok({ acts: content.acts.length }) : written;
			});
		},
		/**
		 * Takes an exchange file in: judged whole, then merged. A job.
		 * @param read gives pieces of the file; by comlink, wrap it in `proxy`
		 */
		async importExchange(size: number, read: PieceReader, passphrase: string): Promise<Answer<Received>> {
			const open = context.open();
			if (!open.ok) return open;
			const engagement = open.value;
			if (size > EXCHANGE_MAX) return refuse('unreadable_file', `An exchange file has at most ${EXCHANGE_MAX >> 20} MiB.`);
			return await context.job('Taking in an exchange file', async (job) => {
				const file = await piecedSource(size, read, job, 1).read(0, size);
				const exchange = await openExchange(file, passphrase, crypto);
				if (!exchange.ok)
					return refuse(exchange.error.code === 'not_opened' ? 'wrong_passphrase' : 'unreadable_file', exchange.error.message);
				const merged = await engagement.papers.receive(exchange.value.content.acts, (state, verify) => {
					const judged = mergeExchange(state, exchange.value, verify);
					return judged.ok ? judged : refuse('unreadable_file', judged.error.message);
				});
				return merged.ok ? receivedOf(engagement, merged.value) : merged;
			});
		},
	};
}

function transferFault(engagement: VaultEngagement, passphrase: string): string | null {
	const { name, client, organisation } = engagement.workbook().engagement;
	return passphraseFault(passphrase, [name, client, organisation, engagement.member().name]);
}
