/** Files that may be served as they are: full tiles stand for ever, a partial one is cut from the growing tile when somebody asks for it. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HASH_BYTES } from '#evidence';
import { encodeEntries } from './entryBundle.ts';
import type { PublishedLog } from './recover.ts';
import { parseTilePath, TILE_WIDTH, tilePath } from './tilePath.ts';

/**
 * The file of a path of the layout, null where there is none under the signed head. A partial tile that has become full is no longer served:
 * its reader takes the full one (C2SP tlog-tiles, "Partial Tiles").
 */
export function servedFile(folder: string, published: PublishedLog, path: string): string | null {
	if (path === 'checkpoint') return join(folder, 'checkpoint');
	const name = parseTilePath(path);
	if (!name) return null;
	const { kind, index, width } = name;
	const { size, edge, growing } = published.view;
	const full = Math.floor(size / TILE_WIDTH ** (kind === 'entries' ? 1 : kind + 1));
	if (width === TILE_WIDTH) return index < full ? join(folder, path) : null;
	if (index !== full) return null;
	const have = kind === 'entries' ? growing.length : edge.unfinished(kind).length / HASH_BYTES;
	if (width > have) return null;
	const file = join(folder, path);
	if (!existsSync(file)) {
		writeAside(file, kind === 'entries' ? encodeEntries(growing.slice(0, width)) : edge.unfinished(kind).slice(0, width * HASH_BYTES));
	}
	return file;
}

/** Not synced: what a power cut leaves of it is removed when the log is opened. */
function writeAside(file: string, bytes: Uint8Array): void {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	writeFileSync(`${file}.new`, bytes, { mode: 0o600 });
	renameSync(`${file}.new`, file);
}

/** Removes the partial tiles of the growing ones: they are derived, and may be torn. */
export function dropPartials(folder: string, { view }: PublishedLog): void {
	const drop = (kind: number | 'entries', index: number): void =>
		rmSync(`${join(folder, tilePath(kind, index))}.p`, { recursive: true, force: true });
	drop('entries', Math.floor(view.size / TILE_WIDTH));
	for (let level = 0, tiles = view.size; tiles > 0; level++) {
		tiles = Math.floor(tiles / TILE_WIDTH);
		drop(level, tiles);
	}
}
