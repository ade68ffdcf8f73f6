/**
 * Interned texts of one domain: every distinct byte string gets a code 0, 1, 2 … A join then compares codes.
 * Bytes live in one heap and are found by open addressing, so that five million event ids cost no JavaScript string each.
 */
import { fromUtf8, invariant, utf8 } from '#kernel';

const EMPTY = -1;
const LOAD_FACTOR = 0.6;

export class Dictionary {
	#heap = new Uint8Array(4096);
	#ends = new Uint32Array(256);
	#slots = new Int32Array(512).fill(EMPTY);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** The code of the bytes [from, to), adding them if they are new. */
	intern(bytes: Uint8Array, from: number, to: number): number {
		let slot = this.#find(bytes, from, to);
		const found = this.#slots[slot] as number;
		if (found !== EMPTY) return found;
		if (this.#size + 1 > this.#slots.length * LOAD_FACTOR) {
			this.#grow();
			slot = this.#find(bytes, from, to);
		}
		const start = this.#start(this.#size);
		this.#reserve(start + to - from);
		for (let i = from, at = start; i < to; i++, at++) this.#heap[at] = bytes[i] as number;
		this.#ends[this.#size] = start + to - from;
		this.#slots[slot] = this.#size;
		return this.#size++;
	}

	internText(text: string): number {
		const bytes = utf8(text);
		return this.intern(bytes, 0, bytes.length);
	}

	/** The code of a text, or -1 if it never occurred. */
	codeOf(text: string): number {
		const bytes = utf8(text);
		return this.#slots[this.#find(bytes, 0, bytes.length)] as number;
	}

	text(code: number): string {
		return fromUtf8(this.bytes(code)) ?? '';
	}

	/** A view of the interned bytes; do not write to it. */
	bytes(code: number): Uint8Array {
		invariant(code >= 0 && code < this.#size, `code ${code} is in the dictionary`);
		return this.#heap.subarray(this.#start(code), this.#ends[code]);
	}

	/** Codes of `other` as codes of this dictionary, -1 where a text does not occur here. */
	translationOf(other: Dictionary): Int32Array {
		const codes = new Int32Array(other.size);
		for (let code = 0; code < other.size; code++) {
			const bytes = other.bytes(code);
			codes[code] = this.#slots[this.#find(bytes, 0, bytes.length)] as number;
		}
		return codes;
	}

	get byteLength(): number {
		return this.#heap.byteLength + this.#ends.byteLength + this.#slots.byteLength;
	}

	#start(code: number): number {
		return code === 0 ? 0 : (this.#ends[code - 1] as number);
	}

	/** The slot that holds the bytes, or the empty one where they belong. */
	#find(bytes: Uint8Array, from: number, to: number): number {
		const mask = this.#slots.length - 1;
		let slot = hashBytes(bytes, from, to) & mask;
		for (;;) {
			const code = this.#slots[slot] as number;
			if (code === EMPTY || this.#equals(code, bytes, from, to)) return slot;
			slot = (slot + 1) & mask;
		}
	}

	#equals(code: number, bytes: Uint8Array, from: number, to: number): boolean {
		const start = this.#start(code);
		if ((this.#ends[code] as number) - start !== to - from) return false;
		const heap = this.#heap;
		for (let i = from, at = start; i < to; i++, at++) if (heap[at] !== bytes[i]) return false;
		return true;
	}

	#grow(): void {
		this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
		const mask = this.#slots.length - 1;
		for (let code = 0; code < this.#size; code++) {
			let slot = hashBytes(this.#heap, this.#start(code), this.#ends[code] as number) & mask;
			while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
			this.#slots[slot] = code;
		}
	}

	#reserve(bytes: number): void {
		if (bytes > this.#heap.length) {
			const heap = new Uint8Array(Math.max(bytes, this.#heap.length * 2));
			heap.set(this.#heap);
			this.#heap = heap;
		}
		if (this.#size >= this.#ends.length) {
			const ends = new Uint32Array(this.#ends.length * 2);
			ends.set(this.#ends);
			this.#ends = ends;
		}
	}
}

/** FNV-1a with a final avalanche (murmur3's), so that running numbers spread over the low bits that choose a slot. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
	let hash = 0x811c9dc5;
	for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
