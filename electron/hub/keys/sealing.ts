/** One key a purpose and tenant by HKDF-SHA-256, and AES-256-GCM under it. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { concatBytes, utf8 } from '#kernel';

export type KeyPurpose = 'log-key' | 'fields' | 'blind-index' | 'payloads';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of everything sealed: another construction gets another number. */
const VERSION = 1;

/** RFC 5869; `tenant` and `purpose` can't run into each other, since neither holds a NUL. */
export const deriveKey = (master: Uint8Array, purpose: KeyPurpose, tenant: string): Uint8Array =>
	new Uint8Array(hkdfSync('sha256', master, new Uint8Array(), utf8(`tieout-hub/1\0${purpose}\0${tenant}`), KEY_BYTES));

/**
 * version ‖ nonce ‖ ciphertext ‖ tag. Nonces are random: safe for some 2^32 messages a key, so a key never spans tenants.
 * @param context bound to the ciphertext, and needed again to open it
 */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(utf8(context));
	const body = cipher.update(plain);
	return concatBytes(Uint8Array.of(VERSION), nonce, body, cipher.final(), cipher.getAuthTag());
}

/** Null where it was sealed under another key, for another context, or changed since. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array | null {
	if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return null;
	const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
	const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(utf8(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
	try {
		return concatBytes(decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final());
	} catch {
		return null;
	}
}
