/** The page tree, and what all pages have in common. */
import { type PDFCatalog, type PDFContext, type PDFDict, PDFName, PDFRawStream, type PDFRef } from 'pdf-lib';
import type { TextSetter } from './layoutText.ts';
import { CONTENT_WIDTH, MARGIN, PAPER, TONES, TYPE } from './layoutTheme.ts';
import { FOOTER_Y, HEADER_SHARE, HEADER_Y } from './renderFlow.ts';
import { PageInk } from './renderInk.ts';
import type { PackPage } from './renderPackPage.ts';

const FAN_OUT = 32;

/** A balanced page tree (ISO 32000-1 §7.7.3.3): a reader finds page 9,000 in three steps. */
export function writePageTree(context: PDFContext, catalog: PDFCatalog, pages: readonly PackPage[]): void {
	const root = catalog.get(PDFName.of('Pages')) as PDFRef;
	let level = pages.map(({ ref, dictionary }) => ({ ref, dictionary, count: 1 }));
	do {
		const isRoot = level.length <= FAN_OUT;
		const parents: typeof level = [];
		for (let i = 0; i < level.length; i += FAN_OUT) {
			const kids = level.slice(i, i + FAN_OUT);
			const count = kids.reduce((sum, kid) => sum + kid.count, 0);
			const dictionary: PDFDict = context.obj({ Type: 'Pages', Kids: kids.map((kid) => kid.ref), Count: count });
			const ref = isRoot ? root : context.nextRef();
			context.assign(ref, dictionary);
			for (const kid of kids) kid.dictionary.set(PDFName.of('Parent'), ref);
			parents.push({ ref, dictionary, count });
		}
		level = parents;
	} while (level.length > 1);
}

export interface SharedStreams {
	readonly context: PDFContext;
	readonly setter: TextSetter;
	readonly deflate: (bytes: Uint8Array) => Uint8Array;
	readonly header: PDFRef;
	readonly footer: PDFRef;
}

/** Header and footer that are the same on every page, written once; each page adds only its own number and title. */
export function writeSharedStreams(
	{ context, setter, deflate, header, footer }: SharedStreams,
	words: { readonly header: string; readonly footer: string },
	pageCount: number,
): void {
	const { style, size } = TYPE.running;
	const draw = (write: (ink: PageInk) => void): PDFRawStream => {
		const ink = new PageInk(setter);
		write(ink);
		const bytes = deflate(ink.finish());
		return PDFRawStream.of(context.obj({ Length: bytes.length, Filter: 'FlateDecode' }), bytes);
	};
	context.assign(
		header,
		draw((ink) =>
			ink.text(
				MARGIN.left,
				HEADER_Y,
				setter.fit(words.header, style, size, CONTENT_WIDTH * HEADER_SHARE - 12),
				style,
				size,
				TONES.muted.ink,
				true,
			),
		),
	);
	context.assign(
		footer,
		draw((ink) => {
			ink.text(MARGIN.left, FOOTER_Y, setter.fit(words.footer, style, size, CONTENT_WIDTH - 110), style, size, TONES.muted.ink, true);
			const total = setter.printable(` of ${pageCount}`, style);
			const width = setter.width(total, style, size, true);
			ink.text(PAPER.width - MARGIN.right - width, FOOTER_Y, total, style, size, TONES.muted.ink, true);
			ink.shiftNext(-width);
		}),
	);
}
