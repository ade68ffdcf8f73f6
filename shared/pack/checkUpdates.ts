/** What an unlawful update does, in the words an auditor needs: which kind of object it changes. */
import { type CheckCode, type CheckFinding, finding } from './checkCodes.ts';
import type { PdfFile } from './pdfSyntaxFile.ts';
import { dictOf, entryOf, equalValues, integerOf, nameOf, type PdfDict, type PdfValue, referenceOf } from './pdfSyntaxValue.ts';

/** One finding for each kind of change in `revision`, which is none of the lawful ones. */
export function describeUpdate(file: PdfFile, revision: number): CheckFinding[] {
	const numbers = [...(file.revisions[revision]?.offsets.keys() ?? [])];
	const found = new Map<CheckCode, number>();
	for (const number of numbers) {
		for (const code of codesOf(file, revision, number)) if (!found.has(code)) found.set(code, number);
	}
	if (numbers.length === 0) return [finding('update_empty', `revision ${revision + 1}`)];
	// A new object says nothing of its own beside the changed one that brought it in.
	if (found.size > 1) found.delete('update_changes_object');
	return [...found].map(([code, number]) => finding(code, `object ${number} in revision ${revision + 1}`));
}

function codesOf(file: PdfFile, revision: number, number: number): readonly CheckCode[] {
	const before = file.get(number, revision - 1);
	const after = file.get(number, revision);
	const trailer = file.revisions[revision]?.trailer;
	if (trailer !== undefined && referenceOf(trailer, 'Root') === number) return catalogCodes(dictOf(before), dictOf(after));
	if (trailer !== undefined && referenceOf(trailer, 'Info') === number) return ['update_changes_info'];
	const dict = dictOf(before) ?? dictOf(after);
	if (dict === null) return ['update_changes_object'];
	switch (nameOf(dict, 'Type')) {
		case 'Pages':
			return before !== undefined && count(after) > count(before) ? ['update_adds_page'] : ['update_changes_pages'];
		case 'Page':
			return before === undefined ? ['update_changes_object'] : pageCodes(dictOf(before), dictOf(after));
		case 'Font':
		case 'FontDescriptor':
			return ['update_changes_font'];
		case 'EmbeddedFile':
		case 'Filespec':
		case 'F':
			return ['update_changes_attachment'];
		case 'Action':
			return ['update_adds_action'];
		case 'Annot':
			return annotationCodes(dict, before);
		default:
			return otherCodes(dict, before);
	}
}

const count = (value: PdfValue | undefined): number => integerOf(dictOf(value) ?? EMPTY, 'Count') ?? 0;
const EMPTY: PdfDict = { kind: 'dict', entries: new Map(), start: 0, end: 0 };

function catalogCodes(before: PdfDict | null, after: PdfDict | null): readonly CheckCode[] {
	const codes: CheckCode[] = ['update_changes_catalog'];
	const gains = (key: string): boolean => after !== null && !equalValues(entryOf(before ?? EMPTY, key), entryOf(after, key));
	if (gains('OpenAction') || gains('AA')) codes.push('update_adds_action');
	if (gains('Pages')) codes.push('update_changes_pages');
	return codes;
}

function pageCodes(before: PdfDict | null, after: PdfDict | null): readonly CheckCode[] {
	if (before === null || after === null) return ['update_changes_page'];
	const differs = (key: string): boolean => !equalValues(entryOf(before, key), entryOf(after, key));
	const codes: CheckCode[] = [];
	if (differs('Annots')) codes.push('update_adds_annotation');
	if (differs('Contents') || differs('Resources')) codes.push('update_changes_page_content');
	if (differs('AA')) codes.push('update_adds_action');
	if (!equalValues(before, after, ['Annots', 'Contents', 'Resources', 'AA'])) codes.push('update_changes_page');
	return codes.length > 0 ? codes : ['update_changes_page'];
}

function annotationCodes(dict: PdfDict, before: PdfValue | undefined): readonly CheckCode[] {
	if (nameOf(dict, 'FT') === 'Sig') return [before === undefined ? 'update_adds_signature_field' : 'update_changes_field'];
	return ['update_adds_annotation'];
}

function otherCodes(dict: PdfDict, before: PdfValue | undefined): readonly CheckCode[] {
	if (dict.entries.has('EF')) return ['update_changes_attachment'];
	if (dict.entries.has('JS') || nameOf(dict, 'S') === 'JavaScript') return ['update_adds_action'];
	if (before === undefined) return ['update_changes_object'];
	if (dict.entries.has('Length1') || /^(Type1C|CIDFontType0C|OpenType)$/.test(nameOf(dict, 'Subtype') ?? ''))
		return ['update_changes_font'];
	if (before.kind === 'stream') return ['update_changes_page_content'];
	return ['update_changes_object'];
}
