/** Where a drop's bytes come from: a folder or a ZIP of it, behind one face. */
import { joinBytes } from '#kernel';
import { type DropError, DropFailure, dropError } from './dropError.ts';

export interface DropSource {
	readonly kind: 'folder' | 'zip';
	/** Paths of all files of the drop, parts joined by "/". */
	readonly paths: ReadonlySet<string>;
	/**
	 * Paths of documents that turned out not to be had when they were opened, by the word of whoever keeps them: what `open` gave of them is
	 * nothing. Grows while the drop is read; absent where a source has all it lists.
	 */
	readonly lost?: ReadonlySet<string>;
	/** Bytes of a file, as its directory says; `open` yields no more than that. */
	size(path: string): Promise<number>;
	/**
	 * The bytes of a file in order. Throws `DropFailure` where they can't be had or break a bound.
	 */
	open(path: string): AsyncIterable<Uint8Array>;
	/** Reads at any offset, where the source can do that without a whole pass; else null. */
	readonly readRange: ((path: string, offset: number, length: number) => Promise<Uint8Array>) | null;
	close(): Promise<void>;
}

/** Parts of a drop. Whatever else lies in the folder is no evidence and is not read. */
export const DROP_FOLDERS = ['data', 'checkpoints', 'disclosures', 'documents'] as const;

export const isDropPath = (path: string): boolean =>
	path === 'manifest.json' || DROP_FOLDERS.some((folder) => path.startsWith(`${folder}/`));

/** Failures of drops and of the file system as values; anything else is a bug and goes on being thrown. */
export function asDropError(error: unknown, path: string): DropError {
	if (error instanceof DropFailure) return error.error;
	const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null;
	if (code === null) throw error;
	if (code === 'ENOENT' || code === 'ENOTDIR') return dropError('not_found', path, `${path} does not exist. Check the path.`);
	return dropError('not_readable', path, `${path} can't be read (${code}). Check its permissions and the medium it lies on.`);
}

/** Collects a small file whole, refusing to hold more than `maxBytes`. */
export async function readWhole(source: DropSource, path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of source.open(path)) {
		bytes += chunk.length;
		if (bytes > maxBytes)
			throw new DropFailure(
				dropError(
					'file_too_large',
					path,
					`${path} is larger than the ${maxBytes} bytes such a file may have. Ask the company to extract the drop again.`,
				),
			);
		parts.push(chunk.slice());
	}
	return joinBytes(parts);
}
