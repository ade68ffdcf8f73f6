import fc from 'fast-check';
import { expect, test } from 'vitest';
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
