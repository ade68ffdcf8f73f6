/** A head that a hub offers, against the one this workstation has pinned: only what passes here may move the pin. */
import { type Checkpoint, parseCheckpoint, type VerifyEd25519, verifyConsistency, verifyEd25519, verifyNote } from '#evidence';
import { err, fromBase64, ok, type Result, toBase64, utf8 } from '#kernel';
import { distrust, type SyncStop } from './syncStop.ts';
import type { TrustPolicy } from './trustPolicy.ts';
import { cosignaturesOf } from './witness.ts';

/** What was seen of a log and believed. */
export interface PinnedHead {
	readonly origin: string;
	/** Lines of a log, or the number of a publication. */
	readonly size: number;
	/** Base64 of 32 bytes. */
	readonly root: string;
}

export interface JudgedHead {
	readonly head: PinnedHead;
	/** The note as it came, witnesses' lines and all: what is kept and put into packs. */
	readonly note: string;
	/** `<name>+<key id>` of the trusted key that signed it. */
	readonly key: string;
	readonly witnesses: number;
}

/** @param feed the table, or `publication` */
export function judgeNote(
	note: string,
	feed: string,
	policy: TrustPolicy,
	verify: VerifyEd25519 = verifyEd25519,
): Result<JudgedHead, SyncStop> {
	const parsed = parseCheckpoint(utf8(note));
	if (!parsed.ok) return err(distrust('bad_note', feed, `The hub’s signed head of ${feed} can't be read: ${parsed.error}.`));
	const checkpoint = parsed.value;
	const origin = `${policy.log}/${feed}`;
	if (checkpoint.origin !== origin)
		return err(distrust('wrong_origin', feed, `The hub answered for ${origin} with a head of ${checkpoint.origin.slice(0, 120)}.`));
	const signer = signerOf(checkpoint, feed, policy, verify);
	if (!signer.ok) return signer;
	const witnesses = cosignaturesOf(checkpoint.note, policy.witnesses, verify).length;
	if (witnesses < policy.quorum)
		return err(
			distrust(
				'quorum',
				feed,
				`The head of ${feed} at ${checkpoint.size} has ${witnesses} of the ${policy.quorum} witnesses it must have.`,
			),
		);
	const { size, root } = checkpoint;
	return ok({ head: { origin, size, root: toBase64(root) }, note, key: signer.value, witnesses });
}

function signerOf({ note, size }: Checkpoint, feed: string, { keys }: TrustPolicy, verify: VerifyEd25519): Result<string, SyncStop> {
	const states = keys.map(({ key, until }) => ({ key, until, state: verifyNote(note, key, verify) }));
	const broken = states.find(({ state }) => state === 'invalid');
	if (broken)
		return err(
			distrust(
				'bad_signature',
				feed,
				`The head of ${feed} names the trusted key ${broken.key.name}+${broken.key.keyId}, but the signature is not that key’s.`,
			),
		);
	const valid = states.filter(({ state }) => state === 'valid');
	const inTime = valid.find(({ until }) => size <= (until[feed] ?? Number.POSITIVE_INFINITY));
	if (inTime) return ok(`${inTime.key.name}+${inTime.key.keyId}`);
	const [late] = valid;
	if (late)
		return err(
			distrust(
				'key_window',
				feed,
				`The key ${late.key.name}+${late.key.keyId} signed ${feed} at ${size}, beyond ${late.until[feed]}, where it was retired.`,
			),
		);
	const named = note.signatures.map(({ keyName, keyId }) => `${keyName}+${keyId}`).join(', ');
	return err(
		distrust(
			'unknown_key',
			feed,
			`The head of ${feed} is signed by ${named.slice(0, 200)}, which this engagement does not trust. If the company has changed its key, confirm the new one with it and add it under Data & IPE.`,
		),
	);
}

/**
 * Whether a judged head continues the pinned one.
 * @param proof RFC 6962 §2.1.2 from the pinned size to the new one, base64; not looked at where the sizes are equal or nothing is pinned
 */
export function judgeContinuation(
	next: JudgedHead,
	feed: string,
	pinned: PinnedHead | null,
	proof: readonly string[],
): Result<void, SyncStop> {
	if (!pinned) return ok(undefined);
	const { size, root } = next.head;
	if (pinned.origin !== next.head.origin)
		return err(distrust('wrong_origin', feed, `This engagement has seen ${pinned.origin} and is now offered ${next.head.origin}.`));
	if (size < pinned.size)
		return err(distrust('rollback', feed, `The hub's ${feed} ends at ${size}; this workstation has seen it reach ${pinned.size}.`));
	if (size === pinned.size)
		return root === pinned.root
			? ok(undefined)
			: err(distrust('fork', feed, `Two histories of ${feed} at ${size}: the one seen before and another, both signed.`));
	if (pinned.size === 0) return ok(undefined);
	const hashes = proof.map(fromBase64);
	const [from, to] = [fromBase64(pinned.root), fromBase64(root)];
	const isSound =
		from && to && hashes.every((hash) => hash?.length === 32) && verifyConsistency(pinned.size, size, from, to, hashes as Uint8Array[]);
	return isSound
		? ok(undefined)
		: err(distrust('inconsistent', feed, `The hub does not show that ${feed} at ${size} continues what was seen at ${pinned.size}.`));
}
