/** An order's history as a vertical rail: when at the left, the hash's standing on the rail, what and who at the right. */
import { act, type Box, gapBox, type Pen } from './layoutBox.ts';
import { chipWidth, drawChip } from './layoutChip.ts';
import { baseline, drawLine, type Line, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { HAIRLINE, TONES, TYPE, type TypeSize, WHITE } from './layoutTheme.ts';
import type { BlockOf, TimelineStop } from './planBlocks.ts';

/** Distances from the left edge of the measure. */
const RAIL_X = 84;
const TEXT_X = 104;
const DETAIL_LABEL = 58;
const RADIUS = 4;
const TITLE: TypeSize = { ...TYPE.body, style: 'semibold', size: 9.2, leading: 15 };
const DETAIL: TypeSize = { ...TYPE.small, size: 7.8, leading: 11, tone: 'plain' };
const RAIL = 0xb9c0ca;
/** An event of up to so many lines stays on one page. */
const KEPT_LINES = 24;

type TimelineBlock = BlockOf<'timeline'>;

export function* timelineBoxes({ stops, continued }: TimelineBlock, width: number, setter: TextSetter): Generator<Box> {
	const running = continuedBox(continued, width, setter);
	yield act((pen) => {
		pen.runningHead = running;
	});
	for (const [i, stop] of stops.entries()) yield* stopBoxes(stop, i === 0, i === stops.length - 1, width, setter);
	yield {
		height: 0,
		draw(pen) {
			pen.runningHead = null;
		},
	};
	yield gapBox(12);
}

const continuedBox = (continued: string, width: number, setter: TextSetter): Box => ({
	height: 22,
	draw(pen, x, top) {
		pen.ink.text(x, top + 8, setter.fit(`${continued}, continued`, 'regular', 7.5, width), 'regular', 7.5, TONES.muted.ink, true);
	},
});

/** One box a line, so that even an event with hundreds of ledger lines can run over a page end; the rail goes on. */
function* stopBoxes(stop: TimelineStop, isFirst: boolean, isLast: boolean, width: number, setter: TextSetter): Generator<Box> {
	if (stop.elapsed !== null) yield elapsedBox(stop.elapsed, setter);
	const lines = bodyLines(stop, width - TEXT_X, setter);
	const total = lines.length;
	for (const [i, line] of lines.entries()) {
		const isEnd = i === total - 1;
		yield {
			height: line.height,
			keepWithNext: !isEnd && (total <= KEPT_LINES || i < 2 || i === total - 2),
			draw(pen, x, top) {
				const railTop = isFirst && i === 0 ? top + TITLE.leading / 2 : top;
				const railEnd = isLast && i === 0 && isEnd ? top + TITLE.leading / 2 : top + line.height;
				if (!(isLast && i > 0))
					pen.ink.line(x + RAIL_X, railTop, x + RAIL_X, isLast ? Math.min(railEnd, top + TITLE.leading / 2) : railEnd, 1.2, RAIL);
				if (i === 0) openStop(pen, stop, isFirst, x, top);
				line.draw(pen, x + TEXT_X, top);
				if (i === 1 || (i === 0 && isEnd)) drawTime(pen, stop, x, i === 0 ? top + TITLE.leading : top);
				if (isEnd) closeStop(pen, isLast);
			},
		};
	}
}

function openStop(pen: Pen, stop: TimelineStop, isFirst: boolean, x: number, top: number): void {
	drawMarker(pen, stop, x + RAIL_X, top + TITLE.leading / 2);
	if (isFirst) pen.tags.open('L');
	pen.tags.open('LI');
	pen.tags.open('LBody');
	pen.content('LBody');
	pen.ink.text(x, baseline(top, TITLE), pen.setter.printable(stop.date, 'semibold'), 'semibold', 8.6, TONES.plain.ink);
	pen.ink.endMark();
}

function drawTime(pen: Pen, stop: TimelineStop, x: number, top: number): void {
	pen.content('LBody');
	pen.ink.text(x, baseline(top, DETAIL), pen.setter.printable(stop.time, 'regular'), 'regular', 7.6, TONES.muted.ink);
	pen.ink.endMark();
}

function closeStop(pen: Pen, isLast: boolean): void {
	pen.tags.close();
	pen.tags.close();
	if (isLast) pen.tags.close();
}

function drawMarker(pen: Pen, { marker, tone }: TimelineStop, x: number, y: number): void {
	const { ink } = TONES[tone];
	pen.ink.circle(x, y, RADIUS + 2, WHITE, null);
	switch (marker) {
		case 'solid':
			pen.ink.circle(x, y, RADIUS, ink, null);
			pen.ink.line(x - 1.9, y + 0.1, x - 0.5, y + 1.6, 1, WHITE);
			pen.ink.line(x - 0.6, y + 1.6, x + 2, y - 1.6, 1, WHITE);
			return;
		case 'ring':
			pen.ink.circle(x, y, RADIUS - 0.6, WHITE, ink, 1.3);
			return;
		case 'cross':
			pen.ink.circle(x, y, RADIUS + 0.6, ink, null);
			pen.ink.line(x - 1.8, y - 1.8, x + 1.8, y + 1.8, 1.2, WHITE);
			pen.ink.line(x - 1.8, y + 1.8, x + 1.8, y - 1.8, 1.2, WHITE);
			return;
		case 'dash':
			pen.ink.circle(x, y, RADIUS - 0.6, WHITE, ink, 0.9);
			pen.ink.line(x - 1.8, y, x + 1.8, y, 1, ink);
			return;
	}
}

function elapsedBox(elapsed: string, setter: TextSetter): Box {
	const height = 19;
	return {
		height,
		keepWithNext: true,
		draw(pen, x, top) {
			pen.ink.line(x + RAIL_X, top, x + RAIL_X, top + height, 1.2, RAIL);
			const shown = setter.printable(elapsed, 'regular');
			pen.ink.text(
				x + RAIL_X - 9 - setter.width(shown, 'regular', 7, true),
				top + height / 2 + 2.5,
				shown,
				'regular',
				7,
				TONES.muted.ink,
				true,
			);
		},
	};
}

interface BodyLine {
	readonly height: number;
	draw(pen: Pen, x: number, top: number): void;
}

function bodyLines(stop: TimelineStop, width: number, setter: TextSetter): BodyLine[] {
	const lines: BodyLine[] = [...titleLines(stop, width, setter)];
	for (const { label, words } of stop.details) {
		for (const [i, line] of layoutWords(setter, words, DETAIL, width - DETAIL_LABEL).entries())
			lines.push(detailLine(i === 0 ? setter.printable(label, 'regular') : '', line));
	}
	for (const [i, entry] of stop.ledger.entries()) lines.push(...ledgerLines(entry, i === 0, width, setter));
	lines.push({ height: 5, draw: () => undefined });
	return lines;
}

function titleLines(stop: TimelineStop, width: number, setter: TextSetter): BodyLine[] {
	const statusWidth = chipWidth(setter, stop.status);
	const chips = stop.chips.reduce((sum, chip) => sum + chipWidth(setter, chip) + 14, 0);
	const [title, ...more] = layoutWords(setter, stop.title, TITLE, width - statusWidth - 12);
	// Chips stand behind the title where there is room, on a line of their own where there is none.
	const fits = more.length === 0 && (title?.width ?? 0) + 12 + chips <= width - statusWidth - 12;
	const first: BodyLine = {
		height: TITLE.leading,
		draw(pen, x, top) {
			if (title !== undefined) drawLine(pen, title, x, top, { type: TITLE, tag: 'LBody' });
			if (fits) drawChips(pen, stop, x + (title?.width ?? 0) + 12, top);
			drawChip(pen, stop.status, x + width - statusWidth, top, TITLE.leading, 'LBody');
		},
	};
	const rest = more.map(
		(line): BodyLine => ({ height: TITLE.leading, draw: (pen, x, top) => drawLine(pen, line, x, top, { type: TITLE, tag: 'LBody' }) }),
	);
	if (fits || stop.chips.length === 0) return [first, ...rest];
	return [first, ...rest, { height: TITLE.leading, draw: (pen, x, top) => drawChips(pen, stop, x, top) }];
}

function drawChips(pen: Pen, stop: TimelineStop, x: number, top: number): void {
	let left = x;
	for (const [i, chip] of stop.chips.entries()) {
		if (i > 0) {
			const y = top + TITLE.leading / 2;
			pen.ink.line(left + 1, y, left + 9, y, 0.7, TONES.muted.ink);
			pen.ink.line(left + 6.6, y - 2, left + 9, y, 0.7, TONES.muted.ink);
			pen.ink.line(left + 6.6, y + 2, left + 9, y, 0.7, TONES.muted.ink);
			left += 12;
		}
		left += drawChip(pen, chip, left, top, TITLE.leading, 'LBody') + 2;
	}
}

const detailLine = (label: string, line: Line): BodyLine => ({
	height: DETAIL.leading,
	draw(pen, x, top) {
		if (label !== '') {
			pen.content('LBody');
			pen.ink.text(x, baseline(top, DETAIL), label, 'regular', DETAIL.size, TONES.muted.ink, true);
			pen.ink.endMark();
		}
		drawLine(pen, line, x + DETAIL_LABEL, top, { type: DETAIL, tag: 'LBody' });
	},
});

const AMOUNT_WIDTH = 94;
const CURRENCY_WIDTH = 22;

function ledgerLines(entry: TimelineStop['ledger'][number], isFirst: boolean, width: number, setter: TextSetter): BodyLine[] {
	const amount = setter.printable(entry.amount, 'regular');
	const room = width - DETAIL_LABEL - Math.max(AMOUNT_WIDTH, setter.width(amount, 'regular', DETAIL.size) + CURRENCY_WIDTH + 10);
	const lines = layoutWords(
		setter,
		[
			{ text: entry.label, bold: true },
			{ text: `  ${entry.detail}`, tone: 'muted' },
		],
		DETAIL,
		room,
	);
	return lines.map((line, i): BodyLine => {
		const above = i === 0 ? (isFirst ? 3 : 1.5) : 0;
		return {
			height: DETAIL.leading + above,
			draw(pen, x, top) {
				const left = x + DETAIL_LABEL;
				if (i === 0 && isFirst) {
					pen.content('LBody');
					pen.ink.text(x, baseline(top + above, DETAIL), 'Ledger', 'regular', DETAIL.size, TONES.muted.ink, true);
					pen.ink.endMark();
				}
				if (i === 0) pen.ink.line(left, top + 1, x + width, top + 1, 0.4, HAIRLINE);
				drawLine(pen, line, left, top + above, { type: DETAIL, tag: 'LBody' });
				if (i > 0) return;
				pen.content('LBody');
				const right = x + width - CURRENCY_WIDTH;
				pen.ink.text(
					right - setter.width(amount, 'regular', DETAIL.size),
					baseline(top + above, DETAIL),
					amount,
					'regular',
					DETAIL.size,
					TONES.plain.ink,
				);
				pen.ink.text(
					right + 4,
					baseline(top + above, DETAIL),
					setter.printable(entry.currency, 'regular'),
					'regular',
					DETAIL.size,
					TONES.muted.ink,
				);
				pen.ink.endMark();
			},
		};
	});
}
