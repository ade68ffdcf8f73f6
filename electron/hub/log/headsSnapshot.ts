/**
 * The last event of every order at one size of a log, as a tree of its own: leaves are `[order_id, n, leaf hash]`, sorted by order id (UTF-16 code
 * units). It lies on disk like a log, so that a proof needs a few tiles of it and never all orders.
 */
import { join } from 'node:path';
import { canonicalize, compareText, toHex, utf8 } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { Disk } from './disk.ts';
import type { LogName } from './sealedRows.ts';
import { leafHashesOf, openTileFolder, type TileFolder, type TreeView } from './tileFolder.ts';
import { TILE_WIDTH } from './tilePath.ts';

interface OrderHead {
	readonly orderId: string;
	readonly n: number;
	readonly leaf: Uint8Array;
}

const headLine = ({ orderId, n, leaf }: OrderHead): Uint8Array => utf8(canonicalize([orderId, n, toHex(leaf)]));

const PAGE = 2048;
/** From U+E000 on the order of UTF-8 bytes, which is the database's, is not the order of UTF-16 code units. */
const HIGH = "order_id ~ '[\\uE000-\\uFFFF\\U00010000-\\U0010FFFF]'";

/** The orders that have events among the first `size` lines, page by page in the database's order. */
async function* pagesOf(db: Database, { tenant, table }: LogName, size: number, which: string): AsyncGenerator<readonly OrderHead[]> {
	for (let after: string | null = null; ; ) {
		const rows: readonly { order_id: string; n: bigint; idx: bigint; leaf: Uint8Array }[] = await db.query(
			`SELECT order_id, n, idx, leaf FROM order_head
			 WHERE tenant = $1 AND log_table = $2 AND ($3::text IS NULL OR order_id > $3) AND ${which} ORDER BY order_id LIMIT ${PAGE}`,
			[tenant, table, after],
		);
		// Orders that have gone on since `size` are looked up as they were then; those that began since are left out.
		const later = rows.filter(({ idx }) => Number(idx) >= size).map(({ order_id }) => order_id);
		const earlier = await db.query<{ order_id: string; n: bigint; leaf: Uint8Array }>(
			`SELECT DISTINCT ON (order_id) order_id, n, leaf FROM sealed_line
			 WHERE tenant = $1 AND log_table = $2 AND order_id = ANY($3::text[]) AND idx < $4 ORDER BY order_id, idx DESC`,
			[tenant, table, later, size],
		);
		const found = new Map(earlier.map((row) => [row.order_id, row]));
		yield rows.flatMap((row) => {
			const head = Number(row.idx) < size ? row : found.get(row.order_id);
			return head ? [{ orderId: head.order_id, n: Number(head.n), leaf: head.leaf }] : [];
		});
		const last = rows.at(-1);
		if (!last || rows.length < PAGE) return;
		after = last.order_id;
	}
}

/** All orders in the order of the tree. The few with high characters are held in memory, and let in where they belong. */
async function* sortedHeads(db: Database, name: LogName, size: number): AsyncGenerator<readonly OrderHead[]> {
	const high: OrderHead[] = [];
	for await (const page of pagesOf(db, name, size, HIGH)) high.push(...page);
	high.sort((a, b) => compareText(a.orderId, b.orderId));
	for await (const page of pagesOf(db, name, size, `NOT (${HIGH})`)) {
		const last = page.at(-1);
		if (!last) continue;
		const until = high.findIndex(({ orderId }) => compareText(orderId, last.orderId) > 0);
		const between = high.splice(0, until < 0 ? high.length : until);
		yield between.length === 0 ? page : [...page, ...between].sort((a, b) => compareText(a.orderId, b.orderId));
	}
	yield high;
}

export interface HeadsSnapshot {
	readonly tree: TileFolder;
	readonly view: TreeView;
}

/** Makes the snapshot of `size` in `folder`, or makes it again where it was cut off. */
export async function makeSnapshot(db: Database, disk: Disk, folder: string, name: LogName, size: number): Promise<HeadsSnapshot> {
	const place = join(folder, String(size));
	await disk.remove(place);
	await disk.makeFolder(place);
	const tree = await openTileFolder(disk, place, 0);
	for await (const page of sortedHeads(db, name, size)) {
		const lines = page.map(headLine);
		if (lines.length > 0) await tree.append(lines, leafHashesOf(lines));
	}
	// Only the last one is asked for; those before can be made again from the database.
	for (const other of await disk.list(folder)) if (other !== String(size)) await disk.remove(join(folder, other));
	return { tree, view: tree.view };
}

/** Opens the snapshot of `size` with its number of orders; throws `TilesMissing` where it is not there whole. */
export async function openSnapshot(disk: Disk, folder: string, size: number, orders: number): Promise<HeadsSnapshot> {
	const tree = await openTileFolder(disk, join(folder, String(size)), orders);
	return { tree, view: tree.view };
}

/** The place of an order in the tree and its line, by halving; null where it is not there. */
export async function findOrder(
	{ tree, view }: HeadsSnapshot,
	orderId: string,
): Promise<{ readonly index: number; readonly line: string } | null> {
	const lineAt = async (index: number): Promise<string> => {
		const entries = await tree.entries(Math.floor(index / TILE_WIDTH), view);
		return Buffer.from(entries[index % TILE_WIDTH] ?? new Uint8Array()).toString('utf8');
	};
	let low = 0;
	let high = view.size;
	while (low < high) {
		const index = Math.floor((low + high) / 2);
		const line = await lineAt(index);
		const order = compareText((JSON.parse(line) as [string])[0], orderId);
		if (order === 0) return { index, line };
		if (order < 0) low = index + 1;
		else high = index;
	}
	return null;
}
