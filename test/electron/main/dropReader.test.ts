import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DropSource } from '#intake';
import { makeDropReader } from '../../../electron/main/dropReader.ts';

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);

/** A drop of one file that can only be read in order, in chunks of `chunk`, and fails at the end where its checksum is wrong. */
function inOrder(chunk: number, { isDamaged = false, isRanged = false } = {}): DropSource & { readonly opened: () => number } {
	let opened = 0;
	return {
		opened: () => opened,
		kind: 'zip',
		paths: new Set(['data/a']),
		size: () => Promise.resolve(BYTES.length),
		async *open() {
			opened++;
			for (let at = 0; at < BYTES.length; at += chunk) yield await Promise.resolve(BYTES.subarray(at, at + chunk));
			if (isDamaged) throw new Error('checksum');
		},
		readRange: isRanged ? (_path, offset, length) => Promise.resolve(BYTES.subarray(offset, offset + length)) : null,
		close: () => Promise.resolve(),
	};
}

test('any piece in any order is what stands there', async () => {
	const piece = fc.record({ offset: fc.nat(1100), length: fc.integer({ min: 1, max: 1200 }) });
	await fc.assert(
		fc.asyncProperty(
			fc.array(piece, { maxLength: 12 }),
			fc.integer({ min: 1, max: 400 }),
			fc.boolean(),
			async (pieces, chunk, isRanged) => {
				const reader = makeDropReader(inOrder(chunk, { isRanged }));
				const read = await Promise.all(pieces.map(({ offset, length }) => reader.read('data/a', offset, length)));
				expect(read).toEqual(pieces.map(({ offset, length }) => BYTES.slice(offset, offset + length)));
				await reader.close();
			},
		),
		{ numRuns: 60 },
	);
});

test('reading on from where the last piece ended opens the file once', async () => {
	const source = inOrder(64);
	const reader = makeDropReader(source);
	for (let at = 0; at < BYTES.length; at += 100) await reader.read('data/a', at, 100);
	expect(source.opened()).toBe(1);
});

test('the last piece of a damaged file is not given', async () => {
	const reader = makeDropReader(inOrder(64, { isDamaged: true }));
	await reader.read('data/a', 0, 900);
	await expect(reader.read('data/a', 900, 100)).rejects.toThrow('checksum');
	expect(await reader.read('data/a', 0, 10)).toEqual(BYTES.slice(0, 10));
});

describe('whole files', () => {
	const CONTENT: Readonly<Record<string, Uint8Array>> = {
		'documents/a': BYTES.subarray(0, 10),
		'documents/b': new Uint8Array(0),
		'documents/c': BYTES.subarray(20, 50),
		'documents/broken': BYTES,
		'documents/d': BYTES.subarray(0, 5),
	};
	const drop = (): DropSource => ({
		kind: 'folder',
		paths: new Set(Object.keys(CONTENT)),
		size: (path) => (CONTENT[path] ? Promise.resolve(CONTENT[path].length) : Promise.reject(new Error('no such file'))),
		async *open(path) {
			if (path.endsWith('broken')) throw new Error('checksum');
			const bytes = CONTENT[path];
			if (bytes && bytes.length > 0) yield await Promise.resolve(bytes);
		},
		readRange: null,
		close: () => Promise.resolve(),
	});
	const read = async (paths: readonly string[], limit = 1_000) => {
		const { sizes, bytes } = await makeDropReader(drop()).readFiles(paths, limit);
		return [sizes, bytes.length];
	};

	test('come one after the other, an empty one as well', async () => {
		const { sizes, bytes } = await makeDropReader(drop()).readFiles(['documents/a', 'documents/b', 'documents/c'], 1_000);
		expect(sizes).toEqual([10, 0, 30]);
		expect(bytes).toEqual(new Uint8Array([...BYTES.slice(0, 10), ...BYTES.slice(20, 50)]));
	});

	test('end before the first that is broken, is not there or does not fit', async () => {
		expect(await read(['documents/a', 'documents/broken', 'documents/d'])).toEqual([[10], 10]);
		expect(await read(['documents/broken'])).toEqual([[], 0]);
		expect(await read(['documents/a', '../etc/passwd', 'documents/d'])).toEqual([[10], 10]);
		expect(await read(['documents/a', 'documents/c', 'documents/d'], 39)).toEqual([[10], 10]);
		expect(await read(['documents/a', 'documents/c'], 40)).toEqual([[10, 30], 40]);
	});
});
