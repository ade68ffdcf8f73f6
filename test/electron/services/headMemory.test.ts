import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogHead } from '#evidence';
import { loadHeads, saveHeads } from '../../../electron/services/headMemory.ts';

const root = mkdtempSync(join(tmpdir(), 'tieout-heads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const head = (origin: string, size: number): LogHead => ({
	origin,
	size,
	root: Buffer.alloc(32, size).toString('base64'),
	key: 'k+00000000',
});

describe('head memory', () => {
	it('is empty at first and remembers across calls, moving forward only', async () => {
		const dir = join(root, 'new', 'state');
		expect(await loadHeads(dir)).toEqual({ ok: true, value: [] });
		await saveHeads(dir, [head('b', 5), head('a', 3)]);
		await saveHeads(dir, [head('b', 4), head('c', 1)]);
		expect(await loadHeads(dir)).toEqual({ ok: true, value: [head('a', 3), head('b', 5), head('c', 1)] });
		expect(readdirSync(dir)).toEqual(['log-heads.json']);
	});

	it.each(['', '{', '[]', 'null', '{"format":"tieout-heads/2","heads":[]}', '{"format":"tieout-heads/1","heads":[{"origin":"a"}]}'])(
		'that reads %j is an error and is left as it is',
		async (text) => {
			const dir = mkdtempSync(join(root, 'bad-'));
			writeFileSync(join(dir, 'log-heads.json'), text);
			const saved = await saveHeads(dir, [head('a', 1)]);
			expect(saved.ok ? 'saved' : saved.error.code).toBe('unreadable');
			expect(readFileSync(join(dir, 'log-heads.json'), 'utf8')).toBe(text);
		},
	);

	it('that can not be written says so and leaves nothing behind', async () => {
		const file = join(root, 'a file');
		writeFileSync(file, 'x');
		const below = await saveHeads(join(file, 'below'), [head('a', 1)]);
		expect(below.ok).toBe(false);
		const dir = mkdtempSync(join(root, 'taken-'));
		mkdirSync(join(dir, 'log-heads.json'));
		const taken = await saveHeads(dir, [head('a', 1)]);
		expect(taken.ok ? 'saved' : taken.error.code).toBe('unreadable');
		expect(readdirSync(dir)).toEqual(['log-heads.json']);
	});
});
