/** AES-256-GCM over bytes: 12 random bytes of nonce, then ciphertext and tag (NIST SP 800-38D). */
import { utf8 } from '#kernel';

export type Bytes = Uint8Array<ArrayBuffer>;

const NONCE = 12;
const TAG = 16;

export function randomBytes(length: number): Bytes {
	return crypto.getRandomValues(new Uint8Array(length));
}

/** Nonces are random: under one key at most 2^32 calls (§8.3), which a purpose key of one engagement never comes near. */
export async function seal(key: CryptoKey, plain: Bytes, aad: string | Bytes): Promise<Bytes> {
	const iv = randomBytes(NONCE);
	const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: associated(aad) }, key, plain);
	const whole = new Uint8Array(NONCE + sealed.byteLength);
	whole.set(iv);
	whole.set(new Uint8Array(sealed), NONCE);
	return whole;
}

/** Null where a byte, the key or the place (`aad`) is not that of the sealing. */
export async function unseal(key: CryptoKey, sealed: Bytes, aad: string | Bytes): Promise<Bytes | null> {
	if (sealed.length < NONCE + TAG) return null;
	try {
		const iv = sealed.subarray(0, NONCE);
		const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: associated(aad) }, key, sealed.subarray(NONCE));
		return new Uint8Array(plain);
	} catch {
		return null;
	}
}

const associated = (aad: string | Bytes): Bytes => (typeof aad === 'string' ? utf8(aad) : aad);

/** A non-extractable AES-256-GCM key out of secret bytes of full entropy (HKDF-SHA-256, RFC 5869). */
export async function deriveAesKey(secret: Bytes, salt: Bytes, info: string): Promise<CryptoKey> {
	const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
	return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, base, { name: 'AES-GCM', length: 256 }, false, [
		'encrypt',
		'decrypt',
	]);
}

export async function digest(bytes: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
