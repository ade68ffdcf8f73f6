/** Counts as one divided bar with its legend. */
import type { TextStyle } from './glyphs.ts';
import { type Box, gapBox, type Pen } from './layoutBox.ts';
import { baseline, drawLine, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { BAR_FILLS, RULE, TONES, TYPE } from './layoutTheme.ts';
import type { BlockOf, Tone } from './planBlocks.ts';
import { integer } from './planFormat.ts';

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
