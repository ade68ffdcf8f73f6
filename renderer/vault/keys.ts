/**
 * The keys of an open engagement. One root key of 32 random bytes; from it one key a purpose by HKDF, non-extractable. The root key itself
 * stays as bytes only because another member's slot must be wrapped around it; `wipe` zeroes it.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromBase64, fromHex, invariant, toBase64, toHex, utf8 } from '#kernel';
import { type Bytes, deriveAesKey, digest, randomBytes } from './sealing.ts';

/** One key each, so that no ciphertext of one kind can stand in for another. */
const PURPOSES = ['segment', 'snapshot', 'log', 'document', 'backup'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface VaultKeys {
	readonly root: Bytes;
	readonly aes: Readonly<Record<Purpose, CryptoKey>>;
	/** First 32 hex digits of SHA-256 over the root key's derivative: names the key in certificates, says nothing about it. */
	readonly fingerprint: string;
	/** Hex HMAC-SHA-256 of a text, under its own key. */
	mac(text: string): Promise<string>;
	isMac(text: string, mac: string): Promise<boolean>;
	wipe(): void;
}

/** Ed25519 by library: WebCrypto has it only since Chromium 137. */
export interface Signer {
	readonly memberId: string;
	/** Base64 of 32 bytes. */
	readonly publicKey: string;
	readonly seed: Bytes;
	sign(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

export function signerOf(memberId: string, seed: Bytes): Signer {
	const publicKey = toBase64(ed25519.getPublicKey(seed));
	return { memberId, publicKey, seed, sign: (bytes) => new Uint8Array(ed25519.sign(bytes, seed)) };
}

export const newSeed = (): Bytes => randomBytes(32);

export async function openKeys(root: Bytes, vaultId: string): Promise<VaultKeys> {
	invariant(root.length === 32, 'a root key has 32 bytes');
	const salt = utf8(`tieout/vault/1/${vaultId}`);
	const [segment, snapshot, log, document, backup] = await Promise.all(
		PURPOSES.map((purpose) => deriveAesKey(root, salt, `tieout/${purpose}/1`)),
	);
	invariant(segment && snapshot && log && document && backup, 'a key for each purpose');
	const hmac = await hmacKey(root, salt);
	return {
		root,
		aes: { segment, snapshot, log, document, backup },
		fingerprint: await fingerprintOf(root, salt),
		mac: async (text) => toHex(new Uint8Array(await crypto.subtle.sign('HMAC', hmac, utf8(text)))),
		isMac: async (text, mac) => await crypto.subtle.verify('HMAC', hmac, fromHex(mac) ?? new Uint8Array(0), utf8(text)),
		wipe: () => {
			root.fill(0);
		},
	};
}

async function hmacKey(root: Bytes, salt: Bytes): Promise<CryptoKey> {
	const base = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveKey']);
	const info = utf8('tieout/head/1');
	return crypto.subtle.deriveKey(
		{ name: 'HKDF', hash: 'SHA-256', salt, info },
		base,
		{ name: 'HMAC', hash: 'SHA-256', length: 256 },
		false,
		['sign', 'verify'],
	);
}

async function fingerprintOf(root: Bytes, salt: Bytes): Promise<string> {
	const base = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits']);
	const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8('tieout/fingerprint/1') }, base, 256);
	return toHex((await digest(new Uint8Array(bits))).subarray(0, 16));
}

/** 32 bytes of a base64 public key, or null. */
export function publicKeyBytes(publicKey: string): Bytes | null {
	const bytes = fromBase64(publicKey);
	return bytes?.length === 32 ? bytes : null;
}
