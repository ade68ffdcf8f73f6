/** Bytes of an open file, read through bounded buffers. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 18;

/** Bytes [from, to) in order, each chunk in a buffer of its own, so that a stream may hold several. */
export async function* readChunks(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
	for (let at = from; at < to; ) {
		const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, to - at));
		const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
		if (bytesRead === 0) return;
		yield buffer.subarray(0, bytesRead);
		at += bytesRead;
	}
}

/** `length` bytes at `offset`, or fewer where the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return bytes.subarray(0, filled);
}
