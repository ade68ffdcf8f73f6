/** Keys of made-up logs and witnesses, and what they sign. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { checkpointText, formatSignatureLine, formatVerifierKey, merkleTree, type VerifierKey, verifierKey } from '#evidence';
import { concatBytes, fromHex, sha256, toBase64, utf8 } from '#kernel';
import { cosignatureMessage, witnessKeyId } from '#sync';

export interface TestKey {
	readonly key: VerifierKey;
	readonly vkey: string;
	sign(message: Uint8Array): Uint8Array;
}

const secretOf = (name: string): Uint8Array => sha256(utf8(`secret of ${name}`));

export function logKey(name: string, secret = name): TestKey {
	const seed = secretOf(secret);
	const key = verifierKey(name, ed25519.getPublicKey(seed));
	return { key, vkey: formatVerifierKey(key), sign: (message) => ed25519.sign(message, seed) };
}

export function witnessKey(name: string): TestKey {
	const seed = secretOf(name);
	const publicKey = ed25519.getPublicKey(seed);
	const keyId = witnessKeyId(name, publicKey);
	return {
		key: { name, keyId, publicKey },
		vkey: `${name}+${keyId}+${toBase64(concatBytes(Uint8Array.of(4), publicKey))}`,
		sign: (message) => ed25519.sign(message, seed),
	};
}

const idOf = ({ key }: TestKey): Uint8Array => fromHex(key.keyId) ?? new Uint8Array();

/** A checkpoint signed by the keys, then cosigned by the witnesses. */
export function checkpoint(
	origin: string,
	size: number,
	root: Uint8Array,
	keys: readonly TestKey[],
	witnesses: readonly TestKey[] = [],
): string {
	const text = checkpointText(origin, size, root);
	const lines = keys.map((key) => formatSignatureLine(key.key.name, concatBytes(idOf(key), key.sign(utf8(text)))));
	return `${text}\n${lines.join('')}${witnesses.map((witness) => cosignatureOf(text, witness)).join('')}`;
}

/** A witness' signature line for a note's text. */
export function cosignatureOf(text: string, witness: TestKey): string {
	const time = 1_767_225_600;
	const stamp = new Uint8Array(8);
	new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
	return formatSignatureLine(witness.key.name, concatBytes(idOf(witness), stamp, witness.sign(cosignatureMessage(time, text))));
}

/** A tree over made-up leaves; two trees of one seed share their beginning. */
export function treeOf(size: number, seed = 'leaf') {
	const hashes = new Uint8Array(size * 32);
	for (let at = 0; at < size; at++) hashes.set(sha256(utf8(`${seed} ${at}`)), at * 32);
	return merkleTree(hashes);
}
