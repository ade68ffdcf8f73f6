/** Entry bundles of the tlog-tiles layout: each entry as its length (16 bits, big-endian) and its bytes. */
import { TILE_WIDTH } from './tilePath.ts';

/** Lines beyond this are refused: a bundle's length field could hold a little more. */
export const MAX_LINE_BYTES = 60_000;

export function encodeEntries(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(lines.reduce((length, line) => length + 2 + line.length, 0));
	let at = 0;
	for (const line of lines) {
		bytes[at] = line.length >> 8;
		bytes[at + 1] = line.length & 0xff;
		bytes.set(line, at + 2);
		at += 2 + line.length;
	}
	return bytes;
}

/** The whole entries at the beginning of `bytes`, 256 at most; what is torn at the end is left out. Views, not copies. */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	let at = 0;
	while (lines.length < TILE_WIDTH && at + 2 <= bytes.length) {
		const end = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
		if (end > bytes.length) break;
		lines.push(bytes.subarray(at + 2, end));
		at = end;
	}
	return lines;
}
