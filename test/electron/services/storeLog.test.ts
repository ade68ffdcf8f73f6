import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../electron/services/crc32c.ts';
import { BLOCK, maskedCrc, readLog } from '../../../electron/services/storeLog.ts';

const HEADER = 7;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4] as const;

/** A writer of the format by its description, that tells where each record ends. Each record has bytes of its own number, which may begin later or pass over one. */
function written(
	sizes: readonly number[],
	from: readonly number[] = [],
	firstSeed = 0,
	skippedSeed = -1,
): { readonly log: Uint8Array; readonly ends: readonly number[] } {
	const out: number[] = [...from];
	const ends: number[] = [];
	for (const [index, size] of sizes.entries()) {
		const seed = firstSeed + index + (skippedSeed >= 0 && index >= skippedSeed ? 1 : 0);
		let left = size;
		let isFirst = true;
		do {
			let room = BLOCK - (out.length % BLOCK);
			if (room < HEADER) {
				for (; room > 0; room--) out.push(0);
				room = BLOCK;
			}
			const length = Math.min(left, room - HEADER);
			const isLast = length === left;
			const type = isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE;
			const typeAndData = Uint8Array.from({ length: length + 1 }, (_, i) => (i === 0 ? type : (seed * 31 + (size - left + i) * 7) & 0xff));
			const crc = maskedCrc(typeAndData);
			out.push(crc & 0xff, (crc >>> 8) & 0xff, (crc >>> 16) & 0xff, crc >>> 24, length & 0xff, length >>> 8, ...typeAndData);
			left -= length;
			isFirst = false;
		} while (left > 0);
		ends.push(out.length);
	}
	return { log: Uint8Array.from(out), ends };
}

const SIZES = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: BLOCK - 40, max: BLOCK + 40 }), fc.constant(2 * BLOCK + 9)), {
	minLength: 1,
	maxLength: 5,
});

const lastEndUpTo = (ends: readonly number[], cut: number): number => Math.max(0, ...ends.filter((end) => end <= cut));

describe('CRC-32C', () => {
	it('gives the values of RFC 3720, appendix B.4', () => {
		expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
		expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
		expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
		expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
	});
});

describe('the end of a store’s log', () => {
	it('is whole where the last record is, and in an empty log', () => {
		expect(readLog(new Uint8Array(0))).toEqual({ kind: 'whole' });
		fc.assert(
			fc.property(SIZES, (sizes) => {
				expect(readLog(written(sizes).log)).toEqual({ kind: 'whole' });
			}),
			{ numRuns: 50 },
		);
	});

	it('is torn wherever a writer was cut off inside a record, and sound up to the record before', () => {
		fc.assert(
			fc.property(SIZES, fc.double({ min: 0, max: 1, noNaN: true }), (sizes, part) => {
				const { log, ends } = written(sizes);
				const cut = Math.floor(part * log.length);
				const sound = lastEndUpTo(ends, cut);
				const end = readLog(log.subarray(0, cut));
				// Zeros that fill a block up belong to no record.
				const isTrailer = log.subarray(sound, cut).every((byte) => byte === 0) && BLOCK - (sound % BLOCK) < HEADER;
				if (cut === sound || (isTrailer && cut - sound < HEADER)) expect(end).toEqual({ kind: 'whole' });
				else expect(end).toEqual({ kind: 'torn', sound });
			}),
			{ numRuns: 300 },
		);
	});

	it('is torn where a power cut left zeros behind the last record', () => {
		const { log } = written([100, 200]);
		const withZeros = new Uint8Array(log.length + 5_000);
		withZeros.set(log);
		expect(readLog(withZeros)).toEqual({ kind: 'torn', sound: log.length });
	});

	it('is damaged where the last record is whole and has other bytes than its checksum says: it may have been acknowledged', () => {
		const { log, ends } = written([100, 200]);
		const altered = log.slice();
		altered[log.length - 3] = (altered[log.length - 3] as number) ^ 1;
		expect(readLog(altered)).toEqual({ kind: 'damaged', mended: log.slice(0, ends[0]) });
	});

	it('keeps no torn record before a damage', () => {
		const { log } = written([100, 200]);
		const resumed = written([50, 60, 70], [...log.subarray(0, log.length - 5)], 7).log;
		resumed[resumed.length - 100] = (resumed[resumed.length - 100] as number) ^ 1;
		const state = readLog(resumed);
		expect(state.kind).toBe('damaged');
		expect(readLog((state as { mended: Uint8Array }).mended)).toEqual({ kind: 'whole' });
		expect((state as { mended: Uint8Array }).mended.length).toBe(3 * HEADER + 100 + 50 - HEADER);
	});

	it('is written anew without a torn record that another writer went on behind, wherever that one was cut off', () => {
		fc.assert(
			fc.property(SIZES, SIZES, fc.double({ min: 0, max: 1, noNaN: true }), (sizes, later, part) => {
				const { log, ends } = written(sizes);
				const from = ends.at(-2) ?? 0;
				const cut = from + 1 + Math.floor(part * (log.length - from - 2));
				const torn = log.subarray(0, cut);
				fc.pre(readLog(torn).kind === 'torn');
				const state = readLog(written(later, [...torn], sizes.length).log);
				const { log: expected } = written([...sizes.slice(0, -1), ...later], [], 0, sizes.length - 1);
				expect(state.kind).toBe('resumed');
				expect(Buffer.compare((state as { mended: Uint8Array }).mended, expected)).toBe(0);
			}),
			{ numRuns: 100 },
		);
	});

	it('is mended of several torn records at once', () => {
		const { log, ends } = written([100, 200]);
		const once = written([50, 60], [...log.subarray(0, log.length - 5)], 7).log;
		const twice = written([70], [...once.subarray(0, once.length - 9)], 9).log;
		const state = readLog(twice);
		expect(state.kind).toBe('resumed');
		expect(readLog((state as { mended: Uint8Array }).mended)).toEqual({ kind: 'whole' });
		expect((state as { mended: Uint8Array }).mended.length).toBe((ends[0] as number) + 2 * HEADER + 50 + 70);
	});

	it('is damaged where any byte before the last record was altered', () => {
		const { log, ends } = written([100, 70, 200]);
		fc.assert(
			fc.property(fc.nat((ends[1] as number) - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
				const altered = log.slice();
				altered[at] = (altered[at] as number) ^ flip;
				expect(readLog(altered)).toEqual({ kind: 'damaged', mended: log.slice(0, lastEndUpTo(ends, at)) });
			}),
			{ numRuns: 200 },
		);
	});
});
