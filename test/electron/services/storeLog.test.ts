import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../electron/services/crc32c.ts';
import { BLOCK, logEnd, maskedCrc } from '../../../electron/services/storeLog.ts';

const HEADER = 7;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4] as const;

/** A writer of the format by its description, that tells where each record ends. */
function written(sizes: readonly number[], from: readonly number[] = []): { readonly log: Uint8Array; readonly ends: readonly number[] } {
	const out: number[] = [...from];
	const ends: number[] = [];
	for (const [index, size] of sizes.entries()) {
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
			const typeAndData = Uint8Array.from({ length: length + 1 }, (_, i) => (i === 0 ? type : (index * 31 + i * 7 + 1) & 0xff));
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
		expect(logEnd(new Uint8Array(0))).toEqual({ kind: 'whole' });
		fc.assert(
			fc.property(SIZES, (sizes) => {
				expect(logEnd(written(sizes).log)).toEqual({ kind: 'whole' });
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
				const end = logEnd(log.subarray(0, cut));
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
		expect(logEnd(withZeros)).toEqual({ kind: 'torn', sound: log.length });
	});

	it('is torn where the last record has other bytes than its checksum says', () => {
		const { log, ends } = written([100, 200]);
		const altered = log.slice();
		altered[log.length - 3] = (altered[log.length - 3] as number) ^ 1;
		expect(logEnd(altered)).toEqual({ kind: 'torn', sound: ends[0] });
	});

	it('is damaged where records were written behind a torn one', () => {
		const { log, ends } = written([100, 200]);
		const torn = [...log.subarray(0, log.length - 5)];
		expect(logEnd(written([50, 60], torn).log)).toEqual({ kind: 'damaged', sound: ends[0] });
		const { log: long, ends: ofLong } = written([100, BLOCK + 50]);
		expect(logEnd(written([50], [...long.subarray(0, BLOCK)]).log)).toEqual({ kind: 'damaged', sound: ofLong[0] });
	});

	it('is damaged where any byte before the last record was altered', () => {
		const { log, ends } = written([100, 70, 200]);
		fc.assert(
			fc.property(fc.nat((ends[1] as number) - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
				const altered = log.slice();
				altered[at] = (altered[at] as number) ^ flip;
				expect(logEnd(altered)).toEqual({ kind: 'damaged', sound: lastEndUpTo(ends, at) });
			}),
			{ numRuns: 200 },
		);
	});
});
