import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { openAccessSpool } from '../../../../electron/hub/serving/accessSpool.ts';
import { fill, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;
const EVENTS = 260;

beforeAll(async () => {
	served = await serveHub();
	await fill(served, 'acme', EVENTS);
	// Known to the hub, and with the newest publication made.
	for (const as of ['auditor', 'compliance', 'witness'] as const) await served.call({ path: '/v1/tenant', as });
	await served.call({ path: '/v1/publication' });
	await served.call({ path: '/v1/access-log', as: 'compliance' });
	await served.hub.database.close();
});
afterAll(async () => {
	await served.hub.close().catch(() => undefined);
	rmSync(served.folder, { recursive: true, force: true });
});

describe('while the database is away', () => {
	it('whoever is known reads heads, proofs, lines, tiles and published files', async () => {
		const size = EVENTS + 1;
		const paths = [
			'/v1/logs/order_event/checkpoint',
			`/v1/logs/order_event/checkpoint/${size}`,
			`/v1/logs/order_event/consistency?from=1&to=${size}`,
			`/v1/logs/order_event/lines?from=0&to=${size}`,
			'/v1/logs/order_event/tile/0/000',
			'/v1/logs/order_event/tile/entries/000',
			'/v1/logs/order_event/tile/entries/001.p/5',
			'/v1/publication',
			'/v1/publication/1',
			'/v1/publication/1/tables/customer?offset=0&length=1000',
			'/v1/poll',
			'/healthz',
		];
		for (const path of paths) expect((await served.call({ path })).status, path).toBe(200);
		expect((await served.call({ path: '/v1/logs/order_event/tile/0/000', as: 'witness' })).status).toBe(200);
	});

	it('what needs it says that it passes, and nobody new is believed', async () => {
		for (const path of ['/v1/documents', '/v1/feeds', '/readyz']) {
			const { status, headers } = await served.call({ path });
			expect([status, headers['retry-after']], path).toEqual([503, '5']);
		}
		const stranger = await served.call({ path: '/v1/logs/order_event/checkpoint', token: `tieout_${'A'.repeat(43)}` });
		expect(stranger.status).toBe(503);
	});

	it('what was read is on the disk, and comes into the access log once it is back, once', async () => {
		const folder = join(served.folder, 'readings');
		expect(readdirSync(folder).length).toBeGreaterThan(0);
		const rows: { tenant: string; id: string }[] = [];
		let failures = 1;
		const database = {
			// Fails behind its commit the first time: nobody can tell whether it was one.
			async transaction(work: (tx: unknown) => Promise<void>) {
				await work({
					query: (_sql: string, [tenant, ids]: [string, string[]]) => {
						for (const id of ids) if (!rows.some((row) => row.id === id)) rows.push({ tenant, id });
						return Promise.resolve([]);
					},
				});
				if (failures-- > 0) throw new Error('connection lost');
			},
		} as unknown as Database;
		const spool = await openAccessSpool({ database, folder, delayMs: 60_000 });
		await spool.drain();
		// Heads, proofs and news are no evidence.
		expect(rows.length).toBe(8);
		expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
		expect(readdirSync(folder)).toEqual([]);
		await spool.close();
	});
});

describe('the spool of readings', () => {
	const reading = (subject: string) => ({
		principal: { tenant: 'acme', id: 'ada', role: 'auditor' as const },
		route: 'GET /x',
		subject,
		rows: 1,
		traceId: '0'.repeat(32),
		at: 0,
	});

	it('gives back what many note at once, in their order, and leaves nothing behind', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-spool-'));
		const subjects: string[] = [];
		const database = {
			transaction: (work: (tx: unknown) => Promise<void>) =>
				work({
					query: (_sql: string, parameters: unknown[]) => {
						subjects.push(...(parameters[6] as string[]));
						return Promise.resolve([]);
					},
				}),
		} as unknown as Database;
		const spool = await openAccessSpool({ database, folder, delayMs: 1 });
		const wanted = Array.from({ length: 300 }, (_, at) => `subject ${at}`);
		await Promise.all(wanted.map((subject) => spool.note(reading(subject))));
		await spool.close();
		expect(subjects).toEqual(wanted);
		expect(readdirSync(folder)).toEqual([]);
		rmSync(folder, { recursive: true });
	});

	it('refuses where it can’t be written, so that nothing is given out unnoted', async () => {
		const folder = join(mkdtempSync(join(tmpdir(), 'tieout-hub-spool-')), 'gone');
		const spool = await openAccessSpool({ database: {} as Database, folder, delayMs: 60_000 });
		rmSync(folder, { recursive: true });
		writeFileSync(folder, 'no folder any more');
		await expect(spool.note(reading('x'))).rejects.toThrow();
	});
});
