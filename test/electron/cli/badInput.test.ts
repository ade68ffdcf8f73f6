/** Bad input: each a clear one-line error and status 2, and nothing half-written. */
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../../electron/services/writeSample.ts';
import { type Ran, runTieout } from './runTieout.ts';

let folder = '';
let drop = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-bad-'));
	drop = join(folder, 'drop');
	expect((await writeSample(drop, { orders: 5, seed: 1, anomalies: 'none' }, () => undefined)).ok).toBe(true);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the drop, changed. */
async function changed(name: string, change: (dir: string) => Promise<unknown>): Promise<string> {
	const dir = join(folder, name);
	await cp(drop, dir, { recursive: true });
	await change(dir);
	return dir;
}

const editManifest = (edit: (text: string) => string) => async (dir: string) => {
	const path = join(dir, 'manifest.json');
	await writeFile(path, edit(await readFile(path, 'utf8')));
};

async function expectRefusal(operand: string, words: RegExp): Promise<Ran> {
	const out = join(folder, 'never.json');
	const ran = await runTieout(['audit', operand, '--json', '--out', out]);
	expect([ran.status, ran.out]).toEqual([2, '']);
	const lines = ran.err.trim().split('\n');
	expect(lines.filter((line) => !/^(reading|hashing|note)/.test(line))).toHaveLength(1);
	expect(lines.at(-1)).toMatch(words);
	expect(await readdir(folder)).not.toContain('never.json');
	return ran;
}

const HUGE = 5 * 2 ** 30;

async function sparse(path: string, bytes: number, head = ''): Promise<void> {
	const file = await open(path, 'w');
	await file.write(head);
	await file.truncate(bytes);
	await file.close();
}

describe('audit refuses, with status 2 and one line', () => {
	it('no such folder', () => expectRefusal(join(folder, 'nowhere'), /nowhere.*does not exist/));
	it('a folder that is no drop', async () => {
		await mkdir(join(folder, 'empty'));
		await expectRefusal(join(folder, 'empty'), /no manifest\.json/);
	});
	it('a file that is no ZIP', async () => {
		await writeFile(join(folder, 'text.zip'), 'not a zip at all');
		await expectRefusal(join(folder, 'text.zip'), /ZIP/);
	});
	it('the wrong format version', async () => {
		await expectRefusal(
			await changed(
				'version',
				editManifest((text) => text.replace('tieout-drop/1', 'tieout-drop/9')),
			),
			/tieout-drop\/1/,
		);
	});
	it('a manifest that is no JSON', async () => {
		await expectRefusal(
			await changed(
				'json',
				editManifest((text) => text.slice(0, -2)),
			),
			/manifest\.json/,
		);
	});
	it.each([
		['a NUL byte', (text: string) => text.replace(/("company":\s*")/, '$1\u0000')],
		['a number of 1e400', (text: string) => text.replace(/"rows":\s*\d+/, '"rows":1e400')],
	])('a manifest with %s', async (name, edit) => {
		await expectRefusal(await changed(`manifest ${name}`, editManifest(edit)), /manifest\.json/);
	});
	it('a manifest with invalid UTF-8', async () => {
		const dir = await changed('utf8', async (copy) => {
			const path = join(copy, 'manifest.json');
			const bytes = await readFile(path);
			bytes[bytes.indexOf('"company"') + 14] = 0xff;
			await writeFile(path, bytes);
		});
		await expectRefusal(dir, /UTF-8/);
	});
	it('a declared table file that is missing', async () => {
		await expectRefusal(await changed('missing', (dir) => rm(join(dir, 'data/payment.ndjson'))), /data\/payment\.ndjson.*not in the drop/);
	});
	it('a table file of 5 GB that is one hole', async () => {
		await expectRefusal(
			await changed('sparse', (dir) => sparse(join(dir, 'data/payment.ndjson'), HUGE)),
			/payment\.ndjson, line 1 .*longer than/,
		);
	});
	it('a line of 100 MB', async () => {
		const dir = await changed('long', (copy) => writeFile(join(copy, 'data/payment.ndjson'), Buffer.alloc(100 * 2 ** 20, 'x')));
		await expectRefusal(dir, /line 1 .*longer than/);
	});
	it('a ZIP bomb', async () => {
		const bomb = zipSync(
			{ 'manifest.json': await readFile(join(drop, 'manifest.json')), 'data/payment.ndjson': new Uint8Array(300 * 2 ** 20) },
			{ level: 9 },
		);
		await writeFile(join(folder, 'bomb.zip'), bomb);
		await expectRefusal(join(folder, 'bomb.zip'), /payment\.ndjson/);
	});
	it('a parameter or test it does not know', async () => {
		await writeFile(join(folder, 'params.json'), '{"T01":{"no_such":1}}');
		for (const args of [['--tests', 'T99'], ['--params', join(folder, 'params.json')], ['--key', 'nonsense'], ['--what']]) {
			const ran = await runTieout(['audit', drop, ...args]);
			expect([ran.status, ran.err.trim().split('\n').length]).toEqual([2, 1]);
		}
	});
});

describe('a malformed data line is set aside and named, and the audit goes on with status 1', () => {
	it.each([
		['a NUL byte', (line: string) => Buffer.from(line.replace('"currency":"', '"currency":"\u0000'))],
		['invalid UTF-8', (line: string) => Buffer.concat([Buffer.from(line.slice(0, -3)), Buffer.from([0xff]), Buffer.from(line.slice(-3))])],
		['a number of 1e400', (line: string) => Buffer.from(line.replace(/"amount_minor":\d+/, '"amount_minor":1e400'))],
	])('%s', async (name, spoil) => {
		const dir = await changed(`line ${name}`, async (copy) => {
			const path = join(copy, 'data/payment.ndjson');
			const [first = '', ...rest] = (await readFile(path, 'utf8')).split('\n');
			await writeFile(path, Buffer.concat([spoil(first), Buffer.from(`\n${rest.join('\n')}`)]));
		});
		const ran = await runTieout(['audit', dir, '--json', '--tests', 'T43']);
		expect(ran.status).toBe(1);
		const result = JSON.parse(ran.out) as { quarantine: { file: string; line: number }[]; ipe: { table: string; verdict: string }[] };
		expect(result.quarantine).toMatchObject([{ file: 'data/payment.ndjson', line: 1 }]);
		expect(result.ipe.find(({ table }) => table === 'payment')?.verdict).toBe('differs');
	});
});

describe('the command line itself', () => {
	it.each([
		[['audit'], 2],
		[['audit', 'a', 'b'], 2],
		[['frobnicate'], 2],
		[['import', 'x', '--store', 'y'], 2],
		[['sample', 'x', '--orders', 'many'], 2],
		[['sample', 'x', '--anomalies', 'some'], 2],
		[['--help'], 0],
		[['audit', '--help'], 0],
		[['audit', '--tests', 'list'], 0],
	])('%j ends with status %i', async (args, status) => {
		const ran = await runTieout(args);
		expect(ran.status).toBe(status);
		if (status === 2) expect(ran.err).toMatch(/^tieout: .+\n$/);
	});
	it('refuses to write a sample over something else, and leaves it alone', async () => {
		const dir = join(folder, 'precious');
		await mkdir(dir);
		await writeFile(join(dir, 'thesis.txt'), 'years of work');
		const ran = await runTieout(['sample', dir, '--orders', '2']);
		expect([ran.status, await readFile(join(dir, 'thesis.txt'), 'utf8')]).toEqual([2, 'years of work']);
	});
});
