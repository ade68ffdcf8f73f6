/**
 * Killed at its steps, with and without the loss of what was not synced, the hub comes back consistent: every acknowledged event is there, at its
 * place, once; every head that was ever signed is a beginning of the one signed now. Every few steps by default, since there are hundreds;
 * each step of any seed with `TIEOUT_FAULT_SEED=… TIEOUT_FAULT_STRIDE=1`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint, verifyConsistency } from '#evidence';
import { toHex, utf8 } from '#kernel';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import type { LogStore, SealedEvent } from '../../../../electron/hub/log/logPort.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';
import { dice, FaultyDisk, Killed } from './faultyDisk.ts';
import { KEYS, LOG, NOW, orderEvent, verifyLog } from './testHub.ts';

let database: Database;
beforeAll(async () => {
	database = await openDatabase('memory:');
});

/** The engine survives, the process that speaks with it does not: a transaction is there or not, and its answer may be lost. */
function mortal(disk: FaultyDisk): Database {
	return {
		...database,
		async transaction(work) {
			let result: unknown;
			await disk.step(async () => {
				result = await database.transaction(work);
			});
			return result as never;
		},
	};
}

interface Told {
	readonly acknowledged: SealedEvent[];
	/** Checkpoints that must be beginnings of what comes later. */
	readonly signed: string[];
}

/** Some work of a hub until it is killed, or done. @returns whether it was done */
async function work(log: LogStore, tenant: string, random: () => number, told: Told, turnsKey: boolean): Promise<boolean> {
	const orders = 5 + Math.floor(random() * 20);
	const event = () =>
		orderEvent(`SO-${Math.floor(random() * orders)}`, {}, { region: LONG_REGION, disclosures: random() < 0.1 ? ['d'] : [] });
	try {
		for (let round = 0; round < 3; round++) {
			const calls = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
				Array.from({ length: 1 + Math.floor(random() * (random() < 0.3 ? 400 : 20)) }, event),
			);
			const outcomes = await Promise.allSettled(calls.map((events) => log.append(tenant, 'order_event', events)));
			for (const outcome of outcomes) if (outcome.status === 'fulfilled') told.acknowledged.push(...outcome.value);
			const failed = outcomes.find((outcome) => outcome.status === 'rejected');
			if (failed) throw failed.reason;
			if (round === 1 && turnsKey) await log.rotateKey(tenant);
			if (round === 2) await log.sealHeads(tenant, 'order_event', '2026-06-01');
		}
		return true;
	} catch (error) {
		if (!isKill(error)) throw error;
		return false;
	}
}

const isKill = (error: unknown): boolean => error instanceof Killed || (error instanceof Error && isKill(error.cause));

/** So long that it gets no partition of its own: a thousand runs would make a thousand of them. */
const LONG_REGION = 'x'.repeat(65);
let tenants = 0;

interface Life {
	readonly seed: number;
	/** Step at which the first life ends. */
	readonly failAt: number;
	readonly power: boolean;
	/** The database forgets its last transactions too, as one without fsync may: then only the files have what was answered. */
	readonly forgets: boolean;
	/** The disk says that it has synced, and has not. */
	readonly lies?: boolean;
}

/** Cuts each log of the database back to a size at which it was sealed before. */
async function forget(tenant: string, random: () => number): Promise<void> {
	for (const table of ['order_event', 'hub_record']) {
		const sizes = await database.query<{ size: bigint }>('SELECT size FROM checkpoint WHERE tenant = $1 AND log_table = $2 ORDER BY size', [
			tenant,
			table,
		]);
		const all = [0n, ...sizes.map(({ size }) => size)];
		const size = all[Math.max(0, all.length - 1 - Math.floor(random() * 3))];
		const of = [tenant, table, size];
		for (const rows of ['sealed_line', 'event_key', 'disclosure']) {
			await database.query(`DELETE FROM ${rows} WHERE tenant = $1 AND log_table = $2 AND idx >= $3`, of);
		}
		await database.query('DELETE FROM checkpoint WHERE tenant = $1 AND log_table = $2 AND size > $3', of);
		await database.query('DELETE FROM order_head WHERE tenant = $1 AND log_table = $2', [tenant, table]);
		await database.query(
			`INSERT INTO order_head SELECT DISTINCT ON (order_id) tenant, log_table, order_id, n, idx, leaf FROM sealed_line
			 WHERE tenant = $1 AND log_table = $2 ORDER BY order_id, idx DESC`,
			[tenant, table],
		);
	}
}

/** One hub: killed at the step, perhaps killed again while it recovers, then opened and judged. @returns steps of the first life, where it was not killed */
async function live({ seed, failAt, power, forgets, lies = false }: Life): Promise<number | null> {
	const random = dice(seed * 1_000_003 + failAt);
	const tenant = `t${tenants++}`;
	const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-fault-'));
	await database.query('DELETE FROM tenant');
	await database.query('INSERT INTO tenant VALUES ($1, $2, $3, $4, $5)', [tenant, 'Acme', LOG, '[]', NOW]);
	const told: Told = { acknowledged: [], signed: [] };
	const open = (disk: FaultyDisk) => openLogStore({ database: mortal(disk), keys: KEYS, folder, now: () => NOW, disk });
	let steps: number | null = null;
	for (const at of [failAt, ...(random() < 0.5 ? [Math.floor(random() * 30)] : [])]) {
		const disk = new FaultyDisk(at, power, random, lies);
		let log: LogStore | null = null;
		try {
			const opened = await open(disk);
			log = opened;
			opened.onHead((_, table) => told.signed.push(opened.head(tenant, table).note));
			if (await work(log, tenant, dice(seed), told, !forgets)) steps = disk.steps;
		} catch (error) {
			if (!isKill(error)) throw error;
		}
		await log?.close();
		// A signature that was written nowhere and told to nobody may be lost with the machine, if the database forgets as well.
		if (!forgets) told.signed.push(...disk.signed);
		disk.lose();
		if (forgets && power) await forget(tenant, random);
		if (steps !== null) break;
	}
	await judge(folder, tenant, told);
	rmSync(folder, { recursive: true, force: true });
	return steps;
}

async function judge(folder: string, tenant: string, { acknowledged, signed }: Told): Promise<void> {
	const log = await openLogStore({ database, keys: KEYS, folder, now: () => NOW });
	try {
		const { size, root } = log.head(tenant, 'order_event');
		if (size > 0) {
			const verification = await verifyLog(log, 'order_event', tenant);
			expect(verification.problems).toEqual([]);
			expect(verification).toMatchObject({ verdict: 'verified', rows: size });
		}
		const rows = await database.query<{ idx: bigint; leaf: Uint8Array }>(
			`SELECT idx, leaf FROM sealed_line WHERE tenant = $1 AND log_table = 'order_event' ORDER BY idx`,
			[tenant],
		);
		expect(rows.map(({ idx }) => Number(idx))).toEqual(Array.from({ length: size }, (_, index) => index));
		for (const { index, leaf } of acknowledged) expect(toHex(rows[index]?.leaf ?? new Uint8Array())).toBe(toHex(leaf));
		expect(new Set(acknowledged.map(({ index }) => index)).size).toBe(acknowledged.length);
		for (const note of signed) {
			const checkpoint = parseCheckpoint(utf8(note));
			if (!checkpoint.ok || checkpoint.value.origin !== `${LOG}/order_event` || checkpoint.value.size === 0) continue;
			const { size: from, root: earlier } = checkpoint.value;
			expect(from).toBeLessThanOrEqual(size);
			expect(verifyConsistency(from, size, earlier, root, await log.consistency(tenant, 'order_event', from, size))).toBe(true);
		}
		const [next] = await log.append(tenant, 'order_event', [orderEvent('SO-1', {}, { region: LONG_REGION })]);
		expect(next?.index).toBe(size);
	} finally {
		await log.close();
	}
}

const SEED = Number(process.env['TIEOUT_FAULT_SEED'] ?? 10);
const STRIDE = Number(process.env['TIEOUT_FAULT_STRIDE'] ?? 0);

describe.each([
	{ what: 'killed', power: false, forgets: false, stride: 2 },
	{ what: 'lost with its machine', power: true, forgets: false, stride: 5 },
	{ what: 'whose database forgets', power: true, forgets: true, stride: 3 },
])('a hub $what', ({ power, forgets, stride }) => {
	const life = { seed: SEED, power, forgets };

	const every = STRIDE || stride;

	it(`at every ${every}. step of seed ${SEED} comes back whole`, async () => {
		const steps = await live({ ...life, failAt: Number.POSITIVE_INFINITY });
		expect(steps).toBeGreaterThan(60);
		for (let failAt = 0; failAt < (steps ?? 0); failAt += every) {
			await live({ ...life, failAt }).catch((error: unknown) => {
				throw new Error(`seed ${SEED}, step ${failAt}`, { cause: error });
			});
		}
	}, 1_800_000);
});

describe('these tests', () => {
	it('notice a disk that only says that it has synced', async () => {
		const outcomes: boolean[] = [];
		for (let failAt = 40; failAt < 160 && !outcomes.includes(false); failAt += 5) {
			const life = { seed: SEED, failAt, power: true, forgets: true, lies: true };
			outcomes.push(
				await live(life).then(
					() => true,
					() => false,
				),
			);
		}
		expect(outcomes).toContain(false);
	}, 1_800_000);
});
