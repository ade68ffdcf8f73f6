/** Page numbers that are not known where they are printed: written into a last stream of their page, under the tags kept for them. */
import { PDFArray, type PDFContext, PDFName, PDFRawStream } from 'pdf-lib';
import type { TextSetter } from './layoutText.ts';
import { TONES, type TypeSize } from './layoutTheme.ts';
import { PageInk } from './renderInk.ts';
import type { PackPage } from './renderPackPage.ts';

/** Room kept on a page for the number of the page that a named place is on. */
export interface LateNumber {
	readonly page: PackPage;
	readonly anchor: string;
	/** Right end and baseline of the figure. */
	readonly right: number;
	readonly y: number;
	readonly type: TypeSize;
	/** The marked content it is: type of its structure element, and number on its page. */
	readonly tag: string;
	readonly mcid: number;
}

interface LateResources {
	readonly context: PDFContext;
	readonly setter: TextSetter;
	readonly deflate: (bytes: Uint8Array) => Uint8Array;
}

/** Writes all of them; call it when every page has its number and its other streams. */
export function writeLateNumbers(
	{ context, setter, deflate }: LateResources,
	numbers: readonly LateNumber[],
	numberOf: (anchor: string) => string,
): void {
	const byPage = new Map<LateNumber['page'], LateNumber[]>();
	for (const number of numbers) {
		const own = byPage.get(number.page);
		if (own) own.push(number);
		else byPage.set(number.page, [number]);
	}
	for (const [page, own] of byPage) {
		const ink = new PageInk(setter);
		for (const { anchor, right, y, type, tag, mcid } of own) {
			const text = setter.printable(numberOf(anchor), type.style);
			ink.beginContent(tag, mcid);
			ink.text(right - setter.width(text, type.style, type.size), y, text, type.style, type.size, TONES[type.tone].ink);
			ink.endMark();
		}
		const bytes = deflate(ink.finish());
		const stream = context.register(PDFRawStream.of(context.obj({ Length: bytes.length, Filter: 'FlateDecode' }), bytes));
		page.dictionary.lookup(PDFName.of('Contents'), PDFArray).push(stream);
	}
}
