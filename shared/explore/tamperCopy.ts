/** The copy that an attack alters: files of a drop, of which those that were changed lie in memory. */
import { fromUtf8, invariant, utf8 } from '#kernel';

/** A drop's files behind one face, as they are read everywhere else. */
export interface LabDrop {
	readonly kind: 'folder' | 'zip';
	readonly paths: ReadonlySet<string>;
	size(path: string): Promise<number>;
	open(path: string): AsyncIterable<Uint8Array>;
	readonly readRange: ((path: string, offset: number, length: number) => Promise<Uint8Array>) | null;
	close(): Promise<void>;
}

/** Some files of a drop, those that were changed in memory, the rest where they are. */
export class DropCopy {
	readonly #source: LabDrop;
	readonly #paths: Set<string>;
	readonly #own = new Map<string, Uint8Array>();

	/** @param paths those of the source's files that the copy has */
	constructor(source: LabDrop, paths: Iterable<string>) {
		this.#source = source;
		this.#paths = new Set(paths);
	}

	get paths(): ReadonlySet<string> {
		return this.#paths;
	}

	/** A copy that goes its own way from here on; unchanged files are shared. */
	branch(): DropCopy {
		const branch = new DropCopy(this.#source, this.#paths);
		for (const [path, bytes] of this.#own) branch.#own.set(path, bytes);
		return branch;
	}

	async read(path: string): Promise<Uint8Array> {
		const own = this.#own.get(path);
		if (own) return own;
		invariant(this.#paths.has(path), `the copy has ${path}`);
		const bytes = await readAll(this.#source, path, Number.POSITIVE_INFINITY);
		// Kept, so that a file that many attacks need is decrypted once.
		this.#own.set(path, bytes);
		return bytes;
	}

	async text(path: string): Promise<string> {
		return fromUtf8(await this.read(path)) ?? '';
	}

	write(path: string, content: Uint8Array | string): void {
		this.#paths.add(path);
		this.#own.set(path, typeof content === 'string' ? utf8(content) : content);
	}

	remove(path: string): void {
		this.#paths.delete(path);
		this.#own.delete(path);
	}

	asDrop(): LabDrop {
		const own = (path: string): Uint8Array | undefined => this.#own.get(path);
		const source = this.#source;
		return {
			kind: 'folder',
			paths: this.#paths,
			size: (path) => {
				const bytes = own(path);
				return bytes ? Promise.resolve(bytes.length) : source.size(path);
			},
			open: (path) => {
				const bytes = own(path);
				return bytes ? oneChunk(bytes) : source.open(path);
			},
			readRange: (path, offset, length) => {
				const bytes = own(path);
				if (bytes) return Promise.resolve(bytes.subarray(offset, offset + length));
				return source.readRange
					? source.readRange(path, offset, length)
					: readAll(source, path, offset + length).then((all) => all.subarray(offset));
			},
			close: () => Promise.resolve(),
		};
	}
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
	// Pieces of a megabyte, so that reading stops in between where it is told to.
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
}

const CHUNK_BYTES = 1 << 20;

/** A file, or its first `most` bytes. */
export async function readAll(source: LabDrop, path: string, most: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of source.open(path)) {
		parts.push(chunk.slice());
		length += chunk.length;
		if (length >= most) break;
	}
	const whole = new Uint8Array(Math.min(length, most));
	let at = 0;
	for (const part of parts) {
		whole.set(part.subarray(0, whole.length - at), at);
		at += part.length;
	}
	return whole;
}
