/** The signing side of a log key: Ed25519, used for checkpoints and for nothing that could be mistaken for one. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { formatSignatureLine, formatVerifierKey, type VerifierKey, verifierKey } from '#evidence';
import { concatBytes, fromHex, invariant, utf8 } from '#kernel';

export interface LogSigner {
	readonly key: VerifierKey;
	readonly vkey: string;
	/** The signature line of a note with this text (text ends with its line feed). */
	signatureLine(text: string): string;
	/** 64 bytes over the bytes as they are. */
	sign(message: Uint8Array): Uint8Array;
}

/** A fresh private key, PKCS#8 DER. */
export const generateLogKey = (): Uint8Array =>
	new Uint8Array(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }));

/** @param name of the key: the log's, such as `acme.example/o2c` */
export function logSigner(name: string, pkcs8: Uint8Array): LogSigner {
	const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
	const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
	const key = verifierKey(name, new Uint8Array(publicKey));
	const keyId = fromHex(key.keyId);
	invariant(keyId !== null, 'a key id is hex');
	const signBytes = (message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, privateKey));
	return {
		key,
		vkey: formatVerifierKey(key),
		sign: signBytes,
		signatureLine: (text) => formatSignatureLine(name, concatBytes(keyId, signBytes(utf8(text)))),
	};
}
