/** A hub's intake over its database, keys and logs, with a log that can be made to fail. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '#kernel';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { createTenant } from '../../../../electron/hub/database/tenants.ts';
import type { FieldVault } from '../../../../electron/hub/intake/fieldVault.ts';
import type { HubIntake } from '../../../../electron/hub/intake/hubIntake.ts';
import type { IntakeBatch } from '../../../../electron/hub/intake/intakePort.ts';
import { openIntake } from '../../../../electron/hub/intake/openIntake.ts';
import { createHubKeys } from '../../../../electron/hub/keys/hubKeys.ts';
import type { LogStore, LogTable, LogWriter, SignedHead } from '../../../../electron/hub/log/logPort.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';

export const NOON = Date.parse('2026-03-31T12:00:00.000Z');

interface TestLog extends LogWriter {
	head(tenant: string, table: LogTable): SignedHead;
	/** Lines of a log, in its order. */
	readonly lines: (tenant: string, table: LogTable) => readonly string[];
	/** What the next appends do instead, one entry each: fail before or after they are durable. */
	readonly faults: ('before' | 'after' | null)[];
	/** Lets appends wait. @returns lets them go on */
	hold(): () => void;
	/** Appends that were asked for since the start. */
	readonly asked: () => number;
}

/** The real log, with a switch that makes it fail. */
function faultyLog(log: LogStore): TestLog {
	const known = new Map<string, string[]>();
	const linesOf = (tenant: string, table: LogTable): string[] => {
		const name = `${tenant}/${table}`;
		const lines = known.get(name) ?? [];
		known.set(name, lines);
		return lines;
	};
	const faults: ('before' | 'after' | null)[] = [];
	let held: Promise<void> = Promise.resolve();
	let asked = 0;
	return {
		faults,
		asked: () => asked,
		hold() {
			let release: () => void = () => undefined;
			held = new Promise((resolve) => {
				release = resolve;
			});
			return release;
		},
		lines: linesOf,
		head: (tenant, table) => log.head(tenant, table),
		async append(tenant, table, events) {
			asked++;
			const fault = faults.shift() ?? null;
			await held;
			if (fault === 'before') throw new Error('the disk is full');
			const sealed = await log.append(tenant, table, events);
			for (const { index, line } of sealed) linesOf(tenant, table)[index] = line;
			if (fault === 'after') throw new Error('the power went');
			return sealed;
		},
	};
}

export interface TestHub {
	readonly database: Database;
	readonly log: TestLog;
	readonly store: LogStore;
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

/** @param name of the database, as `openDatabase` takes it */
export async function openTestHub(name = 'memory:'): Promise<TestHub> {
	const database = await openDatabase(name);
	const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-intake-'));
	const clock = { now: NOON };
	const vault = createHubKeys(randomBytes(32));
	const store = await openLogStore({ database, keys: vault, folder, now: () => clock.now });
	const log = faultyLog(store);
	const ports = { database, log, vault, now: () => clock.now, windowMs: 60_000 };
	const reopen = () => openIntake(ports);
	let tenants = 0;
	const tenant = async (): Promise<string> => {
		const tenantName = `tenant-${++tenants}`;
		await createTenant(database, {
			tenant: tenantName,
			company: tenantName,
			log: `${tenantName}.example/o2c`,
			entityIds: ['E1'],
			createdAt: NOON,
		});
		await store.addTenant(tenantName);
		return tenantName;
	};
	const close = async (): Promise<void> => {
		await store.close();
		await database.close();
		rmSync(folder, { recursive: true, force: true });
	};
	return { database, log, store, clock, tenant, vault, intake: await reopen(), reopen, close };
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
