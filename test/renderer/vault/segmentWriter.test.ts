import { describe, expect, it } from 'vitest';
import { compareText } from '#kernel';
import { localPacking } from '../../../renderer/vault/packing.ts';
import type { SegmentBody } from '../../../renderer/vault/segments.ts';
import { verifySegments } from '../../../renderer/vault/segments.ts';
import { segmentWriter } from '../../../renderer/vault/segmentWriter.ts';
import { memoryShelf } from './memoryShelf.ts';

const IMPORT = 'cd'.repeat(16);
const MIB = 1_048_576;

/** A shelf whose transactions wait until they are let through, one at a time. */
function slowShelf() {
	const shelf = memoryShelf();
	const transactions: string[][] = [];
	const waiting: (() => void)[] = [];
	const arrivals: (() => void)[] = [];
	return {
		transactions,
		shelf: {
			...shelf,
			insert: async (records: Parameters<typeof shelf.insert>[0]) => {
				transactions.push(records.map(({ id }) => id));
				for (const tell of arrivals.splice(0)) tell();
				await new Promise<void>((resolve) => waiting.push(resolve));
				await shelf.insert(records);
			},
		},
		/** Lets the transaction that waits, or the next one, through. */
		async let1(): Promise<void> {
			while (waiting.length === 0) await new Promise<void>((resolve) => arrivals.push(resolve)).then(() => null);
			waiting.shift()?.();
			await new Promise((resolve) => setImmediate(resolve));
		},
	};
}

const zeroes = (mebibytes: number): Uint8Array => new Uint8Array(mebibytes * MIB);

describe('segments on their way to a disk', () => {
	it('that is slow go several in one transaction, in their order, each once', async () => {
		const { shelf, transactions, let1 } = slowShelf();
		const writer = segmentWriter(shelf, IMPORT, { packing: localPacking });
		await writer.write('data/a', zeroes(7));
		const done = writer.finish();
		await let1();
		await let1();
		await let1();
		const totals = await done;
		expect(transactions.map((ids) => ids.length)).toEqual([1, 4, 2]);
		expect(transactions.flat()).toEqual(transactions.flat().toSorted(compareText));
		expect(totals).toMatchObject({ segments: 7, raw: 7 * MIB });
		expect(await verifySegments(shelf, IMPORT, totals)).toBeNull();
	});

	it('are never more than a few: whoever writes on waits', async () => {
		const { shelf, let1 } = slowShelf();
		const writer = segmentWriter(shelf, IMPORT, { packing: localPacking });
		let isWritten = false;
		const writing = writer.write('data/a', zeroes(30)).then(() => {
			isWritten = true;
		});
		await let1();
		expect(isWritten).toBe(false);
		expect(writer.durable().segments).toBe(1);
		expect(writer.extentsOf('data/a').length).toBeLessThan(16);
		while (!isWritten) await Promise.race([let1(), writing]);
		const done = writer.finish();
		for (let left = true; left; ) left = await Promise.race([let1().then(() => true), done.then(() => false)]);
		expect((await done).segments).toBe(30);
	});

	it('that are counted as durable lie there', async () => {
		const { shelf, let1 } = slowShelf();
		const writer = segmentWriter(shelf, IMPORT, { packing: localPacking });
		await writer.write('data/a', zeroes(3));
		expect(writer.durable()).toMatchObject({ segments: 0, raw: 0 });
		await let1();
		const { segments, raw, extents } = writer.durable();
		expect([segments, raw]).toEqual([1, MIB]);
		expect(extents.get('data/a')).toEqual([{ segment: 0, offset: 0, length: MIB }]);
		const [record] = await shelf.get([`${IMPORT}.00000000`]);
		expect(record?.body).toMatchObject({ raw: MIB } satisfies Partial<SegmentBody>);
	});

	it('fail together with the one before them: the failure is told, and nothing is written behind it', async () => {
		const shelf = memoryShelf();
		let calls = 0;
		const failing = { ...shelf, insert: () => Promise.reject(new Error(`disk full ${++calls}`)) };
		const writer = segmentWriter(failing, IMPORT, { packing: localPacking });
		await expect(writer.write('data/a', zeroes(30))).rejects.toThrow('disk full 1');
		await expect(writer.finish()).rejects.toThrow('disk full 1');
		await writer.settle();
		expect(calls).toBe(1);
		expect(await shelf.ids()).toEqual([]);
	});

	it('of a writer that was ended are begun no more', async () => {
		const { shelf, transactions, let1 } = slowShelf();
		const writer = segmentWriter(shelf, IMPORT, { packing: localPacking });
		await writer.write('data/a', zeroes(6));
		const settled = writer.settle();
		await let1();
		await settled;
		expect(transactions.length).toBe(1);
		await expect(writer.write('data/b', zeroes(1))).rejects.toThrow('ended');
	});
});
