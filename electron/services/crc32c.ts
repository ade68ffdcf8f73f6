/** The Castagnoli checksum (CRC-32C, RFC 3720 appendix B.4), which the browser's store puts on what it writes. */

let table: Int32Array | null = null;

function makeTable(): Int32Array {
	const made = new Int32Array(256);
	for (let i = 0; i < 256; i++) {
		let value = i;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
		made[i] = value;
	}
	return made;
}

export function crc32c(bytes: Uint8Array): number {
	table ??= makeTable();
	let crc = ~0;
	for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
	return ~crc >>> 0;
}
