/** Evidence from a hub: connecting, pinning whom to believe, pulling what is new, and what the hub says of its feeds. */

import type { z } from 'zod';
import { can } from '#findings';
import type { IntakePorts } from '#intake';
import { err, type Json, ok, type Result } from '#kernel';
import {
	askHubFor,
	deadLettersAnswerSchema,
	describeTrustPolicyError,
	type FeedPin,
	FeedStopped,
	type FeedsAnswer,
	feedSource,
	feedsAnswerSchema,
	type HubPorts,
	isDistrust,
	judgePulled,
	judgeStanding,
	NO_RECORDS,
	type PullAsk,
	type PullPlan,
	planPull,
	policyFingerprint,
	pullRecords,
	type RecordsPin,
	type SyncStop,
	type TenantAnswer,
	type TraceAnswer,
	type TrustPolicy,
	tenantAnswerSchema,
	traceAnswerSchema,
	trustPolicy,
} from '#sync';
import type { Answer, JobControl } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { keepRecords, type Received, receivedOf } from './feedHistory.ts';
import { type FilesLine, type HubAddress, hubPorts, hubTransport } from './hubLink.ts';
import { type ImportOutcome, runImport } from './importJob.ts';
import { pinnedPolicy, pinningActs, type StoredPolicy } from './trustRecord.ts';
import { guarded, refuse } from './vaultError.ts';

/** What a hub claims to be, for a person to compare with what the company said. */
export interface HubClaim {
	readonly tenant: TenantAnswer;
	/** Of the policy that would be pinned. */
	readonly fingerprint: string;
	readonly policy: StoredPolicy;
	/** Another policy is pinned already, and this one differs from it. */
	readonly differsFromPinned: boolean;
}

export interface SyncStatus {
	readonly url: string | null;
	readonly policy: {
		readonly log: string;
		readonly fingerprint: string;
		/** `<name>+<key id>` of the keys that may sign, with the sizes up to which they may. */
		readonly keys: readonly { readonly name: string; readonly until: Readonly<Record<string, number>> }[];
		/** `<name>+<key id>`. */
		readonly witnesses: readonly string[];
		readonly quorum: number;
	} | null;
	readonly publication: number | null;
	readonly heads: FeedPin['heads'];
	/** Milliseconds; of the last time the hub was asked, with or without news. */
	readonly lastAt: number | null;
	/** Milliseconds; of the last time that came through. */
	readonly lastOkAt: number | null;
	/** Why the last pull stopped; null after one that did not. */
	readonly lastStop: SyncStop | null;
}

export interface PullOutcome {
	/** Null: nothing was new. */
	readonly imported: ImportOutcome | null;
	readonly publication: number | null;
	/** New records of the hub's own log. */
	readonly records: number;
}

interface KeptStatus {
	readonly lastAt: number;
	readonly lastOkAt: number | null;
	readonly lastStop: SyncStop | null;
}

export const stopAsError = (stop: SyncStop): Answer<never> =>
	err({ code: stop.code === 'cancelled' ? 'cancelled' : isDistrust(stop) ? 'distrusted' : 'not_connected', message: stop.message });

export function feedApi(context: CoreContext, ports: Promise<IntakePorts>, line: FilesLine) {
	const linked = <T>(work: (engagement: VaultEngagement, hub: HubPorts) => Promise<Answer<T>>): Promise<Answer<T>> =>
		guarded(async () => {
			const open = context.open();
			if (!open.ok) return open;
			const address = await open.value.link.address();
			if (!address) return refuse('not_connected', 'This engagement is not connected to a hub. Connect it under Sync.');
			return work(open.value, hubPorts(hubTransport(line, address), null));
		});
	const asked = <T>(path: string, schema: z.ZodType<T>): Promise<Answer<T>> =>
		linked(async (_, hub) => {
			const answer = await askHubFor(hub, { method: 'GET', path }, '', schema);
			return answer.ok ? answer : stopAsError(answer.error);
		});

	return {
		/** Asks a hub who it is. Nothing is kept: `connect` does that, once the fingerprint was compared. */
		inspect(address: HubAddress): Promise<Answer<HubClaim>> {
			return guarded(async () => {
				const open = context.open();
				if (!open.ok) return open;
				const answer = await askHubFor(
					hubPorts(hubTransport(line, address), null),
					{ method: 'GET', path: '/v1/tenant' },
					'',
					tenantAnswerSchema,
				);
				return answer.ok ? claimOf(answer.value, pinnedPolicy(open.value.workbook())) : stopAsError(answer.error);
			});
		},

		/** Keeps the address sealed and pins the policy whose fingerprint a person confirmed. */
		connect(address: HubAddress, policy: StoredPolicy): Promise<Answer<void>> {
			return guarded(async () => {
				const open = context.open();
				if (!open.ok) return open;
				const engagement = open.value;
				const judged = trustPolicy(policy.log, policy.keys, policy.witnesses, policy.quorum);
				if (!judged.ok) return refuse('invalid', describeTrustPolicyError(judged.error));
				const acts = pinningActs(engagement.workbook(), policy, judged.value);
				if (acts.length > 0) {
					const done = await engagement.act(...acts);
					if (!done.ok) return done;
				}
				await engagement.link.setAddress(address);
				context.changed({ kind: 'sync' });
				return ok(undefined);
			});
		},

		/** Forgets address and token. What was pulled, and the pins, stay. */
		disconnect(): Promise<Answer<void>> {
			return guarded(async () => {
				const open = context.open();
				if (!open.ok) return open;
				await open.value.link.setAddress(null);
				context.changed({ kind: 'sync' });
				return ok(undefined);
			});
		},

		status(): Promise<Answer<SyncStatus>> {
			return guarded(async () => {
				const open = context.open();
				return open.ok ? ok(await statusOf(open.value)) : open;
			});
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
				if (!address || !policy) return refuse('not_connected', 'This engagement is not connected to a hub. Connect it under Sync.');
				const hub = hubPorts(hubTransport(line, address), job.signal);
				const pulled = await pullAll(engagement, policy, hub, await ports, job, context.randomId());
				await noteOutcome(engagement, context.now(), pulled);
				context.changed({ kind: 'sync' });
				return pulled.ok ? pulled : pulled.error.answer;
			});
		},

		/** What came so far. */
		received(): Promise<Answer<Received>> {
			return guarded(async () => {
				const open = context.open();
				return open.ok ? ok(await receivedOf(open.value)) : open;
			});
		},

		/** What the hub says of its feeds now. */
		feeds: (): Promise<Answer<FeedsAnswer>> => asked('/v1/feeds', feedsAnswerSchema),
		deadLetters: () => asked('/v1/dead-letters?state=open', deadLettersAnswerSchema),
		trace: (traceId: string): Promise<Answer<TraceAnswer>> => asked(`/v1/traces/${encodeURIComponent(traceId)}`, traceAnswerSchema),
	};
}

/** A pull that did not come through: what the job answers, and the stop where a hub was the reason. */
interface PullFailure {
	readonly answer: Answer<never>;
	readonly stop: SyncStop | null;
}
type Pulled = { readonly ok: true; readonly value: PullOutcome } | { readonly ok: false; readonly error: PullFailure };

/** A pull that its person stopped, or that failed here, says nothing of the hub. */
async function noteOutcome({ link }: VaultEngagement, now: number, pulled: Pulled): Promise<void> {
	const kept = (await link.load('status')) as KeptStatus | null;
	const stop = pulled.ok ? null : pulled.error.stop;
	const lastStop = stop?.code === 'cancelled' ? (kept?.lastStop ?? null) : stop;
	await link.save('status', { lastAt: now, lastOkAt: pulled.ok ? now : (kept?.lastOkAt ?? null), lastStop } as unknown as Json);
}

/** Keeps why synchronising stopped, over a lock and a restart. */
export async function keepStop({ link }: VaultEngagement, now: number, lastStop: SyncStop): Promise<void> {
	const kept = (await link.load('status')) as KeptStatus | null;
	await link.save('status', { lastAt: now, lastOkAt: kept?.lastOkAt ?? null, lastStop } as unknown as Json);
}

const stopped = (stop: SyncStop): Pulled => ({ ok: false, error: { answer: stopAsError(stop), stop } });

async function pullAll(
	engagement: VaultEngagement,
	policy: TrustPolicy,
	hub: HubPorts,
	ports: IntakePorts,
	job: JobControl,
	importId: string,
): Promise<Pulled> {
	const last = await lastFeed(engagement);
	job.progress('Asking the hub', 0, 0, '');
	const records = await pullRecords(hub, policy, ((await engagement.link.load('records')) as RecordsPin | null) ?? NO_RECORDS);
	if (!records.ok) return stopped(records.error);
	// What the hub has put on record under its key is held against it from now on, whatever comes of the rest.
	await keepRecords(engagement.link, records.value);
	const plan = await planUpTo(records.value.pin.heads, { ports: hub, policy, pinned: last?.pin ?? null, hasPrevious: last !== null });
	if (!plan.ok) return stopped(plan.error);
	const counted = records.value.lines.length;
	if (plan.value === null)
		return { ok: true, value: { imported: null, publication: last?.pin.publication.size ?? null, records: counted } };
	const pulling = plan.value;
	const previous = last ? await engagement.store.storedDrop(last.importId) : null;
	let refusal: SyncStop | null = null;
	const gate = {
		judge: (drop: Parameters<typeof judgePulled>[1]): Answer<void> => {
			const judged = judgePulled(pulling, drop, records.value.pin.heads);
			if (judged.ok) return judged;
			refusal = judged.error;
			return stopAsError(judged.error);
		},
		meta: { feed: pulling.next as unknown as Json, heads: Object.values(records.value.pin.sealedHeads ?? {}) as unknown as Json },
	};
	try {
		const imported = await runImport(engagement, feedSource(pulling, hub, previous?.source ?? null), importId, ports, job, gate);
		if (!imported.ok) return { ok: false, error: { answer: imported, stop: refusal } };
		return { ok: true, value: { imported: imported.value, publication: pulling.number, records: counted } };
	} catch (error) {
		if (error instanceof FeedStopped) return stopped(error.stop);
		throw error;
	}
}

/** A hub publishes within seconds of what it puts on record: it is asked again for so long before it is said to hide something. */
const CUTS_ASKED = 4;
const CUT_WAIT_MS = 4_000;

/** The plan of a publication that reaches as far as the hub's own records do. */
async function planUpTo(heads: RecordsPin['heads'], ask: PullAsk): Promise<Result<PullPlan | null, SyncStop>> {
	for (let asked = 1; ; asked++) {
		const plan = await planPull(ask);
		if (!plan.ok) return plan;
		const standing = judgeStanding(plan.value?.next ?? ask.pinned ?? { heads: {} }, heads);
		if (standing.ok) return plan;
		if (asked === CUTS_ASKED) return standing;
		await ask.ports.wait(CUT_WAIT_MS);
	}
}

/** The newest import that a pull made: its evidence, and the pins that stand for it. */
async function lastFeed(engagement: VaultEngagement): Promise<{ readonly importId: string; readonly pin: FeedPin } | null> {
	let newest: { importId: string; pin: FeedPin } | null = null;
	for (const { importId, meta } of await engagement.store.imports()) {
		const pin = (meta as { readonly feed?: FeedPin }).feed;
		if (pin && (!newest || pin.publication.size > newest.pin.publication.size)) newest = { importId, pin };
	}
	return newest;
}

async function statusOf(engagement: VaultEngagement): Promise<SyncStatus> {
	const address = await engagement.link.address();
	const policy = pinnedPolicy(engagement.workbook());
	const kept = (await engagement.link.load('status')) as KeptStatus | null;
	const last = await lastFeed(engagement);
	return {
		url: address?.url ?? null,
		policy: policy
			? {
					log: policy.log,
					fingerprint: policyFingerprint(policy),
					keys: policy.keys.map(({ key, until }) => ({ name: `${key.name}+${key.keyId}`, until })),
					witnesses: policy.witnesses.map(({ name, keyId }) => `${name}+${keyId}`),
					quorum: policy.quorum,
				}
			: null,
		publication: last?.pin.publication.size ?? null,
		heads: last?.pin.heads ?? {},
		lastAt: kept?.lastAt ?? null,
		lastOkAt: kept?.lastOkAt ?? null,
		lastStop: kept?.lastStop ?? null,
	};
}

function claimOf(tenant: TenantAnswer, pinned: TrustPolicy | null): Answer<HubClaim> {
	const policy: StoredPolicy = {
		log: tenant.log,
		keys: tenant.log_keys.map(({ vkey, until }) => ({ vkey, until })),
		witnesses: tenant.witnesses,
		quorum: tenant.witnesses.length > 0 ? 1 : 0,
	};
	const judged = trustPolicy(policy.log, policy.keys, policy.witnesses, policy.quorum);
	if (!judged.ok) return refuse('not_connected', `What the hub says of its keys does not hold: ${describeTrustPolicyError(judged.error)}`);
	const fingerprint = policyFingerprint(judged.value);
	return ok({ tenant, fingerprint, policy, differsFromPinned: pinned !== null && policyFingerprint(pinned) !== fingerprint });
}
