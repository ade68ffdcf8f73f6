import { describe, expect, it } from 'vitest';
import { fromUtf8 } from '#kernel';
import { ObjectArena, StructureTree } from '#pack';

function arenaText(arena: ObjectArena): string {
	const bytes = new Uint8Array(arena.size);
	arena.copyInto(bytes, 0);
	return fromUtf8(bytes) ?? '';
}

const objectsOf = (text: string): Map<number, string> =>
	new Map([...text.matchAll(/(\d+) 0 obj\n(.*)\nendobj\n/g)].map(([, number, body]) => [Number(number), body ?? '']));

function newTree() {
	let last = 0;
	const arena = new ObjectArena(() => ++last);
	return { arena, tree: new StructureTree(arena) };
}

describe('the arena', () => {
	it('tells where each object begins', () => {
		const { arena } = newTree();
		for (let i = 0; i < 1000; i++) arena.add(`<</N ${i}>>`);
		const text = arenaText(arena);
		let seen = 0;
		arena.forEachPlace((object, offset) => {
			expect(text.startsWith(`${object} 0 obj\n`, offset)).toBe(true);
			seen++;
		});
		expect(seen).toBe(1000);
	});
});

describe('the structure tree', () => {
	it('names the page of content that is on another page than its element’s first', () => {
		const { arena, tree } = newTree();
		tree.beginPage(901);
		tree.open('P');
		tree.mark();
		tree.endPage();
		tree.beginPage(902);
		tree.mark();
		tree.close();
		tree.endPage();
		tree.finish();
		expect(arenaText(arena)).toContain('/Pg 901 0 R/K [0 <</Type/MCR/Pg 902 0 R/MCID 0>>]>>');
	});

	it('keeps the place of what is filled later', () => {
		const { arena, tree } = newTree();
		tree.beginPage(901);
		tree.open('TOC');
		const contents = tree.setAside();
		tree.open('P');
		tree.mark();
		tree.close();
		tree.resume(contents);
		tree.mark();
		tree.close();
		tree.endPage();
		const objects = objectsOf(arenaText(arena));
		tree.finish();
		const all = objectsOf(arenaText(arena));
		const document = [...all.values()].find((body) => body.includes('/S/Document'));
		const kids = [...(document?.matchAll(/(\d+) 0 R(?=[ \]])/g) ?? [])].map(
			([, number]) => all.get(Number(number))?.match(/\/S\/(\w+)/)?.[1],
		);
		expect(kids).toEqual(['TOC', 'P']);
		expect(objects.size).toBeGreaterThan(0);
	});

	it('leads from every mark of every page back to its element, in a tree a reader can search', () => {
		const { arena, tree } = newTree();
		const pages = 300;
		for (let page = 0; page < pages; page++) {
			expect(tree.beginPage(10_000 + page)).toBe(page);
			tree.open('P');
			expect(tree.mark()).toBe(0);
			expect(tree.mark()).toBe(1);
			tree.close();
			tree.endPage();
		}
		tree.finish();
		const objects = objectsOf(arenaText(arena));
		const root = [...objects.values()].find((body) => body.includes('/StructTreeRoot'));
		const find = (node: string, key: number): string | undefined => {
			const nums = /\/Nums\[(.*)\]/.exec(node)?.[1]?.match(/\d+ \d+ 0 R/g);
			if (nums) return nums.find((entry) => entry.startsWith(`${key} `))?.replace(/^\d+ /, '');
			const kids = [...(/\/Kids\[(.*?)\]/.exec(node)?.[1]?.matchAll(/(\d+) 0 R/g) ?? [])].map(
				([, number]) => objects.get(Number(number)) ?? '',
			);
			const next = kids.find((kid) => {
				const [, first, last] = /\/Limits\[(\d+) (\d+)\]/.exec(kid) ?? [];
				return key >= Number(first) && key <= Number(last);
			});
			return next === undefined ? undefined : find(next, key);
		};
		const parentTree = objects.get(Number(/\/ParentTree (\d+) 0 R/.exec(root ?? '')?.[1])) ?? '';
		for (const key of [0, 63, 64, 150, 299]) {
			const list = objects.get(Number.parseInt(find(parentTree, key) ?? '', 10));
			expect(list).toMatch(/^\[(\d+) 0 R \1 0 R\]$/);
			expect(objects.get(Number.parseInt((list ?? '').slice(1), 10))).toContain(`/Pg ${10_000 + key} 0 R/K [0 1]`);
		}
		expect(find(parentTree, 300)).toBeUndefined();
	});
});
