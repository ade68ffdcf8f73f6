/**
 * Interned texts of one domain: every distinct byte string gets a code 0, 1, 2 … A join then compares codes.
 * Bytes live in one heap and are found by open addressing, so that five million event ids cost no JavaScript string each.
 */
import { fromUtf8, invariant, utf8 } from '#kernel';

const FIRST_SLOTS = 512;
const MAX_LOAD = 0.7;
const NO_SLOTS = new Int32Array(0);

export class Dictionary {
	#heap = new Uint8Array(4096);
	/** Where the text of a code begins; one past the last code: where it ends. */
	#starts = new Uint32Array(256);
	/**
	 * 0 is empty. Else code + 1 in the low bits, as many as count the slots, and above them the same bits of the text's hash: nearly
	 * every other text is told apart there, without a look at the heap.
	 */
	#slots = new Int32Array(FIRST_SLOTS);
	#size = 0;

	/** The dictionary of these texts, in the order of their codes. Its slots are made when first asked for: many are never searched. */
	static restored(heap: Uint8Array<ArrayBuffer>, starts: Uint32Array<ArrayBuffer>): Dictionary {
		const dictionary = new Dictionary();
		dictionary.#heap = heap;
		dictionary.#starts = starts;
		dictionary.#size = starts.length - 1;
		dictionary.#slots = NO_SLOTS;
		return dictionary;
	}

	/** The bytes of all texts, one after another, and where each begins; the last entry is where the last text ends. Views. */
	get texts(): { readonly heap: Uint8Array; readonly starts: Uint32Array } {
		const starts = this.#starts.subarray(0, this.#size + 1);
		return { heap: this.#heap.subarray(0, starts[this.#size]), starts };
	}

	get size(): number {
		return this.#size;
	}

	/** The code of the bytes [from, to), adding them if they are new. */
	intern(bytes: Uint8Array, from: number, to: number): number {
		const hash = hashBytes(bytes, from, to);
		const found = this.#find(hash, bytes, from, to);
		return found >= 0 ? found : this.#add(hash, bytes, from, to);
	}

	internText(text: string): number {
		const bytes = utf8(text);
		return this.intern(bytes, 0, bytes.length);
	}

	/** The code of a text, or -1 if it never occurred. */
	codeOf(text: string): number {
		const bytes = utf8(text);
		return this.#find(hashBytes(bytes, 0, bytes.length), bytes, 0, bytes.length);
	}

	text(code: number): string {
		return fromUtf8(this.bytes(code)) ?? '';
	}

	/** A view of the interned bytes; do not write to it. */
	bytes(code: number): Uint8Array {
		// The sentence is made when it is needed: this is asked a million times a test.
		if (!(code >= 0 && code < this.#size)) invariant(false, `code ${code} is in the dictionary`);
		return this.#heap.subarray(this.#starts[code], this.#starts[code + 1]);
	}

	/** The code here of a text that has code `code` in `other`, or -1: for a few; `translationOf` serves all at once. */
	codeFrom(other: Dictionary, code: number): number {
		const from = other.#starts[code] as number;
		const to = other.#starts[code + 1] as number;
		return this.#find(hashBytes(other.#heap, from, to), other.#heap, from, to);
	}

	/** Codes of `other` as codes of this dictionary, -1 where a text does not occur here. */
	translationOf(other: Dictionary): Int32Array {
		const codes = new Int32Array(other.#size);
		for (let code = 0; code < codes.length; code++) codes[code] = this.codeFrom(other, code);
		return codes;
	}

	/** Gives back the room kept for texts to come; more can still be added. */
	trim(): void {
		this.#heap = this.#heap.slice(0, this.#starts[this.#size]);
		this.#starts = this.#starts.slice(0, this.#size + 1);
	}

	get byteLength(): number {
		return this.#heap.byteLength + this.#starts.byteLength + this.#slots.byteLength;
	}

	#find(hash: number, bytes: Uint8Array, from: number, to: number): number {
		if (this.#slots === NO_SLOTS) this.#fillSlots();
		const slots = this.#slots;
		const mask = slots.length - 1;
		const tag = hash & ~mask;
		for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
			const entry = slots[slot] as number;
			if (entry === 0) return -1;
			if ((entry & ~mask) === tag && this.#equals((entry & mask) - 1, bytes, from, to)) return (entry & mask) - 1;
		}
	}

	#equals(code: number, bytes: Uint8Array, from: number, to: number): boolean {
		const start = this.#starts[code] as number;
		if ((this.#starts[code + 1] as number) - start !== to - from) return false;
		const heap = this.#heap;
		for (let i = from, at = start; i < to; i++, at++) if (heap[at] !== bytes[i]) return false;
		return true;
	}

	#add(hash: number, bytes: Uint8Array, from: number, to: number): number {
		if (this.#size + 1 > this.#slots.length * MAX_LOAD) this.#grow();
		const code = this.#size++;
		const start = this.#starts[code] as number;
		const end = start + to - from;
		this.#reserve(end);
		const heap = this.#heap;
		for (let i = from, at = start; i < to; i++, at++) heap[at] = bytes[i] as number;
		this.#starts[code + 1] = end;
		this.#enter(hash, code);
		return code;
	}

	#enter(hash: number, code: number): void {
		const slots = this.#slots;
		const mask = slots.length - 1;
		let slot = hash & mask;
		while (slots[slot] !== 0) slot = (slot + 1) & mask;
		slots[slot] = (hash & ~mask) | (code + 1);
	}

	/** As many slots as adding the texts one by one would have made. */
	#fillSlots(): void {
		let length = FIRST_SLOTS;
		while (this.#size > length * MAX_LOAD) length *= 2;
		this.#slots = new Int32Array(length / 2);
		this.#grow();
	}

	#grow(): void {
		this.#slots = new Int32Array(this.#slots.length * 2);
		for (let code = 0; code < this.#size; code++)
			this.#enter(hashBytes(this.#heap, this.#starts[code] as number, this.#starts[code + 1] as number), code);
	}

	#reserve(bytes: number): void {
		if (bytes > this.#heap.length) {
			const heap = new Uint8Array(Math.max(bytes, Math.ceil(this.#heap.length * 1.5)));
			heap.set(this.#heap);
			this.#heap = heap;
		}
		if (this.#size >= this.#starts.length) {
			const starts = new Uint32Array(Math.ceil(this.#starts.length * 1.5) + 1);
			starts.set(this.#starts);
			this.#starts = starts;
		}
	}
}

/** Four bytes a step, each step mixed, and a final avalanche (murmur3's), so that running numbers spread over the bits that choose a slot. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
	let hash = to - from;
	let i = from;
	for (const end = to - 3; i < end; i += 4) {
		const four =
			(bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24);
		hash = Math.imul(hash ^ four, 0x9e3779b1);
		hash ^= hash >>> 15;
	}
	for (; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}
