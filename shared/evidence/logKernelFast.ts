/** The verification of a sealed table by the compiled kernel: feeds it chunks, reads its columns, settles what it hands on. */
import { type StreamingHash, toHex, utf8 } from '#kernel';
import { GrowingBytes } from './growingBytes.ts';
import { NO_ORDER } from './logKernelChain.ts';
import { type KernelExports, openKernel } from './logKernelEngine.ts';
import { FaultLedger } from './logKernelFaults.ts';
import { orderIdOf, orderKeyBytes, readCanonicalLine, readSealedLine, type SealedLine, shown } from './logKernelLine.ts';
import { closeLeafHash, openLeafHash } from './logKernelReference.ts';
import { MAX_LINE_BYTES, type NotCanonicalWhy, type SealedLog, type SealedLogOptions, type SealedLogReport } from './logKernelReport.ts';
import { merkleTree, TILE_LEAVES } from './merkle.ts';
import { HASH_BYTES } from './merkleHash.ts';

const LINE_FEED = 0x0a;
/** Bytes handed to the kernel at once: few enough to stay in the processor's cache until they are hashed. */
const STEP_BYTES = 2 ** 18;
/** The kernel reads by vectors, up to this far past what it was given. */
const MARGIN_BYTES = 64;
const HASH_HEX = /^[0-9a-f]{64}$/;

// What the status of a line may hold besides being handed on, as in build/wasm/layout.as.
const BROKEN = 2;
const MISCOUNTED = 4;
const UNCHAINED = 8;

/** @returns null where the kernel cannot run */
export function openFastLog(options: SealedLogOptions): SealedLog | null {
	const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
	const elsewhere = new Map<string, number>();
	const keepElsewhere = (id: Uint8Array, wanted: number): number => {
		const key = toHex(id);
		if (wanted >= 0) elsewhere.set(key, wanted);
		return elsewhere.get(key) ?? -1;
	};
	const inputBytes = maxLineBytes + STEP_BYTES + MARGIN_BYTES;
	const scratchBytes = 2 * HASH_BYTES + maxLineBytes + MARGIN_BYTES;
	const kernel = openKernel(inputBytes + scratchBytes, keepElsewhere);
	return kernel && new FastLog(kernel, options.hasOrderSeq, maxLineBytes, kernel.INPUT.value + inputBytes);
}

/** A number that the kernel can count up to; others are judged by the ledger alone. */
const isSequence = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) < 0xffff_ffff;

/** The kernel's memory as columns, one entry a line of the batch. */
const columnsOf = (kernel: KernelExports) => {
	const { buffer } = kernel.memory;
	const batch = kernel.BATCH.value;
	return {
		buffer,
		bytes: new Uint8Array(buffer),
		starts: new Uint32Array(buffer, kernel.STARTS.value, batch),
		lengths: new Uint32Array(buffer, kernel.LENGTHS.value, batch),
		ids: new Uint32Array(buffer, kernel.IDS.value, batch),
		idLengths: new Uint32Array(buffer, kernel.ID_LENGTHS.value, batch),
		prevs: new Uint32Array(buffer, kernel.PREVS.value, batch),
		prevLengths: new Int32Array(buffer, kernel.PREV_LENGTHS.value, batch),
		orders: new Uint32Array(buffer, kernel.ORDERS.value, batch),
		lastLines: new Uint32Array(buffer, kernel.LAST_LINES.value, batch),
		sequences: new Uint32Array(buffer, kernel.SEQUENCES.value, batch),
		befores: new Uint32Array(buffer, kernel.BEFORES.value, batch),
		statuses: new Uint8Array(buffer, kernel.STATUSES.value, batch),
	};
};

class FastLog implements SealedLog {
	readonly #kernel: KernelExports;
	readonly #hasOrderSeq: boolean;
	readonly #maxLineBytes: number;
	readonly #input: number;
	readonly #scratch: number;
	readonly #batch: number;
	readonly #ledger = new FaultLedger();
	readonly #leaves = new GrowingBytes();
	readonly #orders = new GrowingBytes();
	readonly #tiles = new GrowingBytes();
	#columns: ReturnType<typeof columnsOf>;
	/** Bytes at INPUT: the beginning of a line whose end has not come yet. */
	#held = 0;
	/** The hash of a line too long to be held. */
	#long: StreamingHash | null = null;
	/** Lines of the batches done, and lines of the one at work. */
	#doneLines = 0;
	#place = 0;
	#unlawfulLines = 0;

	constructor(kernel: KernelExports, hasOrderSeq: boolean, maxLineBytes: number, scratch: number) {
		this.#kernel = kernel;
		this.#hasOrderSeq = hasOrderSeq;
		this.#maxLineBytes = maxLineBytes;
		this.#input = kernel.INPUT.value;
		this.#scratch = scratch;
		this.#batch = kernel.BATCH.value;
		this.#columns = columnsOf(kernel);
	}

	push(chunk: Uint8Array): void {
		for (let at = 0; at < chunk.length; ) {
			if (this.#long !== null) {
				const feed = chunk.indexOf(LINE_FEED, at);
				this.#long.update(chunk.subarray(at, feed < 0 ? chunk.length : feed));
				if (feed < 0) return;
				this.#endLongLine(this.#long);
				at = feed + 1;
				continue;
			}
			const part = chunk.subarray(at, at + STEP_BYTES);
			this.#view().bytes.set(part, this.#input + this.#held);
			at += part.length;
			const lines = part.lastIndexOf(LINE_FEED) + 1;
			const rest = part.length - lines;
			if (lines > 0) this.#takeLines(this.#held + lines, rest);
			else this.#held += rest;
			if (this.#held > this.#maxLineBytes) this.#beginLongLine();
		}
	}

	finish(): SealedLogReport {
		if (this.#long !== null) this.#endLongLine(this.#long);
		if (this.#held > 0) {
			// A last line without line feed is a line.
			this.#view().bytes[this.#input + this.#held] = LINE_FEED;
			this.#takeLines(this.#held + 1, 0);
		}
		const lines = this.#doneLines + this.#place;
		this.#endBatch();
		const leaves = this.#leaves;
		const tree = merkleTree(leaves, this.#tiles.whole());
		const judged = this.#ledger.conclude(() => ({ leafHashes: leaves.whole(), orders: new Uint32Array(this.#orders.whole().buffer) }));
		return {
			lines,
			canonicalLines: lines - this.#unlawfulLines,
			get leafHashes() {
				return leaves.whole();
			},
			tree,
			rootOf: tree.rootOf,
			...judged,
		};
	}

	/** The columns where they lie now: the kernel's memory moves when it grows. */
	#view(): ReturnType<typeof columnsOf> {
		if (this.#columns.buffer !== this.#kernel.memory.buffer) this.#columns = columnsOf(this.#kernel);
		return this.#columns;
	}

	/** Works through the whole lines in the first `length` bytes of the input; the `rest` behind them moves to the front. */
	#takeLines(length: number, rest: number): void {
		const end = this.#input + length;
		for (let at = this.#input; at < end; at = this.#kernel.scannedTo()) {
			const first = this.#place;
			this.#place = this.#kernel.scanLines(at, end, first, this.#maxLineBytes);
			this.#judge(first, this.#place);
			if (this.#place === this.#batch) this.#endBatch();
		}
		this.#view().bytes.copyWithin(this.#input, end, end + rest);
		this.#held = rest;
	}

	#judge(first: number, end: number): void {
		const kernel = this.#kernel;
		kernel.hashLines(first, end);
		const base = this.#doneLines + 1;
		const handedOn = new Map<number, SealedLine>();
		for (let i = kernel.linkLines(first, end, base, this.#hasOrderSeq); i < end; ) {
			handedOn.set(i, this.#linkSlowly(i));
			i = kernel.linkLines(i + 1, end, base, this.#hasOrderSeq);
		}
		if (kernel.takeFlagged() > 0 || handedOn.size > 0) for (let i = first; i < end; i++) this.#settle(i, handedOn.get(i));
	}

	#lineBytes(i: number): Uint8Array {
		const { bytes, starts, lengths } = this.#view();
		const start = starts[i] as number;
		return bytes.subarray(start, start + (lengths[i] as number));
	}

	/** Reads a line that the kernel handed on, and gives it its place in its order's chain if it has one. */
	#linkSlowly(i: number): SealedLine {
		const line = this.#lineBytes(i);
		if (line.length > this.#maxLineBytes) return { why: 'line_too_long', record: null };
		const read = readSealedLine(line);
		const orderId = read.record && orderIdOf(read.record);
		if (read.record === null || orderId === null) return read;
		const { order_seq: seq, prev } = read.record;
		const view = this.#view();
		const id = orderKeyBytes(orderId);
		view.bytes.set(id, this.#scratch + 2 * HASH_BYTES);
		view.ids[i] = this.#scratch + 2 * HASH_BYTES;
		view.idLengths[i] = id.length;
		const isHash = typeof prev === 'string' && HASH_HEX.test(prev);
		if (isHash) view.bytes.set(utf8(prev), this.#scratch);
		view.prevs[i] = this.#scratch;
		view.prevLengths[i] = isHash ? 2 * HASH_BYTES : prev === undefined || prev === null ? -1 : 0;
		view.sequences[i] = isSequence(seq) ? seq : 0;
		this.#kernel.link(i, this.#doneLines + 1 + i, this.#hasOrderSeq);
		return read;
	}

	/** Enters what is wrong with a line into the ledger. */
	#settle(i: number, handedOn: SealedLine | undefined): void {
		const view = this.#view();
		const status = view.statuses[i] as number;
		if (handedOn === undefined && status === 0) return;
		if (handedOn === undefined && status === BROKEN && this.#ledger.onlyCountsBreaks()) {
			this.#ledger.countBreak();
			return;
		}
		const line = this.#doneLines + 1 + i;
		const { why, record } = handedOn ?? readCanonicalLine(this.#lineBytes(i));
		const orderId = record && orderIdOf(record);
		if (why !== null) this.#refuse(line, why, orderId);
		if (record === null) {
			this.#ledger.stray(line);
		} else if (orderId === null) {
			this.#ledger.unchained(line, 'no_order_id', null);
		} else if (status & UNCHAINED) {
			this.#ledger.unchained(line, 'too_many_orders', orderId);
		} else {
			const order = view.orders[i] as number;
			const isMiscounted = (status & MISCOUNTED) !== 0;
			const jumps = isMiscounted && this.#ledger.sequence(line, order, orderId, view.befores[i] as number, record['order_seq']);
			if ((status & BROKEN) === 0) return;
			const lastLine = (view.lastLines[i] as number) || null;
			const expectedAt = this.#kernel.EXPECTED.value + HASH_BYTES * i;
			const expected = lastLine === null ? null : toHex(view.bytes.subarray(expectedAt, expectedAt + HASH_BYTES));
			this.#ledger.brokenLink({ line, order, orderId, expected, lastLine, prev: shown(record['prev']), jumps });
		}
	}

	#refuse(line: number, why: NotCanonicalWhy, orderId: string | null): void {
		this.#unlawfulLines++;
		this.#ledger.notCanonical(line, why, orderId);
	}

	#beginLongLine(): void {
		this.#long = openLeafHash([this.#view().bytes.subarray(this.#input, this.#input + this.#held)]);
		this.#held = 0;
	}

	#endLongLine(hash: StreamingHash): void {
		this.#long = null;
		const i = this.#place++;
		const view = this.#view();
		view.bytes.set(closeLeafHash(hash), this.#kernel.LEAVES.value + HASH_BYTES * i);
		view.orders[i] = NO_ORDER;
		const line = this.#doneLines + this.#place;
		this.#refuse(line, 'line_too_long', null);
		this.#ledger.stray(line);
		if (this.#place === this.#batch) this.#endBatch();
	}

	/** Stores what stays of a batch: leaf hashes, orders, and the tree's nodes over whole tiles. Batches are whole tiles, but for the last. */
	#endBatch(): void {
		const tiles = Math.floor(this.#place / TILE_LEAVES);
		if (tiles > 0) this.#kernel.foldTiles(tiles);
		const { bytes } = this.#view();
		const column = (from: number, length: number): Uint8Array => bytes.subarray(from, from + length);
		this.#leaves.append(column(this.#kernel.LEAVES.value, HASH_BYTES * this.#place));
		this.#tiles.append(column(this.#kernel.NODES.value, HASH_BYTES * tiles));
		this.#orders.append(column(this.#kernel.ORDERS.value, Uint32Array.BYTES_PER_ELEMENT * this.#place));
		this.#doneLines += this.#place;
		this.#place = 0;
	}
}
