/**
 * Workstations and a hub in memory, over the very functions that the vault and the hub use. Signatures are the real keys' names under a cheap
 * stand-in for Ed25519, because a fuzz signs and checks tens of thousands; the real ones are claimed about elsewhere.
 */
import { formatVerifierKey, type VerifyEd25519, verifierKey } from '#evidence';
import type { Act, LoggedAct, Role, Workbook } from '#findings';
import { concatBytes, equalBytes, fromBase64, sha256 } from '#kernel';
import {
	actOn,
	type CheckpointSigner,
	checkpointOf,
	emptyPapers,
	type MergeOutcome,
	merge,
	mergedLog,
	type PapersPayload,
	type PapersState,
	type PullAnswer,
	type PushRequest,
	payloadOfPull,
	pushOf,
	restorePapers,
	takePush,
} from '#sync';
import { publicKeyOf } from '../findings/book.ts';

const ENGAGEMENT = 'e'.repeat(32);
const START = Date.UTC(2026, 10, 30, 8);

const keys = new Map<string, Uint8Array<ArrayBuffer>>();

function keyOf(memberId: string): Uint8Array<ArrayBuffer> {
	const key = keys.get(memberId) ?? fromBase64(publicKeyOf(memberId));
	if (!key) throw new Error('a key in base64');
	keys.set(memberId, key);
	return key;
}

const signatureOf = (publicKey: Uint8Array, message: Uint8Array): Uint8Array => {
	const half = sha256(concatBytes(publicKey, message));
	return concatBytes(half, sha256(half));
};

export const cheapVerify: VerifyEd25519 = (publicKey, message, signature) => equalBytes(signature, signatureOf(publicKey, message));

export const signerOf = (name: string): CheckpointSigner => ({
	name,
	publicKey: keyOf(name),
	sign: (message) => signatureOf(keyOf(name), message),
});

const HUB_LOG = 'acme.example/papers';
const HUB_VKEY = formatVerifierKey(verifierKey('hub', keyOf('hub')));
const HUB = { kind: 'hub', log: HUB_LOG, vkey: HUB_VKEY } as const;

export const replicaId = (digit: string): string => digit.repeat(32);

/** One copy of the engagement and whoever works on it. */
export interface Station {
	readonly name: string;
	readonly replica: string;
	memberId: string;
	state: PapersState;
}

export interface World {
	readonly stations: readonly Station[];
	hub: PapersState;
	now: number;
}

const member = (memberId: string, role: Role): Act => ({
	type: 'member.added',
	memberId,
	name: memberId,
	role,
	publicKey: publicKeyOf(memberId),
});

const FOUNDING: readonly Act[] = [
	{ type: 'engagement.created', name: 'Audit', client: 'Nordwind', organisation: 'Meridian', deadline: null, isSample: false },
	member('pat', 'partner'),
	member('pia', 'preparer'),
	member('rob', 'reviewer'),
	member('paul', 'partner'),
];

/** Acts of the station's member; null where the rules refuse them. */
export function act(world: World, station: Station, ...acts: readonly Act[]): readonly LoggedAct[] | null {
	world.now += 1000;
	const author = { memberId: station.memberId, sign: signerOf(station.memberId).sign };
	const done = actOn(station.state, acts, author, new Date(world.now).toISOString());
	if (!done.ok) return null;
	station.state = done.value.state;
	return done.value.logged;
}

export function must(world: World, station: Station, ...acts: readonly Act[]): readonly LoggedAct[] {
	const done = act(world, station, ...acts);
	if (done === null) throw new Error(`refused: ${JSON.stringify(acts)}`);
	return done;
}

/**
 * A founding station, further ones as copies of it (as a restored backup is one), and a hub.
 * @param isOnHub whether the founder has handed the ordering over to the hub
 */
export function world(names: readonly string[], isOnHub = true): World {
	const stations = names.map((name, at): Station => {
		const replica = replicaId(String(at + 1));
		return { name, replica, memberId: name, state: emptyPapers(ENGAGEMENT, { kind: 'replica', replica }) };
	});
	const made: World = { stations, hub: emptyPapers(ENGAGEMENT, HUB), now: START };
	const [founder, ...others] = stations;
	if (!founder) throw new Error('a world has a station');
	founder.memberId = 'pat';
	must(made, founder, ...FOUNDING);
	if (isOnHub) {
		must(made, founder, { type: 'sequencer.appointed', sequencer: HUB });
		const { merged } = serve(made, pushOf(founder.state, 0, signerOf('pat')));
		if (merged.kind === 'reject') throw new Error(merged.reason.message);
	}
	founder.memberId = names[0] ?? 'pat';
	for (const other of others) other.state = copyOf(founder.state, other.replica);
	return made;
}

/** The state as another copy has it after a restore. */
export const copyOf = (state: PapersState, replica: string): PapersState => reopened(state, { kind: 'replica', replica });

/** The state as it comes back from a store. */
export function reopened(state: PapersState, self = state.self): PapersState {
	const { state: again, problems } = restorePapers(state.engagementId, self, mergedLog(state), state.order, state.checkpoint);
	if (problems.length > 0) throw new Error(problems[0]?.message);
	return again;
}

/** A push reaches the hub, which stores before it answers. */
export function serve(made: World, request: PushRequest): { readonly merged: MergeOutcome; readonly pull: PullAnswer | null } {
	const { merged, answer } = takePush(made.hub, request, signerOf('hub'), cheapVerify);
	if (merged.kind !== 'reject') made.hub = merged.state;
	return { merged, pull: answer?.pull ?? null };
}

export function receive(station: Station, payload: PapersPayload): MergeOutcome {
	const outcome = merge(station.state, payload, cheapVerify);
	if (outcome.kind !== 'reject') station.state = outcome.state;
	return outcome;
}

/** Sends the outbox and takes what comes back, without a loss. */
export function synchronise(made: World, station: Station): MergeOutcome {
	const { pull, merged } = serve(made, pushOf(station.state, made.hub.order.length, signerOf(station.memberId)));
	return pull ? receive(station, payloadOfPull(pull)) : merged;
}

/** What an exchange file would carry: all that the sender holds. */
export const everythingOf = (station: Station): PapersPayload => ({
	engagementId: station.state.engagementId,
	acts: mergedLog(station.state),
	order: station.state.order,
	checkpoint: checkpointOf(station.state, signerOf(station.memberId)),
	proof: [],
	from: 'peer',
});

export const workbookOf = (station: Station): Workbook => station.state.workbook;
