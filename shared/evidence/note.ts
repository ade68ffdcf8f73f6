/** C2SP signed notes: text, a blank line, signature lines `— <key name> <base64(key id ‖ signature)>`. */
import { err, fromBase64, fromUtf8, ok, type Result, toBase64, toHex, utf8 } from '#kernel';
import { type VerifyEd25519, verifyEd25519 } from './ed25519.ts';
import { isKeyName, type VerifierKey } from './vkey.ts';

/** Sixteen signatures of 5 kB each must fit (C2SP signed-note, "Format"); this leaves room for more. */
export const MAX_NOTE_BYTES = 1 << 18;
const MAX_SIGNATURES = 100;

export interface NoteSignature {
	readonly keyName: string;
	/** Eight lower-case hex digits. */
	readonly keyId: string;
	readonly signature: Uint8Array;
}

export interface SignedNote {
	/** Signed text, with its final line feed. */
	readonly text: string;
	/** All of them, known or not: witnesses and keys to come are kept. */
	readonly signatures: readonly NoteSignature[];
}

export type NoteError =
	| 'too_large'
	| 'not_utf8'
	| 'control_character'
	| 'no_final_line_feed'
	| 'no_blank_line'
	| 'no_signature'
	| 'bad_signature_line'
	| 'too_many_signatures';

const SENTENCES: Readonly<Record<NoteError, string>> = {
	too_large: 'it is larger than a signed note may be',
	not_utf8: 'it is not valid UTF-8',
	control_character: 'it holds a control character',
	no_final_line_feed: 'it does not end with a line feed, so its end may be missing',
	no_blank_line: 'no blank line parts the text from the signatures',
	no_signature: 'it has no signature line',
	bad_signature_line: 'a signature line is not of the form "— NAME BASE64"',
	too_many_signatures: 'it has more than 100 signature lines',
};

/** Why a note was refused, as the end of a sentence. */
export const describeNoteError = (error: NoteError): string => SENTENCES[error];

// biome-ignore lint/suspicious/noControlCharactersInRegex: the specification bans exactly these.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE_LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;

/** Parses a note strictly. Says nothing about who signed it. */
export function parseNote(bytes: Uint8Array): Result<SignedNote, NoteError> {
	if (bytes.length > MAX_NOTE_BYTES) return err('too_large');
	const whole = fromUtf8(bytes);
	if (whole === null) return err('not_utf8');
	if (CONTROL.test(whole)) return err('control_character');
	if (!whole.endsWith('\n')) return err('no_final_line_feed');
	const split = whole.lastIndexOf('\n\n');
	if (split < 0) return err('no_blank_line');
	const lines = whole.slice(split + 2, -1);
	if (split + 2 >= whole.length || lines === '') return err('no_signature');
	const signatures: NoteSignature[] = [];
	for (const line of lines.split('\n')) {
		const signature = parseSignatureLine(line);
		if (!signature) return err('bad_signature_line');
		if (signatures.push(signature) > MAX_SIGNATURES) return err('too_many_signatures');
	}
	return ok({ text: whole.slice(0, split + 1), signatures });
}

function parseSignatureLine(line: string): NoteSignature | null {
	const [, keyName = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
	const bytes = encoded === '' ? null : fromBase64(encoded);
	if (!isKeyName(keyName) || !bytes || bytes.length < 5) return null;
	return { keyName, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

export const formatSignatureLine = (keyName: string, keyIdAndSignature: Uint8Array): string =>
	`\u2014 ${keyName} ${toBase64(keyIdAndSignature)}\n`;

/** What a note says under one key. A line that names the key and fails condemns the note even beside one that verifies. */
export type NoteSignatureState = 'valid' | 'invalid' | 'unsigned';

export function verifyNote(note: SignedNote, key: VerifierKey, verify: VerifyEd25519 = verifyEd25519): NoteSignatureState {
	const own = note.signatures.filter(({ keyName, keyId }) => keyName === key.name && keyId === key.keyId);
	if (own.length === 0) return 'unsigned';
	const message = utf8(note.text);
	return own.every(({ signature }) => signature.length === 64 && verify(key.publicKey, message, signature)) ? 'valid' : 'invalid';
}
