/** Many short byte strings side by side in one buffer, so that millions of them are a handful of objects. */
export class ByteStrings {
	#heap = new Uint8Array(4096);
	#ends = new Float64Array(256);
	#count = 0;

	get count(): number {
		return this.#count;
	}

	push(bytes: Uint8Array): void {
		const from = this.#end(this.#count);
		if (from + bytes.length > this.#heap.length) {
			const heap = new Uint8Array(Math.max(from + bytes.length, this.#heap.length * 2));
			heap.set(this.#heap);
			this.#heap = heap;
		}
		if (this.#count >= this.#ends.length) {
			const ends = new Float64Array(this.#ends.length * 2);
			ends.set(this.#ends);
			this.#ends = ends;
		}
		this.#heap.set(bytes, from);
		this.#ends[this.#count++] = from + bytes.length;
	}

	/** A view; do not write to it. */
	at(index: number): Uint8Array {
		return this.#heap.subarray(this.#end(index), this.#ends[index]);
	}

	#end(count: number): number {
		return count === 0 ? 0 : (this.#ends[count - 1] as number);
	}
}
