/** Tables: rows drawn as they come, a head repeated on every page. */
import { act, type Box, type Pen } from './layoutBox.ts';
import { CHIP_HEIGHT, drawChip } from './layoutChip.ts';
import { indent, layoutColumns, PAD, type PlacedColumn, type TableLayout } from './layoutColumns.ts';
import { baseline, drawLine, drawSegment, type Line, layoutWords, linkTarget } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { RULE, TONES, TYPE } from './layoutTheme.ts';
import type { Cell, Chip, TableBlock } from './planBlocks.ts';

/** A row taller than this may be divided between two pages. */
const DIVISIBLE_HEIGHT = 150;

type CellLayout =
	| { readonly plain: readonly string[] }
	| { readonly lines: readonly Line[] }
	| { readonly chip: Chip }
	| { readonly pageOf: string };

export function* tableBoxes(block: TableBlock, width: number, setter: TextSetter): Generator<Box> {
	const table = layoutColumns(block, width, setter);
	const isCells = block.tagging === 'cells';
	const hasHead = table.columns.some(({ head }) => head !== '');
	yield act((pen) => pen.tags.open(isCells ? 'Table' : 'Div'));
	let rows = 0;
	for (const cells of block.rows) {
		if (rows === 0 && hasHead) yield* headBoxes(table, setter, block.continued);
		yield rowBox(table, layoutCells(cells, table, setter), rows === 0 || block.together === true, false);
		rows++;
	}
	if (rows === 0) yield emptyBox(block.empty ?? 'None.', table, setter);
	yield {
		height: 0,
		draw(pen) {
			pen.runningHead = null;
			pen.tags.close();
		},
	};
}

/** The head of the first page, and from then on the one that is repeated. */
function* headBoxes(table: TableLayout, setter: TextSetter, continued: string): Generator<Box> {
	yield headBox(table, setter, false, '');
	const running = headBox(table, setter, true, continued);
	yield act((pen) => {
		pen.runningHead = running;
	});
}

const layoutCells = (cells: readonly Cell[], table: TableLayout, setter: TextSetter): CellLayout[] =>
	table.columns.map(({ type, width }, i): CellLayout => {
		const cell = cells[i] ?? '';
		if (typeof cell === 'string') return { plain: setter.wrap(cell, type.style, type.size, width) };
		if ('chip' in cell || 'pageOf' in cell) return cell;
		return { lines: cell.paragraphs.flatMap((words) => layoutWords(setter, words, type, width)) };
	});

const lineCount = (cell: CellLayout): number => ('plain' in cell ? cell.plain.length : 'lines' in cell ? cell.lines.length : 1);

const sliceCell = (cell: CellLayout, from: number, to: number): CellLayout => {
	if ('chip' in cell || 'pageOf' in cell) return from === 0 ? cell : { plain: [] };
	return 'plain' in cell ? { plain: cell.plain.slice(from, to) } : { lines: cell.lines.slice(from, to) };
};

function rowBox(table: TableLayout, cells: readonly CellLayout[], isKept: boolean, isRest: boolean): Box {
	const lines = Math.max(1, ...cells.map(lineCount));
	const hasChip = cells.some((cell) => 'chip' in cell);
	const height = Math.max(lines * table.leading, hasChip ? CHIP_HEIGHT : 0) + 2 * table.pad;
	return {
		height,
		keepWithNext: isKept && !isRest,
		draw(pen, x, top) {
			if (table.isBulk) drawBulkRow(pen, table, cells, x, top);
			else drawCells(pen, table, cells, x, top);
			pen.ink.hairlineLater(x, x + table.width, top + height);
		},
		split(room) {
			const fitting = Math.floor((room - 2 * table.pad) / table.leading);
			if (height < DIVISIBLE_HEIGHT || fitting < 3 || fitting > lines - 2) return null;
			const part = (from: number, to: number, rest: boolean) =>
				rowBox(
					table,
					cells.map((cell) => sliceCell(cell, from, to)),
					isKept,
					rest,
				);
			return [part(0, fitting, true), part(fitting, lines, true)];
		},
	};
}

function drawCells(pen: Pen, table: TableLayout, cells: readonly CellLayout[], x: number, top: number): void {
	pen.tags.open('TR');
	for (const [i, column] of table.columns.entries()) {
		pen.tags.open('TD');
		drawCell(pen, cells[i] as CellLayout, column, x + column.x, top + table.pad, 'TD');
		pen.tags.close();
	}
	pen.tags.close();
}

function drawCell(pen: Pen, cell: CellLayout, column: PlacedColumn, x: number, top: number, tag: string): void {
	if ('chip' in cell) {
		drawChip(pen, cell.chip, x, top, Math.max(column.type.leading, 0), tag);
		return;
	}
	if ('pageOf' in cell) {
		drawPageOf(pen, cell.pageOf, column, x, top, tag);
		return;
	}
	if ('lines' in cell) {
		for (const [i, line] of cell.lines.entries())
			drawLine(pen, line, x + indent(column, line.width), top + i * column.type.leading, { type: column.type, tag });
		return;
	}
	pen.content(tag);
	drawPlain(pen, cell.plain, column, x, top);
	pen.ink.endMark();
}

const drawPageOf = (pen: Pen, anchor: string, column: PlacedColumn, x: number, top: number, tag: string): void =>
	pen.pageNumber(anchor, x + column.width, baseline(top, column.type), column.type, tag);

function drawPlain(pen: Pen, lines: readonly string[], column: PlacedColumn, x: number, top: number): void {
	const { style, size, leading, tone } = column.type;
	const first = baseline(top, column.type);
	for (let i = 0; i < lines.length; i++) {
		const line = lines[i] as string;
		const shift = column.align === 'right' ? column.width - pen.setter.width(line.trimEnd(), style, size) : 0;
		pen.ink.text(x + shift, first + i * leading, line, style, size, TONES[tone].ink);
	}
}

/** One piece of marked content for the whole row; its links hang under the row's element. */
function drawBulkRow(pen: Pen, table: TableLayout, cells: readonly CellLayout[], x: number, top: number): void {
	pen.tags.open('P');
	pen.content('P');
	for (let i = 0; i < table.columns.length; i++) {
		const column = table.columns[i] as PlacedColumn;
		const cell = cells[i] as CellLayout;
		if ('plain' in cell) drawPlain(pen, cell.plain, column, x + column.x, top + table.pad);
		else if ('lines' in cell)
			for (const [n, line] of cell.lines.entries()) drawBulkLine(pen, line, column, x + column.x, top + table.pad + n * table.leading);
	}
	pen.ink.endMark();
	for (const [i, column] of table.columns.entries()) {
		const cell = cells[i] as CellLayout;
		if ('chip' in cell) drawChip(pen, cell.chip, x + column.x, top + table.pad, table.leading, 'P');
		if ('pageOf' in cell) drawPageOf(pen, cell.pageOf, column, x + column.x, top + table.pad, 'P');
	}
	pen.tags.close();
}

function drawBulkLine(pen: Pen, line: Line, column: PlacedColumn, x: number, top: number): void {
	const left = x + indent(column, line.width);
	for (const segment of line.segments) {
		drawSegment(pen, segment, left, baseline(top, column.type), column.type);
		if (segment.run.link === undefined && segment.run.file === undefined) continue;
		pen.tags.open('Link');
		pen.link({ x: left + segment.x, top, width: segment.width, height: column.type.leading }, linkTarget(segment.run));
		pen.tags.close();
	}
}

function headBox(table: TableLayout, setter: TextSetter, isRepeated: boolean, continued: string): Box {
	const cells = table.columns.map((column) => layoutWords(setter, column.head, TYPE.head, column.width));
	const lines = Math.max(1, ...cells.map((cell) => cell.length));
	const note = isRepeated && continued !== '' ? 13 : 0;
	const height = note + lines * TYPE.head.leading + 5;
	return {
		height,
		keepWithNext: true,
		draw(pen, x, top) {
			if (note > 0)
				pen.ink.text(x, top + 8, setter.fit(`${continued}, continued`, 'regular', 7.5, table.width), 'regular', 7.5, TONES.muted.ink, true);
			if (!isRepeated && !table.isBulk) pen.tags.open('TR');
			for (const [i, column] of table.columns.entries())
				drawHead(pen, column, cells[i] ?? [], lines, x, top + note, !isRepeated && !table.isBulk);
			if (!isRepeated && !table.isBulk) pen.tags.close();
			pen.ink.line(x, top + height - 0.5, x + table.width, top + height - 0.5, 0.8, RULE);
		},
	};
}

/** Heads stand on the rule: short ones at its side, not at the top. Repeated heads are decoration to a reader aloud. */
function drawHead(pen: Pen, column: PlacedColumn, head: readonly Line[], lines: number, x: number, top: number, isTagged: boolean): void {
	if (isTagged) {
		pen.tags.open('TH', '/A<</O/Table/Scope/Column>>');
		pen.content('TH');
	}
	const start = top + (lines - head.length) * TYPE.head.leading;
	for (const [i, line] of head.entries())
		for (const segment of line.segments)
			drawSegment(pen, segment, x + column.x + indent(column, line.width), baseline(start + i * TYPE.head.leading, TYPE.head), TYPE.head);
	if (!isTagged) return;
	pen.ink.endMark();
	pen.tags.close();
}

function emptyBox(words: string, table: TableLayout, setter: TextSetter): Box {
	const lines = layoutWords(setter, words, { ...TYPE.cell, tone: 'muted' }, table.width);
	const height = lines.length * TYPE.cell.leading + 2 * PAD;
	return {
		height,
		draw(pen, x, top) {
			pen.tags.open(table.isBulk ? 'P' : 'TR');
			if (!table.isBulk) pen.tags.open('TD', `/A<</O/Table/ColSpan ${table.columns.length}>>`);
			for (const [i, line] of lines.entries())
				drawLine(pen, line, x, top + PAD + i * TYPE.cell.leading, {
					type: { ...TYPE.cell, tone: 'muted' },
					tag: table.isBulk ? 'P' : 'TD',
				});
			if (!table.isBulk) pen.tags.close();
			pen.tags.close();
			pen.ink.hairlineLater(x, x + table.width, top + height);
		},
	};
}
