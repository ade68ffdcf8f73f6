/** Packs of tampered drops, of one drop made twice, and audits that are cancelled. */
import { describe, expect, it } from 'vitest';
import { auditDrop } from '../../../electron/services/nodeIntake.ts';
import { cleanDrop } from './cleanDrop.ts';
import { declare, fileOf, linesOf } from './dropWriter.ts';
import { memorySource, TRUSTED } from './memorySource.ts';
import { brokenDrop, packFiles } from './packedSample.ts';
import { TAMPER_CASES } from './tamperCases.ts';

describe('an honest pack of a tampered drop is VALID: it says what was found', () => {
	const names = [
		'a byte of a line flipped',
		'a signature damaged',
		'the tail deleted, its checkpoints left',
		'sealed by another key under the same name',
		'a file that is no checkpoint among them',
		'the checkpoint of another log of the same key',
		'two checkpoints of one size with different roots, both signed',
		'the table taken away whole, its checkpoints left',
		'an order number that jumps, chained anew',
	];
	const cases = TAMPER_CASES.filter(({ name, heads }) => names.includes(name) && heads === undefined);
	it('these are nine cases', () => expect(cases).toHaveLength(9));
	it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, { tamper, verdict }) => {
		const drop = cleanDrop(1);
		tamper(drop);
		const { audited, report } = await packFiles(drop, { trustedKeys: [TRUSTED] });
		expect(audited.result.integrity['order_event']?.verdict).toBe(verdict);
		expect([report.verdict, report.codes]).toEqual(['VALID', []]);
	});
});

describe('a pack made twice', () => {
	it('has the same bytes before the signature', async () => {
		const [one, two] = await Promise.all([packFiles(brokenDrop()), packFiles(brokenDrop())]);
		expect(Buffer.from(one.made.unsigned).equals(Buffer.from(two.made.unsigned))).toBe(true);
	});
});

describe('cancelling an audit', () => {
	it.each([0, 1, 5, 40])('after %i reports of progress ends with one value and no result', async (reports) => {
		const cancel = new AbortController();
		let seen = 0;
		const audited = await auditDrop(memorySource(new Map(brokenDrop())), {
			signal: cancel.signal,
			onProgress: () => {
				if (seen++ >= reports) cancel.abort();
			},
		});
		expect(audited).toMatchObject({ ok: false, error: { code: 'cancelled' } });
	});
	it('a table that ends without a line feed is packed as it stands', async () => {
		const files = brokenDrop();
		files.set('data/payment.ndjson', fileOf(linesOf(files, 'payment')).subarray(0, -1));
		declare(files);
		expect((await packFiles(files)).report.codes).toEqual([]);
	});
});
