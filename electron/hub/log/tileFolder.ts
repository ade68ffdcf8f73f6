/**
 * One tree on disk in the tlog-tiles layout. Full tiles and bundles stand at their final paths and never change; the bundle that still
 * grows lies in `growing/`, the hashes of unfinished tiles in memory: they follow from the full ones. What `append` writes is durable
 * when it returns, but counts only once it is signed for: `openTileFolder` takes the signed size and forgets whatever lies beyond.
 */
import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { HASH_BYTES } from '#evidence';
import { invariant } from '#kernel';
import type { Disk } from './disk.ts';
import { makeFolderDurably } from './durableFile.ts';
import { decodeEntries, encodeEntries } from './entryBundle.ts';
import { RightEdge, tileRoot } from './rightEdge.ts';
import { TILE_WIDTH, type TileKind, tilePath } from './tilePath.ts';

/** A state of the tree that readers may see; immutable. */
export interface TreeView {
	readonly size: number;
	readonly edge: RightEdge;
	/** Entries of the bundle that is not full yet. */
	readonly growing: readonly Uint8Array[];
}

/** RFC 6962 §2.1: SHA-256(0x00 ‖ line), by the machine's own implementation. */
export function leafHashOf(line: Uint8Array): Uint8Array {
	const message = Buffer.allocUnsafe(line.length + 1);
	message[0] = 0;
	message.set(line, 1);
	return new Uint8Array(hash('sha256', message, 'buffer'));
}

export function leafHashesOf(lines: readonly Uint8Array[]): Uint8Array {
	const leaves = new Uint8Array(lines.length * HASH_BYTES);
	lines.forEach((line, at) => {
		leaves.set(leafHashOf(line), at * HASH_BYTES);
	});
	return leaves;
}

/** A lower tile, bundle or hash is missing or too short: the folder does not hold what was signed. */
export class TilesMissing extends Error {
	readonly file: string;
	constructor(path: string) {
		super(`${path} is missing or too short`);
		this.name = 'TilesMissing';
		this.file = path;
	}
}

export class TileFolder {
	readonly #disk: Disk;
	readonly #folder: string;
	/** What was appended, seen by readers or not. */
	readonly #edge: RightEdge;
	#growing: readonly Uint8Array[];
	#growingBytes: number;
	readonly #madeFolders = new Set<string>();

	constructor(disk: Disk, folder: string, view: TreeView) {
		this.#disk = disk;
		this.#folder = folder;
		this.#edge = view.edge.copy();
		this.#growing = view.growing;
		this.#growingBytes = encodeEntries(view.growing).length;
	}

	get view(): TreeView {
		return { size: this.#edge.size, edge: this.#edge.copy(), growing: this.#growing };
	}

	path(kind: TileKind, index: number): string {
		return join(this.#folder, tilePath(kind, index));
	}

	/** Appends lines (without line feed) with their leaf hashes, durably. After a failure the folder must be opened anew. */
	async append(lines: readonly Uint8Array[], leaves: Uint8Array): Promise<void> {
		invariant(leaves.length === lines.length * HASH_BYTES, 'a leaf hash each line');
		const folders = new Set<string>();
		for (let at = 0; at < lines.length; ) {
			const taken = lines.slice(at, at + TILE_WIDTH - this.#growing.length);
			await this.#appendToBundle(taken, Math.floor((this.#edge.size + at) / TILE_WIDTH), folders);
			at += taken.length;
		}
		const full = this.#edge.append(leaves);
		await Promise.all(full.map(({ level, index, hashes }) => this.#place(tilePath(level, index), hashes, folders)));
		await Promise.all([...folders].map((folder) => this.#disk.syncFolder(folder)));
	}

	async #appendToBundle(lines: readonly Uint8Array[], index: number, folders: Set<string>): Promise<void> {
		const file = join(this.#folder, 'growing', String(index));
		const bytes = encodeEntries(lines);
		await this.#disk.write(file, this.#growingBytes, bytes);
		await this.#disk.sync(file);
		if (this.#growingBytes === 0) folders.add(dirname(file));
		this.#growing = [...this.#growing, ...lines];
		this.#growingBytes += bytes.length;
		if (this.#growing.length < TILE_WIDTH) return;
		const final = this.path('entries', index);
		await this.#ready(dirname(final));
		await this.#disk.rename(file, final);
		folders.add(dirname(final)).add(dirname(file));
		this.#growing = [];
		this.#growingBytes = 0;
	}

	/** A whole tile at its final path; its folder's name is synced by the caller. */
	async #place(relative: string, hashes: Uint8Array, folders: Set<string>): Promise<void> {
		const final = join(this.#folder, relative);
		const aside = join(this.#folder, 'growing', relative.replaceAll('/', '-'));
		await this.#disk.write(aside, 0, hashes);
		await this.#disk.sync(aside);
		await this.#ready(dirname(final));
		await this.#disk.rename(aside, final);
		folders.add(dirname(final));
	}

	async #ready(folder: string): Promise<void> {
		if (this.#madeFolders.has(folder)) return;
		await makeFolderDurably(this.#disk, this.#folder, folder);
		this.#madeFolders.add(folder);
	}

	/** Entries of a bundle, as far as `view` has them. */
	async entries(index: number, view: TreeView): Promise<readonly Uint8Array[]> {
		if (index === Math.floor(view.size / TILE_WIDTH)) return view.growing;
		return await readBundle(this.#disk, this.#folder, index);
	}

	/** Hashes of a tile, as far as `view` has them. */
	async hashes(level: number, index: number, view: TreeView): Promise<Uint8Array> {
		if (index === Math.floor(view.size / TILE_WIDTH ** (level + 1))) return view.edge.unfinished(level);
		return await readTile(this.#disk, this.#folder, level, index);
	}
}

async function readBundle(disk: Disk, folder: string, index: number): Promise<Uint8Array[]> {
	const path = join(folder, tilePath('entries', index));
	const lines = decodeEntries((await disk.read(path)) ?? new Uint8Array());
	if (lines.length !== TILE_WIDTH) throw new TilesMissing(path);
	return lines;
}

async function readTile(disk: Disk, folder: string, level: number, index: number): Promise<Uint8Array> {
	const path = join(folder, tilePath(level, index));
	const hashes = await disk.read(path);
	if (hashes?.length !== TILE_WIDTH * HASH_BYTES) throw new TilesMissing(path);
	return hashes;
}

/** Opens a tree at the size that counts, and makes the folder where it is absent. Throws `TilesMissing` where the folder does not hold that much. */
export async function openTileFolder(disk: Disk, folder: string, size: number): Promise<TileFolder> {
	const bundle = Math.floor(size / TILE_WIDTH);
	const file = join(folder, 'growing', String(bundle));
	const wanted = size % TILE_WIDTH;
	const source = (await disk.read(file)) ?? (await disk.read(join(folder, tilePath('entries', bundle))));
	const growing = decodeEntries(source ?? new Uint8Array()).slice(0, wanted);
	if (growing.length < wanted) throw new TilesMissing(file);
	const levels = [leafHashesOf(growing)];
	for (let level = 1, tiles = bundle; tiles > 0; level++, tiles = Math.floor(tiles / TILE_WIDTH)) {
		const roots: Uint8Array[] = [];
		for (let index = tiles - (tiles % TILE_WIDTH); index < tiles; index++) {
			roots.push(tileRoot(await readTile(disk, folder, level - 1, index)));
		}
		levels.push(new Uint8Array(Buffer.concat(roots)));
	}
	await forgetBeyond(disk, folder, bundle, growing);
	return new TileFolder(disk, folder, { size, edge: new RightEdge(size, levels), growing: growing.map((line) => line.slice()) });
}

/** Leaves in `growing/` exactly the entries that count. Full tiles beyond them stay: they are written over when their turn comes. */
async function forgetBeyond(disk: Disk, folder: string, bundle: number, growing: readonly Uint8Array[]): Promise<void> {
	const place = join(folder, 'growing');
	await makeFolderDurably(disk, dirname(folder), place);
	const own = String(bundle);
	for (const name of await disk.list(place)) if (name !== own) await disk.remove(join(place, name));
	const bytes = encodeEntries(growing);
	const file = join(place, own);
	const found = await disk.read(file);
	if (found === null ? bytes.length === 0 : found.length === bytes.length) return;
	// A bundle that was full, but not signed for, is cut back aside and renamed: the full one must not lose what counts.
	await disk.write(`${file}.new`, 0, bytes);
	await disk.sync(`${file}.new`);
	await disk.rename(`${file}.new`, file);
	await disk.syncFolder(place);
}
