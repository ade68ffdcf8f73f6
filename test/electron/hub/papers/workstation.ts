/** A copy of an engagement with real keys, and its exchanges with a hub over HTTP. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { verifyEd25519 } from '#evidence';
import type { Act } from '#findings';
import {
	actOn,
	type CheckpointSigner,
	emptyPapers,
	type MergeOutcome,
	merge,
	type PapersState,
	type PullAnswer,
	type PushRequest,
	payloadOfPull,
	pullAnswerSchema,
	pushAnswerSchema,
	pushOf,
} from '#sync';
import { publicKeyOf, seedOf } from '../../../shared/findings/book.ts';
import { copyOf, replicaId } from '../../../shared/sync/papersWorld.ts';
import type { Answer, ServedHub, TenantName } from '../serving/servedHub.ts';

export const ENGAGEMENT = 'e'.repeat(32);
const START = Date.UTC(2026, 3, 1, 8);
let minutes = 0;

/** A member's key, for acts, checkpoints and files. */
export const signerOf = (memberId: string): CheckpointSigner => ({
	name: memberId,
	publicKey: ed25519.getPublicKey(seedOf(memberId)),
	sign: (message) => ed25519.sign(message, seedOf(memberId)),
});

export interface Workstation {
	readonly memberId: string;
	state: PapersState;
}

export function act(station: Workstation, ...acts: readonly Act[]): void {
	const at = new Date(START + ++minutes * 60_000).toISOString();
	const done = actOn(station.state, acts, { memberId: station.memberId, sign: signerOf(station.memberId).sign }, at);
	if (!done.ok) throw new Error(`refused: ${JSON.stringify(done.error)}`);
	station.state = done.value.state;
}

export const setting = (key: string, value = 'x'): Act => ({ type: 'setting.changed', key, value, reason: 'plan' });

/** An engagement with two partners, founded on the first one's copy. */
export function found(engagementId = ENGAGEMENT): Workstation {
	const station: Workstation = {
		memberId: 'pat',
		state: emptyPapers(engagementId, { kind: 'replica', replica: replicaId('1') }),
	};
	const member = (memberId: string): Act => ({
		type: 'member.added',
		memberId,
		name: memberId,
		role: 'partner',
		publicKey: publicKeyOf(memberId),
	});
	act(
		station,
		{ type: 'engagement.created', name: 'Audit', client: 'Nordwind', organisation: 'Meridian', deadline: null, isSample: false },
		member('pat'),
		member('paul'),
	);
	return station;
}

/** Another copy, as a restored backup is one. */
export const secondOf = ({ state }: Workstation, digit = '2', memberId = 'paul'): Workstation => ({
	memberId,
	state: copyOf(state, replicaId(digit)),
});

/** The hub orders the acts from now on, under the key it has now. */
export function appoint(station: Workstation, { hub }: ServedHub, tenant: TenantName = 'acme'): void {
	const vkey = hub.log.keys(tenant).find(({ to }) => to === null)?.vkey ?? '';
	act(station, { type: 'sequencer.appointed', sequencer: { kind: 'hub', log: hub.log.nameOf(tenant), vkey } });
}

export const pathOf = ({ state }: Workstation): string => `/v1/engagements/${state.engagementId}`;

export const requestOf = (station: Workstation, hubHas: number): PushRequest => pushOf(station.state, hubHas, signerOf(station.memberId));

export const push = ({ call }: ServedHub, station: Workstation, request: unknown, tenant: TenantName = 'acme'): Promise<Answer> =>
	call({
		method: 'POST',
		path: `${pathOf(station)}/acts`,
		tenant,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(request),
	});

/** Pushes what waits and takes what comes back. */
export async function send(served: ServedHub, station: Workstation, hubHas: number, tenant: TenantName = 'acme'): Promise<MergeOutcome> {
	const answer = await push(served, station, requestOf(station, hubHas), tenant);
	if (answer.status !== 200) throw new Error(answer.text);
	return take(station, pushAnswerSchema.parse(answer.json()).pull);
}

function take(station: Workstation, pull: PullAnswer): MergeOutcome {
	const merged = merge(station.state, payloadOfPull(pull), verifyEd25519);
	if (merged.kind !== 'reject') station.state = merged.state;
	return merged;
}

/** Pulls page after page until the hub has no more. @returns positions of each page */
export async function receive({ call }: ServedHub, station: Workstation, limit?: number): Promise<readonly number[]> {
	const pages: number[] = [];
	for (;;) {
		const path = `${pathOf(station)}/acts?after=${station.state.order.length}${limit === undefined ? '' : `&limit=${limit}`}`;
		const answer = await call({ path });
		if (answer.status !== 200) throw new Error(answer.text);
		const pull = pullAnswerSchema.parse(answer.json());
		const merged = take(station, pull);
		if (merged.kind === 'reject') throw new Error(merged.reason.message);
		if (pull.order.length === 0) return pages;
		pages.push(pull.order.length);
	}
}
