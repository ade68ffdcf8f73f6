import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { DropErrorCode } from '#intake';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { cleanDrop } from './cleanDrop.ts';
import type { DropFiles } from './dropWriter.ts';
import { findingsOf, TRUSTED } from './memorySource.ts';
import { type ZipItem, type ZipLies, zipOf } from './zipWriter.ts';

const root = mkdtempSync(join(tmpdir(), 'tieout-drop-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(root, String(++count));

function writeFolder(files: DropFiles): string {
	const folder = fresh();
	for (const [path, bytes] of files) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), bytes);
	}
	return folder;
}

function writeZip(bytes: Buffer): string {
	const path = `${fresh()}.zip`;
	writeFileSync(path, bytes);
	return path;
}

/** The error of opening and importing, or what was found in the drop. */
async function outcomeOf(
	path: string,
): Promise<{ readonly code: DropErrorCode | 'read'; readonly message: string; readonly found: readonly string[] }> {
	const source = await openDrop(path);
	if (!source.ok) return { ...source.error, found: [] };
	const drop = await importDrop(source.value, { trustedKeys: [TRUSTED] });
	await source.value.close();
	return drop.ok ? { code: 'read', message: '', found: findingsOf(drop.value) } : { ...drop.error, found: [] };
}

const clean = cleanDrop(3);
const items = (files: DropFiles = clean, prefix = ''): ZipItem[] => [...files].map(([name, bytes]) => ({ name: prefix + name, bytes }));
const withItem = (change: ZipItem): ZipItem[] => items().map((item) => (item.name === change.name ? { ...item, ...change } : item));

describe('a drop is read', () => {
	it('from a folder', async () => {
		expect(await outcomeOf(writeFolder(clean))).toMatchObject({ code: 'read', found: [] });
	});

	it.each<[string, Buffer]>([
		['deflated', zipOf(items())],
		['stored', zipOf(items().map((item) => ({ ...item, store: true })))],
		[
			'with ZIP64 fields',
			zipOf(
				items().map((item) => ({ ...item, zip64: true })),
				{ zip64: true },
			),
		],
		['with sizes behind the data', zipOf(items().map((item) => ({ ...item, descriptor: true })))],
		['with a comment', zipOf(items(), { comment: Buffer.from('from Acme') })],
		['with folder entries', zipOf([{ name: 'data/', store: true }, { name: 'documents/', store: true }, ...items()])],
		['of the folder itself', zipOf(items(clean, 'acme-drop/'))],
		['beside other files, which are no evidence', zipOf([...items(), { name: 'README.txt', bytes: Buffer.from('hello') }])],
	])('from a ZIP %s', async (_, bytes) => {
		expect(await outcomeOf(writeZip(bytes))).toMatchObject({ code: 'read', found: [] });
	});

	it('from a ZIP that another program packed, where one is there', async () => {
		const folder = writeFolder(clean);
		let path = `${fresh()}.zip`;
		try {
			execFileSync('zip', ['-qr', path, '.'], { cwd: folder });
		} catch {
			// No such program on this machine: our own ZIP stands in, so that the claim below is still about one that was read.
			path = writeZip(zipOf(items()));
		}
		expect(await outcomeOf(path)).toMatchObject({ code: 'read', found: [] });
	});
});

const named = (name: string | Buffer): ZipItem[] => [...items(), { name, bytes: Buffer.from('x') }];
const PAYMENT = 'data/payment.ndjson';
const LINK = 0o120777 * 0x10000;
const FIFO = 0o010644 * 0x10000;

const BAD_ZIPS: readonly (readonly [DropErrorCode, string, ZipItem[], ZipLies?])[] = [
	['manifest_missing', 'without a manifest', items().filter(({ name }) => name !== 'manifest.json')],
	['table_file_missing', 'without a declared table', items().filter(({ name }) => name !== PAYMENT)],
	['unsafe_name', 'with a name that leaves it', named('../evil')],
	['unsafe_name', 'with a name that leaves it further in', named('data/../../evil')],
	['unsafe_name', 'with an absolute name', named('/etc/passwd')],
	['unsafe_name', 'with a drive letter', named('C:/evil')],
	['unsafe_name', 'with a backslash', named('data\\evil')],
	['unsafe_name', 'with a NUL in a name', named('data/x\0.ndjson')],
	['unsafe_name', 'with an empty part in a name', named('data//x')],
	['unsafe_name', 'with a name that is not UTF-8', named(Buffer.from([0x64, 0xff]))],
	['duplicate_name', 'with one name twice', named(PAYMENT)],
	['duplicate_name', 'with two names that differ in case', named('data/PAYMENT.ndjson')],
	[
		'duplicate_name',
		'with two names that differ in composition',
		[...named('data/é'.normalize('NFC')), { name: 'data/é'.normalize('NFD') }],
	],
	['link', 'with a link', withItem({ name: PAYMENT, central: { external: LINK } })],
	['not_a_regular_file', 'with a pipe', withItem({ name: PAYMENT, central: { external: FIFO } })],
	['zip_encrypted', 'with an encrypted entry', withItem({ name: PAYMENT, central: { flags: 1 } })],
	['zip_unsupported', 'with an unknown method', withItem({ name: PAYMENT, central: { method: 14 } })],
	['zip_bomb', 'that unpacks a thousandfold', [...items(), { name: 'data/zeros', bytes: Buffer.alloc(4 << 20) }]],
	['zip_bomb', 'that says it unpacks to 20 GB', withItem({ name: PAYMENT, zip64: true, central: { size: 20 * 2 ** 30, packed: 2 ** 30 } })],
	['zip_bomb', 'that unpacks to more than it says', withItem({ name: PAYMENT, central: { size: 10 } })],
	[
		'zip_overlap',
		'with two entries on one header',
		[...items(), { name: 'data/again', sharesHeaderOf: 0, bytes: clean.get('manifest.json') as Buffer }],
	],
	['zip_overlap', 'with an entry that runs into the next', withItem({ name: PAYMENT, central: { packed: 100_000 } })],
	['zip_mismatch', 'whose local name is another', withItem({ name: PAYMENT, local: { name: Buffer.from('data/Xayment.ndjson') } })],
	['zip_mismatch', 'whose local method is another', withItem({ name: PAYMENT, local: { method: 0 } })],
	['zip_mismatch', 'whose local size is another', withItem({ name: PAYMENT, local: { size: 5 } })],
	['zip_mismatch', 'whose local checksum is another', withItem({ name: PAYMENT, local: { crc: 5 } })],
	['zip_mismatch', 'stored with two sizes', withItem({ name: PAYMENT, store: true, central: { size: 5 } })],
	['zip_crc', 'whose bytes do not have their checksum', withItem({ name: PAYMENT, central: { crc: 5 } })],
	['zip_crc', 'that unpacks to less than it says', withItem({ name: PAYMENT, central: { size: 100_000 } })],
	['zip_damaged', 'whose packed bytes are garbage', withItem({ name: PAYMENT, packed: Buffer.from('garbage') })],
	['zip_damaged', 'with more entries than its directory holds', items(), { entries: 1000 }],
	['zip_damaged', 'with fewer entries than its directory holds', items(), { entries: 3 }],
	['zip_damaged', 'whose directory lies elsewhere', items(), { directoryOffset: 5 }],
	['zip_damaged', 'that is one part of several', items(), { disk: 1 }],
	['not_a_drop', 'with bytes behind its end', items(), { tail: Buffer.from('tail') }],
	['too_many_files', 'of 100,001 entries by its own word', items(), { entries: 100_001, zip64: true }],
];

describe('a ZIP', () => {
	for (const [code, what, list, lies] of BAD_ZIPS)
		it(`${what} is refused: ${code}`, async () => {
			const outcome = await outcomeOf(writeZip(zipOf(list, lies)));
			expect(outcome.code).toBe(code);
			expect(outcome.message).toMatch(/^[^\n]+\. [^\n]+\.$/);
		});

	it('with a local header that is not where it should be is refused: zip_damaged', async () => {
		const bytes = zipOf(items());
		bytes[bytes.indexOf('PK\x03\x04')] = 0;
		expect((await outcomeOf(writeZip(bytes))).code).toBe('zip_damaged');
	});

	it('with any byte changed gives a code, a finding, or the very same evidence', async () => {
		const small = zipOf(items(cleanDrop(5, 3)));
		const changes = fc.sample(fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 1, max: 255 })), { numRuns: 150, seed: 11 });
		const codes = new Set<string>();
		for (const [at, by] of changes) {
			const bytes = Buffer.from(small);
			bytes[at] = (bytes[at] as number) ^ by;
			const { code } = await outcomeOf(writeZip(bytes));
			codes.add(code);
		}
		expect([...codes]).toEqual(expect.arrayContaining(['zip_mismatch', 'zip_damaged']));
	});

	it('cut anywhere is refused', async () => {
		const whole = zipOf(items());
		for (const at of [0, 1, 21, 22, 1000, whole.length - 23, whole.length - 1]) {
			const { code } = await outcomeOf(writeZip(whole.subarray(0, at)));
			expect(['not_a_drop', 'zip_damaged']).toContain(code);
		}
	});
});

describe('a folder', () => {
	it('that is not there is refused: not_found', async () => {
		expect(await outcomeOf(join(root, 'nowhere'))).toMatchObject({
			code: 'not_found',
			message: expect.stringContaining('nowhere does not exist'),
		});
	});

	it('that is no drop is refused: manifest_missing', async () => {
		const folder = fresh();
		mkdirSync(folder);
		expect((await outcomeOf(folder)).code).toBe('manifest_missing');
	});

	it('that is a file of another kind is refused: not_a_drop', async () => {
		const file = fresh();
		writeFileSync(file, 'hello');
		expect((await outcomeOf(file)).code).toBe('not_a_drop');
		expect((await outcomeOf('/dev/null')).code).toBe('not_a_drop');
	});

	it.each(['data/payment.ndjson', 'documents', 'manifest.json', 'checkpoints/order_event/8.txt'])(
		'with %s a link is refused: link',
		async (path) => {
			const folder = writeFolder(clean);
			rmSync(join(folder, path), { recursive: true });
			symlinkSync('/etc/hostname', join(folder, path));
			expect((await outcomeOf(folder)).code).toBe('link');
		},
	);

	it('with a pipe in it is refused without waiting for its other end: not_a_regular_file', async () => {
		const folder = writeFolder(clean);
		execFileSync('mkfifo', [join(folder, 'data', 'pipe.ndjson')]);
		expect((await outcomeOf(folder)).code).toBe('not_a_regular_file');
	});

	it('with a folder where a table should be is refused: table_file_missing', async () => {
		const folder = writeFolder(clean);
		rmSync(join(folder, PAYMENT));
		mkdirSync(join(folder, PAYMENT));
		expect((await outcomeOf(folder)).code).toBe('table_file_missing');
	});

	it.each([PAYMENT, 'data/order_event.ndjson', 'disclosures/order_event.ndjson'])(
		'with %s a sparse file of 5 GB is refused after a record has been too long: line_too_long',
		async (path) => {
			const folder = writeFolder(clean);
			truncateSync(join(folder, path), 0);
			truncateSync(join(folder, path), 5e9);
			expect(await outcomeOf(folder)).toMatchObject({ code: 'line_too_long', message: expect.stringContaining(`${path}, line 1`) });
		},
	);

	it('with a manifest of 5 GB is refused: file_too_large', async () => {
		const folder = writeFolder(clean);
		truncateSync(join(folder, 'manifest.json'), 5e9);
		expect((await outcomeOf(folder)).code).toBe('file_too_large');
	});

	it('with a document of 5 GB is refused: file_too_large', async () => {
		const folder = writeFolder(clean);
		const [document] = [...clean.keys()].filter((path) => path.startsWith('documents/'));
		truncateSync(join(folder, document as string), 5e9);
		expect((await outcomeOf(folder)).code).toBe('file_too_large');
	});

	it('with a checkpoint of 5 GB has a problem, not an error', async () => {
		const folder = writeFolder(clean);
		truncateSync(join(folder, 'checkpoints/order_event/8.txt'), 5e9);
		expect(await outcomeOf(folder)).toMatchObject({ code: 'read', found: ['order_event bad_signature@null'] });
	});
});
