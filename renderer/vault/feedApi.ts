/** Evidence from a hub: connecting, pinning whom to believe, pulling what is new, and what the hub says of its feeds. */

import type { z } from 'zod';
import { can } from '#findings';
import type { IntakePorts } from '#intake';
import { ok } from '#kernel';
import {
	askHubFor,
	deadLettersAnswerSchema,
	describeTrustPolicyError,
	type FeedsAnswer,
	feedsAnswerSchema,
	type HubPorts,
	type TraceAnswer,
	tenantAnswerSchema,
	traceAnswerSchema,
	trustPolicy,
} from '#sync';
import type { Answer } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { keepEquivocation } from './equivocations.ts';
import { equivocationsApi } from './equivocationsApi.ts';
import { type Received, receivedOf } from './feedHistory.ts';
import { type PullOutcome, pullAll } from './feedPull.ts';
import { noteOutcome, type SyncStatus, statusOf, stopAsError } from './feedStatus.ts';
import { claimOf, type HubClaim } from './hubClaim.ts';
import { type FilesLine, type HubAddress, hubPorts, hubTransport, NOT_CONNECTED } from './hubLink.ts';
import { onEngagement } from './onEngagement.ts';
import { pinnedPolicy, pinningActs, type StoredPolicy } from './trustRecord.ts';
import { refuse } from './vaultError.ts';

export type { EquivocationRow } from './equivocations.ts';
export type { PullOutcome } from './feedPull.ts';
export type { SyncStatus } from './feedStatus.ts';
export type { HubClaim } from './hubClaim.ts';

export function feedApi(context: CoreContext, ports: Promise<IntakePorts>, line: FilesLine) {
	const linked = <T>(work: (engagement: VaultEngagement, hub: HubPorts) => Promise<Answer<T>>): Promise<Answer<T>> =>
		onEngagement(context, async (engagement) => {
			const address = await engagement.link.address();
			return address ? work(engagement, hubPorts(hubTransport(line, address), null)) : NOT_CONNECTED;
		});
	const asked = <T>(path: string, schema: z.ZodType<T>): Promise<Answer<T>> =>
		linked(async (_, hub) => {
			const answer = await askHubFor(hub, { method: 'GET', path }, '', schema);
			return answer.ok ? answer : stopAsError(answer.error);
		});

	let isPulling = false;
	return {
		/** Asks a hub who it is. Nothing is kept: `connect` does that, once the fingerprint was compared. */
		inspect(address: HubAddress): Promise<Answer<HubClaim>> {
			return onEngagement(context, async (engagement) => {
				const answer = await askHubFor(
					hubPorts(hubTransport(line, address), null),
					{ method: 'GET', path: '/v1/tenant' },
					'',
					tenantAnswerSchema,
				);
				return answer.ok ? claimOf(answer.value, pinnedPolicy(engagement.workbook())) : stopAsError(answer.error);
			});
		},

		/** Keeps the address sealed and pins the policy whose fingerprint a person confirmed. */
		connect(address: HubAddress, policy: StoredPolicy): Promise<Answer<void>> {
			return onEngagement(context, async (engagement) => {
				const judged = trustPolicy(policy.log, policy.keys, policy.witnesses, policy.quorum);
				if (!judged.ok) return refuse('invalid', describeTrustPolicyError(judged.error));
				const acts = pinningActs(engagement.workbook(), policy, judged.value);
				if (acts.length > 0) {
					const done = await engagement.act(...acts);
					if (!done.ok) return done;
					// What was begun under another policy is not gone on with.
					await engagement.store.staged.remove();
				}
				await engagement.link.setAddress(address);
				context.changed({ kind: 'sync' });
				return ok(undefined);
			});
		},

		/** Forgets address and token, and a pull that was broken off. What was pulled, and the pins, stay. */
		disconnect(): Promise<Answer<void>> {
			return onEngagement(context, async ({ link, store }) => {
				await link.setAddress(null);
				await store.staged.remove();
				context.changed({ kind: 'sync' });
				return ok(undefined);
			});
		},

		status(): Promise<Answer<SyncStatus>> {
			return onEngagement(context, async (engagement) => ok(await statusOf(engagement)));
		},

		/** Brings what is new, believes it only whole, and moves the pins with it. */
		pull(): Promise<Answer<PullOutcome>> {
			return context.job('Synchronising evidence from the hub', async (job) => {
				const open = context.open();
				if (!open.ok) return open;
				const engagement = open.value;
				const { role } = engagement.member();
				if (!can(role, 'population.imported'))
					return refuse('not_allowed', `As ${role} you can’t take evidence in. Ask a preparer or a partner.`);
				const address = await engagement.link.address();
				const policy = pinnedPolicy(engagement.workbook());
				if (!address || !policy) return NOT_CONNECTED;
				if (isPulling) return refuse('conflict', 'Evidence is being brought in already. Wait for it, or cancel it.');
				isPulling = true;
				const hub = hubPorts(hubTransport(line, address), job.signal);
				const tools = { engagement, policy, hub, ports: await ports, job, randomId: context.randomId };
				const pulled = await pullAll(tools).finally(() => {
					isPulling = false;
				});
				const found = pulled.ok ? undefined : pulled.error.stop?.equivocation;
				if (found) await keepEquivocation(engagement.link, found, policy, context.now());
				await noteOutcome(engagement, context.now(), pulled);
				context.changed({ kind: 'sync' });
				return pulled.ok ? pulled : pulled.error.answer;
			});
		},

		/** What came so far. */
		received(): Promise<Answer<Received>> {
			return onEngagement(context, async (engagement) => ok(await receivedOf(engagement)));
		},

		// biome-ignore lint/nursery/noMisusedPromises: an object of functions, no promise; the linter takes it for one
		...equivocationsApi(context),

		/** What the hub says of its feeds now. */
		feeds: (): Promise<Answer<FeedsAnswer>> => asked('/v1/feeds', feedsAnswerSchema),
		deadLetters: () => asked('/v1/dead-letters?state=open', deadLettersAnswerSchema),
		trace: (traceId: string): Promise<Answer<TraceAnswer>> => asked(`/v1/traces/${encodeURIComponent(traceId)}`, traceAnswerSchema),
	};
}
