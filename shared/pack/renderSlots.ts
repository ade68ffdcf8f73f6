/** The two signature fields, at the places the signature page left for them. */
import { PDFArray, PDFDict, type PDFDocument, PDFName, type PDFRef } from 'pdf-lib';
import { invariant } from '#kernel';
import type { TextSetter } from './layoutText.ts';
import { PAPER } from './layoutTheme.ts';
import type { PlacedSlot } from './renderFlow.ts';
import { SIGNATURE_ROLES, type SignatureRole } from './signatureForm.ts';
import { addSignatureSlots, type SignatureSlot, slotContent } from './signatureSlots.ts';

export function writeSlots(
	document: PDFDocument,
	placed: ReadonlyMap<SignatureRole, PlacedSlot>,
	resources: PDFRef,
	setter: TextSetter,
	packId: string,
): void {
	const slots = Object.fromEntries(
		SIGNATURE_ROLES.map((role) => [role, slotOf(role, placed.get(role), resources, setter, packId)]),
	) as Record<SignatureRole, SignatureSlot>;
	addSignatureSlots(document, slots);
	const fields = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray);
	for (const [i, role] of SIGNATURE_ROLES.entries()) placed.get(role)?.element.fill((fields.get(i) as PDFRef).objectNumber);
}

function slotOf(role: SignatureRole, placed: PlacedSlot | undefined, resources: PDFRef, setter: TextSetter, packId: string): SignatureSlot {
	invariant(placed !== undefined, `the plan has a place for the ${role}'s signature`);
	const { x, top, width, height } = placed.area;
	const round = (value: number) => Math.round(value * 100) / 100;
	const bottom = PAPER.height - top - height;
	const words = { fontName: 'F0', sizePt: 8, encode: (text: string) => hexInFirstFont(setter, text) };
	return {
		page: placed.page.ref,
		rect: [round(x), round(bottom), round(x + width), round(bottom + height)],
		appearance: {
			content: slotContent(role, packId, words, round(x + width) - round(x), round(bottom + height) - round(bottom)),
			resources,
		},
		structParent: placed.element.key,
	};
}

/** Text as a hex string of the regular face; the field's words have one font, so what it lacks becomes "?". */
function hexInFirstFont(setter: TextSetter, text: string): string {
	const table = setter.tables.regular;
	const printable = table.printable(text);
	let hex = '';
	for (let i = 0; i < printable.length; i++) {
		const unit = table.faces[printable.charCodeAt(i)] === 0 && !table.isShaped(printable.charCodeAt(i)) ? printable.charCodeAt(i) : 0x3f;
		table.printable('?');
		hex += (table.codes[unit] as number).toString(16).padStart(4, '0');
	}
	return `<${hex}>`;
}
