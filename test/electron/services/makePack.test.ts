/** The pack of an anomalous sample: complete, provable, countersigned, and read by strangers' programs. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersOfExceptions } from '#assembly';
import { checkPack, checkPackEvidence } from '#pack';
import { hasProgram } from '../../../build/outsideTools.ts';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { replayPack } from '../../../electron/services/replayPack.ts';
import { countersignPack } from '../../../electron/services/signPack.ts';
import { parseTrustFile } from '../../../electron/services/trustFile.ts';
import { signer } from './dropWriter.ts';
import { keyOf } from './memorySource.ts';
import { jsonOf, type Packed, packOf, type Sample, sampleOf } from './packedSample.ts';
import { pem, preparer, reviewer, root, SIGNING_TIME, signerOf } from './testAuthority.ts';

let sample: Sample;
let packed: Packed;
let folder = '';
let file = '';
beforeAll(async () => {
	sample = await sampleOf(20, 'all');
	packed = await packOf(sample.source, { trustedKeys: [sample.key] });
	folder = await mkdtemp(join(tmpdir(), 'tieout-pack-'));
	file = join(folder, 'pack.pdf');
	await writeFile(file, packed.made.signed);
});
afterAll(async () => {
	await sample.source.close();
	await rm(dirname(sample.dir), { recursive: true, force: true });
	await rm(folder, { recursive: true, force: true });
});

const run = (program: string, ...args: readonly string[]) => {
	const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
	return { status, out: stdout + stderr };
};

const trust = (text: string) => {
	const parsed = parseTrustFile(Buffer.from(text));
	if (!parsed.ok) throw new Error(parsed.error);
	return parsed.value.roots;
};

describe('a checker without this company’s drop', () => {
	it('finds it VALID and every result reproducible', async () => {
		expect([packed.report.verdict, packed.report.codes, packed.report.proofs.failed]).toEqual(['VALID', [], 0]);
		expect(packed.report.proofs.checked).toBeGreaterThan(100);
		const { replay, codes } = await replayPack(packed.files, packed.manifest);
		expect([codes, replay]).toEqual([[], { tests: 90, matching: 90, different: [] }]);
	});
	it('does not trust another log’s key, and does trust the log’s own', async () => {
		const judge = (key: ReturnType<typeof keyOf>) =>
			checkPack(packed.made.signed, {
				ports: nodeVerifyPorts,
				checkEvidence: (files, manifest) => checkPackEvidence(files, manifest, [key]),
			});
		const other = await judge(keyOf(signer('other.example/o2c', 'x').vkey));
		expect([other.verdict, other.log_trust]).toEqual(['UNTRUSTED', 'untrusted']);
		expect((await judge(sample.key)).log_trust).toBe('trusted');
	});
	it.each([
		['the signer’s own certificate', () => pem('CERTIFICATE', preparer.certificate), 'VALID', 'trusted'],
		['the root above it', () => pem('CERTIFICATE', root.certificate), 'VALID', 'trusted'],
		['another person’s certificate', () => pem('CERTIFICATE', reviewer.certificate), 'UNTRUSTED', 'untrusted'],
	])('trusts the signer by %s as it should', async (_, text, verdict, signerTrust) => {
		const report = await checkPack(packed.made.signed, { ports: nodeVerifyPorts, caRoots: trust(text()) });
		expect([report.verdict, report.signer_trust]).toEqual([verdict, signerTrust]);
	});
	it('sees a reviewer’s countersignature behind the preparer’s', async () => {
		const both = await countersignPack(packed.made.signed, signerOf(reviewer), { time: SIGNING_TIME + 60_000, reason: 'Reviewed' });
		const report = await checkPack(both.ok ? both.value : new Uint8Array(), { ports: nodeVerifyPorts });
		expect([report.verdict, report.signatures.map(({ field }) => field)]).toEqual(['VALID', ['Preparer', 'Reviewer']]);
		expect(report.signatures[1]?.covers).toBe('the whole file');
	});
});

describe('completeness', () => {
	it('every cited row stands in the lines files under its hash', () => {
		const hashes = new Set<string>();
		for (const [name, bytes] of packed.files)
			if (name.startsWith('lines__'))
				for (const line of Buffer.from(bytes).toString('utf8').split('\n')) hashes.add(createHash('sha256').update(line).digest('hex'));
		const rows = packed.audited.result.tests.flatMap(({ exceptions }) => exceptions.flatMap((exception) => exception.rows));
		expect(rows.length).toBeGreaterThan(200);
		expect(rows.filter(({ sha256 }) => !hashes.has(sha256))).toEqual([]);
	});
	it('result.json is the audit’s own result', () => {
		expect(jsonOf(packed.files, 'result.json')).toEqual(JSON.parse(JSON.stringify(packed.audited.result)));
	});
	it.skipIf(!hasProgram('pdftotext'))('the order of every exception has its timeline', () => {
		const { out } = run('pdftotext', '-layout', file, '-');
		const orders = ordersOfExceptions(packed.audited);
		expect(orders.length).toBeGreaterThan(40);
		expect(orders.filter((order) => !out.includes(`Order ${order}`))).toEqual([]);
	});
	it('names no folder, person or computer of where it was made', () => {
		const { username } = userInfo();
		const places = [sample.dir, tmpdir(), process.cwd(), ...(homedir() === '/' ? [] : [`${homedir()}/`]), `/${username}/`, hostname()];
		const texts = [...packed.files.values(), packed.made.signed].map((bytes) => Buffer.from(bytes).toString('latin1'));
		expect(places.filter((place) => place.length > 3 && texts.some((text) => text.includes(place)))).toEqual([]);
	});
});

describe('strangers’ programs', () => {
	it.skipIf(!hasProgram('qpdf'))('qpdf finds nothing wrong', () => {
		expect(run('qpdf', '--check', file)).toMatchObject({ status: 0, out: expect.stringMatching(/No syntax or stream encoding errors/) });
	});
	it.skipIf(!hasProgram('pdfsig'))('pdfsig says that the signature is valid and covers the whole document', () => {
		expect(run('pdfsig', '-nocert', file).out).toMatch(/Total document signed[\s\S]*Signature is Valid/);
	});
	it.skipIf(!hasProgram('pdfdetach'))('pdfdetach saves every file, each under the hash that the manifest lists', async () => {
		const saved = await mkdtemp(join(folder, 'saved-'));
		expect(run('pdfdetach', '-saveall', '-o', saved, file).status).toBe(0);
		const { files } = packed.manifest;
		expect(new Set(await readdir(saved))).toEqual(new Set([...files.map(({ name }) => name), 'manifest.json']));
		for (const { name, sha256 } of files)
			expect(
				createHash('sha256')
					.update(await readFile(join(saved, name)))
					.digest('hex'),
			).toBe(sha256);
	});
	it.skipIf(!hasProgram('openssl'))('openssl verifies the signature over the two ranges as CAdES', async () => {
		const bytes = Buffer.from(packed.made.signed);
		const [, a = '0', b = '0', c = '0'] = /\/ByteRange ?\[\s*0 +(\d+) +(\d+) +(\d+)\s*\]/.exec(bytes.toString('latin1')) ?? [];
		const [end, next, rest] = [Number(a), Number(b), Number(c)];
		const der = Buffer.from(bytes.subarray(end + 1, next - 1).toString('latin1'), 'hex');
		await writeFile(join(folder, 'ranges.bin'), Buffer.concat([bytes.subarray(0, end), bytes.subarray(next, next + rest)]));
		await writeFile(join(folder, 'sig.der'), der);
		await writeFile(join(folder, 'root.pem'), pem('CERTIFICATE', root.certificate));
		const paths = ['-in', join(folder, 'sig.der'), '-content', join(folder, 'ranges.bin'), '-CAfile', join(folder, 'root.pem')];
		const at = ['-attime', String(SIGNING_TIME / 1000), '-out', join(folder, 'same.bin')];
		expect(run('openssl', 'cms', '-verify', '-cades', '-inform', 'DER', ...paths, '-binary', '-purpose', 'any', ...at)).toMatchObject({
			status: 0,
		});
	});
});
