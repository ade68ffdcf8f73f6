/**
 * A tokenizer and parser of PDF objects (ISO 32000-1 §7.2, §7.3). It reads tokens, never patterns: `endobj` inside a string,
 * a comment or a stream is just bytes. Every step moves forward, so time is linear in the bytes read.
 */
import { CLASS } from './pdfSyntaxBytes.ts';
import { readHex, readLiteral, readName } from './pdfSyntaxStrings.ts';
import type { PdfDict, PdfEntry, PdfNumber, PdfObject, PdfStream, PdfValue } from './pdfSyntaxValue.ts';

/** Where and why reading stopped. Thrown inside the syntax files only; their public functions return it. */
export class PdfFault extends Error {
	readonly at: number;
	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

const MAX_DEPTH = 64;
/** Values in one object: bounds memory, which is some forty times the bytes of an array of small numbers. */
const MAX_VALUES = 2_000_000;

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
				return { kind: 'name', value: readName(this), start, end: this.at };
			case 0x28:
				return readLiteral(this);
			case 0x5b:
				return this.#readArray(depth);
			case 0x3c:
				return this.bytes[start + 1] === 0x3c ? this.readDict(depth) : readHex(this);
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
			const key = readName(this);
			this.skipSpace();
			if (this.strict && entries.has(key)) this.fail(`key /${key} stands twice`, keyStart);
			entries.set(key, { keyStart, value: this.readValue(depth + 1) });
		}
		this.at += 2;
		return { kind: 'dict', entries, start, end: this.at };
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
