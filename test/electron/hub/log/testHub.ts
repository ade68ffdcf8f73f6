/** A hub's core for tests: database, keys and logs in a place of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSealedLog, parseCheckpoint, parseVerifierKey, verifySealed } from '#evidence';
import { concatBytes, utf8 } from '#kernel';
import type { TableName } from '#model';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { createTenant } from '../../../../electron/hub/database/tenants.ts';
import { createHubKeys } from '../../../../electron/hub/keys/hubKeys.ts';
import type { Disk } from '../../../../electron/hub/log/disk.ts';
import type { LogStore, NewEvent } from '../../../../electron/hub/log/logPort.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';

export const TENANT = 'acme';
export const LOG = 'acme.example/o2c';
export const KEYS = createHubKeys(new Uint8Array(32).fill(7));
export const NOW = Date.parse('2026-06-01T00:00:00Z');

export interface TestHub {
	readonly database: Database;
	readonly folder: string;
	log: LogStore;
	/** Closes the logs and opens them again over the same database and folder. */
	reopen(): Promise<void>;
	close(): Promise<void>;
}

export async function openTestHub(database?: Database, disk?: Disk): Promise<TestHub> {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-log-'));
	const own = database ?? (await emptyDatabase());
	await createTenant(own, { tenant: TENANT, company: 'Acme', log: LOG, entityIds: ['E1'], createdAt: NOW });
	const open = () => openLogStore({ database: own, keys: KEYS, folder, now: () => NOW, ...(disk ? { disk } : {}) });
	const hub: TestHub = {
		database: own,
		folder,
		log: await open(),
		async reopen() {
			await hub.log.close();
			hub.log = await open();
		},
		async close() {
			await hub.log.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return hub;
}

let shared: Promise<Database> | null = null;

/** The embedded engine takes seconds to begin: the tests of a file share one, emptied each time. */
async function emptyDatabase(): Promise<Database> {
	shared ??= openDatabase('memory:');
	const database = await shared;
	await emptyTables(database);
	return database;
}

async function emptyTables(database: Database): Promise<void> {
	const tables = await database.query<{ name: string }>(
		"SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'hub_migration'",
	);
	await database.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
}

let count = 0;

/** An order event as a source sends it. */
export function orderEvent(orderId: string, more: Readonly<Record<string, unknown>> = {}, place: Partial<NewEvent> = {}): NewEvent {
	count++;
	const record = {
		event_id: `EV-${count}`,
		order_id: orderId,
		line_id: null,
		type: 'order.entered',
		from_state: null,
		to_state: 'entered',
		occurred_at: '2026-05-01T00:00:00.000Z',
		recorded_at: '2026-05-01T00:00:01.000Z',
		actor_id: 'U1',
		actor_role: 'sales',
		source_system: 'shop',
		source_seq: count,
		trace_id: null,
		span_id: null,
		quantity: null,
		reason_code: null,
		corrects_event_id: null,
		document_id: null,
		schema_version: 1,
		...more,
	};
	return { record, region: 'EU', batchId: 'B1', receivedAt: NOW, disclosures: [], ...place };
}

export async function textOf(lines: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const line of lines) parts.push(line);
	return concatBytes(...parts);
}

/** The repository's own verification over everything the log serves. */
export async function verifyLog(log: LogStore, table: 'order_event' | 'revenue_event', tenant = TENANT) {
	const { size, note } = log.head(tenant, table);
	const bytes = await textOf(log.lines(tenant, table, 0, size));
	const sealed = openSealedLog({ hasOrderSeq: table === 'order_event' });
	sealed.push(bytes);
	const report = sealed.finish();
	const keys = log
		.keys(tenant)
		.map(({ vkey }) => parseVerifierKey(vkey))
		.flatMap((key) => (key.ok ? [key.value] : []));
	return verifySealed({
		table: table as TableName,
		report,
		endsWithLineFeed: true,
		checkpoints: [{ path: `checkpoints/${table}/${size}.txt`, bytes: utf8(note) }],
		log: LOG,
		claimedKey: null,
		trustedKeys: keys,
		previousHeads: [],
		orders: { orderIdOf: () => null, lastOfOrders: () => [], malformed: () => [] },
	});
}

export function rootOf(note: string): Uint8Array {
	const parsed = parseCheckpoint(utf8(note));
	if (!parsed.ok) throw new Error(parsed.error);
	return parsed.value.root;
}
