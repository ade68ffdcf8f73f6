import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256, utf8 } from '#kernel';
import { appendLeaf, type CompactRange, EMPTY_RANGE, inclusionAfter, isCompactRange, rootOfRange } from '#sync';
import { treeOf } from './signedNotes.ts';

it('a compact range has the root of the whole tree at every size', () => {
	let range: CompactRange = EMPTY_RANGE;
	const tree = treeOf(300);
	for (let size = 0; size <= 300; size++) {
		expect(rootOfRange(range)).toEqual(tree.rootOf(size));
		expect(isCompactRange(range.size, range.nodes)).toBe(true);
		range = appendLeaf(range, sha256(utf8(`leaf ${size}`)));
	}
});

it('as many nodes as bits are set in the size, and no other number, make a range', () => {
	fc.assert(
		fc.property(fc.nat(1_000_000), fc.nat(25), (size, nodes) => {
			const bits = [...size.toString(2)].filter((bit) => bit === '1').length;
			expect(
				isCompactRange(
					size,
					Array.from({ length: nodes }, () => new Uint8Array(32)),
				),
			).toBe(nodes === bits);
		}),
	);
});

it('from a range and the leaves behind it comes the same path as from the whole tree', () => {
	const tree = treeOf(70);
	const leaves = Array.from({ length: 70 }, (_, at) => sha256(utf8(`leaf ${at}`)));
	for (let known = 0, range: CompactRange = EMPTY_RANGE; known < 70; range = appendLeaf(range, leaves[known++] as Uint8Array)) {
		for (let size = known + 1; size <= 70; size++)
			for (let index = known; index < size; index += 3)
				expect(inclusionAfter(range, leaves.slice(known, size), index)).toEqual(tree.inclusionProof(index, size));
	}
});
