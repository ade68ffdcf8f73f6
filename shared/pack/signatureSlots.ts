/**
 * The two signature fields of a pack, put in when it is rendered. Both exist from the start with a drawn, neutral
 * appearance: a signature then only fills reserved bytes, and a reviewer's later update need touch nothing but `/V`.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFObject, type PDFRef, PDFString } from 'pdf-lib';
import { CONTENTS_BYTES, PLACEHOLDER_NUMBER, SIGNATURE_TEXT_LIMITS, type SignatureRole, textPlaceholderDigits } from './signatureForm.ts';

/** Where a field stands and what it shows. Lengths in points, y upwards from the page's lower edge. */
export interface SignatureSlot {
	readonly page: PDFRef;
	readonly rect: readonly [left: number, bottom: number, right: number, top: number];
	readonly appearance: SlotAppearance;
	/** The widget's key into the page tree's parent tree, in a tagged document. */
	readonly structParent?: number;
}

/** Content operators in the slot's own coordinates (0,0 is its lower left), with the resources they name. */
export interface SlotAppearance {
	readonly content: string;
	readonly resources: PDFDict | PDFRef;
}

export interface SlotWords {
	/** The font's name in `resources`, without the slash: `F0`. */
	readonly fontName: string;
	readonly sizePt: number;
	/** The operand that shows `text` in that font, e.g. `font.encodeText(text).toString()`. */
	readonly encode: (text: string) => string;
}

/**
 * The words of a slot. They must stay true whether or not anybody signs, since a signature can't change them:
 * role and pack, and where to look, never "signed".
 */
export function slotContent(role: SignatureRole, packId: string, words: SlotWords, widthPt: number, heightPt: number): string {
	const { fontName, sizePt, encode } = words;
	const lines = [role, packId, 'See the signature panel'];
	const leading = sizePt * 1.35;
	const first = heightPt / 2 + leading * 0.65;
	const number = (value: number): string => value.toFixed(2);
	const shown = lines.map((line, i) => `1 0 0 1 ${number(sizePt)} ${number(first - i * leading)} Tm ${encode(line)} Tj`);
	const frame = `0.6 G 0.75 w 0.375 0.375 ${number(widthPt - 0.75)} ${number(heightPt - 0.75)} re S`;
	return ['q', frame, 'Q', 'BT', '0.25 g', `/${fontName} ${number(sizePt)} Tf`, ...shown, 'ET'].join('\n');
}

/**
 * Adds the AcroForm with the fields Preparer and Reviewer, the preparer's empty certification signature
 * (DocMDP P=2: only further signatures may follow) and `/Perms`. Placeholders have a fixed width, so that signing
 * patches bytes in place and equal packs have equal bytes before it. Changes `document`; call it once, before `save`.
 * @see ISO 32000-1 §12.7.4.5, §12.8.2.2
 */
export function addSignatureSlots(document: PDFDocument, slots: Readonly<Record<SignatureRole, SignatureSlot>>): void {
	const { context, catalog } = document;
	const signature = context.register(context.obj(placeholderDictionary(document)) as PDFDict);
	const preparer = addField(document, 'Preparer', slots.Preparer, signature);
	const reviewer = addField(document, 'Reviewer', slots.Reviewer, null);
	catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ Fields: [preparer, reviewer], SigFlags: 3 })));
	catalog.set(PDFName.of('Perms'), context.obj({ DocMDP: signature }));
}

function addField(document: PDFDocument, role: SignatureRole, slot: SignatureSlot, value: PDFRef | null): PDFRef {
	const { context } = document;
	const [left, bottom, right, top] = slot.rect;
	const form = context.stream(slot.appearance.content, {
		Type: 'XObject',
		Subtype: 'Form',
		BBox: [0, 0, right - left, top - bottom],
		Resources: slot.appearance.resources,
	});
	const field = context.obj({
		Type: 'Annot',
		Subtype: 'Widget',
		FT: 'Sig',
		T: PDFString.of(role),
		TU: PDFString.of(`${role}'s signature`),
		// Print and Locked (ISO 32000-1 table 165).
		F: 132,
		Rect: [left, bottom, right, top],
		P: slot.page,
		AP: { N: context.register(form) },
		...(value === null ? {} : { V: value }),
		...(slot.structParent === undefined ? {} : { StructParent: slot.structParent }),
	});
	const reference = context.register(field);
	const page = context.lookup(slot.page, PDFDict);
	const annotations = page.lookupMaybe(PDFName.of('Annots'), PDFArray);
	if (annotations === undefined) page.set(PDFName.of('Annots'), context.obj([reference]));
	else annotations.push(reference);
	return reference;
}

function placeholderDictionary(document: PDFDocument): Record<string, PDFObject> {
	const { context } = document;
	const blankText = (units: number): PDFHexString => PDFHexString.of('20'.repeat(textPlaceholderDigits(units) / 2));
	const number = PDFNumber.of(PLACEHOLDER_NUMBER);
	const reference = context.obj({
		Type: 'SigRef',
		TransformMethod: 'DocMDP',
		TransformParams: { Type: 'TransformParams', P: 2, V: '1.2' },
	});
	return {
		Type: PDFName.of('Sig'),
		Filter: PDFName.of('Adobe.PPKLite'),
		SubFilter: PDFName.of('ETSI.CAdES.detached'),
		ByteRange: context.obj([PDFNumber.of(0), number, number, number]),
		Contents: PDFHexString.of('0'.repeat(2 * CONTENTS_BYTES)),
		M: blankText(SIGNATURE_TEXT_LIMITS.M),
		Name: blankText(SIGNATURE_TEXT_LIMITS.Name),
		Reason: blankText(SIGNATURE_TEXT_LIMITS.Reason),
		Location: blankText(SIGNATURE_TEXT_LIMITS.Location),
		Reference: context.obj([reference]),
	};
}
