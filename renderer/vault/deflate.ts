/** Raw deflate (RFC 1951) by the browser's own streams, in the writer/reader form: four times as fast as through `Response`. */
import { invariant, joinBytes } from '#kernel';

async function pump(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
	const writer = stream.writable.getWriter();
	// Its failure is that of the reader below as well; it must not be an unhandled one on top.
	const written = writer.write(bytes).then(() => writer.close());
	written.catch(() => null);
	const parts: Uint8Array[] = [];
	const reader = stream.readable.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		parts.push(value);
	}
	await written;
	return joinBytes(parts);
}

export const deflate = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
	pump(bytes, new CompressionStream('deflate-raw'));

/** Inverse of `deflate`. The bytes were authenticated before, so that a length that does not come out is a bug. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array<ArrayBuffer>> {
	const raw = await pump(bytes, new DecompressionStream('deflate-raw'));
	invariant(raw.length === length, `${length} bytes were deflated, ${raw.length} came back`);
	return raw;
}
