/** The recovery key as a person writes it down: 32 bytes and a checksum in Crockford's Base32, in groups of four. */
import { sha256 } from '#kernel';
import type { Bytes } from './sealing.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BYTES = 32;
const CHECK = 3;

/** 32 bytes and the first 3 of their SHA-256 are 280 bits: 56 characters, 14 groups. */
export function formatRecoveryKey(key: Bytes): string {
	const whole = new Uint8Array(BYTES + CHECK);
	whole.set(key);
	whole.set(sha256(key).subarray(0, CHECK), BYTES);
	let text = '';
	let held = 0;
	let bits = 0;
	for (const byte of whole) {
		held = (held << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text += ALPHABET.charAt((held >> bits) & 31);
			held &= (1 << bits) - 1;
		}
	}
	return (text.match(/.{4}/g) ?? []).join('-');
}

/** Reads what was typed: case, spaces and dashes don't matter, I and L are 1, O is 0. Null where the checksum says it is not a key. */
export function parseRecoveryKey(typed: string): Bytes | null {
	const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
	if (text.length !== ((BYTES + CHECK) * 8) / 5) return null;
	const whole = new Uint8Array(BYTES + CHECK);
	let held = 0;
	let bits = 0;
	let at = 0;
	for (const char of text) {
		const digit = ALPHABET.indexOf(char);
		if (digit < 0) return null;
		held = (held << 5) | digit;
		bits += 5;
		if (bits < 8) continue;
		bits -= 8;
		whole[at++] = held >> bits;
		held &= (1 << bits) - 1;
	}
	const key = whole.slice(0, BYTES);
	const check = sha256(key);
	return whole.subarray(BYTES).every((byte, i) => byte === check[i]) ? key : null;
}
