/**
 * A tokenizer and parser of PDF objects (ISO 32000-1 §7.2, §7.3). It reads tokens, never patterns: `endobj` inside a string,
 * a comment or a stream is just bytes. Every step moves forward, so time is linear in the bytes read.
 */
import type { PdfDict, PdfEntry, PdfNumber, PdfObject, PdfStream, PdfString, PdfValue } from './pdfSyntaxValue.ts';

/** Where and why reading stopped. Thrown inside the syntax files only; their public functions return it. */
export class PdfFault extends Error {
	readonly at: number;
	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

const MAX_DEPTH = 64;
const MAX_NAME = 1024;
const MAX_STRING = 4 * 1024 * 1024;
/** Values in one object: bounds memory, which is some forty times the bytes of an array of small numbers. */
const MAX_VALUES = 2_000_000;

/** 0 regular, 1 white space, 2 delimiter (ISO 32000-1 tables 1 and 2). */
const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = 1;
for (const char of '()<>[]{}/%') CLASS[char.charCodeAt(0)] = 2;

const hexDigit = (byte: number): number =>
	byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

export class PdfLexer {
	readonly bytes: Uint8Array;
	/** Strict reading refuses what readers disagree about: duplicate keys, bad escapes, comments and lengths that are not direct. */
	readonly strict: boolean;
	at: number;
	/** No `endstream` stands at or behind this offset: looked for once, not again. */
	#noEndstreamFrom = Number.POSITIVE_INFINITY;
	#valuesLeft = MAX_VALUES;

	constructor(bytes: Uint8Array, strict: boolean, at = 0) {
		this.bytes = bytes;
		this.strict = strict;
		this.at = at;
	}

	fail(message: string, at = this.at): never {
		throw new PdfFault(message, at);
	}

	skipSpace(): void {
		for (; this.at < this.bytes.length; this.at++) {
			const byte = this.bytes[this.at] as number;
			if (byte === 0x25 && !this.strict) {
				while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at++;
				this.at--;
			} else if (CLASS[byte] !== 1) return;
		}
	}

	/** Whether `word` stands here as a whole token; does not move. */
	sees(word: string): boolean {
		for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
		const after = this.bytes[this.at + word.length];
		return after === undefined || CLASS[after] !== 0;
	}

	take(word: string): void {
		if (!this.sees(word)) this.fail(`expected “${word}”`);
		this.at += word.length;
	}

	/** An unsigned integer of at most ten digits. */
	takeInteger(): number {
		const start = this.at;
		let value = 0;
		while (isDigit(this.bytes[this.at]) && this.at - start < 11) value = value * 10 + (this.bytes[this.at++] as number) - 0x30;
		const length = this.at - start;
		const after = this.bytes[this.at];
		if (length === 0 || length > 10 || (after !== undefined && CLASS[after] === 0)) this.fail('expected an integer', start);
		return value;
	}

	/** `number generation obj value endobj`, from here. */
	readObject(): PdfObject {
		const start = this.at;
		this.#valuesLeft = MAX_VALUES;
		const number = this.takeInteger();
		this.skipSpace();
		const generation = this.takeInteger();
		this.skipSpace();
		this.take('obj');
		this.skipSpace();
		let value = this.readValue(0);
		this.skipSpace();
		if (value.kind === 'dict' && this.sees('stream')) {
			value = this.#readStream(value);
			this.skipSpace();
		}
		if (this.strict || this.sees('endobj')) this.take('endobj');
		return { number, generation, value, start, end: this.at };
	}

	readValue(depth: number): PdfValue {
		if (depth > MAX_DEPTH) this.fail('nested too deeply');
		if (--this.#valuesLeft < 0) this.fail('too many values in one object');
		const start = this.at;
		const byte = this.bytes[start];
		switch (byte) {
			case undefined:
				return this.fail('unexpected end of file');
			case 0x2f:
				return { kind: 'name', value: this.#readName(), start, end: this.at };
			case 0x28:
				return this.#readLiteral();
			case 0x5b:
				return this.#readArray(depth);
			case 0x3c:
				return this.bytes[start + 1] === 0x3c ? this.readDict(depth) : this.#readHex();
			default:
				return this.#readWord(byte, start);
		}
	}

	#readWord(byte: number, start: number): PdfValue {
		if (isDigit(byte) || byte === 0x2b || byte === 0x2d || byte === 0x2e) return this.#readNumberOrReference();
		for (const [word, value] of [
			['true', true],
			['false', false],
			['null', null],
		] as const) {
			if (!this.sees(word)) continue;
			this.at += word.length;
			return value === null ? { kind: 'null', start, end: this.at } : { kind: 'boolean', value, start, end: this.at };
		}
		return this.fail('expected a value');
	}

	#readNumberOrReference(): PdfValue {
		const number = this.#readNumber();
		if (!number.integer || number.value < 0 || !isDigit(this.bytes[number.start])) return number;
		this.skipSpace();
		const generationAt = this.at;
		let generation = 0;
		while (isDigit(this.bytes[this.at]) && this.at - generationAt < 5)
			generation = generation * 10 + (this.bytes[this.at++] as number) - 0x30;
		if (this.at > generationAt) {
			const between = this.at;
			this.skipSpace();
			if (this.at > between && this.sees('R')) {
				this.at++;
				return { kind: 'reference', number: number.value, generation, start: number.start, end: this.at };
			}
		}
		this.at = number.end;
		return number;
	}

	#readNumber(): PdfNumber {
		const start = this.at;
		let integer = true;
		let digits = 0;
		if (this.bytes[this.at] === 0x2b || this.bytes[this.at] === 0x2d) this.at++;
		for (; ; this.at++) {
			if (isDigit(this.bytes[this.at])) digits++;
			else if (this.bytes[this.at] === 0x2e && integer) integer = false;
			else break;
		}
		const after = this.bytes[this.at];
		if (digits === 0 || digits > 40 || (after !== undefined && CLASS[after] === 0)) this.fail('not a number', start);
		return { kind: 'number', value: Number(String.fromCharCode(...this.bytes.subarray(start, this.at))), integer, start, end: this.at };
	}

	#readName(): string {
		const start = this.at++;
		let name = '';
		for (let byte = this.bytes[this.at]; byte !== undefined && CLASS[byte] === 0; byte = this.bytes[this.at]) {
			this.at++;
			if (byte === 0x23) {
				const high = hexDigit(this.bytes[this.at] ?? 0);
				const low = hexDigit(this.bytes[this.at + 1] ?? 0);
				if (high >= 0 && low >= 0) {
					byte = high * 16 + low;
					this.at += 2;
				} else if (this.strict) this.fail('bad escape in a name');
			}
			name += String.fromCharCode(byte);
			if (name.length > MAX_NAME) this.fail('name too long', start);
		}
		return name;
	}

	#readArray(depth: number): PdfValue {
		const start = this.at++;
		const items: PdfValue[] = [];
		for (;;) {
			this.skipSpace();
			if (this.bytes[this.at] === 0x5d) break;
			items.push(this.readValue(depth + 1));
		}
		this.at++;
		return { kind: 'array', items, start, end: this.at };
	}

	readDict(depth: number): PdfDict {
		const start = this.at;
		if (this.bytes[start] !== 0x3c || this.bytes[start + 1] !== 0x3c) this.fail('expected a dictionary');
		this.at += 2;
		const entries = new Map<string, PdfEntry>();
		for (;;) {
			this.skipSpace();
			const keyStart = this.at;
			if (this.bytes[keyStart] === 0x3e && this.bytes[keyStart + 1] === 0x3e) break;
			if (this.bytes[keyStart] !== 0x2f) this.fail('expected a key');
			const key = this.#readName();
			this.skipSpace();
			if (this.strict && entries.has(key)) this.fail(`key /${key} stands twice`, keyStart);
			entries.set(key, { keyStart, value: this.readValue(depth + 1) });
		}
		this.at += 2;
		return { kind: 'dict', entries, start, end: this.at };
	}

	#readHex(): PdfString {
		const start = this.at++;
		const bytes: number[] = [];
		let high = -1;
		for (; ; this.at++) {
			const byte = this.bytes[this.at];
			if (byte === undefined) this.fail('unexpected end of file');
			if (byte === 0x3e) break;
			const digit = hexDigit(byte);
			if (digit < 0) {
				if (CLASS[byte] !== 1) this.fail('not a hex digit');
			} else if (high < 0) high = digit;
			else {
				bytes.push(high * 16 + digit);
				high = -1;
			}
			if (bytes.length > MAX_STRING) this.fail('string too long', start);
		}
		if (high >= 0) bytes.push(high * 16);
		this.at++;
		return { kind: 'string', bytes: Uint8Array.from(bytes), hex: true, start, end: this.at };
	}

	#readLiteral(): PdfString {
		const start = this.at++;
		const bytes: number[] = [];
		for (let open = 1; ; ) {
			const byte = this.bytes[this.at++];
			if (byte === undefined) this.fail('unexpected end of file');
			if (byte === 0x5c) this.#readEscape(bytes);
			else {
				if (byte === 0x28) open++;
				if (byte === 0x29 && --open === 0) break;
				bytes.push(byte);
			}
			if (bytes.length > MAX_STRING) this.fail('string too long', start);
		}
		return { kind: 'string', bytes: Uint8Array.from(bytes), hex: false, start, end: this.at };
	}

	/** What follows a backslash (ISO 32000-1 table 3). */
	#readEscape(bytes: number[]): void {
		const byte = this.bytes[this.at++];
		if (byte === undefined) this.fail('unexpected end of file');
		const plain = 'nrtbf'.indexOf(String.fromCharCode(byte));
		if (plain >= 0) bytes.push([10, 13, 9, 8, 12][plain] as number);
		else if (byte >= 0x30 && byte <= 0x37) {
			let code = byte - 0x30;
			for (let i = 0; i < 2; i++) {
				const next = this.bytes[this.at];
				if (next === undefined || next < 0x30 || next > 0x37) break;
				code = code * 8 + next - 0x30;
				this.at++;
			}
			bytes.push(code & 0xff);
		} else if (byte === 13) {
			if (this.bytes[this.at] === 10) this.at++;
		} else if (byte !== 10) bytes.push(byte);
	}

	#readStream(dict: PdfDict): PdfStream {
		this.at += 'stream'.length;
		if (this.bytes[this.at] === 13) this.at++;
		if (this.bytes[this.at] === 10) this.at++;
		else if (this.strict) this.fail('“stream” must be followed by a line feed');
		const dataStart = this.at;
		const length = dict.entries.get('Length')?.value;
		if (length?.kind === 'number' && length.integer && length.value >= 0 && this.#endsAt(dataStart + length.value)) {
			return { kind: 'stream', dict, dataStart, dataEnd: dataStart + length.value, start: dict.start, end: this.at };
		}
		if (this.strict) this.fail('the stream does not have its direct /Length');
		const dataEnd = this.#findEndstream(dataStart);
		return { kind: 'stream', dict, dataStart, dataEnd, start: dict.start, end: this.at };
	}

	/** Whether `endstream` follows the data that ends at `dataEnd`; moves behind it if so. */
	#endsAt(dataEnd: number): boolean {
		if (dataEnd > this.bytes.length) return false;
		const back = this.at;
		this.at = dataEnd;
		if (this.bytes[this.at] === 13) this.at++;
		if (this.bytes[this.at] === 10) this.at++;
		if (this.sees('endstream')) {
			this.at += 'endstream'.length;
			return true;
		}
		this.at = back;
		return false;
	}

	#findEndstream(from: number): number {
		if (from < this.#noEndstreamFrom) {
			for (this.at = from; this.at < this.bytes.length; this.at++) {
				if (this.bytes[this.at] !== 0x65 || !this.sees('endstream')) continue;
				const dataEnd = this.at;
				this.at += 'endstream'.length;
				return dataEnd;
			}
			this.#noEndstreamFrom = from;
		}
		this.at = from;
		return this.fail('the stream has no end', from);
	}
}
