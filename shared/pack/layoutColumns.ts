/** Column widths of a table, from what is in it. */
import { chipWidth } from './layoutChip.ts';
import { layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { MONO_SCALE, TYPE, type TypeSize } from './layoutTheme.ts';
import type { Cell, Column, TableBlock, Words } from './planBlocks.ts';

const GUTTER = 10;
export const PAD = 3.2;
const DENSE_PAD = 2;
/** Rows that column widths are fitted to; later ones wrap where they are longer. */
const SAMPLED_ROWS = 600;
/** Characters of a text that are measured: more than the widest column has room for. */
const MEASURED_MAX = 400;
/** A word is given room up to this width before it is broken. */
const WORD_MAX = 96;
/** A column asks for no more than this, however long its texts are. */
const PROSE_MAX = 290;
export interface TableLayout {
	readonly columns: readonly PlacedColumn[];
	readonly width: number;
	readonly pad: number;
	readonly leading: number;
	readonly isBulk: boolean;
}

export type PlacedColumn = Column & { readonly x: number; readonly width: number; readonly type: TypeSize };

/** How far from a column's left edge a line of this width begins. */
export const indent = (column: PlacedColumn, width: number): number => (column.align === 'right' ? column.width - width : 0);

/** Every column gets its longest word; what is left goes to the columns in proportion to how much more they could use. */
export function layoutColumns(block: TableBlock, width: number, setter: TextSetter): TableLayout {
	const type: TypeSize = block.dense ? TYPE.dense : TYPE.cell;
	const types = block.columns.map(
		(column): TypeSize => ({
			...type,
			...(column.mono
				? { style: 'mono' as const, size: Math.round(type.size * MONO_SCALE * 10) / 10 }
				: column.bold
					? { style: 'semibold' as const }
					: {}),
			...(column.tone ? { tone: column.tone } : {}),
		}),
	);
	const natural = block.columns.map((column) =>
		setter.width(setter.printable(column.head, TYPE.head.style), TYPE.head.style, TYPE.head.size, true),
	);
	const least = block.columns.map((column) =>
		Math.max(
			...(column.firm ? [column.head] : column.head.split(' ')).map((word) =>
				setter.width(setter.printable(word, TYPE.head.style), TYPE.head.style, TYPE.head.size, true),
			),
		),
	);
	for (const row of [block.columns.map(({ longest = '' }) => longest), ...firstOf(block.rows)]) {
		for (const [i, cell] of row.entries()) {
			const columnType = types[i];
			if (columnType === undefined) continue;
			const [longest, word] = cellWidths(cell, columnType, setter);
			natural[i] = Math.max(natural[i] ?? 0, longest);
			least[i] = Math.max(least[i] ?? 0, block.columns[i]?.firm ? longest : Math.min(word, WORD_MAX));
		}
	}
	const widths = shareWidths(block.columns, natural, least, width - GUTTER * (block.columns.length - 1));
	let x = 0;
	const columns = block.columns.map((column, i) => {
		const placed = { ...column, x, width: widths[i] as number, type: types[i] as TypeSize };
		x += placed.width + GUTTER;
		return placed;
	});
	return { columns, width, pad: block.dense ? DENSE_PAD : PAD, leading: type.leading, isBulk: block.tagging === 'rows' };
}

function shareWidths(columns: readonly Column[], natural: readonly number[], least: readonly number[], room: number): number[] {
	const fixed = columns.reduce((sum, { share = 0 }) => sum + share, 0);
	if (fixed > 0)
		return columns.map(
			({ share = (1 - fixed) / Math.max(1, columns.filter((column) => column.share === undefined).length) }) => share * room,
		);
	// Beyond a comfortable measure a longer text asks for no more room: it is prose and will wrap.
	const wanted = natural.map(
		(width, i) => Math.min(Math.max(Math.min(width, PROSE_MAX), least[i] as number), (columns[i]?.maxShare ?? 1) * room) + 0.5,
	);
	const floor = least.map((width, i) => Math.min(width + 0.5, wanted[i] as number));
	const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
	const [total, minimum] = [sum(wanted), sum(floor)];
	if (total <= room) {
		// What is over goes to the last column that holds prose, so that the table spans the measure.
		const grows = columns.findLastIndex((column) => !column.firm && column.align !== 'right');
		return wanted.map((width, i) => (i === (grows < 0 ? columns.length - 1 : grows) ? width + room - total : width));
	}
	if (minimum >= room) return floor.map((width) => (width * room) / minimum);
	const share = (room - minimum) / (total - minimum);
	return floor.map((width, i) => width + ((wanted[i] as number) - width) * share);
}

function firstOf<T>(rows: Iterable<T>): T[] {
	const first: T[] = [];
	for (const row of rows) if (first.push(row) >= SAMPLED_ROWS) break;
	return first;
}

/** Width of a cell's longest line and of its longest word. */
function cellWidths(cell: Cell, type: TypeSize, setter: TextSetter): readonly [number, number] {
	if (typeof cell !== 'string' && 'chip' in cell) {
		const width = chipWidth(setter, cell.chip);
		return [width, width];
	}
	// A number that is not known yet; its column says how long it may be.
	if (typeof cell !== 'string' && 'pageOf' in cell) return [0, 0];
	const paragraphs: readonly Words[] = typeof cell === 'string' ? [cell] : cell.paragraphs;
	const runs = paragraphs.map((words) => (typeof words === 'string' ? [{ text: words }] : words));
	const measured = runs.map((words) => words.map((run) => ({ ...run, text: run.text.slice(0, MEASURED_MAX) })));
	let [longest, longestWord] = [0, 0];
	for (const words of measured) {
		const lines = layoutWords(setter, words, type, Number.MAX_SAFE_INTEGER);
		longest = Math.max(longest, ...lines.map((line) => line.width));
		for (const line of lines)
			for (const { text, style, size } of line.segments)
				longestWord = Math.max(longestWord, ...text.split(' ').map((word) => setter.width(word, style, size)));
	}
	return [longest, longestWord];
}
