/** The tree on disk: the same roots and proofs as the portable tree, at every size, opened anew or not. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { merkleTree, verifyConsistency, verifyInclusion } from '#evidence';
import { utf8 } from '#kernel';
import { realDisk } from '../../../../electron/hub/log/disk.ts';
import { leafHashesOf, openTileFolder } from '../../../../electron/hub/log/tileFolder.ts';
import { parseTilePath, tilePath } from '../../../../electron/hub/log/tilePath.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../../electron/hub/log/treeProofs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-tiles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => utf8(`{"no":${from + at}}`));

describe('tile paths', () => {
	it.each([
		['entries', 0, 'tile/entries/000'],
		[0, 67, 'tile/0/067'],
		[2, 1_234_067, 'tile/2/x001/x234/067'],
	] as const)('of %s %i are %s, and are read back', (kind, index, path) => {
		expect(tilePath(kind, index)).toBe(path);
		expect(parseTilePath(path)).toEqual({ kind, index, width: 256 });
		expect(parseTilePath(`${path}.p/112`)).toEqual({ kind, index, width: 112 });
	});

	it.each([
		'tile/0/x000/067',
		'tile/0/67',
		'tile/00/067',
		'tile/64/067',
		'tile/entries/x001',
		'tile/0/067.p/0',
		'tile/0/067.p/256',
		'tile/0/067.p/07',
		'tile/0/../067',
		'tile/0/067/',
		'/tile/0/067',
		'tile/0/x999/x999/x999/x999/x999/x999/999',
		'tile/0/067.p/1/x',
		'',
	])('%j is none', (path) => {
		expect(parseTilePath(path)).toBeNull();
	});
});

describe('a tree on disk', () => {
	const sizes = [1, 2, 255, 256, 257, 600, 1024, 65_535, 65_536, 65_537, 66_000];
	const all = linesOf(0, 66_000);
	const oracle = merkleTree(leafHashesOf(all));

	it('grows by steps of any width to the roots of the portable tree', async () => {
		const place = join(folder, 'grown');
		let tree = await openTileFolder(realDisk, place, 0);
		let size = 0;
		for (const next of sizes) {
			const lines = all.slice(size, next);
			await tree.append(lines, leafHashesOf(lines));
			expect(tree.view.edge.root()).toEqual(oracle.rootOf(next));
			// Opened anew from what lies on the disk, it is the same tree.
			tree = await openTileFolder(realDisk, place, next);
			expect(tree.view.edge.root()).toEqual(oracle.rootOf(next));
			size = next;
		}
		expect(readFileSync(join(place, 'tile/0/000')).length).toBe(8192);
		expect(readFileSync(join(place, 'tile/1/000')).length).toBe(8192);
	});

	it('gives the proofs of the portable tree, which verify', async () => {
		const tree = await openTileFolder(realDisk, join(folder, 'grown'), 66_000);
		const { view } = tree;
		for (const size of sizes) {
			expect(await rootAt(tree, view, size)).toEqual(oracle.rootOf(size));
			for (const index of [0, 1, Math.floor(size / 2), size - 1].filter((at) => at < size)) {
				const proof = await inclusionProof(tree, view, index, size);
				expect(proof).toEqual(oracle.inclusionProof(index, size));
				expect(verifyInclusion(leafHashesOf([all[index] as Uint8Array]), index, size, proof, oracle.rootOf(size))).toBe(true);
			}
			for (const first of sizes.filter((one) => one <= size)) {
				const proof = await consistencyProof(tree, view, first, size);
				expect(proof).toEqual(oracle.consistencyProof(first, size));
				expect(verifyConsistency(first, size, oracle.rootOf(first), oracle.rootOf(size), proof)).toBe(true);
			}
		}
	});

	it('opened at an earlier size forgets what lay beyond, and grows another way from there', async () => {
		const place = join(folder, 'cut');
		const first = await openTileFolder(realDisk, place, 0);
		await first.append(all.slice(0, 700), leafHashesOf(all.slice(0, 700)));
		for (const size of [600, 512, 511, 300, 5, 0]) {
			const tree = await openTileFolder(realDisk, place, size);
			expect(tree.view.edge.root()).toEqual(oracle.rootOf(size));
			const other = [...all.slice(0, size), ...linesOf(100_000, 100_700)].slice(0, 700);
			await tree.append(other.slice(size), leafHashesOf(other.slice(size)));
			expect(tree.view.edge.root()).toEqual(merkleTree(leafHashesOf(other)).rootOf(700));
			expect(await tree.entries(0, tree.view)).toEqual(other.slice(0, 256));
			const again = await openTileFolder(realDisk, place, 700);
			expect(again.view).toEqual(tree.view);
			const restored = await openTileFolder(realDisk, place, size);
			await restored.append(all.slice(size, 700), leafHashesOf(all.slice(size, 700)));
		}
	});

	it('that lacks what was signed is refused', async () => {
		const place = join(folder, 'short');
		const tree = await openTileFolder(realDisk, place, 0);
		await tree.append(all.slice(0, 300), leafHashesOf(all.slice(0, 300)));
		await expect(openTileFolder(realDisk, place, 301)).rejects.toThrow('missing or too short');
		rmSync(join(place, 'tile/0/000'));
		await expect(openTileFolder(realDisk, place, 300)).rejects.toThrow('missing or too short');
	});
});
