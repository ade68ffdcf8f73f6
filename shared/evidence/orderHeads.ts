/**
 * Heads of orders: how many events each order has at a size of a log, and which is its last. The root over all of them, sealed as a
 * heads record, is what shows that nothing is missing at the end of an order; an inclusion proof of each event does not.
 */
import { canonicalize, compareText, fromHex, fromUtf8, toHex, utf8 } from '#kernel';
import { type MerkleTree, merkleTree } from './merkle.ts';
import { HASH_BYTES, leafHash } from './merkleHash.ts';

/** A sealed record of a log's heads: RFC 6962 over the lines of `headLine`, in the order of the order ids' UTF-16 code units. */
export interface HeadsRecord {
	readonly kind: 'heads';
	readonly table: string;
	/** Calendar day, UTC. */
	readonly day: string;
	/** Lines of the log that it speaks of. */
	readonly size: number;
	readonly orders: number;
	/** Lower-case hex. */
	readonly root: string;
}

/** A heads record with what shows that it stands in the log of the hub's records. Plain values, to be kept as JSON. */
export interface SealedHeads {
	/** The record as it stands in that log, without its line feed. */
	readonly line: string;
	/** Zero-based. */
	readonly index: number;
	/** RFC 6962 path to the checkpoint's root, base64, from the leaf up. */
	readonly hashes: readonly string[];
	/** The signed checkpoint as it came. */
	readonly checkpoint: string;
}

/** The log beside the sealed tables' in which a hub seals its records. */
export const RECORD_LOG = 'hub_record';

export interface OrderHead {
	readonly orderId: string;
	/** Events of the order. */
	readonly n: number;
	/** Leaf hash of its last one. */
	readonly leaf: Uint8Array;
}

/** The leaf of an order in the tree of heads, before hashing: `[order_id, n, leaf hash as lower-case hex]` in canonical JSON. */
export const headLine = ({ orderId, n, leaf }: OrderHead): string => canonicalize([orderId, n, toHex(leaf)]);

export interface HeadsTree {
	readonly tree: MerkleTree;
	/** In the order of the tree's leaves. */
	readonly heads: readonly OrderHead[];
}

/** The tree over the heads of all orders, given in any order, each order once. */
export function headsTree(heads: readonly OrderHead[]): HeadsTree {
	const sorted = [...heads].sort((a, b) => compareText(a.orderId, b.orderId));
	const hashes = new Uint8Array(sorted.length * HASH_BYTES);
	for (const [at, head] of sorted.entries()) hashes.set(leafHash(utf8(headLine(head))), at * HASH_BYTES);
	return { tree: merkleTree(hashes), heads: sorted };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Null where the bytes are no heads record. Further keys are the hub's own business. */
export function parseHeadsRecord(line: Uint8Array): HeadsRecord | null {
	const value = jsonOf(line);
	if (typeof value !== 'object' || value === null) return null;
	const { kind, table, day, size, orders, root } = value as Readonly<Record<string, unknown>>;
	if (kind !== 'heads' || typeof table !== 'string' || !isCount(size) || !isCount(orders)) return null;
	if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day) || typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return null;
	return { kind, table, day, size, orders, root };
}

/** Null where a line is none that `headLine` would write. */
export function parseHeadLine(line: string): OrderHead | null {
	const value = jsonOf(utf8(line));
	const [orderId, n, hex] = Array.isArray(value) ? (value as unknown[]) : [];
	const leaf = typeof hex === 'string' ? fromHex(hex) : null;
	if (typeof orderId !== 'string' || !isCount(n) || n === 0 || leaf?.length !== HASH_BYTES) return null;
	const head = { orderId, n, leaf };
	return orderId.isWellFormed() && headLine(head) === line ? head : null;
}

function jsonOf(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(fromUtf8(bytes) ?? '');
	} catch {
		return null;
	}
}
