/** A hub's intake over a database in memory, with a log that writes the same tables as the real one but no files. */
import { randomBytes } from 'node:crypto';
import { leafHash } from '#evidence';
import { canonicalize, toHex, utf8 } from '#kernel';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { createTenant } from '../../../../electron/hub/database/tenants.ts';
import type { FieldVault } from '../../../../electron/hub/intake/fieldVault.ts';
import { type HubIntake, openIntake } from '../../../../electron/hub/intake/openIntake.ts';
import { createHubKeys } from '../../../../electron/hub/keys/hubKeys.ts';
import type { Database, IntakeBatch, LogTable, LogWriter, NewEvent, SealedEvent, SignedHead } from '../../../../electron/hub/types.ts';

export const NOON = Date.parse('2026-03-31T12:00:00.000Z');

export interface TestLog extends LogWriter {
	head(tenant: string, table: LogTable): SignedHead;
	/** Lines of a log, in its order. */
	readonly lines: (tenant: string, table: LogTable) => readonly string[];
	/** What the next appends do instead, one entry each: fail before or after they are durable. */
	readonly faults: ('before' | 'after' | null)[];
}

export function openTestLog(database: Database): TestLog {
	const logs = new Map<string, string[]>();
	const faults: ('before' | 'after' | null)[] = [];
	const log = (tenant: string, table: LogTable): string[] => {
		const name = `${tenant}/${table}`;
		const found = logs.get(name) ?? [];
		logs.set(name, found);
		return found;
	};
	let queue: Promise<unknown> = Promise.resolve();
	const append = async (tenant: string, table: LogTable, events: readonly NewEvent[]): Promise<SealedEvent[]> => {
		const fault = faults.shift() ?? null;
		if (fault === 'before') throw new Error('the disk is full');
		const sealed: SealedEvent[] = [];
		await database.transaction(async (tx) => {
			sealed.length = 0;
			let index = log(tenant, table).length;
			for (const { record, region, batchId, receivedAt } of events) {
				const order = String(record['order_id'] ?? record['kind']);
				const [head] = await tx.query<{ n: bigint; leaf: Uint8Array }>(
					'SELECT n, leaf FROM order_head WHERE tenant = $1 AND log_table = $2 AND order_id = $3',
					[tenant, table, order],
				);
				const n = Number(head?.n ?? 0n) + 1;
				if (table === 'order_event' && (record['order_seq'] ?? n) !== n) throw new Error('not the next of its order');
				const line = canonicalize({
					...record,
					...(table === 'order_event' ? { order_seq: n } : {}),
					prev: head ? toHex(head.leaf) : null,
				});
				const leaf = leafHash(utf8(line));
				const id = String(record['event_id'] ?? record['revenue_id'] ?? record['record_id']);
				await tx.query(
					`INSERT INTO sealed_line (tenant, region, log_table, idx, order_id, n, leaf, line, batch_id, received_at)
					 VALUES ($1, $2, $3, $4::bigint, $5, $6::bigint, $7, $8, $9, $10::bigint)`,
					[tenant, region, table, String(index), order, String(n), leaf, line, batchId, String(receivedAt)],
				);
				await tx.query('INSERT INTO event_key (tenant, log_table, event_id, idx) VALUES ($1, $2, $3, $4::bigint)', [
					tenant,
					table,
					id,
					String(index),
				]);
				await tx.query(
					`INSERT INTO order_head (tenant, log_table, order_id, n, idx, leaf) VALUES ($1, $2, $3, $4::bigint, $5::bigint, $6)
					 ON CONFLICT (tenant, log_table, order_id) DO UPDATE SET n = excluded.n, idx = excluded.idx, leaf = excluded.leaf`,
					[tenant, table, order, String(n), String(index), leaf],
				);
				sealed.push({ index: index++, leaf, line });
			}
		});
		log(tenant, table).push(...sealed.map(({ line }) => line));
		if (fault === 'after') throw new Error('the power went');
		return sealed;
	};
	return {
		faults,
		lines: log,
		head: (tenant, table) => ({ size: log(tenant, table).length, root: new Uint8Array(32), note: '' }),
		append(tenant, table, events) {
			const work = queue.then(() => append(tenant, table, events));
			queue = work.catch(() => undefined);
			return work;
		},
	};
}

export interface TestHub {
	readonly database: Database;
	readonly log: TestLog;
	readonly vault: FieldVault;
	readonly intake: HubIntake;
	/** The hub's clock; set it to let time pass. */
	readonly clock: { now: number };
	/** A tenant that nobody used before. */
	tenant(): Promise<string>;
	/** Intake anew over the same database and log, as after a crash. */
	reopen(): Promise<HubIntake>;
	close(): Promise<void>;
}

export async function openTestHub(): Promise<TestHub> {
	const database = await openDatabase('memory:');
	const log = openTestLog(database);
	const clock = { now: NOON };
	const vault = createHubKeys(randomBytes(32));
	const ports = { database, log, vault, now: () => clock.now, windowMs: 60_000 };
	const reopen = () => openIntake(ports);
	let tenants = 0;
	const tenant = async (): Promise<string> => {
		const name = `tenant-${++tenants}`;
		await createTenant(database, { tenant: name, company: name, log: `${name}.example/o2c`, entityIds: ['E1'], createdAt: NOON });
		return name;
	};
	return { database, log, clock, tenant, vault, intake: await reopen(), reopen, close: () => database.close() };
}

let keys = 0;

/** A batch of lines, with a key of its own. */
export function batchOf(tenant: string, lines: readonly (object | string)[], fields: Partial<IntakeBatch> = {}): IntakeBatch {
	const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
	return {
		tenant,
		principal: 'erp',
		idempotencyKey: `key-${++keys}`,
		channel: 'http',
		lane: 'order',
		bytes: utf8(`${text}\n`),
		traceparent: null,
		receivedAt: NOON,
		...fields,
	};
}
