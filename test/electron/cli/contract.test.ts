/** The command line as other programs rely on it: shapes, exit statuses, streams, hashes. Schemas are written from the specification. */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { writeSample } from '../../../electron/services/writeSample.ts';
import { canonical } from '../services/dropWriter.ts';
import { type Ran, runTieout } from './runTieout.ts';
import { auditSchema } from './shapes.ts';

type Result = z.infer<typeof auditSchema>;
const parse = (ran: Ran): Result => auditSchema.parse(JSON.parse(ran.out));

let folder = '';
let drop = '';
let audited: Ran;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-contract-'));
	drop = join(folder, 'drop');
	await writeSample(drop, { orders: 20, seed: 3, anomalies: 'all' }, () => undefined);
	audited = await runTieout(['audit', drop, '--json']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('audit --json', () => {
	it('has exactly the keys of tieout-result/1, and quarantine', () => {
		expect(audited.status).toBe(1);
		expect(parse(audited).tests).toHaveLength(90);
	});
	it('lists exceptions by (order_id, keys)', () => {
		const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
		for (const { exceptions } of parse(audited).tests) {
			const places = exceptions.map(({ order_id: order, keys }) => [order ?? '', canonical(keys)] as const);
			expect(places).toEqual([...places].sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1])));
		}
	});
	it('hashes each test over its canonical form, as another program computes it', () => {
		for (const { result_sha256: stated, ...body } of parse(audited).tests)
			expect(createHash('sha256').update(canonical(body)).digest('hex')).toBe(stated);
	});
	it('cites lines under the hash of their stored bytes', async () => {
		const rows = parse(audited).tests.flatMap(({ exceptions }) => exceptions.flatMap((exception) => exception.rows));
		expect(rows.length).toBeGreaterThan(100);
		const hashes = new Map<string, Set<string>>();
		for (const table of new Set(rows.map((row) => row.table))) {
			const lines = (await readFile(join(drop, 'data', `${table}.ndjson`), 'utf8')).split('\n');
			hashes.set(table, new Set(lines.map((line) => createHash('sha256').update(line).digest('hex'))));
		}
		expect(rows.filter((row) => !hashes.get(row.table)?.has(row.sha256))).toEqual([]);
	});
	it('is the same bytes a second time, in --out as on stdout, and names no place of this machine', async () => {
		const out = join(folder, 'result.json');
		const again = await runTieout(['audit', drop, '--json', '--out', out]);
		expect([again.status, again.out]).toEqual([1, '']);
		expect(await readFile(out, 'utf8')).toBe(audited.out);
		expect(audited.out).not.toContain(folder);
		expect(audited.out).not.toContain(tmpdir());
	});
	it('says of a ZIP what it says of the folder', async () => {
		const entries: Record<string, Uint8Array> = {};
		for (const name of await readdir(drop, { recursive: true, withFileTypes: true }))
			if (name.isFile()) {
				const path = join(name.parentPath, name.name);
				entries[path.slice(drop.length + 1)] = await readFile(path);
			}
		await writeFile(join(folder, 'drop.zip'), zipSync(entries));
		const zipped = await runTieout(['audit', join(folder, 'drop.zip'), '--json']);
		expect(parse(zipped).tests).toEqual(parse(audited).tests);
	});
	it('runs only the tests asked for, in catalogue order, with their parameters', async () => {
		const params = join(folder, 'params.json');
		await writeFile(params, '{"T08":{"pct":0.1}}');
		const ran = await runTieout(['audit', drop, '--json', '--tests', 't08, T01', '--params', params]);
		expect(parse(ran).tests.map((one) => one.test)).toEqual(['T01', 'T08']);
		expect(parse(ran).tests[1]?.parameters['pct']).toBe('0.1');
	});
	it('refuses a parameter below zero', async () => {
		const params = join(folder, 'negative.json');
		await writeFile(params, '{"T08":{"pct":-0.1}}');
		const ran = await runTieout(['audit', drop, '--params', params]);
		expect([ran.status, ran.out]).toEqual([2, '']);
		expect(ran.err).toMatch(/T08\.pct is -0\.1; expected a decimal, 0 or more/);
	});
});

describe('where things are written', () => {
	it('stderr has notes and progress only', () => {
		expect(
			audited.err
				.trim()
				.split('\n')
				.filter((line) => !/^(note: |[a-z_ ]+: \d)/.test(line)),
		).toEqual([]);
	});
	it('--out to no folder, to a folder, or to a device that would be replaced is refused before any work', async () => {
		const targets = [join(folder, 'nowhere', 'r.json'), folder, '/dev/null'];
		const all = await Promise.all(targets.map((out) => runTieout(['audit', drop, '--out', out])));
		for (const ran of all) expect([ran.status, ran.out, ran.err.trim().split('\n').length]).toEqual([2, '', 1]);
	});
	it.skipIf(process.getuid?.() === 0)('a result that can’t be written leaves the old one and no part of the new', async () => {
		const locked = await mkdtemp(join(folder, 'locked-'));
		await writeFile(join(locked, 'r.json'), 'old');
		await chmod(locked, 0o500);
		const ran = await runTieout(['verify', drop, '--json', '--out', join(locked, 'r.json')]);
		await chmod(locked, 0o700);
		expect([ran.status, await readdir(locked), await readFile(join(locked, 'r.json'), 'utf8')]).toEqual([2, ['r.json'], 'old']);
	});
});
