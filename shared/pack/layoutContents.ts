/** The table of contents. Its pages depend on the titles alone, so they are known before any page number is. */
import { act, type Box, spaceBox } from './layoutBox.ts';
import { baseline, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { RULE, TONES, TYPE, type TypeSize } from './layoutTheme.ts';
import type { HeadingBlock } from './planBlocks.ts';

const NUMBER_WIDTH = 34;
const PAGE_WIDTH = 40;
const FIRST: TypeSize = { ...TYPE.body, style: 'semibold', size: 9.8, leading: 16 };
const SECOND: TypeSize = { ...TYPE.body, size: 8.8, leading: 13.4 };

/** Entries divided over pages of `room` points; a chapter's title is never the last line of one. */
export function contentsPages(
	entries: readonly HeadingBlock[],
	room: number,
	width: number,
	setter: TextSetter,
): readonly (readonly HeadingBlock[])[] {
	const pages: HeadingBlock[][] = [[]];
	let left = room;
	for (const [i, entry] of entries.entries()) {
		const height = entryHeight(entry, width, setter);
		const next = entries[i + 1];
		const needed = entry.level === 1 && next !== undefined && next.level > 1 ? height + entryHeight(next, width, setter) : height;
		if (needed > left && pages.at(-1)?.length !== 0) {
			pages.push([]);
			left = room;
		}
		pages.at(-1)?.push(entry);
		left -= height;
	}
	return pages;
}

const SPACE_ABOVE = 6;

const linesOf = (entry: HeadingBlock, width: number, setter: TextSetter) =>
	layoutWords(setter, entry.text, entry.level === 1 ? FIRST : SECOND, width - NUMBER_WIDTH - PAGE_WIDTH);

const entryHeight = (entry: HeadingBlock, width: number, setter: TextSetter): number =>
	linesOf(entry, width, setter).length * (entry.level === 1 ? FIRST : SECOND).leading + (entry.level === 1 ? SPACE_ABOVE : 0);

/** One box an entry, with a link over the whole line. */
export function* contentsBoxes(
	entries: readonly HeadingBlock[],
	pageOf: (anchor: string) => string,
	width: number,
	setter: TextSetter,
): Generator<Box> {
	yield act((pen) => pen.tags.open('TOC'));
	for (const entry of entries) {
		if (entry.level === 1) yield spaceBox(SPACE_ABOVE);
		yield entryBox(entry, pageOf(entry.anchor), width, setter);
	}
	yield { height: 0, draw: (pen) => pen.tags.close() };
}

function entryBox(entry: HeadingBlock, page: string, width: number, setter: TextSetter): Box {
	const type = entry.level === 1 ? FIRST : SECOND;
	const lines = linesOf(entry, width, setter);
	const height = lines.length * type.leading;
	return {
		height,
		draw(pen, x, top) {
			pen.tags.open('TOCI');
			pen.tags.open('Link');
			pen.content('Link');
			const write = (text: string, left: number, y: number) =>
				pen.ink.text(left, baseline(y, type), text, type.style, type.size, TONES.plain.ink, true);
			// Drawn spaces part number, title and page for whoever hears the entry or copies it.
			write(`${setter.printable(entry.number, type.style)} `, x, top);
			for (const [i, line] of lines.entries())
				for (const [n, segment] of line.segments.entries())
					write(
						n === line.segments.length - 1 ? `${segment.text.trimEnd()} ` : segment.text,
						x + NUMBER_WIDTH + segment.x,
						top + i * type.leading,
					);
			const lastTop = top + height - type.leading;
			const pageLeft = x + width - setter.width(page, type.style, type.size, true);
			write(page, pageLeft, lastTop);
			pen.ink.endMark();
			pen.link({ x, top, width, height }, { anchor: entry.anchor });
			pen.tags.close();
			pen.tags.close();
			const start = x + NUMBER_WIDTH + (lines.at(-1)?.width ?? 0) + 6;
			const y = baseline(lastTop, type) - 0.4;
			if (start < pageLeft - 6) pen.ink.line(start, y, pageLeft - 6, y, 0.5, RULE, '0.5 2.5');
		},
	};
}
