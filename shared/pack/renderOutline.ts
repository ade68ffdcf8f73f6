/** Bookmarks: every heading, nested by level, closed below the first. */
import { type PDFContext, type PDFDict, PDFHexString, PDFName, PDFNumber, type PDFRef } from 'pdf-lib';
import { PAPER } from './layoutTheme.ts';
import type { PlacedHeading } from './renderFlow.ts';

interface Entry {
	readonly ref: PDFRef;
	readonly dictionary: PDFDict;
	readonly level: number;
	readonly kids: Entry[];
}

/** Room left above a heading when a reader jumps to it. */
const HEADROOM = 12;

/** @returns null where there is no heading */
export function writeOutline(context: PDFContext, headings: readonly PlacedHeading[]): PDFRef | null {
	if (headings.length === 0) return null;
	const root: Entry = { ref: context.nextRef(), dictionary: context.obj({ Type: 'Outlines' }), level: 0, kids: [] };
	const path = [root];
	for (const { block, page, top } of headings) {
		while ((path.at(-1)?.level ?? 0) >= block.level) path.pop();
		const title = block.number === '' ? block.text : `${block.number}  ${block.text}`;
		const dictionary = context.obj({ Title: PDFHexString.fromText(title.toWellFormed()), Dest: destination(page.ref, top) });
		const entry: Entry = { ref: context.nextRef(), dictionary, level: block.level, kids: [] };
		path.at(-1)?.kids.push(entry);
		path.push(entry);
	}
	link(context, root);
	root.dictionary.set(PDFName.of('Count'), PDFNumber.of(root.kids.length));
	return root.ref;
}

export const destination = (page: PDFRef, top: number) =>
	[page, 'XYZ', 0, Math.round((PAPER.height - top + HEADROOM) * 100) / 100, 0] as const;

function link(context: PDFContext, entry: Entry): void {
	context.assign(entry.ref, entry.dictionary);
	const [first, last] = [entry.kids[0], entry.kids.at(-1)];
	if (first === undefined || last === undefined) return;
	entry.dictionary.set(PDFName.of('First'), first.ref);
	entry.dictionary.set(PDFName.of('Last'), last.ref);
	if (entry.level > 0) entry.dictionary.set(PDFName.of('Count'), PDFNumber.of(-entry.kids.length));
	for (const [i, kid] of entry.kids.entries()) {
		kid.dictionary.set(PDFName.of('Parent'), entry.ref);
		const [previous, next] = [entry.kids[i - 1], entry.kids[i + 1]];
		if (previous !== undefined) kid.dictionary.set(PDFName.of('Prev'), previous.ref);
		if (next !== undefined) kid.dictionary.set(PDFName.of('Next'), next.ref);
		link(context, kid);
	}
}
