/** Every kind of block as boxes of a given width. */
import { unreachable } from '#kernel';
import { act, type Box, gapBox, type Pen, spaceBox, stack } from './layoutBox.ts';
import { CHIP_GAP, CHIP_HEIGHT, chipWidth, drawChip } from './layoutChip.ts';
import { factsBoxes } from './layoutFacts.ts';
import { drawLine, layoutWords } from './layoutLines.ts';
import { calloutBoxes, codeBoxes, listBoxes, signatureBoxes } from './layoutPieces.ts';
import { tableBoxes } from './layoutTable.ts';
import { tallyBoxes } from './layoutTally.ts';
import type { TextSetter } from './layoutText.ts';
import { RULE, STRONG_RULE, TONES, TYPE, type TypeSize } from './layoutTheme.ts';
import { timelineBoxes } from './layoutTimeline.ts';
import type { Block, BlockOf, Chip, HeadingBlock, Words } from './planBlocks.ts';
import type { StructureType } from './tags.ts';

export function* boxesOf(block: Block, width: number, setter: TextSetter): Generator<Box> {
	switch (block.kind) {
		case 'heading':
			return yield* headingBoxes(block, width, setter);
		case 'text': {
			const space = block.style === 'label' ? 1 : block.style === 'lead' ? 10 : 6;
			yield* textBoxes(block.words, TYPE[block.style], 'P', width, setter, block.keep === true);
			return yield block.keep === true ? spaceBox(space) : gapBox(space);
		}
		case 'list':
			return yield* listBoxes(block.items, block.ordered === true, width, setter);
		case 'facts':
			return yield* factsBoxes(block.rows, block.columns ?? 1, width, setter, block.weights);
		case 'table':
			yield* tableBoxes(block, width, setter);
			return yield gapBox(12);
		case 'callout':
			return yield* calloutBoxes(block.tone, block.title, block.words, width, setter);
		case 'code':
			return yield* codeBoxes(block.lines, width, setter, block.keep === true);
		case 'tally':
			return yield* tallyBoxes(block.parts, width, setter);
		case 'chips':
			return yield* chipsBoxes(block.chips, block.arrows, width, setter);
		case 'columns':
			return yield columnsBox(block.parts, width, setter);
		case 'timeline':
			return yield* timelineBoxes(block, width, setter);
		case 'signatures':
			return yield* signatureBoxes(block.slots, width, setter);
		case 'cover':
			return yield* coverBoxes(block, width, setter);
		case 'anchor':
			return yield act((pen, top) => pen.anchor(block.anchor, top));
		case 'space':
			return yield gapBox(block.points);
		case 'page':
			return yield { height: 0, breaksPage: true, draw: () => undefined };
		default:
			return unreachable(block);
	}
}

/** A paragraph as one box a line, so that it may run over a page end, but never with a single line on either side. */
function* textBoxes(
	words: Words,
	type: TypeSize,
	element: StructureType,
	width: number,
	setter: TextSetter,
	keepWithNext = false,
): Generator<Box> {
	const lines = layoutWords(setter, words, type, width);
	for (const [i, line] of lines.entries()) {
		const isLast = i === lines.length - 1;
		yield {
			height: type.leading,
			keepWithNext: (keepWithNext && isLast) || (!isLast && (i === 0 || i === lines.length - 2)),
			draw(pen, x, top) {
				if (i === 0) pen.tags.open(element);
				drawLine(pen, line, x, top, { type, tag: element });
				if (isLast) pen.tags.close();
			},
		};
	}
}

function* headingBoxes(block: HeadingBlock, width: number, setter: TextSetter): Generator<Box> {
	const type = block.level === 1 ? TYPE.heading1 : block.level === 2 ? TYPE.heading2 : TYPE.heading3;
	if (block.level === 1) yield { height: 0, breaksPage: true, draw: () => undefined };
	else yield gapBox(block.level === 2 ? 16 : 10);
	yield act((pen, top) => pen.heading(block, top));
	const element = `H${block.level}` as const;
	const chips = block.chips ?? [];
	const room = chips.reduce((sum, chip) => sum + chipWidth(setter, chip) + CHIP_GAP, 0);
	const words =
		block.number === ''
			? block.text
			: [
					{ text: `${block.number}  `, tone: 'muted' as const, bold: true },
					{ text: block.text, bold: true },
				];
	const heading = stack([...textBoxes(words, type, element, width - room, setter)]);
	yield {
		height: heading.height,
		keepWithNext: true,
		draw(pen, x, top) {
			heading.draw(pen, x, top);
			if (chips.length === 0) return;
			pen.tags.open('P');
			let right = x + width;
			for (const chip of [...chips].reverse()) {
				right -= chipWidth(setter, chip);
				drawChip(pen, chip, right, top, type.leading, 'P');
				right -= CHIP_GAP;
			}
			pen.tags.close();
		},
	};
	if (block.level === 1) yield ruleBox(width);
	yield spaceBox(block.level === 1 ? 14 : block.level === 2 ? 5 : 2);
}

const ruleBox = (width: number): Box => ({
	height: 6,
	keepWithNext: true,
	draw: (pen, x, top) => {
		pen.ink.line(x, top + 5, x + width, top + 5, 0.5, RULE);
		pen.ink.rectangle(x, top + 4, 36, 2, TONES.accent.ink);
	},
});

function* chipsBoxes(chips: readonly Chip[], hasArrows: boolean, width: number, setter: TextSetter): Generator<Box> {
	const gap = hasArrows ? 16 : CHIP_GAP;
	const leading = CHIP_HEIGHT + 4;
	let line: { readonly chip: Chip; readonly x: number }[] = [];
	let x = 0;
	const flush = (placed: typeof line, isLast: boolean): Box => ({
		height: leading,
		keepWithNext: true,
		draw(pen, left, top) {
			pen.tags.open('P');
			for (const [i, { chip, x: at }] of placed.entries()) {
				const drawn = drawChip(pen, chip, left + at, top, leading, 'P');
				if (hasArrows && !(isLast && i === placed.length - 1)) drawArrow(pen, left + at + drawn + 3, top + leading / 2);
			}
			pen.tags.close();
		},
	});
	for (const chip of chips) {
		const chipsWidth = chipWidth(setter, chip);
		if (x + chipsWidth > width && line.length > 0) {
			yield flush(line, false);
			line = [];
			x = 0;
		}
		line.push({ chip, x });
		x += chipsWidth + gap;
	}
	if (line.length > 0) yield flush(line, true);
	yield spaceBox(8);
}

function drawArrow(pen: Pen, x: number, y: number): void {
	pen.ink.line(x, y, x + 9, y, 0.7, TONES.muted.ink);
	pen.ink.line(x + 6.5, y - 2.2, x + 9.2, y, 0.7, TONES.muted.ink);
	pen.ink.line(x + 6.5, y + 2.2, x + 9.2, y, 0.7, TONES.muted.ink);
}

const COLUMN_GAP = 24;

/** Blocks side by side; they stay on one page together. */
function columnsBox(
	parts: readonly { readonly weight: number; readonly blocks: readonly Block[] }[],
	width: number,
	setter: TextSetter,
): Box {
	const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
	const room = width - COLUMN_GAP * (parts.length - 1);
	const stacks = parts.map(({ weight, blocks }) => {
		const share = (room * weight) / weights;
		return { share, box: stack(blocks.flatMap((block) => [...boxesOf(block, share, setter)])) };
	});
	return {
		height: Math.max(...stacks.map(({ box }) => box.height)),
		draw(pen, x, top) {
			let left = x;
			for (const { share, box } of stacks) {
				box.draw(pen, left, top);
				left += share + COLUMN_GAP;
			}
		},
	};
}

const TITLE_LINES = 3;

function* coverBoxes(block: BlockOf<'cover'>, width: number, setter: TextSetter): Generator<Box> {
	yield {
		height: 26,
		draw(pen, x, top) {
			pen.ink.rectangle(x, top, 54, 5, TONES.accent.ink);
			pen.ink.line(x, top + 0.25, x + width, top + 0.25, 0.5, STRONG_RULE);
		},
	};
	yield* textBoxes([{ text: block.overline, bold: true, tone: 'accent' }], { ...TYPE.body, size: 9, leading: 14 }, 'P', width, setter);
	yield spaceBox(10);
	// Whatever a client is called, the results stay on this page with it.
	const isLong = layoutWords(setter, block.title, TYPE.title, width).length > TITLE_LINES;
	yield* textBoxes(block.title, isLong ? TYPE.longTitle : TYPE.title, 'H1', width, setter);
	yield spaceBox(4);
	yield* textBoxes(block.subtitle, TYPE.subtitle, 'P', width, setter);
	yield spaceBox(16);
}
