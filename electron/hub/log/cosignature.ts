/** Witnesses' signature lines below a checkpoint (C2SP tlog-cosignature), verified before anybody is shown one. */
import { isKeyName, type NoteSignature, parseNote, parseVerifierKey, verifyNote } from '#evidence';
import { concatBytes, err, fromBase64, ok, type Result, sha256, toHex, utf8 } from '#kernel';
import type { CosignatureRefusal } from './logPort.ts';
import { verifyEd25519 } from './signedHead.ts';

/** Signature type of a timestamped Ed25519 cosignature. */
const TYPE_COSIGNATURE = 0x04;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

interface WitnessKey {
	readonly name: string;
	/** Eight lower-case hex digits. */
	readonly keyId: string;
	isSigner(text: string, signature: Uint8Array): boolean;
}

/** A witness' verifier key: of a cosignature (type 4), or of a plain signature (type 1). Null for anything else. */
function parseWitnessKey(vkey: string): WitnessKey | null {
	const plain = parseVerifierKey(vkey);
	if (plain.ok) {
		const { name, keyId } = plain.value;
		return {
			name,
			keyId,
			isSigner: (text, signature) =>
				verifyNote({ text, signatures: [{ keyName: name, keyId, signature }] }, plain.value, verifyEd25519) === 'valid',
		};
	}
	const [, name = '', keyId = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey) ?? [];
	const material = fromBase64(encoded);
	if (!isKeyName(name) || material?.length !== 33 || material[0] !== TYPE_COSIGNATURE) return null;
	if (toHex(sha256(concatBytes(utf8(`${name}\n`), material)).subarray(0, 4)) !== keyId) return null;
	const publicKey = material.subarray(1);
	return { name, keyId, isSigner: (text, signature) => isCosignature(publicKey, text, signature) };
}

/** The signed message is the time, then the note's text: both are the witness' statement. */
function isCosignature(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean {
	if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return false;
	const time = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES).getBigUint64(0);
	return verifyEd25519(publicKey, utf8(`cosignature/v1\ntime ${time}\n${text}`), signature.subarray(TIME_BYTES));
}

/** The note with the witness' line below the others; the same note where it has it already. */
export function withCosignature(note: string, line: string, witnesses: readonly string[]): Result<string, CosignatureRefusal> {
	const parsed = parseNote(utf8(note));
	const offered = readLine(line);
	if (!parsed.ok || !offered) return err('malformed');
	const key = witnesses.map(parseWitnessKey).find((one) => one !== null && one.name === offered.keyName && one.keyId === offered.keyId);
	if (!key) return err('unknown_witness');
	if (!key.isSigner(parsed.value.text, offered.signature)) return err('bad_signature');
	const has = parsed.value.signatures.some(({ keyName, keyId }) => keyName === offered.keyName && keyId === offered.keyId);
	return ok(has ? note : `${note}${line.trimEnd()}\n`);
}

/** A signature line alone, with or without its line feed. */
function readLine(line: string): NoteSignature | null {
	const parsed = parseNote(utf8(`x\n\n${line.endsWith('\n') ? line : `${line}\n`}`));
	return parsed.ok && parsed.value.signatures.length === 1 ? (parsed.value.signatures[0] ?? null) : null;
}
