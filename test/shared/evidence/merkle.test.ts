import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromBase64, fromHex, toHex, utf8 } from '#kernel';
import { type MerkleTree, merkleTree } from '../../../shared/evidence/merkle.ts';
import { emptyRoot, hashPairs, hashPairsPortably, leafHash, nodeHash } from '../../../shared/evidence/merkleHash.ts';
import { verifyConsistency, verifyInclusion, verifyMultiproof } from '../../../shared/evidence/merkleProof.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();
const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => leafHash(utf8(`line ${i}`)));
const treeOf = (leaves: readonly Uint8Array[]): MerkleTree => merkleTree(concatBytes(...leaves));

/** RFC 6962 §2.1 word for word: the oracle of everything below. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
	const [only] = leaves;
	if (only === undefined) return emptyRoot();
	if (leaves.length === 1) return only;
	let k = 1;
	while (k * 2 < leaves.length) k *= 2;
	return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

describe('golden values of the reference tree', () => {
	// The eight leaves that the Certificate Transparency projects share as their test tree, and its roots at every size.
	const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
	const roots = [
		'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
		'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
		'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
		'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
		'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
		'4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
		'76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
		'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
		'5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
	];
	const tree = treeOf(inputs.map((hex) => leafHash(bytes(hex))));

	it.each(roots.map((root, size) => [size, root] as const))('the tree of the first %i leaves has root %s', (size, root) => {
		expect(toHex(tree.rootOf(size))).toBe(root);
	});

	it('the root of no leaves is the hash of nothing', () => {
		expect(toHex(emptyRoot())).toBe(roots[0]);
		expect(toHex(merkleTree(new Uint8Array()).rootOf(0))).toBe(roots[0]);
	});
});

describe('roots', () => {
	it('every size from 0 to 130 has the root of the RFC definition', () => {
		const leaves = leavesOf(130);
		const tree = treeOf(leaves);
		for (let size = 0; size <= 130; size++) expect(toHex(tree.rootOf(size))).toBe(toHex(mth(leaves.slice(0, size))));
	});

	it('stored nodes over 256 leaves and more change no root', () => {
		const leaves = leavesOf(1_300);
		const tree = treeOf(leaves);
		for (const size of [255, 256, 257, 511, 512, 513, 768, 1_023, 1_024, 1_025, 1_280, 1_299, 1_300])
			expect(toHex(tree.rootOf(size))).toBe(toHex(mth(leaves.slice(0, size))));
	});

	it('bulk hashing agrees with the portable one for every number of nodes', () => {
		for (let count = 0; count <= 40; count++) {
			const nodes = concatBytes(...leavesOf(count));
			const portable = hashPairsPortably(nodes);
			expect(toHex(hashPairs(nodes))).toBe(toHex(portable));
			for (let pair = 0; pair < count >> 1; pair++)
				expect(toHex(portable.subarray(32 * pair, 32 * pair + 32))).toBe(
					toHex(nodeHash(nodes.subarray(64 * pair, 64 * pair + 32), nodes.subarray(64 * pair + 32, 64 * pair + 64))),
				);
		}
	});

	it('asking for more than there is, is a bug', () => {
		const tree = treeOf(leavesOf(3));
		expect(() => tree.rootOf(4)).toThrow('size');
		expect(() => tree.rootOf(-1)).toThrow('size');
		expect(() => tree.inclusionProof(3, 3)).toThrow('index');
		expect(() => tree.consistencyProof(0, 3)).toThrow('first size');
		expect(() => tree.consistencyProof(3, 2)).toThrow('first size');
		expect(() => tree.multiproof([], 3)).toThrow('indexes');
		expect(() => tree.multiproof([2, 1], 3)).toThrow('indexes');
	});
});

describe('own proofs', () => {
	const leaves = leavesOf(130);
	const tree = treeOf(leaves);
	const roots = Array.from({ length: 131 }, (_, size) => tree.rootOf(size));
	const root = (size: number) => roots[size] as Uint8Array;

	it('every leaf of every tree of 1 to 130 leaves is included, and at no other index', () => {
		for (let size = 1; size <= 130; size++) {
			// All leaves of small trees, a spread of the larger ones.
			for (let index = 0; index < size; index += size < 34 ? 1 : 7) {
				const proof = tree.inclusionProof(index, size);
				const leaf = leaves[index] as Uint8Array;
				expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
				expect(verifyInclusion(leaf, index, size, proof, root(size))).toBe(true);
				expect(verifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root(size))).toBe(false);
			}
		}
	});

	it('every tree is consistent with those before it, and with no other', () => {
		for (let second = 1; second <= 130; second += second < 34 ? 1 : 9) {
			for (let first = 1; first <= second; first += second < 34 ? 1 : 5) {
				const proof = tree.consistencyProof(first, second);
				expect(verifyConsistency(first, second, root(first), root(second), proof)).toBe(true);
				expect(verifyConsistency(first, second, root(first - 1), root(second), proof)).toBe(false);
				expect(verifyConsistency(first, second, root(first), root(second - 1), proof)).toBe(false);
			}
		}
	});

	const subset = fc.uniqueArray(fc.nat(129), { minLength: 1, maxLength: 20 }).map((indexes) => indexes.sort((a, b) => a - b));

	it('one multiproof shows any set of leaves, with no more nodes than a proof each', () => {
		fc.assert(
			fc.property(subset, fc.nat(129), (indexes, more) => {
				const size = Math.min(130, (indexes.at(-1) ?? 0) + 1 + more);
				const proof = tree.multiproof(indexes, size);
				const shown = indexes.map((index) => leaves[index] as Uint8Array);
				const apart = indexes.reduce((sum, index) => sum + tree.inclusionProof(index, size).length, 0);
				expect(proof.length).toBeLessThanOrEqual(apart);
				expect(verifyMultiproof(indexes, shown, size, proof, root(size))).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	it('a multiproof with anything wrong about it shows nothing', () => {
		fc.assert(
			fc.property(subset, fc.nat(), fc.integer({ min: 1, max: 255 }), (indexes, at, flip) => {
				const shown = indexes.map((index) => leaves[index] as Uint8Array);
				const proof = tree.multiproof(indexes, 130);
				const bent = (list: readonly Uint8Array[]) =>
					list.map((hash, i) => (i === at % list.length ? hash.map((byte, j) => (j === at % 32 ? byte ^ flip : byte)) : hash));
				expect(verifyMultiproof(indexes, bent(shown), 130, proof, root(130))).toBe(false);
				expect(verifyMultiproof(indexes, shown, 130, bent(proof), root(130))).toBe(false);
				expect(verifyMultiproof(indexes, shown, 130, [...proof, root(1)], root(130))).toBe(false);
				expect(verifyMultiproof(indexes, shown, 130, proof.slice(0, -1), root(130))).toBe(false);
				expect(verifyMultiproof(indexes, shown, 130, proof, root(129))).toBe(false);
				expect(verifyMultiproof(indexes, shown.slice(1), 130, proof, root(130))).toBe(false);
				if (indexes.length > 1) expect(verifyMultiproof(indexes, shown.toReversed(), 130, proof, root(130))).toBe(false);
			}),
			{ numRuns: 40 },
		);
	});

	it.each([
		['no leaf at all', [], 4],
		['an index twice', [1, 1], 4],
		['indexes that descend', [2, 1], 4],
		['an index behind the end', [4], 4],
		['a negative index', [-1], 4],
		['a broken index', [0.5], 4],
		['an empty tree', [0], 0],
		['a size that is no number', [0], Number.NaN],
	])('a multiproof for %s is refused', (_, indexes, size) => {
		expect(
			verifyMultiproof(
				indexes,
				indexes.map(() => root(1)),
				size,
				[],
				root(1),
			),
		).toBe(false);
	});

	it('a multiproof of a tree of 2^53 - 1 leaves is judged without delay', () => {
		expect(verifyMultiproof([0], [root(1)], Number.MAX_SAFE_INTEGER, leaves.slice(0, 53), root(2))).toBe(false);
		expect(verifyInclusion(root(1), 2 ** 52, Number.MAX_SAFE_INTEGER, leaves.slice(0, 53), root(2))).toBe(false);
		expect(verifyConsistency(2 ** 52 + 1, Number.MAX_SAFE_INTEGER, root(1), root(2), leaves.slice(0, 53))).toBe(false);
	});

	it('hashes of a wrong length are refused', () => {
		const short = root(1).slice(1);
		expect(verifyInclusion(root(1), 0, 1, [], root(1))).toBe(true);
		expect(verifyInclusion(short, 0, 1, [], short)).toBe(false);
		expect(verifyInclusion(root(1), 0, 2, [short], root(1))).toBe(false);
		expect(verifyConsistency(1, 2, short, root(2), [leaves[1] as Uint8Array])).toBe(false);
		expect(verifyConsistency(1, 2, root(1), root(2), [short])).toBe(false);
		expect(verifyMultiproof([0], [short], 1, [], short)).toBe(false);
	});
});

describe('consistency from nothing', () => {
	const tree = treeOf(leavesOf(4));

	it.each([
		[0, 0, []],
		[0, 1, []],
		[0, 4, []],
		[0, 4, [tree.rootOf(4)]],
	])('sizes %i and %i cannot be shown consistent', (first, second, proof) => {
		expect(verifyConsistency(first, second, tree.rootOf(first), tree.rootOf(second), proof)).toBe(false);
	});

	it('equal sizes need equal roots and no proof', () => {
		expect(verifyConsistency(4, 4, tree.rootOf(4), tree.rootOf(4), [])).toBe(true);
		expect(verifyConsistency(4, 4, tree.rootOf(4), tree.rootOf(3), [])).toBe(false);
		expect(verifyConsistency(4, 4, tree.rootOf(4), tree.rootOf(4), [tree.rootOf(1)])).toBe(false);
		expect(verifyConsistency(4, 3, tree.rootOf(4), tree.rootOf(3), [])).toBe(false);
	});
});

describe('external probes', () => {
	const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
	const folder = join(dirname(root), 'shared', 'data', 'vectors', 'merkle-rfc6962', 'testdata');
	type Probe = {
		readonly [key in 'leafIdx' | 'treeSize' | 'size1' | 'size2']: number;
	} & {
		readonly [key in 'root' | 'root1' | 'root2' | 'leafHash']: string | null;
	} & { readonly proof: readonly string[] | null; readonly wantErr: boolean };
	const probesOf = (kind: string): readonly (readonly [string, Probe])[] =>
		globSync(`${kind}/**/*.json`, { cwd: folder })
			.sort((a, b) => (a < b ? -1 : 1))
			.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Probe] as const);
	const hash = (base64: string | null) => fromBase64(base64 ?? '') ?? new Uint8Array();
	const present = existsSync(folder);

	it('agree with our verdict, all of them', () => {
		if (!present) {
			console.info('RFC 6962 probes: 196 skipped: vectors folder absent');
			return;
		}
		const wrong: string[] = [];
		let judged = 0;
		for (const [name, probe] of probesOf('inclusion')) {
			const proof = (probe.proof ?? []).map(hash);
			const verdict = verifyInclusion(hash(probe.leafHash), probe.leafIdx, probe.treeSize, proof, hash(probe.root));
			judged++;
			if (verdict === probe.wantErr) wrong.push(name);
		}
		for (const [name, probe] of probesOf('consistency')) {
			const proof = (probe.proof ?? []).map(hash);
			const verdict = verifyConsistency(probe.size1, probe.size2, hash(probe.root1), hash(probe.root2), proof);
			judged++;
			if (verdict === probe.wantErr) wrong.push(name);
		}
		console.info(`RFC 6962 probes: ${judged} judged`);
		expect(wrong).toEqual([]);
		expect(judged).toBe(196);
	});
});
