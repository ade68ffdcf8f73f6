/** Indirect objects kept as their bytes: for the hundreds of thousands of small ones that would be too dear as objects. */

const START_BYTES = 1 << 16;

export class ObjectArena {
	private readonly nextNumber: () => number;
	private bytes = new Uint8Array(START_BYTES);
	private length = 0;
	/** Object number and offset, in the order written. */
	private places = new Float64Array(256);
	private count = 0;

	/** @param nextNumber gives out object numbers that nobody else uses */
	constructor(nextNumber: () => number) {
		this.nextNumber = nextNumber;
	}

	reserve(): number {
		return this.nextNumber();
	}

	add(body: string): number {
		const object = this.reserve();
		this.set(object, body);
		return object;
	}

	/** Writes an object once. @param body its ASCII text, without `obj` and `endobj` */
	set(object: number, body: string): void {
		if (2 * this.count + 2 > this.places.length) {
			const grown = new Float64Array(this.places.length * 2);
			grown.set(this.places);
			this.places = grown;
		}
		this.places[2 * this.count] = object;
		this.places[2 * this.count + 1] = this.length;
		this.count++;
		this.ascii(`${object} 0 obj\n${body}\nendobj\n`);
	}

	private ascii(text: string): void {
		if (this.length + text.length > this.bytes.length) {
			const grown = new Uint8Array(Math.max(Math.trunc(this.bytes.length * 1.5), this.length + text.length));
			grown.set(this.bytes.subarray(0, this.length));
			this.bytes = grown;
		}
		for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
	}

	get size(): number {
		return this.length;
	}

	copyInto(target: Uint8Array, at: number): void {
		target.set(this.bytes.subarray(0, this.length), at);
	}

	/** Calls `visit` with every object's number and its offset in the arena. */
	forEachPlace(visit: (object: number, offset: number) => void): void {
		for (let i = 0; i < this.count; i++) visit(this.places[2 * i] as number, this.places[2 * i + 1] as number);
	}
}
