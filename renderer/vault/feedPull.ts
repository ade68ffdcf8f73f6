/** One pull of evidence from a hub: its records, a plan, the import, and the pins with it. */
import type { DropSource, IntakePorts } from '#intake';
import type { Json, Result } from '#kernel';
import {
	askHub,
	FeedStopped,
	feedSource,
	type HubPorts,
	isDistrust,
	judgePulled,
	judgeStanding,
	type PullAsk,
	type PullPlan,
	planPull,
	policyFingerprint,
	pullRecords,
	type RecordsPin,
	type SyncStop,
	stageKeys,
	type TrustPolicy,
} from '#sync';
import type { Answer, JobControl } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { believedPin, believedRecords, equivocationRows, rememberBelieved, unsettledStop } from './equivocations.ts';
import { keepRecords } from './feedHistory.ts';
import { lastFeed, lostOf, stopAsError } from './feedStatus.ts';
import { type ImportGate, type ImportOutcome, runImport } from './importJob.ts';
import { usableOf } from './staging.ts';
import type { DropStaging } from './storeDrop.ts';

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
	/** It was broken off while it came: going on may help. */
	readonly isMidway: boolean;
	/** What did not hold was in part kept from a pull before: a bad line may have spoilt that, and it is kept no longer. */
	readonly isOfKept: boolean;
}
type Pulled = { readonly ok: true; readonly value: PullOutcome } | { readonly ok: false; readonly error: PullFailure };

const stopped = (stop: SyncStop): Pulled => ({ ok: false, error: { answer: stopAsError(stop), stop, isMidway: false, isOfKept: false } });

/** What a pull works with. */
export interface PullTools {
	readonly engagement: VaultEngagement;
	readonly policy: TrustPolicy;
	readonly hub: HubPorts;
	readonly ports: IntakePorts;
	readonly job: JobControl;
	randomId(): string;
}

/** Times it is gone on with, one after the other, without a byte more: then the line is down, and the person is told. */
const ROUNDS_WITHOUT_PROGRESS = 3;
const FIRST_PAUSE_MS = 2_000;

/**
 * Pulls until it comes through, or until nothing comes any more. What was stored before a connection broke is gone on from, now or by the
 * next pull; the pins move at the end alone. Only what was brought in one go is held against the hub.
 */
export async function pullAll(tools: PullTools): Promise<Pulled> {
	let fruitless = 0;
	let isGone = false;
	for (let stored = await storedBytes(tools); ; ) {
		const pulled = await pullOnce(tools, isGone);
		if (!pulled.ok && pulled.error.isOfKept && !tools.hub.isCancelled()) continue;
		if (pulled.ok || !pulled.error.isMidway || tools.hub.isCancelled()) return pulled;
		const now = await storedBytes(tools);
		fruitless = now > stored ? 0 : fruitless + 1;
		stored = now;
		isGone = pulled.error.stop?.status === GONE;
		if (fruitless === ROUNDS_WITHOUT_PROGRESS) return pulled;
		tools.job.progress('Waiting for the connection', 0, 0, '');
		await tools.hub.wait(FIRST_PAUSE_MS * 2 ** fruitless * (0.5 + tools.hub.random() / 2));
	}
}

const storedBytes = async ({ engagement }: PullTools): Promise<number> => (await engagement.store.staged.read())?.written.raw ?? 0;

/** @param asksNewest where files of the publication that was begun are kept no longer */
async function pullOnce(tools: PullTools, asksNewest: boolean): Promise<Pulled> {
	const { engagement, policy, hub, job } = tools;
	const rows = await equivocationRows(engagement.link, engagement.workbook());
	const unsettled = rows.find(({ settled }) => settled === null);
	if (unsettled) return stopped(unsettledStop(unsettled));
	await rememberBelieved(engagement.heads, rows);
	const last = await lastFeed(engagement);
	const pinned = last && believedPin(last.pin, rows);
	// Evidence of a history that was given up is nothing to copy from.
	const previous = last && pinned === last.pin ? await engagement.store.storedDrop(last.importId) : null;
	job.progress('Asking the hub', 0, 0, '');
	const records = await pullRecords(hub, policy, await believedRecords(engagement.link, rows));
	if (!records.ok) return stopped(records.error);
	// What the hub has put on record under its key is held against it from now on, whatever comes of the rest.
	await keepRecords(engagement.link, records.value);
	const { heads } = records.value.pin;
	const staged = await engagement.store.staged.read();
	const ask: PullAsk = { ports: hub, policy, pinned, hasPrevious: previous !== null };
	const again = last !== null && (await isOneToBeHad(hub, await lostOf(engagement, last.importId)));
	const plan = await planUpTo(
		heads,
		{ ...ask, again },
		!asksNewest && staged?.policy === policyFingerprint(policy) ? staged.publication : null,
	);
	if (!plan.ok) return stopped(plan.error);
	const counted = records.value.lines.length;
	if (plan.value === null) {
		await engagement.store.staged.remove();
		return { ok: true, value: { imported: null, publication: last?.pin.publication.size ?? null, records: counted } };
	}
	const imported = await importPlan(tools, plan.value, records.value.pin, previous?.source ?? null);
	return imported.ok ? { ok: true, value: { imported: imported.value, publication: plan.value.number, records: counted } } : imported;
}

/** Documents that were lost are asked for before anything is brought again for their sake: a few of many tell. */
const LOST_ASKED = 4;

async function isOneToBeHad(hub: HubPorts, lost: readonly string[]): Promise<boolean> {
	for (const sha256 of lost.slice(0, LOST_ASKED)) {
		const answer = await askHub(hub, { method: 'GET', path: `/v1/documents/${sha256}?offset=0&length=1` }, 'document');
		if (answer.ok) return true;
	}
	return false;
}

/** Reads, judges and stores a publication, going on from what an earlier pull left of it. */
async function importPlan(
	{ engagement, policy, hub, ports, job, randomId }: PullTools,
	plan: PullPlan,
	records: RecordsPin,
	previous: DropSource | null,
): Promise<{ readonly ok: true; readonly value: ImportOutcome } | { readonly ok: false; readonly error: PullFailure }> {
	const staging = await stagingFor(engagement, policy, plan, randomId());
	const stage = staging.resumed && engagement.store.staged.files(staging.resumed);
	let refusal: SyncStop | null = null;
	const gate: ImportGate = {
		judge: (drop) => {
			const judged = judgePulled(plan, drop, records.heads);
			if (judged.ok) return judged;
			refusal = judged.error;
			return stopAsError(judged.error);
		},
		meta: ({ documents: { lost } }) => ({
			feed: plan.next as unknown as Json,
			heads: Object.values(records.sealedHeads ?? {}) as unknown as Json,
			...(lost.length > 0 ? { lost } : {}),
		}),
		staging,
		isPassing: (error) => error instanceof FeedStopped && !isDistrust(error.stop),
	};
	try {
		const imported = await runImport(engagement, feedSource(plan, hub, previous, stage), staging.of.importId, ports, job, gate);
		if (imported.ok) return imported;
		const isRefused = refusal !== null || imported.error.code === 'unreadable_file';
		return { ok: false, error: { answer: imported, stop: refusal, isMidway: false, isOfKept: stage !== null && isRefused } };
	} catch (error) {
		if (!(error instanceof FeedStopped)) throw error;
		const { stop } = error;
		const [isMidway, isOfKept] = [isWorthAnotherRound(stop), stage !== null && isDistrust(stop)];
		return { ok: false, error: { answer: stopAsError(stop), stop, isMidway, isOfKept } };
	}
}

/** The line may come back; and a publication whose files the hub keeps no longer has a newer one in its place. */
const isWorthAnotherRound = ({ code, status }: SyncStop): boolean =>
	code === 'unreachable' || code === 'timed_out' || code === 'busy' || status === GONE;

const GONE = 404;

/** Where the bytes of this plan are stored: behind those of a pull that was broken off, as far as it is about the same. */
async function stagingFor({ store }: VaultEngagement, policy: TrustPolicy, plan: PullPlan, freshId: string): Promise<DropStaging> {
	const keys = stageKeys(plan);
	const fingerprint = policyFingerprint(policy);
	const staged = await store.staged.read();
	const resumed = staged?.policy === fingerprint ? usableOf(staged, keys) : null;
	if (resumed) await store.staged.cutEnd(resumed);
	else await store.staged.remove();
	return { of: { importId: resumed?.importId ?? freshId, policy: fingerprint, publication: plan.number }, keys, resumed };
}

/** A hub publishes within seconds of what it puts on record: it is asked again for so long before it is said to hide something. */
const CUTS_ASKED = 4;
const CUT_WAIT_MS = 4_000;

/** The plan of a publication that reaches as far as the hub's own records do; the one that was begun with, where it does. */
async function planUpTo(heads: RecordsPin['heads'], ask: PullAsk, begun: number | null): Promise<Result<PullPlan | null, SyncStop>> {
	const standsUp = (plan: PullPlan | null): Result<void, SyncStop> => judgeStanding(plan?.next ?? ask.pinned ?? { heads: {} }, heads);
	if (begun !== null && begun > (ask.pinned?.publication.size ?? -1)) {
		const plan = await planPull({ ...ask, goOnWith: begun });
		if (!plan.ok || standsUp(plan.value).ok) return plan;
	}
	for (let asked = 1; ; asked++) {
		const plan = await planPull(ask);
		if (!plan.ok) return plan;
		const standing = standsUp(plan.value);
		if (standing.ok) return plan;
		if (asked === CUTS_ASKED) return standing;
		await ask.ports.wait(CUT_WAIT_MS);
	}
}
