/** A growing buffer that content operators are written into, with the spellings of numbers they need. */

const START_BYTES = 16_384;
const SPACE = 0x20;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

export class ByteSink {
	protected bytes: Uint8Array<ArrayBuffer>;
	protected length = 0;

	/** @param used a sink no longer needed, whose memory is taken over */
	constructor(used?: ByteSink) {
		this.bytes = used?.bytes ?? new Uint8Array(START_BYTES);
	}

	/** A number with at most two decimals, given in hundredths, and a space behind it. */
	protected hundredths(value: number): void {
		let rest = value;
		if (rest < 0) {
			this.bytes[this.length++] = MINUS;
			rest = -rest;
		}
		const whole = Math.trunc(rest / 100);
		const fraction = rest - whole * 100;
		if (whole >= 10_000) this.ascii(String(whole));
		else {
			if (whole >= 1000) this.bytes[this.length++] = ZERO + Math.trunc(whole / 1000);
			if (whole >= 100) this.bytes[this.length++] = ZERO + (Math.trunc(whole / 100) % 10);
			if (whole >= 10) this.bytes[this.length++] = ZERO + (Math.trunc(whole / 10) % 10);
			if (whole > 0 || fraction === 0) this.bytes[this.length++] = ZERO + (whole % 10);
		}
		if (fraction !== 0) {
			this.bytes[this.length++] = POINT;
			this.bytes[this.length++] = ZERO + Math.trunc(fraction / 10);
			if (fraction % 10 !== 0) this.bytes[this.length++] = ZERO + (fraction % 10);
		}
		this.bytes[this.length++] = SPACE;
	}

	protected put(byte: number): void {
		this.bytes[this.length++] = byte;
	}

	protected ascii(text: string): void {
		this.reserve(text.length);
		for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
	}

	protected reserve(count: number): void {
		if (this.length + count <= this.bytes.length) return;
		const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
		grown.set(this.bytes.subarray(0, this.length));
		this.bytes = grown;
	}
}
