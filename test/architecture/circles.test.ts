/**
 * No file imports itself by way of others, not even for a type: files in a circle can only be understood and moved together. The linter sees
 * circles of values; those of types are looked for here.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesIn, importGraph } from './importGraph.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { imports: doors } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	readonly imports: Readonly<Record<string, string>>;
};

describe('import circles', () => {
	const folders = ['shared', 'electron', 'renderer', 'build', 'test'];
	const graph = importGraph(
		root,
		folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
		doors,
	);

	it('there are none, from file to file, types included', () => {
		expect(circlesIn(graph)).toEqual([]);
	});

	it.each(folders)('the imports of %s/ were seen', (folder) => {
		const importing = [...graph].filter(([file, targets]) => file.startsWith(`${folder}/`) && targets.length > 0);
		expect(importing.length).toBeGreaterThan(9);
	});

	it('a circle is found whichever way it is written, and a fork that joins again is none', () => {
		const canaries = join(root, 'test', 'architecture', 'canaries', 'circles');
		const written = importGraph(canaries, ['*/*.ts'], { '#book': './throughDoor/index.ts' });
		expect(written.get('straight/top.ts')).toEqual(['straight/left.ts', 'straight/right.ts']);
		expect(circlesIn(written)).toEqual([
			'byType/customer.ts → byType/invoice.ts → byType/order.ts → byType/customer.ts',
			'midst/first.ts → midst/second.ts → midst/first.ts',
			'throughDoor/index.ts → throughDoor/ledger.ts → throughDoor/index.ts',
		]);
	});
});
