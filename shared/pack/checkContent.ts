/** What a pack never contains, looked for in every object of every revision: a list of what is allowed wherever one is possible. */
import { type CheckFinding, finding } from './checkCodes.ts';
import type { PdfFile } from './pdfSyntaxFile.ts';
import { dictOf, entryOf, nameOf, type PdfDict, type PdfObject, type PdfValue } from './pdfSyntaxValue.ts';

/** Keys that start something, hide something, or make a reader draw what was not signed. */
const FORBIDDEN_KEYS = new Set(
	(
		'JS JavaScript AA OpenAction Launch XFA RichMedia RichMediaContent NeedAppearances OCProperties OC OCGs Encrypt Collection ' +
		'Threads SpiderInfo Legal NeedsRendering Rendition Alternates OPI Ref'
	).split(' '),
);

/** The only actions a pack's links take: to a place in it, to a file embedded in it, to an address shown. */
const ACTIONS = new Set(['GoTo', 'GoToE', 'URI']);
/** Every other action of ISO 32000-1 table 198, for dictionaries that leave out their type. */
const FORBIDDEN_ACTIONS = new Set(
	(
		'JavaScript Launch SubmitForm ImportData ResetForm Hide Movie Sound Rendition GoToR Named Thread SetOCGState Trans ' +
		'GoTo3DView RichMediaExecute'
	).split(' '),
);
const ANNOTATIONS = new Set(['Link', 'Widget', 'FileAttachment']);
const UNEMBEDDED = new Set(['Type1', 'MMType1', 'TrueType', 'CIDFontType0', 'CIDFontType2']);
const NAME_TREES = new Set(['EmbeddedFiles', 'Dests']);
const MAX_FINDINGS = 50;

export interface ContentCheck {
	visit(object: PdfObject): void;
	/** The objections, once the file is open. */
	finish(file: PdfFile): readonly CheckFinding[];
}

/** An incremental check: `visit` every object while reading, so that none need be kept. */
export function checkContent(): ContentCheck {
	const findings: CheckFinding[] = [];
	const fonts: { readonly object: number; readonly descriptor: PdfValue | undefined }[] = [];
	const report = (found: CheckFinding): void => {
		if (findings.length < MAX_FINDINGS) findings.push(found);
	};
	const inspectDict = (dict: PdfDict, object: number): void => {
		for (const key of dict.entries.keys())
			if (FORBIDDEN_KEYS.has(key)) report(finding(key === 'Encrypt' ? 'encrypted' : 'forbidden_key', `/${key} in object ${object}`));
		const type = nameOf(dict, 'Type');
		const subtype = nameOf(dict, 'Subtype');
		const action = nameOf(dict, 'S');
		const isForbidden = action !== null && (FORBIDDEN_ACTIONS.has(action) || (type === 'Action' && !ACTIONS.has(action)));
		if (isForbidden) report(finding('forbidden_key', `the action /${action} in object ${object}`));
		const isAnnotation = type === 'Annot' || (dict.entries.has('Rect') && subtype !== null);
		if (isAnnotation && (subtype === null || !ANNOTATIONS.has(subtype)))
			report(finding('forbidden_annotation', `/${subtype ?? 'no subtype'} in object ${object}`));
		if (type === 'Font' && subtype !== null && UNEMBEDDED.has(subtype)) fonts.push({ object, descriptor: entryOf(dict, 'FontDescriptor') });
	};
	return {
		visit(object) {
			walk(object.value, (dict) => inspectDict(dict, object.number));
			// A stream whose data lies in another file (ISO 32000-1 §7.3.8.2) would escape every hash.
			if (object.value.kind === 'stream' && object.value.dict.entries.has('F'))
				report(finding('forbidden_key', `external data in object ${object.number}`));
		},
		finish(file) {
			for (const { object, descriptor } of fonts) {
				const dict = dictOf(file.resolve(descriptor));
				const embedded = dict !== null && ['FontFile', 'FontFile2', 'FontFile3'].some((key) => dict.entries.has(key));
				if (!embedded) report(finding('font_not_embedded', `object ${object}`));
			}
			for (const [index, { trailer }] of file.revisions.entries()) {
				if (trailer.entries.has('Encrypt')) report(finding('encrypted', 'the trailer'));
				const catalog = dictOf(file.resolve(entryOf(trailer, 'Root'), index));
				const names = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'Names'), index));
				for (const key of names?.entries.keys() ?? []) if (!NAME_TREES.has(key)) report(finding('forbidden_key', `the name tree /${key}`));
			}
			return findings;
		},
	};
}

function walk(value: PdfValue, inspect: (dict: PdfDict) => void): void {
	if (value.kind === 'array') for (const item of value.items) walk(item, inspect);
	const dict = dictOf(value);
	if (dict === null) return;
	inspect(dict);
	for (const { value: inner } of dict.entries.values()) walk(inner, inspect);
}
