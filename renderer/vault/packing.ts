/** How stored bytes are made smaller: deflated (RFC 1951) where that pays, as they are otherwise. */
import { deflate, inflate } from './deflate.ts';
import type { Bytes } from './sealing.ts';

export interface Packed {
	readonly deflated: boolean;
	readonly bytes: Bytes;
}

/** Packs and unpacks; another worker may do it, so that bytes given to it are the caller's no longer. */
export interface Packing {
	/** Much is about to be asked for: what has to be started for it may start. */
	prepare(): void;
	pack(raw: Bytes): Promise<Packed>;
	/** @param length of the bytes that were packed */
	unpack(packed: Packed, length: number): Promise<Bytes>;
}

/** Deflating is kept where it saves an eighth. */
const PAYS = 7 / 8;

/** On the thread that asks. */
export const localPacking: Packing = {
	prepare: () => undefined,
	pack: async (raw) => {
		const small = await deflate(raw);
		return small.length < raw.length * PAYS ? { deflated: true, bytes: small } : { deflated: false, bytes: raw };
	},
	unpack: ({ deflated, bytes }, length) => (deflated ? inflate(bytes, length) : Promise.resolve(bytes)),
};
