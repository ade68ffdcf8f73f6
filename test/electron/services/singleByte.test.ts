import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDrop } from './cleanDrop.ts';
import { type DropFiles, hexOf, linesOf } from './dropWriter.ts';
import { findingsOf, importFiles } from './memorySource.ts';

const clean = cleanDrop(7, 6);
const PATHS = [...clean.keys()];

function changed(path: string, at: number, byte: number): DropFiles {
	const bytes = Buffer.from(clean.get(path) as Buffer);
	bytes[at] = byte;
	return new Map([...clean, [path, bytes]]);
}

/** A file, a place in it, and another byte than stands there. */
const anyChange = (paths: readonly string[]) =>
	fc
		.constantFrom(...paths)
		.chain((path) => fc.tuple(fc.constant(path), fc.nat((clean.get(path) as Buffer).length - 1), fc.integer({ min: 1, max: 255 })))
		.map(([path, at, by]) => ({ path, at, byte: ((clean.get(path) as Buffer)[at] as number) ^ by }));

describe('one byte changed', () => {
	const folders = [...new Set(PATHS.map((path) => path.split('/').slice(0, 2).join('/')))].filter((path) => path !== 'manifest.json');
	for (const folder of folders) {
		const paths = PATHS.filter((path) => path.startsWith(folder));
		if (folder.startsWith('documents/') && folder !== folders.find((one) => one.startsWith('documents/'))) continue;
		it(`in ${folder.startsWith('documents/') ? 'a document' : folder} is noticed`, async () => {
			const changes = fc.sample(anyChange(paths), { numRuns: 120, seed: 20_260_301 });
			for (const { path, at, byte } of changes) {
				const drop = await importFiles(changed(path, at, byte));
				if (drop.ok) expect(findingsOf(drop.value), `${path} byte ${at} := ${byte}`).not.toEqual([]);
			}
		});
	}

	it('in the manifest is refused, noticed, or seen in its hash', async () => {
		const before = hexOf(clean.get('manifest.json') as Buffer);
		let silent = 0;
		for (const { path, at, byte } of fc.sample(anyChange(['manifest.json']), { numRuns: 200, seed: 20_260_302 })) {
			const drop = await importFiles(changed(path, at, byte));
			if (!drop.ok || findingsOf(drop.value).length > 0) continue;
			silent++;
			expect(drop.value.manifestSha256).not.toBe(before);
		}
		// Names, queries and white space are words nothing in the drop can contradict: only the manifest's hash tells.
		expect(silent).toBeGreaterThan(0);
		expect(silent).toBeLessThan(120);
	});

	for (const table of ['order_event', 'revenue_event'] as const) {
		const path = `data/${table}.ndjson`;
		const lines = linesOf(clean, table);
		const orders = lines.map((line) => (JSON.parse(line) as { order_id: string }).order_id);
		const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));
		const vouched = lines.flatMap((_, i) => (orders.includes(orders[i] as string, i + 1) ? [i] : []));

		it(`of any line of ${table} that a later line vouches for names that line first`, async () => {
			const changes = fc.sample(
				fc
					.constantFrom(...vouched)
					.chain((i) => fc.tuple(fc.constant(i), fc.nat(Buffer.byteLength(lines[i] as string) - 1), fc.integer({ min: 1, max: 255 }))),
				{ numRuns: 150, seed: 20_260_303 },
			);
			for (const [i, offset, by] of changes) {
				const at = (starts[i] as number) + offset;
				const drop = await importFiles(changed(path, at, ((clean.get(path) as Buffer)[at] as number) ^ by));
				if (!drop.ok) throw new Error(drop.error.message);
				const { verdict, problems } = drop.value.evidence.integrity[table] ?? { verdict: null, problems: [] };
				const was = `line ${i + 1}, byte ${offset} ^ ${by}: ${JSON.stringify(problems)}`;
				expect(verdict, was).toBe('altered');
				expect(problems[0]?.line, was).toBe(i + 1);
			}
		});
	}
});
