/** Signs packs: the preparer's certification in the place that rendering reserved, and a reviewer's countersignature behind it. */
import { concatBytes, err, ok, type Result, utf8 } from '#kernel';
import {
	CONTENTS_BYTES,
	dictOf,
	entryOf,
	type PdfDict,
	type PdfFile,
	parseCertificate,
	pdfDate,
	pdfText,
	pdfTextToken,
	readPdfFile,
	SIGNATURE_TEXT_LIMITS,
	type SignatureText,
} from '#pack';
import { type RequestTimestamp, signCades } from './cmsWriter.ts';
import { appendRevision, type FoundField } from './incrementalUpdate.ts';
import type { PackSigner } from './packSigner.ts';

export interface SignatureWords {
	/** Milliseconds; what the signature claims as its time. */
	readonly time: number;
	readonly reason?: string;
	readonly location?: string;
	/** For a signature with a proven time (PAdES-B-T). */
	readonly timestamp?: RequestTimestamp;
}

export interface SignFault {
	readonly code: 'not_a_pack' | 'field_missing' | 'already_signed' | 'text_too_long' | 'signature_too_large';
	/** What, where, and how to mend it. */
	readonly detail: string;
}

/**
 * Fills the reserved signature of an unsigned pack. The bytes keep their length and every offset; only the placeholders change.
 * @param unsigned what rendering wrote, one revision
 */
export async function signPack(
	unsigned: Uint8Array,
	signer: PackSigner,
	words: SignatureWords & { readonly field: 'Preparer' },
): Promise<Result<Uint8Array, SignFault>> {
	const file = readPdfFile(unsigned);
	if (!file.ok)
		return err({
			code: 'not_a_pack',
			detail: `The file can’t be read (byte ${file.error.at}: ${file.error.detail}). Render the pack again.`,
		});
	const field = findField(file.value, words.field);
	const dict = field === null ? null : dictOf(file.value.resolve(entryOf(field.dict, 'V')));
	if (dict === null)
		return err({ code: 'field_missing', detail: `The pack has no place for the ${words.field}’s signature. Render it again.` });
	if (file.value.revisions.length > 1 || !isReserved(dict))
		return err({ code: 'already_signed', detail: 'The preparer has signed this pack. A reviewer countersigns it.' });
	const texts = wordsOf(signer, words);
	if (!texts.ok) return texts;
	const signed = unsigned.slice();
	for (const key of Object.keys(SIGNATURE_TEXT_LIMITS) as SignatureText[]) fillText(signed, dict, key, texts.value[key]);
	return await fillSignature(signed, { byteRange: spanOf(dict, 'ByteRange'), contents: spanOf(dict, 'Contents') }, signer, words.timestamp);
}

/** Appends the signature of `words.field` (the reviewer's) as a new revision. The signed bytes before it stay untouched. */
export async function countersignPack(
	signed: Uint8Array,
	signer: PackSigner,
	words: SignatureWords & { readonly field?: string },
): Promise<Result<Uint8Array, SignFault>> {
	const file = readPdfFile(signed);
	const name = words.field ?? 'Reviewer';
	if (!file.ok)
		return err({
			code: 'not_a_pack',
			detail: `The file can’t be read (byte ${file.error.at}: ${file.error.detail}). Ask for the pack again.`,
		});
	const field = findField(file.value, name);
	if (field === null)
		return err({ code: 'field_missing', detail: `The pack has no field “${name}”. A pack’s second field is “Reviewer”.` });
	if (field.dict.entries.has('V')) return err({ code: 'already_signed', detail: `“${name}” has signed this pack.` });
	const texts = wordsOf(signer, words);
	if (!texts.ok) return texts;
	const { bytes, objectAt, objectText } = appendRevision(file.value, field, signatureText(texts.value));
	const at = (needle: string): Span => {
		const start = objectAt + objectText.indexOf(needle);
		return { start, end: start + needle.length };
	};
	return await fillSignature(bytes, { byteRange: at(BYTE_RANGE), contents: at(CONTENTS) }, signer, words.timestamp);
}

interface Span {
	readonly start: number;
	readonly end: number;
}

type Texts = Readonly<Partial<Record<SignatureText, string>>>;

function wordsOf(signer: PackSigner, words: SignatureWords): Result<Texts, SignFault> {
	const name = parseCertificate(signer.certificates[0])?.subjectText ?? '';
	const texts = {
		M: pdfDate(words.time),
		Name: name.slice(0, SIGNATURE_TEXT_LIMITS.Name).toWellFormed(),
		...(words.reason === undefined ? {} : { Reason: words.reason }),
		...(words.location === undefined ? {} : { Location: words.location }),
	};
	for (const [key, text] of Object.entries(texts) as [SignatureText, string][]) {
		const limit = SIGNATURE_TEXT_LIMITS[key];
		if (text.length > limit)
			return err({
				code: 'text_too_long',
				detail: `The signature’s ${key.toLowerCase()} has ${text.length} characters; shorten it to ${limit}.`,
			});
	}
	return ok(texts);
}

/** The form field of that name. */
function findField(file: PdfFile, name: string): FoundField | null {
	const root = file.revisions.at(-1)?.trailer;
	const catalog = root === undefined ? null : dictOf(file.resolve(entryOf(root, 'Root')));
	const form = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'AcroForm')));
	const fields = form === null ? undefined : file.resolve(entryOf(form, 'Fields'));
	for (const item of fields?.kind === 'array' ? fields.items : []) {
		const dict = item.kind === 'reference' ? file.get(item.number) : undefined;
		if (item.kind === 'reference' && dict?.kind === 'dict' && pdfText(entryOf(dict, 'T')) === name) return { number: item.number, dict };
	}
	return null;
}

/** Whether a signature dictionary still holds the placeholder of the right width. */
function isReserved(dict: PdfDict): boolean {
	const contents = entryOf(dict, 'Contents');
	return (
		contents?.kind === 'string' && contents.hex && contents.bytes.length === CONTENTS_BYTES && contents.bytes.every((byte) => byte === 0)
	);
}

function spanOf(dict: PdfDict, key: string): Span {
	const value = entryOf(dict, key);
	if (value === undefined) throw new Error(`a reserved signature has a /${key}`);
	return value;
}

/** Writes a text over its placeholder, filled up with spaces; without a text the key goes as well. */
function fillText(bytes: Uint8Array, dict: PdfDict, key: SignatureText, text: string | undefined): void {
	const entry = dict.entries.get(key);
	if (entry === undefined) return;
	if (text === undefined) bytes.fill(0x20, entry.keyStart, entry.value.end);
	else writePadded(bytes, entry.value, pdfTextToken(text));
}

function writePadded(bytes: Uint8Array, span: Span, token: string): void {
	bytes.fill(0x20, span.start, span.end);
	bytes.set(utf8(token), span.start);
}

const BYTE_RANGE = '[0 9999999999 9999999999 9999999999]';
const CONTENTS = `<${'0'.repeat(2 * CONTENTS_BYTES)}>`;

function signatureText(texts: Texts): string {
	const entries = Object.entries(texts).map(([key, text]) => `/${key} ${pdfTextToken(text)}`);
	return [
		'<<',
		'/Type /Sig',
		'/Filter /Adobe.PPKLite',
		'/SubFilter /ETSI.CAdES.detached',
		...entries,
		`/ByteRange ${BYTE_RANGE}`,
		`/Contents ${CONTENTS}`,
		'>>',
	].join('\n');
}

/** The byte range first, since it is signed itself; then the signature over everything but its own place. */
async function fillSignature(
	bytes: Uint8Array,
	place: { readonly byteRange: Span; readonly contents: Span },
	signer: PackSigner,
	timestamp: RequestTimestamp | undefined,
): Promise<Result<Uint8Array, SignFault>> {
	const { start, end } = place.contents;
	writePadded(bytes, place.byteRange, `[0 ${start} ${end} ${bytes.length - end}]`);
	const cms = await signCades([bytes.subarray(0, start), bytes.subarray(end)], signer, timestamp);
	if (cms.length > CONTENTS_BYTES) {
		return err({
			code: 'signature_too_large',
			detail: `The signature takes ${cms.length} bytes, ${CONTENTS_BYTES} are reserved. Leave certificates of the chain out of the key file.`,
		});
	}
	bytes.set(utf8(Buffer.from(cms).toString('hex')), start + 1);
	return ok(concatBytes(bytes));
}
