/** Puts boxes on pages, one after the other, and is the pen they draw with. */
import { PDFArray, type PDFContext, type PDFDict, PDFName, PDFRawStream, type PDFRef } from 'pdf-lib';
import type { Area, Box, Pen } from './layoutBox.ts';
import type { TextSetter } from './layoutText.ts';
import { CONTENT_HEIGHT, CONTENT_WIDTH, HAIRLINE, MARGIN, PAPER, TONES, TYPE, type TypeSize } from './layoutTheme.ts';
import type { HeadingBlock } from './planBlocks.ts';
import { PageInk } from './renderInk.ts';
import type { LateNumber } from './renderLate.ts';
import { destinationName } from './renderNames.ts';
import type { PackPage } from './renderPackPage.ts';
import type { SignatureRole } from './signatureForm.ts';
import type { ReservedElement, StructureTree } from './tags.ts';

export interface PlacedHeading {
	readonly block: HeadingBlock;
	readonly page: PackPage;
	/** From the top of the page. */
	readonly top: number;
}

export interface PlacedSlot {
	readonly page: PackPage;
	readonly area: Area;
	readonly element: ReservedElement;
}

export interface FlowResources {
	readonly context: PDFContext;
	readonly setter: TextSetter;
	readonly tags: StructureTree;
	readonly deflate: (bytes: Uint8Array) => Uint8Array;
	/** Resource dictionary every page shares. */
	readonly resources: PDFRef;
	/** Content streams with what pages have in common; written when the number of pages is known. */
	readonly header: PDFRef;
	readonly footer: PDFRef;
	readonly onPage: (pages: number) => void;
}

const LINK_PADDING = 1;
const BOTTOM = MARGIN.top + CONTENT_HEIGHT;

export class PageFlow implements Pen {
	readonly setter: TextSetter;
	readonly tags: StructureTree;
	readonly pages: PackPage[] = [];
	readonly headings: PlacedHeading[] = [];
	readonly anchors = new Map<string, { readonly page: PackPage; readonly top: number }>();
	readonly slots = new Map<SignatureRole, PlacedSlot>();
	readonly lateNumbers: LateNumber[] = [];
	readonly fileLinks: { readonly annotation: PDFDict; readonly file: string }[] = [];
	runningHead: Box | null = null;
	ink: PageInk;
	private readonly from: FlowResources;
	private y: number = BOTTOM;
	private isFresh = false;
	private annotations: PDFRef[] = [];
	private runningTitle = '';
	private hasHeader = false;
	/** Number printed on the page being drawn; pages drawn later in front of others say so. */
	nextNumber = 1;

	constructor(from: FlowResources) {
		this.from = from;
		this.setter = from.setter;
		this.tags = from.tags;
		this.ink = new PageInk(this.setter);
	}

	/** Ends the page; sets what the running head says from the next one on, and that one's number. */
	beginSection(title: string, hasHeader: boolean, pageNumber: number): void {
		this.finishPage();
		this.y = BOTTOM;
		this.isFresh = false;
		this.runningTitle = title;
		this.hasHeader = hasHeader;
		this.nextNumber = pageNumber;
	}

	place(boxes: Iterable<Box>): void {
		for (const _ of this.placing(boxes));
	}

	/** Places group after group of what belongs together, and yields between two of them. */
	*placing(boxes: Iterable<Box>): Generator<void> {
		let group: Box[] = [];
		let height = 0;
		for (const box of boxes) {
			group.push(box);
			height += box.height;
			// A chain that would fill half a page is let go: better a heading at the foot than a page left empty.
			if (box.keepWithNext && height < CONTENT_HEIGHT / 2) continue;
			this.placeGroup(group, height);
			group = [];
			height = 0;
			yield;
		}
		this.placeGroup(group, height);
	}

	private placeGroup(group: readonly Box[], height: number): void {
		if (group.length > 1 && this.y + height > BOTTOM && !this.isFresh) this.startPage();
		for (const box of group) this.placeBox(box);
	}

	private placeBox(box: Box): void {
		if (box.breaksPage) {
			if (!(this.isFresh && this.pages.length > 0)) this.startPage();
			return;
		}
		if (box.isSpace && (this.isFresh || this.y + box.height > BOTTOM)) return;
		const room = BOTTOM - this.y;
		if (box.height > room + 0.01 && box.height > 0) {
			const parts = box.split?.(room) ?? null;
			if (parts !== null) {
				this.drawBox(parts[0]);
				this.startPage();
				this.placeBox(parts[1]);
				return;
			}
			if (!this.isFresh) {
				this.startPage();
				this.placeBox(box);
				return;
			}
		}
		if (this.pages.length === 0) this.startPage();
		this.drawBox(box);
	}

	private drawBox(box: Box): void {
		box.draw(this, MARGIN.left, this.y);
		this.y += box.height;
		if (box.height > 0 && !box.isSpace) this.isFresh = false;
	}

	private startPage(): void {
		this.finishPage();
		const { context } = this.from;
		const ref = context.nextRef();
		const dictionary = context.obj({
			Type: 'Page',
			MediaBox: [0, 0, PAPER.width, PAPER.height],
			Resources: this.from.resources,
			Tabs: 'S',
		});
		const page = { ref, dictionary };
		context.assign(ref, dictionary);
		dictionary.set(PDFName.of('StructParents'), context.obj(this.tags.beginPage(ref.objectNumber)));
		this.pages.push(page);
		this.ink = new PageInk(this.setter, this.ink);
		this.y = MARGIN.top;
		this.isFresh = true;
		this.drawRunningTexts();
		if (this.runningHead !== null) {
			const head = this.runningHead;
			head.draw(this, MARGIN.left, this.y);
			this.y += head.height;
		}
		this.nextNumber++;
		this.from.onPage(this.pages.length);
	}

	/** "Page 12" stands where " of 345" will fit behind it: how far to the left is known, and told by the shared footer, at the end. */
	private drawRunningTexts(): void {
		const { style, size } = TYPE.running;
		const right = PAPER.width - MARGIN.right;
		const write = (raw: string, y: number) => {
			const text = this.setter.printable(raw, style);
			this.ink.text(right - this.setter.width(text, style, size, true), y, text, style, size, TONES.muted.ink, true);
		};
		write(`Page ${this.nextNumber}`, FOOTER_Y);
		this.ink.restore();
		if (!this.hasHeader) return;
		write(this.setter.fit(this.runningTitle, style, size, CONTENT_WIDTH * (1 - HEADER_SHARE)), HEADER_Y);
		this.ink.line(MARGIN.left, HEADER_Y + 7, right, HEADER_Y + 7, 0.4, HAIRLINE);
	}

	/** Compresses and registers the page being drawn. Call it once more at the end. */
	finishPage(): void {
		const page = this.pages.at(-1);
		if (page === undefined || page.dictionary.has(PDFName.of('Contents'))) return;
		const { context } = this.from;
		const bytes = this.from.deflate(this.ink.finish());
		const stream = context.register(PDFRawStream.of(context.obj({ Length: bytes.length, Filter: 'FlateDecode' }), bytes));
		page.dictionary.set(
			PDFName.of('Contents'),
			context.obj(this.hasHeader ? [this.from.header, this.from.footer, stream] : [this.from.footer, stream]),
		);
		if (this.annotations.length > 0) {
			const annotations = PDFArray.withContext(context);
			for (const annotation of this.annotations) annotations.push(annotation);
			page.dictionary.set(PDFName.of('Annots'), annotations);
		}
		this.annotations = [];
		this.tags.endPage();
	}

	private get page(): PackPage {
		const page = this.pages.at(-1);
		if (page === undefined) throw new Error('Nothing is drawn before the first page');
		return page;
	}

	content(tag: string): void {
		this.ink.beginContent(tag, this.tags.mark());
	}

	link({ x, top, width, height }: Area, target: { readonly anchor?: string; readonly file?: string }): void {
		const { context } = this.from;
		const ref = context.nextRef();
		const rectangle = [x - LINK_PADDING, PAPER.height - top - height, x + width + LINK_PADDING, PAPER.height - top].map(
			(value) => Math.round(value * 100) / 100,
		);
		const annotation = context.obj({
			Type: 'Annot',
			Subtype: 'Link',
			Rect: rectangle,
			Border: [0, 0, 0],
			F: 4,
			StructParent: this.tags.markAnnotation(ref.objectNumber),
		});
		if (target.anchor !== undefined) annotation.set(PDFName.of('Dest'), destinationName(target.anchor));
		if (target.file !== undefined) this.fileLinks.push({ annotation, file: target.file });
		context.assign(ref, annotation);
		this.annotations.push(ref);
	}

	anchor(name: string, top: number): void {
		if (!this.anchors.has(name)) this.anchors.set(name, { page: this.page, top });
	}

	pageNumber(anchor: string, right: number, y: number, type: TypeSize, tag: string): void {
		this.lateNumbers.push({ page: this.page, anchor, right, y, type, tag, mcid: this.tags.mark() });
	}

	heading(block: HeadingBlock, top: number): void {
		this.headings.push({ block, page: this.page, top });
		this.anchor(block.anchor, top);
	}

	signatureSlot(role: SignatureRole, area: Area): void {
		this.slots.set(role, { page: this.page, area, element: this.tags.reserve('Form', `(${role}'s signature)`) });
	}
}

export const HEADER_Y = 46;
export const FOOTER_Y = PAPER.height - 36;

/** Share of the header that the client's name may take; the section's title has the rest. */
export const HEADER_SHARE = 0.66;
