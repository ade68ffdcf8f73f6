/** The table of security items names its proofs; here they are looked up, so that it can't promise a test that is gone. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}resources/security-checklist.md`, 'utf8');

interface Row {
	readonly item: string;
	readonly proofs: readonly { readonly file: string; readonly title: string }[];
}

const rows: readonly Row[] = page.split('\n').flatMap((line) => {
	const cells = line.split('|').map((cell) => cell.trim());
	const [, number = '', name = '', , proved = ''] = cells;
	if (!/^(\d+|\+)$/.test(number)) return [];
	const proofs = [...proved.matchAll(/`(test\/[^`]+)`: \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ file, title }));
	return [{ item: number === '+' ? `+ ${name}` : number, proofs }];
});

/** Whether the file has a test of that title, in whichever quotes it stands. */
function hasTest(file: string, title: string): boolean {
	if (!existsSync(`${root}${file}`)) return false;
	const text = readFileSync(`${root}${file}`, 'utf8');
	return ["'", '"', '`'].some((quote) => text.includes(`(${quote}${title}${quote},`));
}

describe('the security checklist', () => {
	it('has all twenty items once, in order, and the three of our own', () => {
		expect(rows.map(({ item }) => item)).toEqual([
			...Array.from({ length: 20 }, (_, at) => String(at + 1)),
			'+ No developer tools, no menu',
			'+ No listening port, no traffic',
			'+ Secrets at rest',
		]);
	});

	it.each(rows)('item $item is proved, and every test it names exists', ({ proofs }) => {
		expect(proofs.length).toBeGreaterThan(0);
		expect(proofs.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
	});

	it('every proof in a row is read: none is written in a way that this test overlooks', () => {
		const named = rows.reduce((sum, { proofs }) => sum + proofs.length, 0);
		expect(named).toBe([...page.matchAll(/`test\/(?:e2e|electron|browser|build)\//g)].length);
	});
});
