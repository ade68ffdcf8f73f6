import { createHash } from 'node:crypto';
import { describe, expect, it, test, vi } from 'vitest';

vi.mock('electron', () => ({ app: {} }));
const { alteredFiles } = await import('../../../electron/main/intact.ts');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An archive as Electron reads it: four numbers, the list, the files one after the other. */
function archiveOf(list: object, body: string): Buffer {
	const json = Buffer.from(JSON.stringify(list));
	const padded = Math.ceil(json.length / 4) * 4;
	const head = Buffer.alloc(16 + padded);
	for (const [at, value] of [4, 8 + padded, 4 + padded, json.length].entries()) head.writeUInt32LE(value, at * 4);
	json.copy(head, 16);
	return Buffer.concat([head, Buffer.from(body)]);
}

const file = (offset: number, text: string) => ({
	size: text.length,
	offset: String(offset),
	integrity: { algorithm: 'SHA256', hash: sha256(text) },
});

const LIST = { files: { 'main.cjs': file(0, 'one'), renderer: { files: { 'index.html': file(3, 'four') } } } };

describe('what was altered in the program', () => {
	test.each([
		['nothing', archiveOf(LIST, 'onefour'), []],
		['one letter of one file', archiveOf(LIST, 'onefouR'), ['renderer/index.html']],
		['both files', archiveOf(LIST, 'twofive'), ['main.cjs', 'renderer/index.html']],
		['the end is cut off', archiveOf(LIST, 'onefou'), ['renderer/index.html']],
		['an archive that is none', Buffer.from('not an archive at all'), ['app.asar']],
		['an empty file', Buffer.alloc(0), ['app.asar']],
		['a list that ends in the middle', archiveOf(LIST, '').subarray(0, 40), ['app.asar']],
	])('%s', async (_what, archive, expected) => {
		expect(await alteredFiles(archive)).toEqual(expected);
	});

	it('a file without a hash, or one that lies outside the archive, counts as altered', async () => {
		const list = {
			files: {
				bare: { size: 3, offset: '0' },
				weak: { size: 3, offset: '0', integrity: { algorithm: 'MD5', hash: sha256('one') } },
				unpacked: { size: 3, unpacked: true, integrity: { algorithm: 'SHA256', hash: sha256('one') } },
				before: { ...file(0, 'one'), offset: '-900' },
				link: { link: '../elsewhere' },
			},
		};
		expect(await alteredFiles(archiveOf(list, 'one'))).toEqual(['bare', 'weak', 'unpacked', 'before', 'link']);
	});
});
