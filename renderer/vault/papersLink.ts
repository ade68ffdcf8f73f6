/** Work papers over the hub: what is confirmed there comes here, what waits here goes there, until both have the same. */
import type { Sequencer } from '#findings';
import { ok, utf8 } from '#kernel';
import {
	askHub,
	askHubFor,
	type HubPorts,
	isSequencer,
	jsonOf,
	merge,
	type PullAnswer,
	payloadOfPull,
	pullAnswerSchema,
	pushAnswerSchema,
	pushOf,
	type SyncStop,
} from '#sync';
import type { Answer, JobControl } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { keepStop, stopAsError } from './feedStatus.ts';
import { type FilesLine, hubPorts, hubTransport, NOT_CONNECTED } from './hubLink.ts';
import { doActs } from './onEngagement.ts';
import { pinnedPolicy } from './trustRecord.ts';
import { refuse } from './vaultError.ts';

export interface PapersExchanged {
	/** Acts of this copy that have their place now. */
	readonly sent: number;
	/** Acts of others that came. */
	readonly received: number;
	/** What needs a person now. */
	readonly openConflicts: number;
	readonly openRefusals: number;
}

/** A hub that always has more to give is not asked for ever. */
const ROUNDS_MAX = 1000;

export function papersLinkApi(context: CoreContext, line: FilesLine) {
	return {
		/** Sends and receives until nothing is left. What the rules refuse, or what conflicts, is told, never lost. */
		exchange(): Promise<Answer<PapersExchanged>> {
			return context.job('Synchronising work papers with the hub', async (job) => {
				const open = context.open();
				if (!open.ok) return open;
				const engagement = open.value;
				const address = await engagement.link.address();
				if (!address) return NOT_CONNECTED;
				const hub = hubPorts(hubTransport(line, address), job.signal);
				const done = await exchangeAll(engagement, hub, job);
				if (!done.ok && done.error.code === 'distrusted') await keepStop(engagement, context.now(), distrusted(done.error.message));
				context.changed({ kind: 'sync' });
				return done;
			});
		},
	};
}

async function exchangeAll(engagement: VaultEngagement, hub: HubPorts, job: JobControl): Promise<Answer<PapersExchanged>> {
	// What comes may bring the appointment: of two copies, one has made it.
	const pulled = await pullPapers(engagement, hub, job);
	if (!pulled.ok) return pulled;
	const appointed = await appointHub(engagement);
	if (!appointed.ok) return appointed;
	const pushed = await pushPapers(engagement, hub, pulled.value.hubHas, job);
	if (!pushed.ok) return pushed;
	const { conflicts, refused } = engagement.workbook();
	return ok({
		sent: pushed.value.sent,
		received: pulled.value.received + pushed.value.received,
		openConflicts: [...conflicts.values()].filter(({ settled }) => settled === null).length,
		openRefusals: [...refused.values()].filter(({ dismissed }) => dismissed === null).length,
	});
}

/** Like a feed that contradicts itself, it stands on the screen until a person has looked into it. */
const distrusted = (message: string): SyncStop => ({ code: 'log_differs', feed: 'work papers', message });

/** From the first exchange on the hub orders the acts: an act of its own, by whoever ordered them so far. */
async function appointHub(engagement: VaultEngagement): Promise<Answer<void>> {
	const policy = pinnedPolicy(engagement.workbook());
	if (!policy) return refuse('not_connected', 'This engagement has pinned no hub. Connect it under Sync.');
	const { sequencer } = engagement.workbook();
	const state = engagement.papers.state();
	if (sequencer?.kind === 'hub') return ok(undefined);
	if (!isSequencer(state))
		return refuse(
			'conflict',
			'Another copy of this engagement orders the acts so far. Connect that copy to the hub first, or exchange a file with it and then connect.',
		);
	const key = policy.keys.at(-1)?.key;
	const vkey = [...engagement.workbook().trustedKeys.keys()].find(
		(text) => key !== undefined && text.startsWith(`${key.name}+${key.keyId}+`),
	);
	if (vkey === undefined) return refuse('not_connected', 'The key of the hub is no longer trusted here. Connect it anew under Sync.');
	const hub: Sequencer = { kind: 'hub', log: policy.log, vkey };
	return await doActs(engagement, { type: 'sequencer.appointed', sequencer: hub });
}

const pathOf = (engagement: VaultEngagement): string => `/v1/engagements/${engagement.papers.state().engagementId}/acts`;

async function pullPapers(
	engagement: VaultEngagement,
	hub: HubPorts,
	job: JobControl,
): Promise<Answer<{ readonly received: number; readonly hubHas: number }>> {
	let received = 0;
	for (let round = 0; round < ROUNDS_MAX; round++) {
		const confirmed = engagement.papers.state().order.length;
		const request = { method: 'GET', path: `${pathOf(engagement)}?after=${confirmed}` } as const;
		job.progress('Receiving work papers', received, 0, 'acts');
		const answer = await askHubFor(hub, request, 'papers', pullAnswerSchema);
		if (!answer.ok) return isUnknown(answer.error) ? ok({ received, hubHas: 0 }) : stopAsError(answer.error);
		const merged = await receive(engagement, answer.value);
		if (!merged.ok) return merged;
		received += merged.value;
		if (answer.value.order.length === 0 || engagement.papers.state().order.length === confirmed)
			return ok({ received, hubHas: answer.value.order.at(-1)?.position ?? confirmed });
	}
	return refuse('not_connected', 'The hub does not come to an end. Try again later.');
}

/** The hub has nothing of the engagement yet. */
const isUnknown = ({ status }: SyncStop): boolean => status === 404;

async function pushPapers(
	engagement: VaultEngagement,
	hub: HubPorts,
	known: number,
	job: JobControl,
): Promise<Answer<{ readonly sent: number; readonly received: number }>> {
	let hubHas = known;
	let sent = 0;
	let received = 0;
	for (let round = 0; round < ROUNDS_MAX; round++) {
		const { papers } = engagement;
		const push = pushOf(papers.state(), hubHas, papers.sender);
		const waiting = papers.state().pending.length;
		const confirmed = papers.state().order.length;
		if (push.acts.length === 0) return ok({ sent, received });
		job.progress('Sending work papers', sent, sent + waiting, 'acts');
		const request = {
			method: 'POST',
			path: pathOf(engagement),
			headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
			body: await gzipped(utf8(JSON.stringify(push))),
		} as const;
		const answer = await askHub(hub, request, 'papers');
		if (!answer.ok) return stopAsError(answer.error);
		const parsed = pushAnswerSchema.safeParse(jsonOf(answer.value.bytes));
		if (!parsed.success)
			return refuse('not_connected', 'The hub answered what this version of the program does not read. Update the older one.');
		const merged = await receive(engagement, parsed.data.pull);
		if (!merged.ok) return merged;
		const left = papers.state().pending.length;
		sent += waiting - left;
		received += merged.value;
		hubHas = papers.state().order.length;
		if (hubHas === confirmed && waiting > 0)
			return refuse('not_connected', 'The hub took the acts and gave them no place. Try again later.');
	}
	return refuse('not_connected', 'The hub does not come to an end. Try again later.');
}

/** @returns acts of others that are new here */
async function receive({ papers }: VaultEngagement, answer: PullAnswer): Promise<Answer<number>> {
	const merged = await papers.receive(answer.acts, (state, verify) => ok(merge(state, payloadOfPull(answer), verify)));
	if (!merged.ok) return merged;
	if (merged.value.kind === 'reject')
		return refuse('distrusted', `${merged.value.reason.message} Nothing of it was taken in, and nothing here has changed.`);
	return ok(merged.value.acts.length);
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
