/** `verify`, `pack` and `check` as other programs rely on them, and Ctrl+C. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeSample } from '../../../electron/services/writeSample.ts';
import { cleanDrop } from '../services/cleanDrop.ts';
import { type DropFiles, LOG_SIGNER, signer } from '../services/dropWriter.ts';
import { writeDrop } from '../services/memorySource.ts';
import { MAIN, runTieout } from './runTieout.ts';
import { checkSchema, verification } from './shapes.ts';

let folder = '';
let dir = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-contract-'));
	dir = await writeDrop(join(folder, 'packed'), cleanDrop());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('verify --json', () => {
	it('has the keys of tieout-result/1 without tests, and status 0 where nothing is adverse', async () => {
		const ran = await runTieout(['verify', dir, '--json', '--key', LOG_SIGNER.vkey]);
		const result = z.strictObject(verification).parse(JSON.parse(ran.out));
		expect([ran.status, Object.values(result.integrity).map(({ verdict }) => verdict)]).toEqual([0, ['verified', 'verified']]);
	});
	it('ends with 1 where a line was changed, and names it', async () => {
		const files: DropFiles = cleanDrop();
		const path = 'data/order_event.ndjson';
		files.set(path, Buffer.from(String(files.get(path)).replace('"reason_code":null', '"reason_code":"XX"')));
		const ran = await runTieout(['verify', await writeDrop(join(folder, 'changed'), files), '--json', '--key', LOG_SIGNER.vkey]);
		const result = z.strictObject(verification).parse(JSON.parse(ran.out));
		expect([ran.status, result.integrity['order_event']?.verdict]).toEqual([1, 'altered']);
		expect(result.ipe.find(({ table }) => table === 'order_event')?.verdict).toBe('differs');
	});
});

describe('pack and check --json', () => {
	it('a pack on a key’s word is VALID, with exactly the keys of tieout-check/1', async () => {
		const pack = join(folder, 'pack.pdf');
		const made = await runTieout(['pack', dir, '--key', LOG_SIGNER.vkey, '--out', pack]);
		expect(made.err).toMatch(/no --sign was given, so a key was made/);
		expect(made.out).toMatch(/Checked again {2}VALID/);
		const checked = await runTieout(['check', pack, '--key', LOG_SIGNER.vkey, '--replay', '--json']);
		const report = checkSchema.parse(JSON.parse(checked.out));
		expect([checked.status, report.verdict, report.log_trust, report.signer_trust]).toEqual([0, 'VALID', 'trusted', 'not_judged']);
		expect(report.replay).toEqual({ tests: 90, matching: 90, different: [] });
		const untrusted = await runTieout(['check', pack, '--key', signer('other.example', 'x').vkey, '--json']);
		const other = checkSchema.parse(JSON.parse(untrusted.out));
		expect([untrusted.status, other.verdict, other.log_trust]).toEqual([1, 'UNTRUSTED', 'untrusted']);
	});
	it('no pack at all: a report and status 1 for any file, status 2 for none', async () => {
		const file = join(folder, 'no.pdf');
		await writeFile(file, 'hello');
		const ran = await runTieout(['check', file, '--json', '--replay']);
		expect([ran.status, checkSchema.parse(JSON.parse(ran.out)).verdict]).toEqual([1, 'TAMPERED']);
		expect((await runTieout(['check', join(folder, 'none.pdf')])).status).toBe(2);
	});
});

describe('pack --redact', () => {
	it.each([
		['an unknown field', 'no_such_field', /no table of the drop has a field "no_such_field"/],
		['a primary key', 'payment_id', /"payment_id" is a primary key/],
	])('%s is refused, and nothing is written', async (_, field, words) => {
		const ran = await runTieout(['pack', dir, '--redact', field, '--out', join(folder, 'never.pdf')]);
		expect([ran.status, ran.out]).toEqual([2, '']);
		expect(ran.err.trim().split('\n').at(-1)).toMatch(words);
		expect(await readdir(folder)).not.toContain('never.pdf');
	});
});

describe('Ctrl+C', () => {
	it('ends a pack with status 2 and one word, and leaves neither pack nor part of one', async () => {
		const sample = join(folder, 'sample');
		await writeSample(sample, { orders: 60, seed: 1, anomalies: 'all' }, () => undefined);
		const before = (await readdir(folder)).sort();
		const child = spawn(process.execPath, [MAIN, 'pack', sample, '--out', join(folder, 'cancelled.pdf')], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let err = '';
		// The first note comes when the audit is done and the pack begins: whatever happens then, nothing may be left.
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			if (!err.includes('note:') && text.includes('note:')) child.kill('SIGINT');
			err += text;
		});
		const status = await new Promise((resolve) => child.on('close', resolve));
		expect([status, err.trim().split('\n').at(-1)]).toEqual([2, expect.stringMatching(/cancelled/)]);
		expect((await readdir(folder)).sort()).toEqual(before);
	});
});
