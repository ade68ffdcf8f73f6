/** Picks the signature dictionaries and their fields out of the objects a reading meets. */
import { dictOf, entryOf, nameOf, type PdfDict, type PdfObject, type PdfValue, pdfText } from './pdfSyntaxValue.ts';

export interface FoundSignature {
	/** The field's name; null for a dictionary that no field refers to. */
	readonly field: string | null;
	readonly objectNumber: number;
	/** Offset of the object, which tells the revision. */
	readonly objectStart: number;
	readonly dict: PdfDict;
	/** Whether it is a document timestamp (ISO 32000-2 §12.8.5). */
	readonly isTimestamp: boolean;
}

export interface SignatureCollector {
	visit(object: PdfObject): void;
	/** In file order. */
	found(): FoundSignature[];
}

const MAX_FOUND = 1000;

export function collectSignatures(): SignatureCollector {
	const dictionaries: { readonly object: PdfObject; readonly dict: PdfDict; readonly field: string | null }[] = [];
	const fieldNames = new Map<number, string>();
	return {
		visit(object) {
			const dict = dictOf(object.value);
			if (dict === null || dictionaries.length >= MAX_FOUND) return;
			if (isSignature(dict)) dictionaries.push({ object, dict, field: null });
			const value = entryOf(dict, 'V');
			const name = pdfText(entryOf(dict, 'T'));
			if (value?.kind === 'reference' && name !== null) fieldNames.set(value.number, name);
			if (value?.kind === 'dict' && isSignature(value)) dictionaries.push({ object, dict: value, field: name });
		},
		found: () =>
			dictionaries
				.map(({ object, dict, field }) => ({
					field: field ?? fieldNames.get(object.number) ?? null,
					objectNumber: object.number,
					objectStart: object.start,
					dict,
					isTimestamp: nameOf(dict, 'Type') === 'DocTimeStamp',
				}))
				.sort((a, b) => a.objectStart - b.objectStart),
	};
}

/** A dictionary that says it is a signature, or has a signature's parts: damaged ones must be seen as well. */
function isSignature(dict: PdfDict): boolean {
	const type = nameOf(dict, 'Type');
	if (type === 'Sig' || type === 'DocTimeStamp') return true;
	const isText = (value: PdfValue | undefined): boolean => value?.kind === 'string';
	return entryOf(dict, 'ByteRange') !== undefined || (nameOf(dict, 'SubFilter') !== null && isText(entryOf(dict, 'Contents')));
}
