/** A bundle is checked with public tools alone, and by a few lines that know nothing of this program; what is changed in it is seen. */
import { execFile } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatVerifierKey } from '#evidence';
import type { Workbook } from '#findings';
import type { ImportedDrop } from '#intake';
import { ok } from '#kernel';
import { hasProgram } from '../../../build/outsideTools.ts';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { bundleOf, type VerifierBundle } from '../../../renderer/vault/integrityBundle.ts';
import { type OpenSample, openSample } from '../../shared/explore/sampleDrop.ts';

const run = promisify(execFile);

let sample: OpenSample;
let drop: ImportedDrop;
let bundle: VerifierBundle;
let files: Record<string, Uint8Array>;
let dir: string;

const bundleIn = async (of: OpenSample, read: ImportedDrop, line: number, isTrusted = true): Promise<VerifierBundle> => {
	const vkey = formatVerifierKey(of.key);
	const trustedKeys = new Map(isTrusted ? [[vkey, { vkey, origin: 'by telephone', stamp: { seq: 1, at: '', memberId: '' } }]] : []);
	const loaded = { importId: 'one', drop: read, source: of.source, withLogs: () => Promise.resolve(ok(read)) };
	const made = await bundleOf(loaded, read, { trustedKeys } as unknown as Workbook, 'order_event', line);
	if (!made.ok) throw new Error(made.error.message);
	return made.value;
};

/** The public key as somebody has it who asked the operator of the log. */
const pemOf = (of: OpenSample): string =>
	createPublicKey({
		key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), of.key.publicKey]),
		format: 'der',
		type: 'spki',
	}).export({ format: 'pem', type: 'spki' }) as string;

beforeAll(async () => {
	sample = await openSample(5, 80, 'none');
	const read = await importDrop(sample.source, { trustedKeys: [sample.key] });
	if (!read.ok) throw new Error(read.error.message);
	drop = read.value;
	bundle = await bundleIn(sample, drop, 40);
	files = unzipSync(bundle.bytes);
	dir = await mkdtemp(join(tmpdir(), 'tieout-bundle-'));
	await writeFile(join(dir, 'KEY.pem'), pemOf(sample));
});

afterAll(async () => {
	await sample.close();
	await rm(dir, { recursive: true, force: true });
});

const text = (path: string): string => Buffer.from(files[path] ?? []).toString('utf8');
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

describe('a verifier bundle', () => {
	it('holds all sealed lines of the order of the line, and proves each', () => {
		const table = drop.population.table('order_event');
		const orderId = table.text('order_id', table.rowOfLine(40));
		expect(bundle.subject).toBe(`order ${orderId}`);
		expect(bundle.proved).toBe(bundle.lines);
		const stored = Object.keys(files).filter((path) => path.startsWith('lines/'));
		expect(stored.length).toBe(bundle.lines);
		expect(stored.some((path) => path.startsWith('lines/revenue_event/'))).toBe(true);
		for (const path of stored) expect(JSON.parse(text(path))).toMatchObject({ order_id: orderId });
	});

	it('is the same bytes each time it is made', async () => {
		expect((await bundleIn(sample, drop, 40)).sha256).toBe(bundle.sha256);
	});

	it('is verified by a few lines of anybody: hashes, paths to roots, signatures', () => {
		for (const line of text('SHA256SUMS').trim().split('\n')) {
			const [hash = '', path = ''] = line.split('  ');
			expect(sha256(files[path] ?? new Uint8Array(0)).toString('hex'), path).toBe(hash);
		}
		for (const line of text('lines.list').trim().split('\n')) {
			const [table = '', number = '', head = ''] = line.split(' ');
			let node = sha256(Uint8Array.of(0), files[`lines/${table}/${number}.json`] ?? new Uint8Array(0));
			for (const step of text(`proofs/${table}/${number}.path`).trim().split('\n').filter(Boolean)) {
				const [side, sibling = ''] = step.split(' ');
				const other = Buffer.from(sibling, 'hex');
				node = side === 'left' ? sha256(Uint8Array.of(1), other, node) : sha256(Uint8Array.of(1), node, other);
			}
			expect(node.toString('base64'), `${table} ${number}`).toBe(text(head).split('\n')[2]);
		}
		for (const line of text('heads.list').trim().split('\n')) {
			const [head = '', , name = ''] = line.split(' ');
			const note = text(head);
			const end = note.indexOf('\n\n') + 1;
			const encoded =
				note
					.slice(end + 1)
					.split('\n')
					.find((one) => one.startsWith(`— ${name} `))
					?.split(' ')[2] ?? '';
			const signature = Buffer.from(encoded, 'base64').subarray(4);
			expect(verify(null, Buffer.from(note.slice(0, end)), pemOf(sample), signature), head).toBe(true);
		}
	});

	it('says of a key that only the drop claims that it is no more than a claim', async () => {
		const untrusted = await importDrop(sample.source, { trustedKeys: [] });
		if (!untrusted.ok) throw new Error(untrusted.error.message);
		const claimed = unzipSync((await bundleIn(sample, untrusted.value, 40, false)).bytes);
		expect(Buffer.from(claimed['README.txt'] ?? []).toString()).toContain('only claimed by the evidence drop itself');
	});

	it('says of every line that no signed head vouches for it, where none does', async () => {
		const headless = [...drop.sealed].map(
			([table, log]) => [table, { ...log, verification: { ...log.verification, checkpoints: [] } }] as const,
		);
		const made = await bundleIn(sample, { ...drop, sealed: new Map(headless) }, 40);
		expect(made.proved).toBe(0);
		const shown = unzipSync(made.bytes);
		expect(
			Buffer.from(shown['lines.list'] ?? [])
				.toString()
				.match(/ - chained$/gm)?.length,
		).toBe(made.lines);
		expect(Object.keys(shown).some((path) => path.startsWith('proofs/'))).toBe(false);
	});
});

const canRun = hasProgram('bash') && hasProgram('openssl');

describe.skipIf(!canRun)('its own script, with bash and OpenSSL alone', () => {
	/** Writes the bundle with changes, runs its script under a key from elsewhere. */
	const check = async (name: string, change: (files: Record<string, Uint8Array>) => void, key = 'KEY.pem', of = files) => {
		const own = join(dir, name);
		const changed = { ...of };
		change(changed);
		for (const [path, bytes] of Object.entries(changed)) {
			await mkdir(dirname(join(own, path)), { recursive: true });
			await writeFile(join(own, path), bytes);
		}
		return await run('bash', [join(own, 'verify.sh'), join(dir, key)]).then(
			({ stdout }) => ({ code: 0, stdout }),
			(error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
		);
	};
	const firstLine = (): string => Object.keys(files).find((path) => path.startsWith('lines/order_event/')) ?? '';

	it('finds that everything holds', async () => {
		const { code, stdout } = await check('whole', () => undefined);
		expect(stdout).toContain('Everything holds.');
		expect(stdout.match(/ is in the log of /g)?.length).toBe(bundle.lines);
		expect(stdout.match(/ follows the line before it/g)?.length).toBe(bundle.lines);
		expect(code).toBe(0);
	});

	it('sees one changed byte of a line', async () => {
		const { code, stdout } = await check('line', (changed) => {
			const bytes = Uint8Array.from(changed[firstLine()] ?? []);
			bytes[20] = (bytes[20] ?? 0) ^ 1;
			changed[firstLine()] = bytes;
		});
		expect(stdout).toContain(`FAILS   ${firstLine()} does not lead to the root`);
		expect(code).toBe(1);
	});

	it('sees a head that another key signed', async () => {
		const { privateKey } = await import('node:crypto').then(({ generateKeyPairSync }) => generateKeyPairSync('ed25519'));
		await writeFile(join(dir, 'OTHER.pem'), createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }));
		const { code, stdout } = await check('key', () => undefined, 'OTHER.pem');
		expect(stdout).toMatch(/FAILS {3}heads\/order_event\/\d+\.txt is not signed by/);
		expect(code).toBe(1);
	});

	it('sees a line taken out of its order', async () => {
		const { code, stdout } = await check('gap', (changed) => {
			const list = Buffer.from(changed['lines.list'] ?? [])
				.toString()
				.split('\n');
			list.splice(1, 1);
			changed['lines.list'] = Buffer.from(list.join('\n'));
		});
		expect(stdout).toContain('does not follow the line before it');
		expect(code).toBe(1);
	});

	it('sees a chain that was broken before it was sealed, in lines that are in the log', async () => {
		const other = await openSample(13, 300, 'all');
		const read = await importDrop(other.source, { trustedKeys: [other.key] });
		if (!read.ok) throw new Error(read.error.message);
		const broken = read.value.sealed.get('order_event')?.verification.problems.find(({ code }) => code === 'chain_break')?.line ?? 0;
		expect(broken).toBeGreaterThan(0);
		const made = await bundleIn(other, read.value, broken);
		await writeFile(join(dir, 'SECOND.pem'), pemOf(other));
		await other.close();
		const { code, stdout } = await check('broken', () => undefined, 'SECOND.pem', unzipSync(made.bytes));
		expect(stdout).toContain(`FAILS   lines/order_event/${broken}.json does not follow the line before it`);
		expect(stdout).toContain(`holds   lines/order_event/${broken}.json is in the log of`);
		expect(code).toBe(1);
	});

	it.skipIf(!hasProgram('sha256sum'))(
		'stands beside a list of hashes that sha256sum takes',
		async () => {
			await check('sums', () => undefined);
			await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(dir, 'sums') });
			expect((await readFile(join(dir, 'sums', 'README.txt'), 'utf8')).startsWith('PROOF OF RECORDS: order ')).toBe(true);
		},
		60_000,
	);
});
