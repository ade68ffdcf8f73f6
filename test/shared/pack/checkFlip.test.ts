/** No byte of a pack is free: whatever single byte changes, and however, the pack is no longer VALID. */

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { entryOf, type PdfValue } from '#pack';
import { both, check } from './signedFixture.ts';
import { flip, open, signatureOf } from './tamper.ts';

let base: Uint8Array;
let gap: PdfValue;
let cmsDigits: number;
beforeAll(async () => {
	base = await both();
	gap = entryOf(signatureOf(open(base), 'Reviewer'), 'Contents') as PdfValue;
	const digits = Buffer.from(base.subarray(gap.start + 1, gap.end - 1)).toString('latin1');
	cmsDigits = digits.replace(/0+$/, '').length;
});

/** The hardest case: nobody's certificate is trusted, so nothing but the file itself can betray the change. */
const verdict = async (bytes: Uint8Array): Promise<string> => (await check(bytes, null)).verdict;

const mask = fc.integer({ min: 1, max: 255 });

describe('a single changed byte', () => {
	it('anywhere in the file', async () => {
		expect(await verdict(base)).toBe('VALID');
		await fc.assert(
			fc.asyncProperty(fc.nat(base.length - 1), mask, async (at, bits) => {
				expect(await verdict(flip(base, at, bits))).not.toBe('VALID');
			}),
			{ numRuns: 200 },
		);
	});

	it('in the hex digits of the last signature, which no signature covers', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(cmsDigits + 1), mask, async (at, bits) => {
				expect(await verdict(flip(base, gap.start + at, bits))).not.toBe('VALID');
			}),
			{ numRuns: 300 },
		);
	});

	it('in the spelling of a digit, its case, or its neighbourhood', async () => {
		for (let at = gap.start + 1; at < gap.start + cmsDigits; at += 7) {
			const digit = base[at] as number;
			if (digit >= 0x61) expect(await verdict(flip(base, at, 0x20))).not.toBe('VALID');
		}
		for (const at of [gap.start - 1, gap.start, gap.end - 1, gap.end, gap.end - 2]) expect(await verdict(flip(base, at))).not.toBe('VALID');
	});

	it('dropped or doubled', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(base.length - 1), fc.boolean(), async (at, doubled) => {
				const parts = [base.subarray(0, doubled ? at + 1 : at), base.subarray(doubled ? at : at + 1)];
				expect(await verdict(new Uint8Array(Buffer.concat(parts)))).not.toBe('VALID');
			}),
			{ numRuns: 100 },
		);
	});
});
