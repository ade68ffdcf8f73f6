/** What a signature is made with: a certificate chain and something that signs, wherever the key lives. */
import { type KeyObject, sign } from 'node:crypto';

export interface PackSigner {
	/** DER, the signer's own certificate first. */
	readonly certificates: readonly [Uint8Array, ...Uint8Array[]];
	readonly algorithm: 'rsa_pkcs1' | 'ecdsa';
	/** Signs the SHA-256 of `message`; ECDSA as the DER SEQUENCE of r and s. */
	readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** A signer whose private key is in this process. */
export function keySigner(key: KeyObject, certificates: readonly [Uint8Array, ...Uint8Array[]]): PackSigner {
	return {
		certificates,
		algorithm: key.asymmetricKeyType === 'ec' ? 'ecdsa' : 'rsa_pkcs1',
		sign: (message) => new Uint8Array(sign('sha256', message, key)),
	};
}
