/** Boxes: what blocks become once they know their width. A box knows its height, and draws itself where the flow puts it. */
import type { TextSetter } from './layoutText.ts';
import type { TypeSize } from './layoutTheme.ts';
import type { HeadingBlock } from './planBlocks.ts';
import type { PageInk } from './renderInk.ts';
import type { SignatureRole } from './signatureForm.ts';
import type { StructureTree } from './tags.ts';

/** Left, top, width and height on the page; y counts downwards. */
export interface Area {
	readonly x: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Everything a box may touch while it draws: the page being written and the document around it. */
export interface Pen {
	readonly ink: PageInk;
	readonly tags: StructureTree;
	readonly setter: TextSetter;
	/** Begins tagged content of the structure element that is open. */
	content(tag: string): void;
	/** A link over the area, as content of the open element. */
	link(area: Area, target: { readonly anchor?: string; readonly file?: string }): void;
	/** A named place that links lead to. */
	anchor(name: string, top: number): void;
	/** Keeps room, right-aligned at (right, y), for the number of the page that a named place is on; its content belongs to the open element. */
	pageNumber(anchor: string, right: number, y: number, type: TypeSize, tag: string): void;
	heading(block: HeadingBlock, top: number): void;
	signatureSlot(role: SignatureRole, area: Area): void;
	/** What is repeated at the top of the following pages, until it is set to null. */
	runningHead: Box | null;
}

export interface Box {
	readonly height: number;
	/** Never the last thing on a page. */
	readonly keepWithNext?: boolean;
	/** White space: left out at the top of a page. */
	readonly isSpace?: boolean;
	/** Everything before it is on an earlier page. */
	readonly breaksPage?: boolean;
	draw(pen: Pen, x: number, top: number): void;
	/** The part that fits into `room` points and the rest; null where it can't be divided there. */
	split?(room: number): readonly [Box, Box] | null;
}

/** A box without extent that does something in its turn. */
export const act = (perform: (pen: Pen, top: number) => void): Box => ({
	height: 0,
	keepWithNext: true,
	draw: (pen, _x, top) => perform(pen, top),
});

export const spaceBox = (height: number): Box => ({ height, isSpace: true, keepWithNext: true, draw: () => undefined });

/** The same, but a page may end there. */
export const gapBox = (height: number): Box => ({ height, isSpace: true, draw: () => undefined });

/** Everything of `boxes` one below the other, as one box that is never divided. */
export function stack(boxes: Iterable<Box>): Box {
	const all = [...boxes];
	const height = all.reduce((sum, box) => sum + box.height, 0);
	return {
		height,
		draw(pen, x, top) {
			let at = top;
			for (const box of all) {
				box.draw(pen, x, at);
				at += box.height;
			}
		},
	};
}
