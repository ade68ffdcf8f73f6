/**
 * What shows that a pack has all events of an order: a sealed heads record once a table, and for each order its line in the record's
 * tree with the path to the root. Inclusion proofs can't show it: an event that is left out at the end is missed by none of them.
 */
import { formatTlogProof, type HeadsRecord, type SealedHeads } from '#evidence';
import { canonicalize, fromBase64, toBase64, utf8 } from '#kernel';
import type { TableName } from '#model';
import type { PackAttachment } from './planInput.ts';

export const HEADS_FORMAT = 'tieout-heads/1';

/** By table: the orders' lines and paths; the record's line, without a line feed; its proof, in the format c2sp.org/tlog-proof@v1. */
export const headsName = (table: string): string => `heads__${table}.json`;
export const headsRecordName = (table: string): string => `heads-record__${table}.json`;
export const headsProofName = (table: string): string => `heads-record__${table}.tlog-proof`;

export interface ProvedOrder {
	/** As many as the line says. */
	readonly events: number;
	/** See `headLine`. */
	readonly line: string;
	/** Zero-based place in the tree of heads. */
	readonly index: number;
	/** RFC 6962 §2.1.1, from the leaf up. */
	readonly path: readonly Uint8Array[];
}

export interface HeadsEvidence {
	readonly sealed: SealedHeads;
	readonly record: HeadsRecord;
	/** Orders all of whose events up to the record are in the pack, by id. */
	readonly orders: ReadonlyMap<string, ProvedOrder>;
}

export function headsFiles(heads: ReadonlyMap<TableName, HeadsEvidence>): PackAttachment[] {
	return [...heads].flatMap(([table, { sealed, record, orders }]) => {
		if (orders.size === 0) return [];
		const about = {
			format: HEADS_FORMAT,
			table,
			orders: [...orders.values()].map(({ line, index, path }) => ({ line, index, path: path.map(toBase64) })),
		};
		const hashes = sealed.hashes.map((hash) => fromBase64(hash) as Uint8Array);
		return [
			data(headsName(table), `heads/${table}.json`, utf8(canonicalize(about)), `number and last of all events of each order in ${table}`),
			data(
				headsRecordName(table),
				`heads/${table}.record.json`,
				utf8(sealed.line),
				`heads record of ${table}, ${record.day}, as the hub sealed it`,
			),
			{
				...data(
					headsProofName(table),
					`heads/${table}.record.tlog-proof`,
					formatTlogProof(sealed.index, hashes, utf8(sealed.checkpoint)),
					`proof that the heads record of ${table} is in the hub’s log, with its signed checkpoint`,
				),
				mime: 'text/plain',
			},
		];
	});
}

const data = (name: string, path: string, bytes: Uint8Array, description: string): PackAttachment => ({
	name,
	path,
	bytes,
	mime: 'application/json',
	relationship: 'Data',
	description,
	isDocument: false,
});
