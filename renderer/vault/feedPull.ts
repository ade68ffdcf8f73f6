/** One pull of evidence from a hub: its records, a plan, the import, and the pins with it. */
import type { IntakePorts } from '#intake';
import type { Json, Result } from '#kernel';
import {
	FeedStopped,
	feedSource,
	type HubPorts,
	judgePulled,
	judgeStanding,
	NO_RECORDS,
	type PullAsk,
	type PullPlan,
	planPull,
	pullRecords,
	type RecordsPin,
	type SyncStop,
	type TrustPolicy,
} from '#sync';
import type { Answer, JobControl } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { keepRecords } from './feedHistory.ts';
import { lastFeed, stopAsError } from './feedStatus.ts';
import { type ImportOutcome, runImport } from './importJob.ts';

export interface PullOutcome {
	/** Null: nothing was new. */
	readonly imported: ImportOutcome | null;
	readonly publication: number | null;
	/** New records of the hub's own log. */
	readonly records: number;
}

/** A pull that did not come through: what the job answers, and the stop where a hub was the reason. */
interface PullFailure {
	readonly answer: Answer<never>;
	readonly stop: SyncStop | null;
}
type Pulled = { readonly ok: true; readonly value: PullOutcome } | { readonly ok: false; readonly error: PullFailure };

const stopped = (stop: SyncStop): Pulled => ({ ok: false, error: { answer: stopAsError(stop), stop } });

export async function pullAll(
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
