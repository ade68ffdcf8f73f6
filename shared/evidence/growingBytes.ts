/**
 * Bytes of unknown number, appended block by block: no doubling, so that ten million leaf hashes need their own space and no more.
 * They are put into one piece only when asked for as a whole.
 */
const BLOCK_BYTES = 2 ** 20;

export class GrowingBytes {
	readonly #blocks: Uint8Array[] = [];
	#whole: Uint8Array<ArrayBuffer> | null = null;
	#length = 0;

	get length(): number {
		return this.#length;
	}

	append(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; ) {
			const used = this.#length % BLOCK_BYTES;
			if (used === 0) this.#blocks.push(new Uint8Array(BLOCK_BYTES));
			const part = bytes.subarray(at, at + BLOCK_BYTES - used);
			(this.#blocks.at(-1) as Uint8Array).set(part, used);
			at += part.length;
			this.#length += part.length;
		}
	}

	/** A copy of some of them. */
	slice(from: number, to: number): Uint8Array {
		if (this.#whole !== null) return this.#whole.slice(from, to);
		const bytes = new Uint8Array(Math.min(to, this.#length) - from);
		for (let at = 0; at < bytes.length; ) {
			const start = (from + at) % BLOCK_BYTES;
			const part = (this.#blocks[Math.floor((from + at) / BLOCK_BYTES)] as Uint8Array).subarray(start, start + bytes.length - at);
			bytes.set(part, at);
			at += part.length;
		}
		return bytes;
	}

	/** All of them, always the same; nothing may be appended afterwards. Blocks are let go as they are copied. */
	whole(): Uint8Array<ArrayBuffer> {
		if (this.#whole !== null) return this.#whole;
		const whole = new Uint8Array(this.#length);
		this.#blocks.reverse();
		for (let at = 0; at < whole.length; at += BLOCK_BYTES) {
			const block = this.#blocks.pop() as Uint8Array;
			whole.set(block.subarray(0, whole.length - at), at);
		}
		this.#whole = whole;
		return whole;
	}
}
