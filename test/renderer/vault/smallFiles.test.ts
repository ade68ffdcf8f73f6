import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallFiles } from '../../../renderer/vault/smallFiles.ts';

const contentOf = (path: string, size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i + path.length * 7) % 251);

/** The far side: whole files one after the other, as many as were asked and are not broken. */
function farSide(sizes: Readonly<Record<string, number>>, broken: ReadonlySet<string> = new Set()) {
	const questions: (readonly string[])[] = [];
	const ask = (paths: readonly string[]) => {
		questions.push(paths);
		const end = paths.findIndex((path) => broken.has(path));
		const given = (end < 0 ? paths : paths.slice(0, end)).map((path) => contentOf(path, sizes[path] ?? 0));
		return Promise.resolve({ sizes: given.map(({ length }) => length), bytes: Buffer.concat(given) });
	};
	const files = Object.entries(sizes).map(([path, size]) => ({ path, size }));
	return { questions, ask, files };
}

const documents = (count: number, size: number): Record<string, number> =>
	Object.fromEntries(Array.from({ length: count }, (_, i) => [`documents/${String(i).padStart(4, '0')}`, size]));

describe('small files of a drop', () => {
	it('come together, each once, with the next ones on their way before they are asked for', async () => {
		const { questions, ask, files } = farSide(documents(100, 10));
		const together = smallFiles(files, 30, ask);
		await together.take('documents/0000');
		expect(questions.map(({ length }) => length)).toEqual([30, 30]);
		for (let i = 1; i < 100; i++) await together.take(`documents/${String(i).padStart(4, '0')}`);
		expect(questions.flat()).toEqual(files.map(({ path }) => path));
	});

	it('are never those of another folder, nor more than a mebibyte at once', async () => {
		const { questions, ask, files } = farSide({ ...documents(40, 60_000), 'documents.txt': 1, 'data/a.ndjson': 5 });
		const together = smallFiles(files, 256, ask);
		expect(await together.take('data/a.ndjson')).toEqual(Buffer.from(contentOf('data/a.ndjson', 5)));
		await together.take('documents/0000');
		expect(questions[0]).toEqual(['data/a.ndjson']);
		for (const paths of questions) {
			expect(new Set(paths.map((path) => path.split('/').slice(0, -1).join('/'))).size).toBe(1);
			expect(paths.length * 60_000).toBeLessThan(1_100_000);
		}
	});

	it('give each taker its own bytes, whatever the order; what did not come is to be read by itself', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.stringMatching(/^(a|b)\/[0-9a-f]{1,3}$/), fc.nat({ max: 70_000 }), { maxKeys: 30 }),
				fc.integer({ min: 1, max: 9 }),
				fc.infiniteStream(fc.nat()),
				async (sizes, together, picks) => {
					const paths = Object.keys(sizes);
					const broken = new Set(paths.filter((_, i) => i % 7 === 3));
					const { ask, files } = farSide(sizes, broken);
					const small = smallFiles(files, together, ask);
					const order = paths.map((path) => ({ path, by: picks.next().value as number })).sort((x, y) => x.by - y.by);
					const taken = await Promise.all(order.map(async ({ path }) => [path, await small.take(path)] as const));
					for (const [path, bytes] of taken) {
						if (bytes !== null) expect(Buffer.compare(bytes, contentOf(path, sizes[path] ?? 0))).toBe(0);
						if (broken.has(path) || (sizes[path] ?? 0) > 65_536) expect(bytes).toBeNull();
					}
				},
			),
			{ numRuns: 100 },
		);
	});

	it('are read singly where the far side can not answer at all', async () => {
		const { files } = farSide(documents(3, 10));
		const together = smallFiles(files, 30, () => Promise.reject(new Error('gone')));
		expect(await together.take('documents/0001')).toBeNull();
	});
});
