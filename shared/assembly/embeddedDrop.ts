/** A drop made of the files a pack carries: the replay reads it like any other. */

import type { DropSource } from '#intake';
import { DROP_MANIFEST_NAME, type PackManifest } from '#pack';

const DROP_PATH = 'drop/';

/** Null where the pack does not carry the drop's manifest. Files are those whose hashes the pack's manifest vouches for. */
export function embeddedDrop(files: ReadonlyMap<string, Uint8Array>, manifest: PackManifest): DropSource | null {
	if (!files.has(DROP_MANIFEST_NAME)) return null;
	const byPath = new Map<string, Uint8Array>();
	for (const { name, path } of manifest.files) {
		const bytes = files.get(name);
		if (bytes && path.startsWith(DROP_PATH)) byPath.set(path.slice(DROP_PATH.length), bytes);
	}
	const bytesOf = (path: string): Uint8Array => byPath.get(path) ?? new Uint8Array();
	return {
		kind: 'zip',
		paths: new Set(byPath.keys()),
		size: (path) => Promise.resolve(bytesOf(path).length),
		open: (path) => inOneChunk(bytesOf(path)),
		readRange: (path, offset, length) => Promise.resolve(bytesOf(path).subarray(offset, offset + length)),
		close: () => Promise.resolve(),
	};
}

async function* inOneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(bytes);
}
