/** A made-up hub's log of records with the heads of a drop's tables, written without the code under test. */
import type { SealedHeads } from '#evidence';
import { merkleTree } from '#evidence';
import {
	canonical,
	type DropFiles,
	LOG,
	LOG_SIGNER,
	leafOf,
	linesOf,
	type Row,
	rootOf,
	type Signer,
} from '../../electron/services/dropWriter.ts';

export interface HeadsOptions {
	readonly table?: string;
	/** Lines the record speaks of; all, if not given. */
	readonly size?: number;
	readonly day?: string;
	readonly by?: Signer;
	readonly origin?: string;
	/** What the hub says otherwise than it is. */
	readonly change?: Row;
}

/** Leaves of the tree of heads: `[order_id, n, leaf hash of the last event]`, by order id. */
export function headLines(files: DropFiles, table: string, size: number): string[] {
	const heads = new Map<string, { n: number; leaf: string }>();
	for (const line of linesOf(files, table).slice(0, size)) {
		const { order_id: order } = JSON.parse(line) as { order_id: string };
		heads.set(order, { n: (heads.get(order)?.n ?? 0) + 1, leaf: leafOf(line).toString('hex') });
	}
	return [...heads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([order, { n, leaf }]) => canonical([order, n, leaf]));
}

/** A heads record between other records of the hub, with its proof. */
export function sealedHeads(files: DropFiles, options: HeadsOptions = {}): SealedHeads {
	const { table = 'order_event', day = '2026-12-01', by = LOG_SIGNER, origin = `${LOG}/hub_record`, change = {} } = options;
	const size = options.size ?? linesOf(files, table).length;
	const leaves = headLines(files, table, size);
	const record = {
		kind: 'heads',
		record_id: `heads-${table}-${day}`,
		table,
		day,
		size,
		orders: leaves.length,
		root: rootOf(leaves).toString('hex'),
	};
	const line = canonical({ ...record, order_id: 'heads', prev: null, ...change });
	const index = 4;
	const log = Array.from({ length: 11 }, (_, i) => (i === index ? line : canonical({ kind: 'batch', batch_no: i, of: day })));
	const tree = merkleTree(Buffer.concat(log.map(leafOf)));
	return {
		line,
		index,
		hashes: tree.inclusionProof(index, log.length).map((hash) => Buffer.from(hash).toString('base64')),
		checkpoint: by.checkpoint(origin, log.length, rootOf(log)).toString('utf8'),
	};
}
