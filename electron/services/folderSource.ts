/** A drop as a folder: regular files only, no links anywhere below it. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DROP_FOLDERS, type DropSource, failDrop, showName } from '#intake';
import { readAt, readChunks } from './fileBytes.ts';

/** Files below the folder; a drop of more is refused rather than listed for ever. */
const MAX_FILES = 5_000_000;
/** Without following a link that was put there since the folder was listed, and without waiting for a pipe's other end. */
const OPEN_REGULAR = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const SMALL_BYTES = 1 << 16;
/** data/x.ndjson, checkpoints/order_event/8.txt: nothing lies deeper than a few folders. */
const MAX_DEPTH = 8;

export async function openFolder(root: string): Promise<DropSource> {
	const paths = new Set<string>();
	for (const name of ['manifest.json', ...DROP_FOLDERS]) await collect(root, name, paths, 0);
	const held = new Map<string, ReturnType<typeof openRegular>>();
	return {
		kind: 'folder',
		paths,
		size: async (path) => lstatSync(join(root, path)).size,
		open: (path) => streamFile(root, path),
		async readRange(path, offset, length) {
			let file = held.get(path);
			if (!file) {
				file = openRegular(root, path);
				held.set(path, file);
			}
			return readAt((await file).file, offset, length);
		},
		async close() {
			for (const opened of held.values()) await (await opened).file.close();
			held.clear();
		},
	};
}

/** Adds the file `path`, or all files below the folder `path`. */
async function collect(root: string, path: string, paths: Set<string>, depth: number): Promise<void> {
	const found = await lstat(join(root, path)).catch((error: unknown) => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw error;
	});
	if (!found) return;
	if (found.isSymbolicLink()) refuseLink(path);
	if (!found.isDirectory()) return add(path, found.isFile(), paths);
	if (depth > MAX_DEPTH)
		failDrop(
			'too_many_files',
			path,
			`${showName(path)} is nested deeper than a drop's folders are. Give the folder that holds manifest.json.`,
		);
	for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
		const inner = `${path}/${entry.name}`;
		if (entry.isSymbolicLink()) refuseLink(inner);
		if (entry.isDirectory()) await collect(root, inner, paths, depth + 1);
		else add(inner, entry.isFile(), paths);
	}
}

function add(path: string, isFile: boolean, paths: Set<string>): void {
	if (!isFile)
		failDrop('not_a_regular_file', path, `${showName(path)} is not a regular file. Remove it from the drop, or ask for the drop again.`);
	paths.add(path);
	if (paths.size > MAX_FILES)
		failDrop('too_many_files', path, `The drop holds more than ${MAX_FILES} files. Ask the company to hand it over in parts.`);
}

function refuseLink(path: string): never {
	return failDrop('link', path, `${showName(path)} is a link; a drop must hold the files themselves. Ask for a copy without links.`);
}

async function openRegular(root: string, path: string): Promise<{ readonly file: FileHandle; readonly size: number }> {
	const file = await open(join(root, path), OPEN_REGULAR);
	const found = await file.stat();
	if (!found.isFile()) {
		await file.close();
		failDrop('not_a_regular_file', path, `${showName(path)} is not a regular file. Remove it from the drop, or ask for the drop again.`);
	}
	return { file, size: found.size };
}

/**
 * A small file whole, at once: drops hold a hundred thousand documents, and waiting for each through the event loop takes twenty times
 * what reading it does. Null where it is larger, or not to be read so.
 */
function readSmall(root: string, path: string): Uint8Array | null {
	const file = openSync(join(root, path), OPEN_REGULAR);
	try {
		const found = fstatSync(file);
		if (!found.isFile() || found.size > SMALL_BYTES) return null;
		const bytes = new Uint8Array(found.size);
		let filled = 0;
		while (filled < bytes.length) {
			const read = readSync(file, bytes, filled, bytes.length - filled, filled);
			if (read === 0) break;
			filled += read;
		}
		return bytes.subarray(0, filled);
	} finally {
		closeSync(file);
	}
}

async function* streamFile(root: string, path: string): AsyncGenerator<Uint8Array> {
	const small = readSmall(root, path);
	if (small) return yield small;
	const { file, size } = await openRegular(root, path);
	try {
		yield* readChunks(file, 0, size);
	} finally {
		await file.close();
	}
}
