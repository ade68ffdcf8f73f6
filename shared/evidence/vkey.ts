/** Verifier keys of C2SP signed notes: `<name>+<hex key id>+<base64(0x01 ‖ public key)>`. */
import { compareText, concatBytes, err, fromBase64, ok, type Result, sha256, sha256HexOfText, toBase64, toHex, utf8 } from '#kernel';
import { isSoundPublicKey } from './ed25519.ts';

/** Signature type of plain Ed25519 (C2SP signed-note, "Signature types"). */
const TYPE_ED25519 = 0x01;
const LINE_FEED = 0x0a;

export interface VerifierKey {
	readonly name: string;
	/** Eight lower-case hex digits. */
	readonly keyId: string;
	/** 32 bytes. */
	readonly publicKey: Uint8Array;
}

export type VerifierKeyError = 'not_a_vkey' | 'bad_key_name' | 'unknown_algorithm' | 'bad_public_key' | 'key_id_mismatch';

const SENTENCES: Readonly<Record<VerifierKeyError, string>> = {
	not_a_vkey: 'it is not of the form NAME+KEYID+BASE64; copy the whole key in one piece',
	bad_key_name: 'its name is empty or holds a space or "+"',
	unknown_algorithm: 'it is not an Ed25519 key (type 1), the only kind this version verifies',
	bad_public_key: 'its public key is not a sound Ed25519 key',
	key_id_mismatch: 'its key id does not belong to its name and public key, so some character of it is wrong',
};

/** Why a key was refused, as the end of a sentence. */
export const describeVerifierKeyError = (error: VerifierKeyError): string => SENTENCES[error];

/** Non-empty, no Unicode space, no "+" (C2SP signed-note, "Format"). */
export const isKeyName = (name: string): boolean => name !== '' && !/[\s\u0085+]/u.test(name) && name.isWellFormed();

/** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), as hex. */
export function keyIdOf(name: string, publicKey: Uint8Array): string {
	return toHex(sha256(concatBytes(utf8(name), Uint8Array.of(LINE_FEED, TYPE_ED25519), publicKey)).subarray(0, 4));
}

export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
	return { name, keyId: keyIdOf(name, publicKey), publicKey };
}

export const formatVerifierKey = (key: VerifierKey): string =>
	`${key.name}+${key.keyId}+${toBase64(concatBytes(Uint8Array.of(TYPE_ED25519), key.publicKey))}`;

/** Parses a vkey strictly; one wrong character anywhere is an error, because the key id is a checksum over the rest. */
export function parseVerifierKey(text: string): Result<VerifierKey, VerifierKeyError> {
	const match = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
	if (!match) return err('not_a_vkey');
	const [, name = '', keyId = '', encoded = ''] = match;
	if (!isKeyName(name)) return err('bad_key_name');
	const material = fromBase64(encoded);
	if (!material) return err('not_a_vkey');
	if (material[0] !== TYPE_ED25519) return err('unknown_algorithm');
	const publicKey = material.subarray(1);
	if (!isSoundPublicKey(publicKey)) return err('bad_public_key');
	return keyIdOf(name, publicKey) === keyId ? ok({ name, keyId, publicKey }) : err('key_id_mismatch');
}

export const sameKey = (a: VerifierKey, b: VerifierKey): boolean => formatVerifierKey(a) === formatVerifierKey(b);

/** SHA-256 over a set of keys, in whatever order they come: names the keys that a verdict rests on. No key at all has one too. */
export const keySetOf = (keys: readonly VerifierKey[]): string =>
	sha256HexOfText([...new Set(keys.map(formatVerifierKey))].sort(compareText).join('\n'));
