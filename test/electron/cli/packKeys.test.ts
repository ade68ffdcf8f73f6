/** Key files and other files named on the command line: whom `check` then names, and what is refused before any work. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../../build/outsideTools.ts';
import { cleanDrop } from '../services/cleanDrop.ts';
import { KEY_FILES } from '../services/keyFiles.ts';
import { writeDrop } from '../services/memorySource.ts';
import { issue, pem, SIGNING_TIME } from '../services/testAuthority.ts';
import { runTieout } from './runTieout.ts';
import { checkSchema } from './shapes.ts';

const statusOf = (program: string, ...args: readonly string[]): number | null => spawnSync(program, args).status;

let folder = '';
let dir = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-keys-'));
	dir = await writeDrop(join(folder, 'packed'), cleanDrop());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('pack --sign', () => {
	const password = (text: string) => ({ TIEOUT_P12_PASSWORD: text });
	const keyFile = async (name: keyof typeof KEY_FILES): Promise<string> => {
		const path = join(folder, `${name}.p12`);
		await writeFile(path, Buffer.from(KEY_FILES[name].base64, 'base64'));
		return path;
	};
	it.each(['rsaModern', 'ecModern'] as const)('signs with a key file (%s), and check names its owner', async (name) => {
		const out = join(folder, `${name}.pdf`);
		const made = await runTieout(['pack', dir, '--sign', await keyFile(name), '--out', out], password(KEY_FILES[name].password));
		expect([made.status, made.err.includes('no --sign'), (made.out + made.err).includes(KEY_FILES[name].password)]).toEqual([
			0,
			false,
			false,
		]);
		const checked = checkSchema.parse(JSON.parse((await runTieout(['check', out, '--json'])).out));
		expect([checked.verdict, checked.signatures.length]).toEqual(['VALID', 1]);
	});
	it('a wrong password is one line and status 2, and nothing is written', async () => {
		const ran = await runTieout(
			['pack', dir, '--sign', await keyFile('rsaModern'), '--out', join(folder, 'never.pdf')],
			password('hunter2'),
		);
		expect([ran.status, ran.out, ran.err.trim().split('\n').length, ran.err.includes('hunter2')]).toEqual([2, '', 1, false]);
		expect(await readdir(folder)).not.toContain('never.pdf');
	});
	it.skipIf(!hasProgram('openssl')).each([
		['has expired', { notAfter: SIGNING_TIME, notBefore: SIGNING_TIME - 1000 }, /has expired/],
		['may not sign', { notAfter: Date.UTC(2045, 0), keyUsage: ['keyCertSign'] }, /does not allow signing/],
	] as const)('a certificate that %s is one line and status 2', async (_, request, words) => {
		const { certificate, privateKey } = issue('Olga Old', null, request as Parameters<typeof issue>[2]);
		const [source, file] = [join(folder, 'made.pem'), join(folder, 'made.p12')];
		await writeFile(source, String(privateKey.export({ format: 'pem', type: 'pkcs8' })) + pem('CERTIFICATE', certificate));
		expect(statusOf('openssl', 'pkcs12', '-export', '-in', source, '-out', file, '-passout', 'pass:x')).toBe(0);
		const ran = await runTieout(['pack', dir, '--sign', file, '--out', join(folder, 'never.pdf')], password('x'));
		expect([ran.status, ran.out, ran.err.trim().split('\n').length]).toEqual([2, '', 1]);
		expect(ran.err).toMatch(words);
		expect(await readdir(folder)).not.toContain('never.pdf');
	});
});

describe('files named on the command line', () => {
	it.each([
		['--finding', '@/dev/zero', /more than the 262144 bytes/],
		['--sign', '/dev/zero', /more than the 1048576 bytes/],
		['--params', '/dev/zero', /more than the 1048576 bytes/],
		['--finding', '@nowhere.txt', /can't be read \(ENOENT\)/],
	])('%s %s is refused before any work', async (option, value, words) => {
		const ran = await runTieout(['pack', dir, option, value, '--out', join(folder, 'never.pdf')], { TIEOUT_P12_PASSWORD: 'x' });
		expect([ran.status, ran.out, ran.err.trim().split('\n').length]).toEqual([2, '', 1]);
		expect(ran.err).toMatch(words);
	});
});
