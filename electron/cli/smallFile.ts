/** Files that a person names on the command line and that are small by nature: read whole, and no further than they may be long. */
import { createReadStream } from 'node:fs';
import { refuse } from './exit.ts';

/** The bytes of a file or pipe. Refuses with one line what can't be read or is longer than `maxBytes`. */
export async function readSmallFile(option: string, path: string, maxBytes: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	try {
		for await (const chunk of createReadStream(path, { end: maxBytes })) {
			parts.push(chunk as Uint8Array);
			bytes += (chunk as Uint8Array).length;
		}
	} catch (error) {
		refuse(`${option} ${path} can't be read (${(error as NodeJS.ErrnoException).code}). Check the path.`);
	}
	if (bytes > maxBytes) refuse(`${option} ${path} has more than the ${maxBytes} bytes that such a file may have. Check the path.`);
	return Buffer.concat(parts);
}
