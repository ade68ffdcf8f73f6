import { sha256 as noble } from '@noble/hashes/sha2.js';
import type { Sha256Hex } from './brand.ts';
import { toHex, utf8 } from './bytes.ts';

/** SHA-256 (FIPS 180-4) of the bytes, 32 bytes. The portable one; bulk hashing goes through `#evidence`'s log kernel. */
export const sha256 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(noble(bytes));

export const sha256Hex = (bytes: Uint8Array): Sha256Hex => toHex(noble(bytes)) as Sha256Hex;

/** SHA-256 of the UTF-8 form of `text`. */
export const sha256HexOfText = (text: string): Sha256Hex => sha256Hex(utf8(text));

/** An incremental SHA-256: what streams are hashed through. Node's own implementation satisfies it as well. */
export interface StreamingHash {
	update(bytes: Uint8Array): unknown;
	hex(): Sha256Hex;
}

export function streamingSha256(): StreamingHash {
	const state = noble.create();
	return { update: (bytes) => state.update(bytes), hex: () => toHex(state.digest()) as Sha256Hex };
}
