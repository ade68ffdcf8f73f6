/** Ed25519 as a port: the portable implementation here, the machine's own where the caller has one. */
import { ed25519 } from '@noble/curves/ed25519.js';

/** Whether `signature` (64 bytes) is the key holder's over `message`. Never throws. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Strict RFC 8032 §5.1.7: canonical encodings only, no keys of small order. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
	try {
		return ed25519.verify(signature, message, publicKey, { zip215: false });
	} catch {
		return false;
	}
};

/** Whether 32 bytes are the canonical encoding of a point that is not of small order: under such a key anybody could sign. */
export function isSoundPublicKey(publicKey: Uint8Array): boolean {
	try {
		return publicKey.length === 32 && !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
	} catch {
		return false;
	}
}
