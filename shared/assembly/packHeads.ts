/** Which orders of a pack can be shown to have all of their events in it, by a hub's heads records, and with which proofs. */
import {
	type HeadsRecord,
	headLine,
	headsTree,
	leafHash,
	parseCheckpoint,
	parseHeadsRecord,
	parseVerifierKey,
	RECORD_LOG,
	type SealedHeads,
	type VerifierKey,
	verifyInclusion,
	verifyNote,
} from '#evidence';
import { type ImportedDrop, orderHeads } from '#intake';
import { fromBase64, toHex, utf8 } from '#kernel';
import { isTableName, type TableName } from '#model';
import { type CitedLine, eventsByOrder, type HeadsEvidence, headProblem, type OrderCompleteness, type ProvedOrder } from '#pack';

/**
 * The newest of the given records a table that holds for these lines, with a proof for each order whose events up to it are all cited.
 * What a checker of the pack would refuse is left out here: then the pack says that it does not show it.
 * @param key the one the pack is made with; without one, the key that the drop names
 */
export function packHeads(
	drop: ImportedDrop,
	given: readonly SealedHeads[],
	orders: readonly string[],
	cited: ReadonlyMap<TableName, readonly CitedLine[]>,
	key: VerifierKey | null,
): Map<TableName, HeadsEvidence> {
	const found = new Map<TableName, HeadsEvidence>();
	for (const sealed of given) {
		const record = trueRecord(drop, sealed, key);
		if (!record || !isTableName(record.table) || !drop.population.has(record.table)) continue;
		const known = found.get(record.table);
		if (known && known.record.size >= record.size) continue;
		const proved = provedOrders(drop, record.table, record, orders, cited.get(record.table) ?? []);
		if (proved) found.set(record.table, { sealed, record, orders: proved });
	}
	return found;
}

/** The record, where it is shown to stand in the log of this drop's hub. */
function trueRecord({ manifest, sealed: logs }: ImportedDrop, sealed: SealedHeads, key: VerifierKey | null): HeadsRecord | null {
	const line = utf8(sealed.line);
	const record = parseHeadsRecord(line);
	const checkpoint = parseCheckpoint(utf8(sealed.checkpoint));
	const hashes = sealed.hashes.map(fromBase64);
	if (!record || !checkpoint.ok || hashes.includes(null)) return null;
	const { note, origin, size, root } = checkpoint.value;
	const claimed = parseVerifierKey(manifest.claimedLogKey ?? '');
	const signer = key ?? (claimed.ok ? claimed.value : null);
	const holds =
		manifest.log !== null &&
		origin === `${manifest.log}/${RECORD_LOG}` &&
		signer !== null &&
		verifyNote(note, signer) === 'valid' &&
		verifyInclusion(leafHash(line), sealed.index, size, hashes as Uint8Array[], root);
	return holds && record.size <= (logs.get(record.table as TableName)?.report.lines ?? -1) ? record : null;
}

/** Null where the lines have other heads than the record says. */
function provedOrders(
	drop: ImportedDrop,
	table: TableName,
	record: HeadsRecord,
	orders: readonly string[],
	cited: readonly CitedLine[],
): Map<string, ProvedOrder> | null {
	const { tree, heads } = headsTree(orderHeads(drop, table, record.size));
	if (heads.length !== record.orders || toHex(tree.rootOf(heads.length)) !== record.root) return null;
	const places = new Map(heads.map(({ orderId }, index) => [orderId, index]));
	const events = eventsByOrder(cited);
	const proved = new Map<string, ProvedOrder>();
	for (const order of orders) {
		const index = places.get(order);
		const head = index === undefined ? undefined : heads[index];
		if (index === undefined || !head || headProblem(head, record.size, events.get(order) ?? [])) continue;
		proved.set(order, { line: headLine(head), index, path: tree.inclusionProof(index, heads.length), events: head.n });
	}
	return proved;
}

/** What the heads show of one order, table by table; absent where no heads record is at hand. */
export function completenessOf(
	order: string,
	heads: ReadonlyMap<TableName, HeadsEvidence>,
	{ population }: Pick<ImportedDrop, 'population'>,
): { completeness?: readonly OrderCompleteness[] } {
	const completeness = [...heads].flatMap(([table, { record, orders }]): OrderCompleteness[] => {
		const { day, size } = record;
		const rows = population.table(table);
		const lines = Array.from(population.index(table, 'order_id').rowsOf(population.dictionary('order').codeOf(order)), (row) =>
			rows.lineOf(row),
		);
		const proved = orders.get(order);
		if (!proved && lines.length === 0) return [];
		return [{ table, day, size, events: proved?.events ?? null, newer: lines.filter((line) => line > size).length }];
	});
	return heads.size === 0 ? {} : { completeness };
}
