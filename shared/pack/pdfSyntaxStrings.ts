/** Names and strings of PDF (ISO 32000-1 §7.3.4, §7.3.5): the tokens that have more than one spelling. */
import { CLASS } from './pdfSyntaxBytes.ts';
import type { PdfLexer } from './pdfSyntaxLexer.ts';
import type { PdfString } from './pdfSyntaxValue.ts';

const MAX_NAME = 1024;
const MAX_STRING = 4 * 1024 * 1024;

const hexDigit = (byte: number): number =>
	byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;

/** The name at the lexer, its `#` escapes decoded; moves behind it. */
export function readName(lexer: PdfLexer): string {
	const start = lexer.at++;
	let name = '';
	for (let byte = lexer.bytes[lexer.at]; byte !== undefined && CLASS[byte] === 0; byte = lexer.bytes[lexer.at]) {
		lexer.at++;
		if (byte === 0x23) {
			const high = hexDigit(lexer.bytes[lexer.at] ?? 0);
			const low = hexDigit(lexer.bytes[lexer.at + 1] ?? 0);
			if (high >= 0 && low >= 0) {
				byte = high * 16 + low;
				lexer.at += 2;
			} else if (lexer.strict) lexer.fail('bad escape in a name');
		}
		name += String.fromCharCode(byte);
		if (name.length > MAX_NAME) lexer.fail('name too long', start);
	}
	return name;
}

/** The hex string at the lexer. White space is skipped; an odd last digit stands for itself and a zero. */
export function readHex(lexer: PdfLexer): PdfString {
	const start = lexer.at++;
	const bytes: number[] = [];
	let high = -1;
	for (; ; lexer.at++) {
		const byte = lexer.bytes[lexer.at];
		if (byte === undefined) lexer.fail('unexpected end of file');
		if (byte === 0x3e) break;
		const digit = hexDigit(byte);
		if (digit < 0) {
			if (CLASS[byte] !== 1) lexer.fail('not a hex digit');
		} else if (high < 0) high = digit;
		else {
			bytes.push(high * 16 + digit);
			high = -1;
		}
		if (bytes.length > MAX_STRING) lexer.fail('string too long', start);
	}
	if (high >= 0) bytes.push(high * 16);
	lexer.at++;
	return { kind: 'string', bytes: Uint8Array.from(bytes), hex: true, start, end: lexer.at };
}

/** The literal string at the lexer, its escapes decoded. */
export function readLiteral(lexer: PdfLexer): PdfString {
	const start = lexer.at++;
	const bytes: number[] = [];
	for (let open = 1; ; ) {
		const byte = lexer.bytes[lexer.at++];
		if (byte === undefined) lexer.fail('unexpected end of file');
		if (byte === 0x5c) readEscape(lexer, bytes);
		else {
			if (byte === 0x28) open++;
			if (byte === 0x29 && --open === 0) break;
			bytes.push(byte);
		}
		if (bytes.length > MAX_STRING) lexer.fail('string too long', start);
	}
	return { kind: 'string', bytes: Uint8Array.from(bytes), hex: false, start, end: lexer.at };
}

/** What follows a backslash (ISO 32000-1 table 3). */
function readEscape(lexer: PdfLexer, bytes: number[]): void {
	const byte = lexer.bytes[lexer.at++];
	if (byte === undefined) lexer.fail('unexpected end of file');
	const plain = 'nrtbf'.indexOf(String.fromCharCode(byte));
	if (plain >= 0) bytes.push([10, 13, 9, 8, 12][plain] as number);
	else if (byte >= 0x30 && byte <= 0x37) {
		let code = byte - 0x30;
		for (let i = 0; i < 2; i++) {
			const next = lexer.bytes[lexer.at];
			if (next === undefined || next < 0x30 || next > 0x37) break;
			code = code * 8 + next - 0x30;
			lexer.at++;
		}
		bytes.push(code & 0xff);
	} else if (byte === 13) {
		if (lexer.bytes[lexer.at] === 10) lexer.at++;
	} else if (byte !== 10) bytes.push(byte);
}
