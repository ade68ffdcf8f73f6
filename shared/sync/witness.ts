/** Cosignatures of witnesses below a checkpoint (C2SP tlog-cosignature, `cosignature/v1`). */
import { type SignedNote, type VerifierKey, type VerifyEd25519, verifyEd25519 } from '#evidence';
import { utf8 } from '#kernel';

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

export interface Cosignature {
	readonly witness: VerifierKey;
	/** Seconds since 1970, by the witness' clock. */
	readonly time: number;
}

/** What a witness signs of a note: the time, then the note's text. */
export const cosignatureMessage = (time: number, text: string): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${text}`);

/** The witnesses whose cosignature stands and verifies, each once. */
export function cosignaturesOf(note: SignedNote, witnesses: readonly VerifierKey[], verify: VerifyEd25519 = verifyEd25519): Cosignature[] {
	return witnesses.flatMap((witness) => {
		for (const { keyName, keyId, signature } of note.signatures) {
			if (keyName !== witness.name || keyId !== witness.keyId || signature.length !== TIME_BYTES + SIGNATURE_BYTES) continue;
			const time = timeOf(signature);
			if (verify(witness.publicKey, cosignatureMessage(time, note.text), signature.subarray(TIME_BYTES))) return [{ witness, time }];
		}
		return [];
	});
}

/** Big-endian, 64 bits; what is beyond 2^53 is no time of anybody. */
function timeOf(signature: Uint8Array): number {
	let time = 0;
	for (const byte of signature.subarray(0, TIME_BYTES)) time = time * 256 + byte;
	return time;
}
