/** A real process, killed while it seals: the embedded database and the logs come back together, with all that was acknowledged. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex } from '#kernel';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';
import { dice } from './faultyDisk.ts';
import { KEYS, TENANT, verifyLog } from './testHub.ts';

const SEED = Number(process.env['TIEOUT_FAULT_SEED'] ?? 10);
const LIVES = 4;
const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets a hub live until it has acknowledged this many lines, and kills it. @returns what it said by then */
async function lifeOf(name: string, lines: number): Promise<readonly string[]> {
	const script = join(dirname(fileURLToPath(import.meta.url)), 'killedHub.ts');
	const hub = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder, name], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let said = '';
	let complaint = '';
	hub.stdout.setEncoding('utf8').on('data', (text: string) => {
		said += text;
		if (said.split('\n').length > lines) hub.kill('SIGKILL');
	});
	hub.stderr.setEncoding('utf8').on('data', (text: string) => {
		complaint += text;
	});
	const signal = await new Promise((resolve) => hub.on('close', (_, by) => resolve(by)));
	expect(signal, complaint).toBe('SIGKILL');
	const [ready, ...acknowledged] = said.slice(0, said.lastIndexOf('\n')).split('\n');
	expect(ready).toBe('ready');
	return acknowledged;
}

describe('a hub that is killed', () => {
	it(`again and again (seed ${SEED}) has all that it acknowledged, once, and verifies`, async () => {
		const random = dice(SEED);
		const acknowledged: string[] = [];
		for (let life = 0; life < LIVES; life++) acknowledged.push(...(await lifeOf(`L${life}`, 2 + Math.floor(random() * 600))));
		expect(acknowledged.length).toBeGreaterThan(10);
		const database = await openDatabase(`pglite:${folder}/db`);
		const log = await openLogStore({ database, keys: KEYS, folder: join(folder, 'logs'), now: Date.now });
		const { size } = log.head(TENANT, 'order_event');
		expect(await verifyLog(log, 'order_event')).toMatchObject({ verdict: 'verified', problems: [], rows: size });
		const rows = await database.query<{ idx: bigint; leaf: Uint8Array }>(
			`SELECT idx, leaf FROM sealed_line WHERE log_table = 'order_event' ORDER BY idx`,
		);
		expect(rows.length).toBe(size);
		for (const line of acknowledged) {
			const [index, leaf] = line.split(' ');
			expect(toHex(rows[Number(index)]?.leaf ?? new Uint8Array())).toBe(leaf);
		}
		await log.close();
		await database.close();
	}, 600_000);
});
