/** Bodies as bytes, bounded before and after unpacking. What is not read of one is for the server to throw away: nothing here ends a connection. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Refusal, refuse } from './problems.ts';

export interface BodyBounds {
	/** Of the unpacked body. */
	readonly bytesMax: number;
	/** Asked for each piece that is about to be held; refuses where all askers together hold too much. */
	hold(bytes: number): void;
}

export const tooLarge = (bytesMax: number): never =>
	refuse('too_large', `The body is larger than the ${bytesMax} bytes one request may have. Send it in parts.`, { where: 'body' });

/** Pieces of a body, unpacked. Throws `Refusal`. */
export async function* bodyPieces(stream: Readable, encoding: string | undefined, bytesMax: number): AsyncGenerator<Buffer> {
	if (encoding !== undefined && encoding !== 'identity' && encoding !== 'gzip')
		refuse('unsupported', 'Send the body as it is, or with Content-Encoding: gzip.', { where: 'Content-Encoding' });
	const unpacking = encoding === 'gzip' ? createGunzip() : null;
	// Where the sender breaks off, the unpacking ends as well.
	if (unpacking) stream.on('error', (error) => unpacking.destroy(error)).on('aborted', () => unpacking.destroy(new Error('broke off')));
	const plain: Readable = unpacking ? stream.pipe(unpacking) : stream;
	let bytes = 0;
	try {
		for await (const piece of plain.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
			bytes += piece.length;
			if (bytes > bytesMax) tooLarge(bytesMax);
			yield piece;
		}
	} catch (error) {
		if (error instanceof Refusal) throw error;
		refuse('malformed', 'The body broke off or does not unpack. Send it again.', { where: 'body' });
	} finally {
		if (unpacking) {
			stream.unpipe(unpacking);
			unpacking.destroy();
		}
	}
}

export async function readBody(stream: Readable, encoding: string | undefined, { bytesMax, hold }: BodyBounds): Promise<Uint8Array> {
	const pieces: Buffer[] = [];
	for await (const piece of bodyPieces(stream, encoding, bytesMax)) {
		hold(piece.length);
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}
