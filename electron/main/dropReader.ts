/** Any piece of any file of a drop, folder or ZIP: what the source can't read at an offset is read in order and kept going. */
import type { DropSource } from '#intake';
import { joinBytes } from '#kernel';

export interface DropReader {
	list(): Promise<{ path: string; size: number }[]>;
	/** Fewer than `length` only at the file's end. Throws what the source throws. */
	read(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
	/**
	 * Whole files, from the first on, until one can't be read or the next would make it more than `limit` bytes. What is wrong with a file
	 * is told by `read`.
	 */
	readFiles(paths: readonly string[], limit: number): Promise<WholeFiles>;
	close(): Promise<void>;
}

export interface WholeFiles {
	readonly sizes: readonly number[];
	/** One after the other. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file read in order: where it stands, and what was read beyond that. */
interface Cursor {
	readonly stream: AsyncIterator<Uint8Array>;
	at: number;
	rest: Uint8Array;
}

const MAX_CURSORS = 16;
const EMPTY = new Uint8Array();

/** Whether a message with these bytes would carry nothing else: a view carries the whole buffer that it looks at. */
const isWhole = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
	bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;

export function makeDropReader(source: DropSource): DropReader {
	const cursors = new Map<string, Cursor>();
	const sizes = new Map<string, number>();
	const busy = new Map<string, Promise<unknown>>();

	const sizeOf = async (path: string): Promise<number> => {
		const known = sizes.get(path);
		if (known !== undefined) return known;
		const size = await source.size(path);
		sizes.set(path, size);
		return size;
	};

	const endCursor = async (path: string): Promise<void> => {
		const cursor = cursors.get(path);
		cursors.delete(path);
		await cursor?.stream.return?.();
	};

	/** The cursor that stands at `offset`, begun anew where it is beyond. */
	const cursorAt = async (path: string, offset: number): Promise<Cursor> => {
		const held = cursors.get(path);
		if (held && held.at <= offset) return held;
		if (held) await endCursor(path);
		for (const oldest of cursors.keys()) {
			if (cursors.size < MAX_CURSORS) break;
			await endCursor(oldest);
		}
		const begun: Cursor = { stream: source.open(path)[Symbol.asyncIterator](), at: 0, rest: EMPTY };
		cursors.set(path, begun);
		return begun;
	};

	const readOn = async (cursor: Cursor): Promise<boolean> => {
		const { done, value } = await cursor.stream.next();
		if (done) return false;
		cursor.rest = value;
		return true;
	};

	/** Whether the read reaches the end of the file: then the stream is run out, so that its checksum has its say. */
	const readInOrder = async (path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
		const size = await sizeOf(path);
		const cursor = await cursorAt(path, offset);
		const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
		let filled = 0;
		try {
			for (;;) {
				const skipped = Math.min(cursor.rest.length, Math.max(0, offset - cursor.at));
				cursor.at += skipped;
				cursor.rest = cursor.rest.subarray(skipped);
				const taken = cursor.at >= offset ? cursor.rest.subarray(0, bytes.length - filled) : EMPTY;
				bytes.set(taken, filled);
				filled += taken.length;
				cursor.at += taken.length;
				cursor.rest = cursor.rest.subarray(taken.length);
				if (filled === bytes.length && cursor.at < size) return bytes;
				if (cursor.rest.length > 0) continue;
				if (!(await readOn(cursor))) {
					await endCursor(path);
					return filled === bytes.length ? bytes : bytes.slice(0, filled);
				}
			}
		} catch (error) {
			cursors.delete(path);
			throw error;
		}
	};

	const readNow = async (path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
		const size = await sizeOf(path);
		// A file that fits into one answer is opened, read and closed: a drop has more documents than a process has open files.
		if (!source.readRange || (offset === 0 && length >= size)) return await readInOrder(path, offset, length);
		const bytes = await source.readRange(path, offset, Math.max(0, Math.min(length, size - offset)));
		return isWhole(bytes) ? bytes : new Uint8Array(bytes);
	};

	/** Reads of one file wait for each other, since they share its place. */
	const read: DropReader['read'] = (path, offset, length) => {
		const before = busy.get(path) ?? Promise.resolve();
		const reading = before.then(
			() => readNow(path, offset, length),
			() => readNow(path, offset, length),
		);
		busy.set(path, reading);
		const done = (): void => {
			if (busy.get(path) === reading) busy.delete(path);
		};
		reading.then(done, done);
		return reading;
	};

	return {
		async list() {
			const files: { path: string; size: number }[] = [];
			for (const path of source.paths) files.push({ path, size: await sizeOf(path) });
			return files;
		},
		read,
		async readFiles(paths, limit) {
			const files: Uint8Array<ArrayBuffer>[] = [];
			let left = limit;
			for (const path of paths) {
				const size = await sizeOf(path).catch(() => null);
				if (size === null || size > left) break;
				const file = await read(path, 0, Math.max(1, size)).catch(() => null);
				if (file === null) break;
				files.push(file);
				left -= file.length;
			}
			return { sizes: files.map(({ length }) => length), bytes: joinBytes(files) };
		},
		async close() {
			for (const path of [...cursors.keys()]) await endCursor(path);
			await source.close();
		},
	};
}
