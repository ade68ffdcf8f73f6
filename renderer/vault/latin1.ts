/**
 * Bytes as a string of as many characters, U+0000 to U+00FF: what IndexedDB stores at one byte a character. RxDB silently destroys a
 * `Uint8Array` in a document, and Base64 would take a third more room.
 */
const CHUNK = 8_192;

export function toLatin1(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += CHUNK)
		text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
	return text;
}

/** Null where a character is above U+00FF: then the text never came from `toLatin1`. */
export function fromLatin1(text: string): Uint8Array<ArrayBuffer> | null {
	const bytes = new Uint8Array(text.length);
	let above = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		above |= code;
		bytes[at] = code;
	}
	return above > 0xff ? null : bytes;
}
