/** The smaller blocks: lists, labelled values, notes, commands, tallies, signature slots. */

import type { TextStyle } from './glyphs.ts';
import { type Box, gapBox, type Pen, spaceBox } from './layoutBox.ts';
import { baseline, drawLine, type Line, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { BAR_FILLS, HAIRLINE, RULE, TONES, TYPE, type TypeSize } from './layoutTheme.ts';
import type { Block, Tone, Words } from './planBlocks.ts';
import { integer } from './planFormat.ts';
import type { SetAsideElement } from './tags.ts';

type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

const LIST_INDENT = 16;

export function* listBoxes(items: readonly Words[], isOrdered: boolean, width: number, setter: TextSetter): Generator<Box> {
	const type = TYPE.body;
	for (const [i, item] of items.entries()) {
		const lines = layoutWords(setter, item, type, width - LIST_INDENT);
		for (const [n, line] of lines.entries()) {
			const isLast = n === lines.length - 1;
			yield {
				height: type.leading,
				keepWithNext: !isLast && (n === 0 || n === lines.length - 2),
				draw(pen, x, top) {
					if (i === 0 && n === 0) pen.tags.open('L');
					if (n === 0) {
						pen.tags.open('LI');
						if (isOrdered) pen.ink.text(x, baseline(top, type), `${i + 1}.`, 'semibold', type.size, TONES.muted.ink);
						else pen.ink.circle(x + 3.5, top + type.leading / 2, 1.3, TONES.accent.ink, null);
						pen.tags.open('LBody');
					}
					drawLine(pen, line, x + LIST_INDENT, top, { type, tag: 'LBody' });
					if (!isLast) return;
					pen.tags.close();
					pen.tags.close();
					if (i === items.length - 1) pen.tags.close();
				},
			};
		}
		yield gapBox(3);
	}
	yield gapBox(5);
}

const LABEL_WIDTH = 112;

/** Labelled values: label at the left of its value, or above it in several columns. */
export function* factsBoxes(
	rows: BlockOf<'facts'>['rows'],
	columns: number,
	width: number,
	setter: TextSetter,
	weights: readonly number[] = [],
): Generator<Box> {
	if (columns > 1)
		return yield* factGrid(
			rows,
			Array.from({ length: columns }, (_, i) => weights[i] ?? 1),
			width,
			setter,
		);
	const laidOut = rows.map(({ label, value }) => ({
		labels: layoutWords(setter, label, TYPE.small, LABEL_WIDTH - 12),
		values: layoutWords(setter, value, FACT, width - LABEL_WIDTH),
	}));
	const counts = laidOut.map(({ labels, values }) => Math.max(labels.length, values.length));
	const staysTogether = counts.reduce((a, b) => a + b, 0) <= KEPT_LINES;
	for (const [row, { labels, values }] of laidOut.entries()) {
		const keep = staysTogether;
		yield* factLines(counts[row] ?? 1, keep, width, (pen, i, x, top) => {
			for (const line of labels.slice(i, i + 1))
				drawLine(pen, line, x, top, { type: { ...FACT, size: TYPE.small.size, tone: 'muted' }, tag: 'P' });
			for (const line of values.slice(i, i + 1)) drawLine(pen, line, x + LABEL_WIDTH, top, { type: FACT, tag: 'P' });
		});
	}
	yield staysTogether ? spaceBox(10) : gapBox(10);
}

/** One box a line, since a value may be longer than a page; the hairline comes below the last. */
function* factLines(
	count: number,
	keep: boolean,
	width: number,
	drawLineOf: (pen: Pen, index: number, x: number, top: number) => void,
): Generator<Box> {
	for (let i = 0; i < count; i++) {
		const [above, below] = [i === 0 ? FACT_PAD : 0, i === count - 1 ? FACT_PAD : 0];
		yield {
			height: above + FACT.leading + below,
			keepWithNext: keep || (i < count - 1 && (i === 0 || i === count - 2)),
			draw(pen, x, top) {
				if (i === 0) pen.tags.open('P');
				drawLineOf(pen, i, x, top + above);
				if (i < count - 1) return;
				pen.tags.close();
				const bottom = top + above + FACT.leading + below;
				pen.ink.line(x, bottom, x + width, bottom, 0.4, HAIRLINE);
			},
		};
	}
}

const FACT_PAD = 2.5;
const FACT: TypeSize = { ...TYPE.body, size: 8.6, leading: 12.4 };

function* factGrid(rows: BlockOf<'facts'>['rows'], weights: readonly number[], width: number, setter: TextSetter): Generator<Box> {
	const gap = 20;
	const unit = (width - gap * (weights.length - 1)) / weights.reduce((sum, weight) => sum + weight, 0);
	for (let i = 0; i < rows.length; i += weights.length) {
		let x = 0;
		const cells = rows.slice(i, i + weights.length).map(({ label, value }, n) => {
			const share = unit * (weights[n] as number);
			const cell = { x, label: layoutWords(setter, label, TYPE.label, share), value: layoutWords(setter, value, FACT, share) };
			x += share + gap;
			return cell;
		});
		yield* gridLines(cells);
	}
	yield spaceBox(6);
}

interface FactCell {
	readonly x: number;
	readonly label: readonly Line[];
	readonly value: readonly Line[];
}

/** Facts of up to so many lines stay on one page. */
const KEPT_LINES = 14;

/** Cells side by side, a box a line. Read aloud, a label is followed by its value: each cell is one element over all its lines. */
function* gridLines(cells: readonly FactCell[]): Generator<Box> {
	const labelLines = Math.max(...cells.map(({ label }) => label.length));
	const count = labelLines + Math.max(...cells.map(({ value }) => value.length));
	const elements: SetAsideElement[] = [];
	for (let index = 0; index < count; index++) {
		const isLabel = index < labelLines;
		const type = isLabel ? TYPE.label : FACT;
		const isLast = index === count - 1;
		yield {
			height: type.leading + (isLast ? 7 : 0),
			keepWithNext: index < KEPT_LINES,
			draw(pen, x, top) {
				for (const [n, { x: left, label, value }] of cells.entries()) {
					const element = elements[n];
					if (element === undefined) pen.tags.open('P');
					else pen.tags.resume(element);
					const line = isLabel ? label[index] : value[index - labelLines];
					if (line !== undefined) drawLine(pen, line, x + left, top, { type, tag: 'P' });
					if (isLast) pen.tags.close();
					else elements[n] = pen.tags.setAside();
				}
			},
		};
	}
}

/** A note at a coloured bar; the bar is as tall as the note, whatever page it falls on. */
export function* calloutBoxes(tone: Tone, title: string, words: Words, width: number, setter: TextSetter): Generator<Box> {
	const inset = 12;
	const heads = title === '' ? [] : layoutWords(setter, [{ text: title, bold: true, tone }], TYPE.body, width - 2 * inset);
	const lines = layoutWords(setter, words, { ...TYPE.body, size: 8.8, leading: 13 }, width - 2 * inset);
	const rows = [
		...heads.map((line) => ({ line, type: TYPE.body })),
		...lines.map((line) => ({ line, type: { ...TYPE.body, size: 8.8, leading: 13 } })),
	];
	for (const [i, { line, type }] of rows.entries()) {
		const [isFirst, isLast] = [i === 0, i === rows.length - 1];
		const above = isFirst ? 7 : 0;
		const height = above + type.leading + (isLast ? 7 : 0);
		yield {
			height,
			keepWithNext: i < 2 || i >= rows.length - 2,
			draw(pen, x, top) {
				pen.ink.rectangle(x, top, width, height, TONES[tone].tint);
				pen.ink.rectangle(x, top, 2.5, height, TONES[tone].ink);
				if (isFirst) pen.tags.open('P');
				drawLine(pen, line, x + inset, top + above, { type, tag: 'P' });
				if (isLast) pen.tags.close();
			},
		};
	}
	yield spaceBox(10);
}

export function* codeBoxes(lines: readonly string[], width: number, setter: TextSetter, keep: boolean): Generator<Box> {
	const type = TYPE.code;
	const wrapped = lines.flatMap((line) =>
		setter.wrap(line, type.style, type.size, width - 20).map((text, i) => ({ text, indent: i === 0 ? 0 : 10 })),
	);
	for (const [i, { text, indent }] of wrapped.entries()) {
		const [isFirst, isLast] = [i === 0, i === wrapped.length - 1];
		const height = type.leading + (isFirst ? 6 : 0) + (isLast ? 6 : 0);
		yield {
			height,
			keepWithNext: isLast ? keep : isFirst || i === wrapped.length - 2,
			draw(pen, x, top) {
				pen.ink.rectangle(x, top, width, height, TONES.neutral.tint);
				if (isFirst) pen.tags.open('Code');
				pen.content('Code');
				pen.ink.text(x + 10 + indent, baseline(top + (isFirst ? 6 : 0), type), text, type.style, type.size, TONES.plain.ink);
				pen.ink.endMark();
				if (isLast) pen.tags.close();
			},
		};
	}
	yield keep ? spaceBox(9) : gapBox(9);
}

const BAR_HEIGHT = 9;

/** Counts as one divided bar, with a legend that says everything the bar does. */
export function* tallyBoxes(parts: BlockOf<'tally'>['parts'], width: number, setter: TextSetter): Generator<Box> {
	const total = parts.reduce((sum, { count }) => sum + count, 0);
	const shown = parts.filter(({ count }) => count > 0);
	yield {
		height: BAR_HEIGHT + 11,
		keepWithNext: true,
		draw(pen, x, top) {
			drawBar(pen, shown, total, x, top + 4, width);
		},
	};
	const type = TYPE.body;
	for (const { label, count, tone, glyph } of parts) {
		const lines = layoutWords(setter, label, type, width - LEGEND_INDENT - 40);
		yield {
			height: lines.length * type.leading,
			keepWithNext: true,
			draw(pen, x, top) {
				drawSwatch(pen, tone, x, top + type.leading / 2 - 4, 8, 8);
				const write = (text: string, left: number, style: TextStyle, colour: number) =>
					pen.ink.text(left, baseline(top, type), text, style, type.size, colour, true);
				pen.tags.open('P');
				if (glyph !== '') {
					pen.content('P');
					write(setter.printable(glyph, 'semibold'), x + 14, 'semibold', TONES[tone].ink);
					pen.ink.endMark();
				}
				for (const [i, line] of lines.entries())
					drawLine(pen, line, x + (glyph === '' ? 15 : LEGEND_INDENT), top + i * type.leading, { type, tag: 'P' });
				pen.content('P');
				const figure = setter.printable(integer(count), 'semibold');
				write(figure, x + width - setter.width(figure, 'semibold', type.size, true), 'semibold', TONES.plain.ink);
				pen.ink.endMark();
				pen.tags.close();
			},
		};
	}
	yield gapBox(8);
}

const LEGEND_INDENT = 28;

/** A piece of a bar or of its legend; framed, since the lightest fills would fade into the paper. */
function drawSwatch(pen: Pen, tone: Tone, x: number, top: number, width: number, height: number): void {
	pen.ink.rectangle(x, top, width, height, BAR_FILLS[tone] ?? TONES[tone].ink);
	pen.ink.frame(x, top, width, height, 0.4, RULE);
}

function drawBar(pen: Pen, parts: BlockOf<'tally'>['parts'], total: number, x: number, top: number, width: number): void {
	if (total === 0) {
		pen.ink.frame(x, top, width, BAR_HEIGHT, 0.6, RULE);
		return;
	}
	const least = 3;
	const room = width - least * parts.length - (parts.length - 1);
	let left = x;
	for (const { count, tone } of parts) {
		const share = least + (room * count) / total;
		drawSwatch(pen, tone, left, top, share, BAR_HEIGHT);
		left += share + 1;
	}
}

const SLOT_HEIGHT = 74;

/** Two rectangles for the signature fields, with who is to sign beneath. */
export function* signatureBoxes(slots: BlockOf<'signatures'>['slots'], width: number, setter: TextSetter): Generator<Box> {
	const gap = 24;
	const share = (width - gap * (slots.length - 1)) / slots.length;
	const words = slots.map(({ words: below }) => layoutWords(setter, below, TYPE.small, share));
	const heads = slots.map(({ role }) => layoutWords(setter, [{ text: role, bold: true }], TYPE.body, share));
	const height = TYPE.body.leading + 4 + SLOT_HEIGHT + 6 + Math.max(...words.map((lines) => lines.length)) * TYPE.small.leading;
	yield {
		height,
		draw(pen, x, top) {
			for (const [i, { role }] of slots.entries()) {
				const left = x + i * (share + gap);
				pen.tags.open('P');
				for (const line of heads[i] ?? []) drawLine(pen, line, left, top, { type: TYPE.body, tag: 'P' });
				pen.tags.close();
				const slotTop = top + TYPE.body.leading + 4;
				pen.signatureSlot(role, { x: left, top: slotTop, width: share, height: SLOT_HEIGHT });
				pen.tags.open('P');
				for (const [n, line] of (words[i] ?? []).entries())
					drawLine(pen, line, left, slotTop + SLOT_HEIGHT + 6 + n * TYPE.small.leading, { type: TYPE.small, tag: 'P' });
				pen.tags.close();
			}
		},
	};
	yield gapBox(14);
}
