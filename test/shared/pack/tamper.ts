/** Ways to damage a signed pack, as attackers and accidents do. */
import { concatBytes, utf8 } from '#kernel';
import { dictOf, entryOf, integerOf, nameOf, type PdfDict, type PdfFile, type PdfValue, readPdfFile, referenceOf } from '#pack';

export function open(bytes: Uint8Array): PdfFile {
	const file = readPdfFile(bytes);
	if (!file.ok) throw new Error(file.error.detail);
	return file.value;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const fromLatin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** The bytes of a value as text. */
export const textOf = (file: PdfFile, value: PdfValue): string => latin1(file.bytes.subarray(value.start, value.end));

export function objectWhere(
	file: PdfFile,
	wanted: (dict: PdfDict, value: PdfValue) => boolean,
): { number: number; dict: PdfDict; value: PdfValue } {
	const size = integerOf((file.revisions.at(-1) as PdfFile['revisions'][0]).trailer, 'Size') ?? 0;
	for (let number = 1; number < size; number++) {
		const value = file.get(number);
		const dict = dictOf(value);
		if (value !== undefined && dict !== null && wanted(dict, value)) return { number, dict, value };
	}
	throw new Error('no such object');
}

export const ofType = (file: PdfFile, type: string) => objectWhere(file, (dict) => nameOf(dict, 'Type') === type);

/** Appends an update with these objects (text by number), as any incremental writer would. */
export function appendUpdate(bytes: Uint8Array, objects: Readonly<Record<number, string>>, trailerExtra = ''): Uint8Array {
	const file = open(bytes);
	const { trailer, xrefAt } = file.revisions.at(-1) as PdfFile['revisions'][0];
	const numbers = Object.keys(objects).map(Number);
	const size = Math.max(integerOf(trailer, 'Size') ?? 0, ...numbers.map((number) => number + 1));
	let body = '';
	let sections = numbers.length === 0 ? '0 0\n' : '';
	for (const number of numbers) {
		sections += `${number} 1\n${String(bytes.length + body.length).padStart(10, '0')} 00000 n \n`;
		body += `${number} 0 obj\n${objects[number]}\nendobj\n`;
	}
	const kept = ['Root', 'Info', 'ID'].flatMap((key) => {
		const value = entryOf(trailer, key);
		return value === undefined ? [] : [`/${key} ${textOf(file, value)}`];
	});
	const tail = `xref\n${sections}trailer\n<< /Size ${size} ${kept.join(' ')} /Prev ${xrefAt} ${trailerExtra}>>\nstartxref\n${bytes.length + body.length}\n%%EOF\n`;
	return concatBytes(bytes, fromLatin1(body + tail));
}

/** The text of a dictionary with one entry replaced or added. */
export function withEntry(file: PdfFile, dict: PdfDict, key: string, text: string): string {
	const whole = textOf(file, dict);
	const entry = dict.entries.get(key);
	if (entry === undefined) return `${whole.slice(0, -2)}/${key} ${text}\n>>`;
	return `${whole.slice(0, entry.keyStart - dict.start)}/${key} ${text}${whole.slice(entry.value.end - dict.start)}`;
}

export const catalogNumber = (file: PdfFile): number =>
	referenceOf((file.revisions[0] as PdfFile['revisions'][0]).trailer, 'Root') as number;

/** Overwrites bytes in place. */
export function patch(bytes: Uint8Array, at: number, text: string): Uint8Array {
	const copy = bytes.slice();
	copy.set(fromLatin1(text), at);
	return copy;
}

export function flip(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
	const copy = bytes.slice();
	copy[at] = (copy[at] as number) ^ mask;
	return copy;
}

/** The signature dictionary of a field, as it stands in the file. */
export function signatureOf(file: PdfFile, field: string): PdfDict {
	const found = objectWhere(file, (dict) => nameOf(dict, 'FT') === 'Sig' && textOf(file, entryOf(dict, 'T') as PdfValue) === `(${field})`);
	return dictOf(file.resolve(entryOf(found.dict, 'V'))) as PdfDict;
}

/** Replaces a signature's CMS by what `change` makes of it, zero padded; the document itself stays as signed. */
export function withCms(bytes: Uint8Array, field: string, change: (cms: Uint8Array) => Uint8Array): Uint8Array {
	const contents = entryOf(signatureOf(open(bytes), field), 'Contents');
	if (contents?.kind !== 'string') throw new Error('no contents');
	const length = 4 + (((contents.bytes[2] as number) << 8) | (contents.bytes[3] as number));
	const cms = change(contents.bytes.slice(0, length));
	return patch(
		bytes,
		contents.start + 1,
		Buffer.from(cms)
			.toString('hex')
			.padEnd(2 * contents.bytes.length, '0'),
	);
}

export const insert = (bytes: Uint8Array, at: number, text: string): Uint8Array =>
	concatBytes(bytes.subarray(0, at), utf8(text), bytes.subarray(at));
