/**
 * The write-ahead log of the browser's store (LevelDB, doc/log_format.md): blocks of 32 KiB; records of checksum, length, type and data;
 * what does not fit into a block is cut into a first, middle and last fragment.
 *
 * A process that is killed while it writes leaves a log that ends in the middle of a record. LevelDB passes over such an end, but goes on
 * writing behind it (google/leveldb#1287). At the opening after that one the log reads as corrupt, and Chromium takes the whole
 * store away. So the end has to be cut clean before the store is opened: what is cut off was never acknowledged. Where something was written
 * behind a torn record all the same, because the browser opened its store anew by itself, the log is written again without that record.
 */
import { joinBytes } from '#kernel';
import { crc32c } from './crc32c.ts';

export const BLOCK = 32_768;
const HEADER = 7;
const MASK = 0xa282ead8;

const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/**
 * `whole`: ends with a record · `torn`: after `sound` bytes there is only a record that was begun, or zeros, as a killed writer or a power cut
 * leaves it · `resumed`: a writer went on behind a torn record, and `mended` is the log without that one · `damaged`: something can't be read that
 * was written to its end, and may have been acknowledged; `mended` is what comes before it.
 */
export type LogState =
	| { readonly kind: 'whole' }
	| { readonly kind: 'torn'; readonly sound: number }
	| { readonly kind: 'resumed'; readonly mended: Uint8Array }
	| { readonly kind: 'damaged'; readonly mended: Uint8Array };

/** What LevelDB stores of a checksum, so that a log inside a log does not read as one. */
export const maskedCrc = (typeAndData: Uint8Array): number => {
	const crc = crc32c(typeAndData);
	return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
};

/** The record at an offset; null: none that can be read begins there. */
function recordAt(log: Uint8Array, at: number): { readonly type: number; readonly end: number } | null {
	const blockEnd = Math.min(log.length, at - (at % BLOCK) + BLOCK);
	if (at + HEADER > blockEnd) return null;
	const view = new DataView(log.buffer, log.byteOffset + at, HEADER);
	const type = view.getUint8(6);
	const end = at + HEADER + view.getUint16(4, true);
	if (type < FULL || type > LAST || end > blockEnd) return null;
	return maskedCrc(log.subarray(at + HEADER - 1, end)) === view.getUint32(0, true) ? { type, end } : null;
}

/** Where a block has no room for a further header the writer goes on with the next one. */
const afterTrailer = (at: number): number => (BLOCK - (at % BLOCK) < HEADER ? at - (at % BLOCK) + BLOCK : at);

/** Where a record can be read from an offset on, wherever it begins; null: nowhere. */
function nextRecord(log: Uint8Array, from: number): number | null {
	for (let at = from; at + HEADER <= log.length; at++) if (recordAt(log, at)) return at;
	return null;
}

/** Zeros right before a block, as many as a writer fills up where it finds no room for a header. */
function fillBefore(log: Uint8Array, next: number): number {
	let zeros = 0;
	if (next % BLOCK === 0) while (zeros < HEADER - 1 && log[next - zeros - 1] === 0) zeros++;
	return zeros;
}

/**
 * Whether what lies between an unreadable place and the next record is one that was begun and not written to its end: fewer bytes than a header,
 * or than its header says. Bytes that the checksum fits are a whole record whose length was altered.
 */
function isTorn(log: Uint8Array, at: number, next: number): boolean {
	const writtenTo = next - fillBefore(log, next);
	if (writtenTo - at < HEADER) return true;
	const view = new DataView(log.buffer, log.byteOffset + at, HEADER);
	const type = view.getUint8(6);
	return (
		type >= FULL &&
		type <= LAST &&
		at + HEADER + view.getUint16(4, true) > writtenTo &&
		maskedCrc(log.subarray(at + HEADER - 1, next)) !== view.getUint32(0, true)
	);
}

/** Whether what can't be read at a log's end was never written to its end: less than its header says, or nothing but the zeros of a power cut. */
function isUnfinished(log: Uint8Array, at: number): boolean {
	if (log.length - at < HEADER || log.subarray(at).every((byte) => byte === 0)) return true;
	const view = new DataView(log.buffer, log.byteOffset + at, HEADER);
	const type = view.getUint8(6);
	return type >= FULL && type <= LAST && at + HEADER + view.getUint16(4, true) > log.length;
}

/** What stands in a log, and how it ends. Linear in its length but for what follows an unreadable place. */
export function readLog(log: Uint8Array): LogState {
	const records: Uint8Array[][] = [];
	let fragments: Uint8Array[] = [];
	let sound = 0;
	let isResumed = false;
	let at = 0;
	while (at < log.length) {
		const record = recordAt(log, at);
		if (record === null) {
			const next = nextRecord(log, at + 1);
			if (next === null && isUnfinished(log, at)) break;
			if (next === null || !isTorn(log, at, next)) return { kind: 'damaged', mended: writtenLog(records) };
			at = next;
			isResumed = true;
			fragments = [];
			continue;
		}
		const { type, end } = record;
		const begins = type === FULL || type === FIRST;
		if (begins) {
			// Fragments without their last one: the writer was killed between two blocks, and another went on.
			isResumed ||= fragments.length > 0;
			fragments = [];
		} else if (fragments.length === 0) return { kind: 'damaged', mended: writtenLog(records) };
		fragments.push(log.subarray(at + HEADER, end));
		if (type === FULL || type === LAST) {
			records.push(fragments);
			fragments = [];
			sound = end;
		}
		at = afterTrailer(end);
	}
	if (isResumed) return { kind: 'resumed', mended: writtenLog(records) };
	return fragments.length > 0 || at < log.length ? { kind: 'torn', sound } : { kind: 'whole' };
}

/** The log of these records, each given in pieces. */
function writtenLog(records: readonly (readonly Uint8Array[])[]): Uint8Array {
	const out: Uint8Array[] = [];
	let size = 0;
	const put = (bytes: Uint8Array): void => {
		out.push(bytes);
		size += bytes.length;
	};
	for (const pieces of records) {
		const data = joinBytes(pieces);
		let from = 0;
		let isFirst = true;
		do {
			const trailer = afterTrailer(size) - size;
			if (trailer > 0) put(new Uint8Array(trailer));
			const to = Math.min(data.length, from + BLOCK - (size % BLOCK) - HEADER);
			put(fragment(isFirst, to === data.length, data.subarray(from, to)));
			from = to;
			isFirst = false;
		} while (from < data.length);
	}
	return joinBytes(out);
}

function fragment(isFirst: boolean, isLast: boolean, data: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(HEADER + data.length);
	const view = new DataView(bytes.buffer);
	bytes.set(data, HEADER);
	view.setUint8(6, isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE);
	view.setUint16(4, data.length, true);
	view.setUint32(0, maskedCrc(bytes.subarray(HEADER - 1)), true);
	return bytes;
}
