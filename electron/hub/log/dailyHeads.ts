/** The heads record of a day, and proofs from it: the only thing that shows that a pack has all events of an order. */
import { join } from 'node:path';
import { toHex } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { Disk } from './disk.ts';
import { findOrder, type HeadsSnapshot, makeSnapshot, openSnapshot } from './headsSnapshot.ts';
import type { HeadProof, SealedEvent } from './logPort.ts';
import type { TenantLogs } from './tenantLogs.ts';
import { TilesMissing } from './tileFolder.ts';
import { inclusionProof } from './treeProofs.ts';

export type OrderTable = 'order_event' | 'revenue_event';

interface HeadsRecord {
	readonly size: number;
	readonly orders: number;
}

interface Ports {
	readonly database: Database;
	readonly disk: Disk;
}

const folderOf = (logs: TenantLogs, table: OrderTable): string => join(logs.folder(table), 'heads');

/** Names the heads record of a day. @param day YYYY-MM-DD */
export const headsRecordId = (table: OrderTable, day: string): string => `heads-${table}-${day}`;

/** See `LogKeeper.sealHeads`. */
export async function sealHeads({ database, disk }: Ports, logs: TenantLogs, table: OrderTable, day: string): Promise<SealedEvent> {
	const { size } = logs.get(table).published.head;
	const snapshot = await logs.snapshots.take(() =>
		makeSnapshot(database, disk, folderOf(logs, table), { tenant: logs.tenant, table }, size),
	);
	return await logs.seal({
		kind: 'heads',
		record_id: headsRecordId(table, day),
		table,
		day,
		size,
		orders: snapshot.view.size,
		root: toHex(snapshot.view.edge.root()),
	});
}

/** See `LogKeeper.headProof`. */
export async function headProof(ports: Ports, logs: TenantLogs, table: OrderTable, orderId: string): Promise<HeadProof | null> {
	const [row] = await ports.database.query<{ idx: bigint; leaf: Uint8Array; line: string }>(
		`SELECT idx, leaf, line FROM sealed_line
		 WHERE tenant = $1 AND log_table = 'hub_record' AND order_id = 'heads' AND line::jsonb ->> 'table' = $2 ORDER BY idx DESC LIMIT 1`,
		[logs.tenant, table],
	);
	if (!row) return null;
	const { size, orders } = JSON.parse(row.line) as HeadsRecord;
	const record = { index: Number(row.idx), leaf: row.leaf, line: row.line };
	return await logs.snapshots.take(async () => {
		const snapshot = await snapshotOf(ports, logs, table, size, orders);
		const found = await findOrder(snapshot, orderId);
		if (!found) return null;
		const hashes = await inclusionProof(snapshot.tree, snapshot.view, found.index, orders);
		return { record, line: found.line, index: found.index, size: orders, hashes };
	});
}

/** It is derived from the database, so a lost one is made again. */
async function snapshotOf(
	{ database, disk }: Ports,
	logs: TenantLogs,
	table: OrderTable,
	size: number,
	orders: number,
): Promise<HeadsSnapshot> {
	try {
		return await openSnapshot(disk, folderOf(logs, table), size, orders);
	} catch (error) {
		if (!(error instanceof TilesMissing)) throw error;
		return await makeSnapshot(database, disk, folderOf(logs, table), { tenant: logs.tenant, table }, size);
	}
}
