/**
 * Opens one log so that signed head, files and database say the same. Each of them may lag behind after a crash; the longer repairs the shorter
 * once the shorter was seen to be its beginning. What contradicts is refused: nothing is signed over it.
 */
import { dirname, join } from 'node:path';
import { equalBytes, fromUtf8, toHex } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { LogKeyWindow } from '../keys/logKeys.ts';
import { StartRefusal } from '../startRefusal.ts';
import { chainOf, eventIdOf, type PlacedEvent } from './chains.ts';
import type { Disk } from './disk.ts';
import { makeFolderDurably } from './durableFile.ts';
import type { SignedHead } from './logPort.ts';
import { type LogName, lastSealedSize, readHeads, readLines, rowCount, type SealedSize, sealedSizes, writeGroup } from './sealedRows.ts';
import { keepHead, keptHead, readHead, signAgain, signHead, writeHead } from './signedHead.ts';
import { leafHashesOf, leafHashOf, openTileFolder, type TileFolder, TilesMissing, type TreeView } from './tileFolder.ts';
import { TILE_WIDTH } from './tilePath.ts';
import { rootAt } from './treeProofs.ts';

export interface LogPlace {
	readonly database: Database;
	readonly disk: Disk;
	readonly folder: string;
	readonly name: LogName;
	readonly origin: string;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

/** What readers see of a log. */
export interface PublishedLog {
	readonly tree: TileFolder;
	readonly view: TreeView;
	readonly head: SignedHead;
}

/** Throws `StartRefusal` `log_contradicts`. */
export async function recover(place: LogPlace, windows: readonly LogKeyWindow[]): Promise<PublishedLog> {
	const { database, disk, folder, name, origin } = place;
	// The names of tenant and log must not be lost with the machine either.
	await makeFolderDurably(disk, dirname(dirname(folder)), folder);
	const signed = await readHead(disk, folder, origin, name.table, windows);
	const rows = await rowCount(database, name);
	const sealed = await lastSealedSize(database, name);
	if (Math.max(signed?.size ?? 0, rows) < sealed || (rows > (signed?.size ?? 0) && rows !== sealed)) {
		throw contradiction(place, `the database was sealed at ${sealed} lines and has ${rows}`);
	}
	const tree = await openTree(place, signed?.size ?? 0, rows);
	if (signed && !equalBytes(tree.view.edge.root(), signed.root))
		throw contradiction(place, `the files do not have the root signed for ${signed.size} lines`);
	if (signed) await checkBeginning(place, tree, Math.min(signed.size, rows));
	if (signed && rows < signed.size) await restoreRows(place, tree, rows);
	else await appendRows(place, tree, rows);
	const { view } = tree;
	if (signed?.size === view.size && signed.isWhole) {
		if ((await keptHead(disk, folder, signed.size)) === null) await keepHead(disk, folder, signed.size, signed.note);
		return { tree, view, head: { size: signed.size, root: signed.root, note: signed.note } };
	}
	const head =
		signed?.size === view.size
			? signAgain(windows, origin, name.table, signed)
			: signHead(windows, origin, name.table, view.size, view.edge.root());
	await writeHead(disk, folder, head);
	return { tree, view, head };
}

const contradiction = ({ origin }: LogPlace, what: string): StartRefusal =>
	new StartRefusal(
		`The log ${origin} contradicts itself: ${what}. Nothing is signed over this; restore folder and database of the same time from a backup.`,
		{ code: 'log_contradicts' },
	);

/** Where tiles are missing, the database may have all their lines: then the folder is written anew from them. */
async function openTree(place: LogPlace, size: number, rows: number): Promise<TileFolder> {
	const { disk, folder } = place;
	try {
		return await openTileFolder(disk, folder, size);
	} catch (error) {
		if (!(error instanceof TilesMissing)) throw error;
		if (rows < size) throw contradiction(place, `${error.message}, and the database has only ${rows} of ${size} lines`);
	}
	await disk.remove(join(folder, 'tile'));
	await disk.remove(join(folder, 'growing'));
	const tree = await openTileFolder(disk, folder, 0);
	await appendTo(place, tree, size);
	return tree;
}

async function appendTo({ database, name }: LogPlace, tree: TileFolder, size: number): Promise<void> {
	for await (const page of readLines(database, name, tree.view.size, size)) {
		const lines = page.map((line) => new Uint8Array(Buffer.from(line, 'utf8')));
		await tree.append(lines, leafHashesOf(lines));
	}
}

/** The first `size` lines must be the same on both sides: their root was written into the database when it was sealed there. */
async function checkBeginning(place: LogPlace, tree: TileFolder, size: number): Promise<void> {
	if (size === 0) return;
	const [known] = await sealedSizes(place.database, place.name, size - 1, size);
	const root = await rootAt(tree, tree.view, size);
	if (!known || !equalBytes(known.root, root)) throw contradiction(place, `files and database differ within the first ${size} lines`);
}

/** The database is ahead: its lines go into the files, and must have the roots it was sealed with. */
async function appendRows(place: LogPlace, tree: TileFolder, rows: number): Promise<void> {
	let at: readonly SealedSize[] = [];
	for (let from = tree.view.size; from < rows; from = at.at(-1)?.size ?? rows) {
		at = await sealedSizes(place.database, place.name, from, rows);
		for (const { size, root } of at) {
			await appendTo(place, tree, size);
			if (!equalBytes(tree.view.edge.root(), root))
				throw contradiction(place, `the database's lines do not have the root it was sealed with at ${size}`);
		}
	}
	if (tree.view.size < rows) throw contradiction(place, `the database has ${rows} lines and was sealed at ${tree.view.size}`);
}

/** The files are ahead: the database has lost what was signed. Regions and disclosures stood nowhere else and stay lost. */
async function restoreRows(place: LogPlace, tree: TileFolder, rows: number): Promise<void> {
	const { database, name, now } = place;
	const { view } = tree;
	for (let at = rows; at < view.size; ) {
		const entries = await tree.entries(Math.floor(at / TILE_WIDTH), view);
		const lines = entries.slice(at % TILE_WIDTH);
		const events = await placeSealed(place, lines, at);
		at += lines.length;
		const root = await rootAt(tree, view, at);
		const group = { events, root, sealedAt: now(), encrypt: () => new Uint8Array() };
		await database.transaction((tx) => writeGroup(tx, name, group));
	}
}

async function placeSealed(place: LogPlace, lines: readonly Uint8Array[], from: number): Promise<readonly PlacedEvent[]> {
	const { database, name, now } = place;
	const sources = lines.map((bytes) => {
		const line = fromUtf8(bytes) ?? '';
		return { bytes, line, record: JSON.parse(line) as Record<string, unknown> };
	});
	const newEvents = sources.map(({ record }) => ({ record, region: '', batchId: 'restored', receivedAt: now(), disclosures: [] }));
	const chains = newEvents.map((event, at) => chainOf(name.table, event, at));
	const heads = new Map(await readHeads(database, name, [...new Set(chains)]));
	return sources.map(({ bytes, line, record }, at) => {
		const chain = chains[at] ?? '';
		const head = heads.get(chain);
		if (record['prev'] !== (head ? toHex(head.leaf) : null))
			throw contradiction(place, `line ${from + at + 1} does not follow the order's last in the database`);
		const source = newEvents[at] as (typeof newEvents)[number];
		const placed = {
			chain,
			eventId: eventIdOf(name.table, source, at),
			n: (head?.n ?? 0) + 1,
			index: from + at,
			leaf: leafHashOf(bytes),
			line,
			bytes,
			source,
		};
		heads.set(chain, placed);
		return placed;
	});
}
