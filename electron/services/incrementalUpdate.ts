/** The raw incremental updater (ISO 32000-1 §7.5.6): appends one revision and touches nothing before it. */
import { concatBytes } from '#kernel';
import { entryOf, integerOf, type PdfDict, type PdfFile, type PdfRevision } from '#pack';

export interface FoundField {
	readonly number: number;
	readonly dict: PdfDict;
}

export interface AppendedRevision {
	readonly bytes: Uint8Array;
	/** Offset of the new object's value. */
	readonly objectAt: number;
	readonly objectText: string;
}

/**
 * Appends `objectText` (ASCII) as a new object, and `field` again with `/V` pointing at it. The field is copied from its own
 * bytes, so that nothing else about it can change; the trailer keeps /Root, /Info and /ID.
 */
export function appendRevision(file: PdfFile, field: FoundField, objectText: string): AppendedRevision {
	const previous = file.revisions.at(-1) as PdfRevision;
	const number = integerOf(previous.trailer, 'Size') as number;
	const copy = Buffer.from(file.bytes.subarray(field.dict.start, field.dict.end - 2)).toString('latin1');
	const head = `${number} 0 obj\n`;
	const objects = [
		{ number: field.number, text: `${field.number} 0 obj\n${copy}/V ${number} 0 R\n>>\nendobj\n` },
		{ number, text: `${head}${objectText}\nendobj\n` },
	];
	let at = file.bytes.length;
	let sections = '';
	for (const object of objects) {
		sections += `${object.number} 1\n${String(at).padStart(10, '0')} 00000 n \n`;
		at += object.text.length;
	}
	const objectAt = at - (objects[1] as { text: string }).text.length + head.length;
	const tail = `xref\n${sections}trailer\n<<\n/Size ${number + 1}\n${kept(file, previous)}/Prev ${previous.xrefAt}\n>>\nstartxref\n${at}\n%%EOF\n`;
	const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
	const bytes = concatBytes(file.bytes, ...objects.map(({ text }) => latin1(text)), latin1(tail));
	return { bytes, objectAt, objectText };
}

/** The trailer's other entries, copied from its bytes. */
function kept(file: PdfFile, { trailer }: PdfRevision): string {
	return ['Root', 'Info', 'ID']
		.flatMap((key) => {
			const value = entryOf(trailer, key);
			return value === undefined ? [] : [`/${key} ${Buffer.from(file.bytes.subarray(value.start, value.end)).toString('latin1')}\n`];
		})
		.join('');
}
