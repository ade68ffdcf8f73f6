/** Bytes of an open file, read through bounded buffers. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 18;

/** Bytes [from, to) in order. One buffer serves all chunks: a chunk is overwritten when the next one is asked for. */
export async function* readChunks(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
	const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(1, to - from)));
	for (let at = from; at < to; ) {
		const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
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
