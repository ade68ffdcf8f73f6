/**
 * The write-ahead log of the browser's store (LevelDB, doc/log_format.md): blocks of 32 KiB; records of checksum, length, type and data;
 * what does not fit into a block is cut into a first, middle and last fragment.
 *
 * A process that is killed while it writes leaves a log that ends in the middle of a record. LevelDB passes over such an end, but goes on
 * writing behind it (google/leveldb#1287). At the opening after that one the log reads as corrupt, and Chromium takes the whole
 * store away. So the end has to be cut clean before the store is opened: what is cut off was never acknowledged.
 */
import { crc32c } from './crc32c.ts';

export const BLOCK = 32_768;
const HEADER = 7;
const MASK = 0xa282ead8;

const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/**
 * `whole`: ends with a record · `torn`: after `sound` bytes there is nothing that can be read, as a killed writer or a power cut leaves it ·
 * `damaged`: whole records come after what can't be read, so that it is no torn end.
 */
export type LogEnd =
	| { readonly kind: 'whole' }
	| { readonly kind: 'torn'; readonly sound: number }
	| { readonly kind: 'damaged'; readonly sound: number };

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

const follows = (type: number, isInside: boolean): boolean =>
	isInside ? type === MIDDLE || type === LAST : type === FULL || type === FIRST;

/** Where a block has no room for a further header the writer goes on with the next one. */
const afterTrailer = (at: number): number => (BLOCK - (at % BLOCK) < HEADER ? at - (at % BLOCK) + BLOCK : at);

/** Whether any record can be read from an offset on, wherever it begins. */
function hasRecordAfter(log: Uint8Array, from: number): boolean {
	for (let at = from; at + HEADER <= log.length; at++) if (recordAt(log, at)) return true;
	return false;
}

/** How a log ends. Linear in its length but for what follows an unreadable place. */
export function logEnd(log: Uint8Array): LogEnd {
	let sound = 0;
	let isInside = false;
	let at = 0;
	while (at < log.length) {
		const record = recordAt(log, at);
		if (record === null || !follows(record.type, isInside)) {
			// A fragment without its end, and then a record: not what one killed writer leaves.
			return { kind: record !== null || hasRecordAfter(log, at + 1) ? 'damaged' : 'torn', sound };
		}
		isInside = record.type === FIRST || record.type === MIDDLE;
		if (!isInside) sound = record.end;
		at = afterTrailer(record.end);
	}
	return isInside ? { kind: 'torn', sound } : { kind: 'whole' };
}
