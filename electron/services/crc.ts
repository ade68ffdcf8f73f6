/** Cyclic redundancy checks of 32 bits in plain arithmetic: reflected, all ones before and after. */

/** @param polynomial reflected @returns the checksum of bytes; `before` is the one of what went before them */
export function crcOf(polynomial: number): (bytes: Uint8Array, before?: number) => number {
	let table: Int32Array | null = null;
	return (bytes, before = 0) => {
		table ??= tableOf(polynomial);
		let crc = ~before;
		for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
		return ~crc >>> 0;
	};
}

function tableOf(polynomial: number): Int32Array {
	const table = new Int32Array(256);
	for (let i = 0; i < 256; i++) {
		let value = i;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
		table[i] = value;
	}
	return table;
}
