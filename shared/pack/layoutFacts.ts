/** Labelled values: one below the other, or side by side in columns. */
import { type Box, gapBox, type Pen, spaceBox } from './layoutBox.ts';
import { drawLine, type Line, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { HAIRLINE, TYPE, type TypeSize } from './layoutTheme.ts';
import type { BlockOf } from './planBlocks.ts';
import type { SetAsideElement } from './tags.ts';

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
