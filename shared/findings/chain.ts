/** The log of acts as hash chains, one a replica, signed by members. Here an act is sealed; `judgeAct.ts` judges one. */
import { canonicalize, sha256HexOfText, toBase64, utf8 } from '#kernel';
import type { LoggedAct } from './acts.ts';

export type UnsealedAct = Omit<LoggedAct, 'hash' | 'signature'>;

/** SHA-256 over the canonical JSON of {act, at, memberId, prev, replica, seen, seq}. */
export function actHash({ replica, seq, at, memberId, act, seen, prev }: UnsealedAct): string {
	return sha256HexOfText(canonicalize({ replica, seq, at, memberId, act, seen, prev }));
}

/** The bytes a member signs: named, so that a signature of an act can never pass for one of something else. */
export const actMessage = (hash: string): Uint8Array => utf8(`tieout-act/2 ${hash}`);

/** @param sign Ed25519 by the member's key, 64 bytes */
export function sealAct(unsealed: UnsealedAct, sign: (message: Uint8Array) => Uint8Array): LoggedAct {
	const hash = actHash(unsealed);
	return { ...unsealed, hash, signature: toBase64(sign(actMessage(hash))) };
}
