import { describe, expect, it } from 'vitest';
import { cleanDrop } from './cleanDrop.ts';
import { findingsOf, imported } from './memorySource.ts';
import { TAMPER_CASES } from './tamperCases.ts';

describe('a sealed table after', () => {
	for (const { name, tamper, table = 'order_event', heads = [], ...expected } of TAMPER_CASES) {
		it(`${name}: ${expected.verdict}`, async () => {
			const files = cleanDrop(1);
			tamper(files);
			const drop = await imported(files, { previousHeads: heads });
			const found = drop.sealed.get(table)?.verification;
			expect({ verdict: found?.verdict, problems: found?.problems.map(({ code, line }) => `${code}@${line ?? '-'}`) }).toEqual({
				verdict: expected.verdict,
				problems: [...expected.problems],
			});
			if (expected.unsealed !== undefined) expect(found?.unsealedLines).toBe(expected.unsealed);
		});
	}
});

it('finds nothing in clean drops', async () => {
	for (let seed = 1; seed <= 20; seed++) expect(findingsOf(await imported(cleanDrop(seed)))).toEqual([]);
});
