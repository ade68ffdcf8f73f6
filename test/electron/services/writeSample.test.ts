import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Answer, Answers } from '#company';
import { parseQuantity } from '#kernel';
import { auditDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import type { SampleOptions } from '../../../electron/services/sampleFiles.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';
import { rootOf } from './dropWriter.ts';

const home = mkdtempSync(join(tmpdir(), 'tieout-sample-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface ManifestTable {
	readonly table: string;
	readonly file: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly rows: number;
	readonly control_totals: Readonly<Record<string, number | string>>;
}

async function sample(name: string, options: Partial<SampleOptions> = {}): Promise<string> {
	const dir = join(home, name);
	const written = await writeSample(dir, { orders: 60, seed: 3, anomalies: 'none', ...options }, () => undefined);
	expect(written.ok).toBe(true);
	return dir;
}

const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
const linesOf = (dir: string, file: string): string[] => readFileSync(join(dir, file), 'utf8').split('\n').slice(0, -1);
const treeOf = (dir: string): Map<string, string> =>
	new Map(
		readdirSync(dir, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.map((path) => [path.slice(dir.length), createHash('sha256').update(readFileSync(path)).digest('hex')] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);

describe('a written sample', () => {
	it('is the same, byte for byte, for the same options', async () => {
		const [one, two] = [await sample('one', { anomalies: 'all', orders: 5 }), await sample('two', { anomalies: 'all', orders: 5 })];
		expect(treeOf(one)).toEqual(treeOf(two));
		expect(treeOf(one)).not.toEqual(treeOf(await sample('three', { anomalies: 'all', orders: 5, seed: 4 })));
	});

	it('declares what its files hold: hash, bytes, rows, control totals', async () => {
		const dir = await sample('declared');
		const { tables, documents } = readJson<{ tables: ManifestTable[]; documents: { count: number } }>(dir, 'manifest.json');
		expect(tables).toHaveLength(30);
		for (const { file, sha256, bytes, rows, control_totals: totals } of tables) {
			const content = readFileSync(join(dir, file));
			expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
			expect(content.length).toBe(bytes);
			const records = linesOf(dir, file).map((line) => JSON.parse(line) as Record<string, unknown>);
			expect(records.length).toBe(rows);
			for (const [column, total] of Object.entries(totals)) {
				const sum = records.reduce((acc, record) => acc + scaled(record[column], typeof total === 'string'), 0n);
				expect([column, sum]).toEqual([column, scaled(total, typeof total === 'string')]);
			}
		}
		expect(readdirSync(join(dir, 'documents'))).toHaveLength(documents.count);
	});

	it('signs every checkpoint over the root of the lines so far', async () => {
		const dir = await sample('signed');
		const key = readJson<{ log_key: string; log: string }>(dir, 'manifest.json');
		const [name = '', keyId = '', material = ''] = key.log_key.split('+', 2).concat(key.log_key.split('+').slice(2).join('+'));
		const publicKey = createPublicKey({
			key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(material, 'base64').subarray(1)]),
			format: 'der',
			type: 'spki',
		});
		for (const table of ['order_event', 'revenue_event']) {
			const lines = linesOf(dir, `data/${table}.ndjson`);
			const files = readdirSync(join(dir, 'checkpoints', table));
			expect(files.length).toBeGreaterThan(5);
			for (const file of files) {
				const note = readFileSync(join(dir, 'checkpoints', table, file), 'utf8');
				const [text = '', signatures = ''] = note.split('\n\n');
				const [origin, size, root] = text.split('\n');
				expect([origin, file]).toEqual([`${key.log}/${table}`, `${size}.txt`]);
				expect(root).toBe(rootOf(lines.slice(0, Number(size))).toString('base64'));
				const [, signer, encoded = ''] = /^\u2014 (\S+) (\S+)\n$/.exec(signatures) ?? [];
				const bytes = Buffer.from(encoded, 'base64');
				expect([signer, bytes.subarray(0, 4).toString('hex')]).toEqual([name, keyId]);
				expect(verify(null, Buffer.from(`${text}\n`), publicKey, bytes.subarray(4))).toBe(true);
			}
			expect(files).toContain(`${lines.length}.txt`);
		}
	});

	it('holds delivery notes that strangers’ tools can read', async () => {
		const dir = join(await sample('papers'), 'documents');
		const [first = ''] = readdirSync(dir);
		expect(
			createHash('sha256')
				.update(readFileSync(join(dir, first)))
				.digest('hex'),
		).toBe(first);
		for (const [tool, args, wanted] of [
			['pdftotext', [join(dir, first), '-'], /Received in good order/],
			['qpdf', ['--check', join(dir, first)], /No syntax or stream encoding errors/],
		] as const) {
			if (!['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].some((folder) => existsSync(join(folder, tool)))) {
				process.stderr.write(`${tool} is not installed here: it was not asked about the delivery notes\n`);
				continue;
			}
			expect(execFileSync(tool, args, { encoding: 'utf8' })).toMatch(wanted);
		}
	});
});

const scaled = (value: unknown, isQuantity: boolean): bigint => {
	if (value === null || value === undefined) return 0n;
	if (!isQuantity) return BigInt(Number(value));
	const parsed = parseQuantity(String(value));
	return parsed.ok ? parsed.value : 0n;
};

describe('where a sample is written', () => {
	it('takes the place of an earlier sample, whole', async () => {
		const dir = await sample('again', { orders: 2 });
		await sample('again', { orders: 1 });
		expect(readJson<{ drop_id: string }>(dir, 'manifest.json').drop_id).toContain('-1-3-none');
		expect(readdirSync(home).filter((name) => name.startsWith('.again'))).toEqual([]);
	});

	it('may be an empty folder', async () => {
		mkdirSync(join(home, 'empty'));
		expect(existsSync(join(await sample('empty', { orders: 1 }), 'manifest.json'))).toBe(true);
	});

	it.each([
		['a folder of somebody else’s', 'thesis.txt'],
		['a drop without answers, which may be real', 'manifest.json'],
		['answers beside something that is no part of a drop', 'answers.json thesis.txt'],
		['answers to something else', 'answers.json'],
	])('is refused and left alone where there is %s', async (what, files) => {
		const dir = join(home, what.replaceAll(/\W/g, ''));
		mkdirSync(dir);
		for (const file of files.split(' ')) writeFileSync(join(dir, file), 'years of work');
		const before = treeOf(dir);
		const written = await writeSample(dir, { orders: 1, seed: 1, anomalies: 'none' }, () => undefined);
		expect(written).toMatchObject({ ok: false, error: { code: 'not_a_sample' } });
		expect(treeOf(dir)).toEqual(before);
	});

	it('is refused where a file has that name', async () => {
		writeFileSync(join(home, 'a-file'), 'years of work');
		const written = await writeSample(join(home, 'a-file'), { orders: 1, seed: 1, anomalies: 'none' }, () => undefined);
		expect(written).toMatchObject({ ok: false, error: { code: 'not_a_sample' } });
	});

	it('is refused where nothing can be written, and nothing is left behind', async () => {
		writeFileSync(join(home, 'file'), '');
		const written = await writeSample(join(home, 'file', 'below'), { orders: 1, seed: 1, anomalies: 'none' }, () => undefined);
		expect(written).toMatchObject({ ok: false, error: { code: 'cannot_write' } });
	});
});

interface Found {
	readonly test: string;
	readonly order_id: string | null;
	readonly keys: Readonly<Record<string, string>>;
	readonly reason: string;
}

/** Whether an exception is what an answer speaks of: the same test and order, and no key that says otherwise. */
const means = (answer: Answer, found: Found): boolean =>
	answer.test === found.test &&
	answer.order_id === found.order_id &&
	Object.entries(answer.keys).every(([name, value]) => (found.keys[name] ?? value) === value);

async function exceptionsOf(dir: string): Promise<{ found: Found[]; answers: Answers }> {
	const source = await openDrop(dir);
	if (!source.ok) throw new Error(source.error.message);
	const audited = await auditDrop(source.value);
	await source.value.close();
	if (!audited.ok) throw new Error(audited.error.message);
	const found = audited.value.result.tests.flatMap(({ test, exceptions }) => exceptions.map((exception) => ({ ...exception, test })));
	return { found, answers: readJson<Answers>(dir, 'answers.json') };
}

describe('an audit of the sample', () => {
	it.each([
		[1, 1],
		[50, 2],
		[200, 5],
		[700, 8],
	])('finds nothing in the clean company (%i orders, seed %i)', async (orders, seed) => {
		const { found } = await exceptionsOf(await sample('clean', { orders, seed }));
		expect(found.map(({ test, reason }) => `${test}: ${reason}`)).toEqual([]);
	});

	it.each([
		[1, 1],
		[50, 2],
		[400, 5],
	])('finds all that was planted, and nothing else but what that brings along (%i orders, seed %i)', async (orders, seed) => {
		const { found, answers } = await exceptionsOf(await sample('planted', { orders, seed, anomalies: 'all' }));
		const missed = answers.planted.filter((answer) => !found.some((exception) => means(answer, exception)));
		expect(missed).toEqual([]);
		const all = [...answers.planted, ...answers.consequences];
		expect(found.filter((exception) => !all.some((answer) => means(answer, exception)))).toEqual([]);
	});
});
