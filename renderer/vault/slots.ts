/**
 * Slots: for each member the root key and the member's signing seed, wrapped under a key from their passphrase. One Argon2 run opens any of
 * them, because the salt is the engagement's; which slot is whose is not said outside.
 */
import { concatBytes, fromBase64, fromUtf8, toBase64, utf8 } from '#kernel';
import { isSoundCost, type KdfCost, type KdfPolicy, stretch } from './argon.ts';
import { type Signer, signerOf } from './keys.ts';
import { type Bytes, deriveAesKey, randomBytes, seal, unseal } from './sealing.ts';

export interface StoredKdf extends KdfCost {
	readonly algorithm: 'argon2id';
	/** Base64 of 16 bytes or more. */
	readonly salt: string;
}

export interface Slot {
	readonly slotId: string;
	/** `passphrase`: under Argon2id; `recovery`: under the recovery key itself, which is no guessable secret. */
	readonly kind: 'passphrase' | 'recovery';
	/** Base64. */
	readonly wrapped: string;
}

/** What a slot holds. */
export interface SlotSecret {
	readonly slotId: string;
	readonly root: Bytes;
	readonly signer: Signer;
}

/** The part of an engagement's header that slots are bound to. */
export interface SlotFrame {
	readonly vaultId: string;
	readonly kdf: StoredKdf;
	readonly slots: readonly Slot[];
}

export function freshKdf(policy: KdfPolicy): StoredKdf {
	return { algorithm: 'argon2id', ...policy.fresh, salt: toBase64(randomBytes(32)) };
}

/** The 64 secret bytes of a passphrase in this engagement; null where the stored parameters are too weak, too large or no parameters. */
export async function stretchFor(frame: SlotFrame, passphrase: string, policy: KdfPolicy): Promise<Bytes | null> {
	const salt = fromBase64(frame.kdf.salt);
	if (salt === null || salt.length < 16 || frame.kdf.algorithm !== 'argon2id' || !isSoundCost(frame.kdf, policy.floor)) return null;
	return await stretch(passphrase, salt, frame.kdf);
}

const aadOf = ({ vaultId, kdf }: SlotFrame, slotId: string, kind: Slot['kind']): string =>
	['tieout/slot/1', vaultId, slotId, kind, kdf.memoryKiB, kdf.iterations, kdf.parallelism, kdf.salt].join('|');

const slotKey = (secret: Bytes, frame: SlotFrame, slotId: string): Promise<CryptoKey> =>
	deriveAesKey(secret, utf8(frame.vaultId), `tieout/slot/1/${slotId}`);

export async function makeSlot(
	frame: SlotFrame,
	kind: Slot['kind'],
	secret: Bytes,
	content: { readonly root: Bytes; readonly signer: Signer },
	slotId: string,
): Promise<Slot> {
	const plain = concatBytes(content.root, content.signer.seed, utf8(content.signer.memberId));
	const sealed = await seal(await slotKey(secret, frame, slotId), plain, aadOf(frame, slotId, kind));
	plain.fill(0);
	return { slotId, kind, wrapped: toBase64(sealed) };
}

/** All slots that this secret opens: more than one only in the sample engagement, whose members share a passphrase. */
export async function openSlots(frame: SlotFrame, kind: Slot['kind'], secret: Bytes): Promise<SlotSecret[]> {
	const opened: SlotSecret[] = [];
	for (const slot of frame.slots) {
		if (slot.kind !== kind) continue;
		const sealed = fromBase64(slot.wrapped);
		if (sealed === null) continue;
		const plain = await unseal(await slotKey(secret, frame, slot.slotId), sealed, aadOf(frame, slot.slotId, kind));
		const memberId = plain === null ? null : fromUtf8(plain.subarray(64));
		if (plain === null || memberId === null) continue;
		opened.push({ slotId: slot.slotId, root: plain.slice(0, 32), signer: signerOf(memberId, plain.slice(32, 64)) });
		plain.fill(0);
	}
	return opened;
}
