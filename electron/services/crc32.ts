/** The checksum of ZIP entries. Node's own where it has one; older runtimes of the window have none. */
import * as zlib from 'node:zlib';

let table: Int32Array | null = null;

function makeTable(): Int32Array {
	const made = new Int32Array(256);
	for (let i = 0; i < 256; i++) {
		let value = i;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
		made[i] = value;
	}
	return made;
}

/** In plain arithmetic (ISO 3309, reflected). @param before what went before, as a checksum */
export function portableCrc32(bytes: Uint8Array, before = 0): number {
	table ??= makeTable();
	let crc = ~before;
	for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
	return ~crc >>> 0;
}

export const crc32: (bytes: Uint8Array, before?: number) => number = 'crc32' in zlib ? zlib.crc32 : portableCrc32;
