/** Bytes of unknown number, appended block by block: no doubling, so that ten million leaf hashes need their own space and no more. */
const BLOCK_BYTES = 2 ** 20;

export class GrowingBytes {
	readonly #blocks: Uint8Array[] = [];
	#room = 0;
	#length = 0;

	append(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; ) {
			if (this.#room === 0) {
				this.#blocks.push(new Uint8Array(BLOCK_BYTES));
				this.#room = BLOCK_BYTES;
			}
			const part = bytes.subarray(at, at + this.#room);
			(this.#blocks.at(-1) as Uint8Array).set(part, BLOCK_BYTES - this.#room);
			at += part.length;
			this.#room -= part.length;
			this.#length += part.length;
		}
	}

	/** All bytes in one piece. Blocks are let go as they are copied: afterwards nothing is left here. */
	take(): Uint8Array<ArrayBuffer> {
		const whole = new Uint8Array(this.#length);
		this.#blocks.reverse();
		for (let at = 0; at < whole.length; at += BLOCK_BYTES) {
			const block = this.#blocks.pop() as Uint8Array;
			whole.set(block.subarray(0, whole.length - at), at);
		}
		this.#room = 0;
		this.#length = 0;
		return whole;
	}
}
