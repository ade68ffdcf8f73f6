/** Chips: a verdict or state on a small plate. Glyph and word carry the meaning, the tint only repeats it. */
import type { Pen } from './layoutBox.ts';
import type { TextSetter } from './layoutText.ts';
import { TONES, TYPE, WHITE } from './layoutTheme.ts';
import type { Chip } from './planBlocks.ts';

const { style: STYLE, size: SIZE } = TYPE.chip;
const PADDING = 5;
const RADIUS = 2.5;
export const CHIP_HEIGHT = 12.6;
export const CHIP_GAP = 5;

const labelOf = ({ glyph, label }: Chip): string => (glyph === '' ? label : `${glyph} ${label}`);

export const chipWidth = (setter: TextSetter, chip: Chip): number =>
	setter.width(setter.printable(labelOf(chip), STYLE), STYLE, SIZE, true) + 2 * PADDING;

/** Draws a chip as content of the open element, vertically centred in a line of `leading` points. Returns its width. */
export function drawChip(pen: Pen, chip: Chip, x: number, top: number, leading: number, tag: string): number {
	const width = chipWidth(pen.setter, chip);
	const { ink, tint } = TONES[chip.tone];
	const plateTop = top + (leading - CHIP_HEIGHT) / 2;
	pen.ink.endMark();
	pen.ink.roundedRectangle(x, plateTop, width, CHIP_HEIGHT, RADIUS, chip.solid ? ink : tint);
	pen.content(tag);
	pen.ink.text(
		x + PADDING,
		plateTop + CHIP_HEIGHT / 2 + SIZE * 0.357,
		pen.setter.printable(labelOf(chip), STYLE),
		STYLE,
		SIZE,
		chip.solid ? WHITE : ink,
		true,
	);
	pen.ink.endMark();
	return width;
}
