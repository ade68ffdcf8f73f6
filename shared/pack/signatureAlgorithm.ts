/** Which signature algorithms and keys count: an allow-list (reference: RSA of 3,072 bits, P-256, P-384, SHA-256 and up). */
import { type DerNode, oidText, readDer, TAG } from './der.ts';
import { OID } from './oids.ts';
import type { PublicKey } from './x509.ts';

export type HashName = 'sha256' | 'sha384' | 'sha512';

export interface SignatureQuery {
	readonly algorithm: 'rsa_pkcs1' | 'ecdsa';
	readonly hash: HashName;
	/** SubjectPublicKeyInfo, DER. */
	readonly spki: Uint8Array;
	readonly message: Uint8Array;
	/** ECDSA as the DER SEQUENCE of r and s. */
	readonly signature: Uint8Array;
}

/** The cryptography the verifier asks for: node:crypto in the main process and the CLI, WebCrypto elsewhere. */
export interface VerifyPorts {
	/** The digest over the concatenation of `parts`. */
	readonly hash: (name: HashName, parts: readonly Uint8Array[]) => Uint8Array;
	/** False for whatever does not verify, malformed keys and signatures included. Never throws. */
	readonly verifySignature: (query: SignatureQuery) => boolean | Promise<boolean>;
	/** Inflates zlib data; null when it is none or would exceed `maxLength`. */
	readonly inflate: (data: Uint8Array, maxLength: number) => Uint8Array | null;
}

const HASHES: Readonly<Record<string, HashName>> = { [OID.sha256]: 'sha256', [OID.sha384]: 'sha384', [OID.sha512]: 'sha512' };
const RSA: Readonly<Record<string, HashName>> = { [OID.rsaSha256]: 'sha256', [OID.rsaSha384]: 'sha384', [OID.rsaSha512]: 'sha512' };
const ECDSA: Readonly<Record<string, HashName>> = { [OID.ecdsaSha256]: 'sha256', [OID.ecdsaSha384]: 'sha384', [OID.ecdsaSha512]: 'sha512' };

/** The hash of an AlgorithmIdentifier whose parameters are absent or NULL; null when it is not allowed. */
export function hashOf(algorithm: DerNode | undefined): HashName | null {
	return hasPlainParameters(algorithm) ? (HASHES[oidText(algorithm?.children[0]) ?? ''] ?? null) : null;
}

export interface Scheme {
	readonly algorithm: SignatureQuery['algorithm'];
	readonly hash: HashName;
}

/**
 * The scheme of a signature AlgorithmIdentifier; null when it is not allowed.
 * @param digest the hash a bare `rsaEncryption` identifier goes with, as CMS has it (RFC 3370 §3.2)
 */
export function schemeOf(algorithm: Uint8Array, digest: HashName | null = null): Scheme | null {
	const parsed = readDer(algorithm);
	if (!parsed.ok || !hasPlainParameters(parsed.value)) return null;
	const oid = oidText(parsed.value.children[0]) ?? '';
	const rsa = oid === OID.rsaEncryption ? digest : RSA[oid];
	if (rsa) return { algorithm: 'rsa_pkcs1', hash: rsa };
	const ecdsa = ECDSA[oid];
	return ecdsa ? { algorithm: 'ecdsa', hash: ecdsa } : null;
}

function hasPlainParameters(algorithm: DerNode | undefined): boolean {
	if (algorithm?.tag !== TAG.sequence) return false;
	const [, parameters, ...more] = algorithm.children;
	return more.length === 0 && (parameters === undefined || parameters.tag === TAG.null);
}

export const LEAF_RSA_BITS = 3072;
export const AUTHORITY_RSA_BITS = 2048;

/** Why a key is not accepted, in words; null when it is. */
export function keyObjection(key: PublicKey, minimumRsaBits: number): string | null {
	switch (key.kind) {
		case 'rsa':
			return key.bits >= minimumRsaBits ? null : `an RSA key of ${key.bits} bits; ${minimumRsaBits} are the least`;
		case 'ec':
			return key.curve === OID.p256 || key.curve === OID.p384
				? null
				: `an elliptic curve other than P-256 and P-384 (${key.curve ?? 'unnamed'})`;
		case 'other':
			return `a key of the kind ${key.algorithm}`;
	}
}

/** Whether a key of this kind can have made a signature of this scheme. */
export const fits = (key: PublicKey, scheme: Scheme): boolean =>
	scheme.algorithm === 'rsa_pkcs1' ? key.kind === 'rsa' : key.kind === 'ec';
