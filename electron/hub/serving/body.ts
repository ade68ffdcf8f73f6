/** Bodies as bytes, bounded before and after unpacking. */

import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Refusal, refuse } from './problems.ts';

/** @param bytesMax of the unpacked body */
export async function readBody(stream: Readable, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
	if (encoding !== undefined && encoding !== 'identity' && encoding !== 'gzip')
		refuse('unsupported', 'Send the body as it is, or with Content-Encoding: gzip.', { where: 'Content-Encoding' });
	const plain: Readable = encoding === 'gzip' ? stream.pipe(createGunzip()) : stream;
	// A broken sender must end the unpacking as well.
	if (plain !== stream) stream.on('error', (error) => plain.destroy(error));
	const parts: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const part of plain as AsyncIterable<Buffer>) {
			bytes += part.length;
			if (bytes > bytesMax)
				refuse('too_large', `The body is larger than the ${bytesMax} bytes one request may have. Send it in parts.`, { where: 'body' });
			parts.push(part);
		}
	} catch (error) {
		stream.destroy();
		if (error instanceof Refusal) throw error;
		refuse('malformed', 'The body broke off or does not unpack. Send it again.', { where: 'body' });
	}
	return Buffer.concat(parts);
}
