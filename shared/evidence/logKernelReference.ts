/**
 * The verification of a sealed table, plainly: the portable SHA-256, a parser, a Map. Where WebAssembly is missing it does the work,
 * and everywhere it is the measure of the fast one.
 */
import { fromHex, invariant, joinBytes, type StreamingHash, streamingSha256, toHex } from '#kernel';
import { NO_ORDER } from './logKernelChain.ts';
import { FaultLedger } from './logKernelFaults.ts';
import { orderIdOf, orderKeyBytes, readSealedLine, type SealedLine, shown } from './logKernelLine.ts';
import {
	MAX_LINE_BYTES,
	MAX_ORDER_ID_BYTES,
	MAX_ORDERS,
	type SealedLog,
	type SealedLogOptions,
	type SealedLogReport,
} from './logKernelReport.ts';
import { merkleTree } from './merkle.ts';
import { HASH_BYTES, leafHash } from './merkleHash.ts';

const LINE_FEED = 0x0a;

interface ChainEnd {
	readonly order: number;
	readonly line: number;
	readonly leaf: string;
}

/** @see openSealedLog */
export function openReferenceLog({ hasOrderSeq, maxLineBytes = MAX_LINE_BYTES }: SealedLogOptions): SealedLog {
	const ledger = new FaultLedger();
	const leaves: Uint8Array[] = [];
	const orders: number[] = [];
	const chains = new Map<string, ChainEnd>();
	let orderIdBytes = 0;
	let canonicalLines = 0;

	function addLine(leaf: Uint8Array, read: SealedLine): void {
		leaves.push(leaf);
		const line = leaves.length;
		const orderId = read.record && orderIdOf(read.record);
		if (read.why === null) canonicalLines++;
		else ledger.notCanonical(line, read.why, orderId);
		orders.push(NO_ORDER);
		if (read.record === null) {
			ledger.stray(line);
		} else if (orderId === null) {
			ledger.unchained(line, 'no_order_id', null);
		} else {
			chain(line, toHex(leaf), orderId, read.record);
		}
	}

	function chain(line: number, leaf: string, orderId: string, record: NonNullable<SealedLine['record']>): void {
		const last = chains.get(orderId);
		if (last === undefined) {
			orderIdBytes += orderKeyBytes(orderId).length;
			if (chains.size >= MAX_ORDERS || orderIdBytes > MAX_ORDER_ID_BYTES) {
				ledger.unchained(line, 'too_many_orders', orderId);
				return;
			}
		}
		const order = last?.order ?? chains.size;
		orders[line - 1] = order;
		const jumps = hasOrderSeq && ledger.sequence(line, order, orderId, 0, record['order_seq']);
		const expected = last?.leaf ?? null;
		const prev = shown(record['prev']);
		// A `prev` of another type is never the hash it may look like.
		const isText = typeof record['prev'] === 'string';
		if (prev !== expected || (prev !== null && !isText))
			ledger.brokenLink({ line, order, orderId, expected, lastLine: last?.line ?? null, prev, jumps });
		chains.set(orderId, { order, line, leaf });
	}

	const splitter = new LineSplitter(maxLineBytes, addLine);
	return {
		push: (chunk) => splitter.push(chunk),
		finish(): SealedLogReport {
			splitter.finish();
			const leafHashes = new Uint8Array(leaves.length * HASH_BYTES);
			for (const [i, leaf] of leaves.entries()) leafHashes.set(leaf, i * HASH_BYTES);
			const tree = merkleTree(leafHashes);
			const judged = ledger.conclude(() => ({ leafHashes, orders: Uint32Array.from(orders) }));
			return { lines: leaves.length, canonicalLines, leafHashes, tree, rootOf: tree.rootOf, ...judged };
		},
	};
}

/** Cuts chunks into lines; a line that is too long is hashed while it passes and never held. */
class LineSplitter {
	readonly #maxLineBytes: number;
	readonly #onLine: (leaf: Uint8Array, read: SealedLine) => void;
	#parts: Uint8Array[] = [];
	#length = 0;
	#long: StreamingHash | null = null;

	constructor(maxLineBytes: number, onLine: (leaf: Uint8Array, read: SealedLine) => void) {
		this.#maxLineBytes = maxLineBytes;
		this.#onLine = onLine;
	}

	push(chunk: Uint8Array): void {
		let start = 0;
		for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
			this.#take(chunk.subarray(start, end));
			this.#endLine();
			start = end + 1;
		}
		this.#take(chunk.subarray(start));
	}

	/** A last line without line feed is a line. */
	finish(): void {
		if (this.#length > 0) this.#endLine();
	}

	#take(part: Uint8Array): void {
		this.#length += part.length;
		if (this.#long === null && this.#length > this.#maxLineBytes) {
			this.#long = openLeafHash(this.#parts);
			this.#parts = [];
		}
		if (this.#long !== null) this.#long.update(part);
		else if (part.length > 0) this.#parts.push(part.slice());
	}

	#endLine(): void {
		if (this.#long !== null) {
			this.#onLine(closeLeafHash(this.#long), { why: 'line_too_long', record: null });
		} else {
			const line = joinBytes(this.#parts);
			this.#onLine(leafHash(line), readSealedLine(line));
		}
		this.#parts = [];
		this.#length = 0;
		this.#long = null;
	}
}

/** The leaf hash of a line that comes in parts. */
export function openLeafHash(parts: readonly Uint8Array[]): StreamingHash {
	const hash = streamingSha256();
	hash.update(new Uint8Array([0]));
	for (const part of parts) hash.update(part);
	return hash;
}

export function closeLeafHash(hash: StreamingHash): Uint8Array {
	const leaf = fromHex(hash.hex());
	invariant(leaf !== null, 'a hash is hex');
	return leaf;
}
