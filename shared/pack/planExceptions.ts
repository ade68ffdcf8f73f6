/** The exceptions of a test as a table, each with a way to its order. */
import type { ExceptionResult, TestResult } from '#audit';
import { orderAnchor } from './planAnchors.ts';
import { type Block, type Cell, type Column, paragraphs, type Run } from './planBlocks.ts';
import { amount, integer } from './planFormat.ts';

/** From here on a table is tagged by rows. */
const BULK_ROWS = 400;

const EXCEPTION_COLUMNS: readonly Column[] = [
	{ head: 'No.', align: 'right', firm: true, tone: 'muted' },
	{ head: 'Order and subject', maxShare: 0.34 },
	{ head: 'Amount at risk', align: 'right', firm: true },
	{ head: 'What was found' },
	{ head: 'Timeline', firm: true },
];

/** @param timelineNumbers section number of an order's timeline, by order id */
export function exceptionTable(
	{ test, title, exceptions }: TestResult,
	number: string,
	timelineNumbers: ReadonlyMap<string, string>,
): Block {
	const longest = [integer(exceptions.length), '', longestAmount(exceptions), '', longestOf(timelineNumbers.values())];
	return {
		kind: 'table',
		tagging: exceptions.length > BULK_ROWS ? 'rows' : 'cells',
		dense: exceptions.length > BULK_ROWS,
		continued: `${number}  ${test} ${title}`,
		columns: EXCEPTION_COLUMNS.map((column, i) => ({ ...column, longest: longest[i] ?? '' })),
		rows: { [Symbol.iterator]: () => exceptionRows(exceptions, timelineNumbers) },
	};
}

/** Digits are equally wide, so the longest figure is the widest but for commas. */
function longestOf(texts: Iterable<string>): string {
	let longest = '';
	for (const text of texts) if (text.length > longest.length) longest = text;
	return longest;
}

const longestAmount = (exceptions: readonly ExceptionResult[]): string =>
	longestOf(exceptions.map(({ amount_minor: minor, currency }) => amount(minor, currency)));

function* exceptionRows(exceptions: readonly ExceptionResult[], timelineNumbers: ReadonlyMap<string, string>): Generator<Cell[]> {
	for (const [i, exception] of exceptions.entries()) {
		const { order_id: order, keys, amount_minor: minor, currency, reason } = exception;
		const timeline = order === null ? undefined : timelineNumbers.get(order);
		const subject = Object.entries(keys).filter(([name, value]) => !(name === 'order_id' && value === order));
		yield [
			integer(i + 1),
			paragraphs(
				[
					{
						text: order ?? 'no order',
						bold: order !== null,
						...(order === null ? { tone: 'muted' as const } : {}),
						...(timeline === undefined ? {} : { link: orderAnchor(order ?? '') }),
					},
				],
				subject.flatMap(([name, value], n): Run[] => [
					{ text: `${name}\u00a0`, tone: 'muted' },
					{ text: n < subject.length - 1 ? `${value}, ` : value },
				]),
			),
			amount(minor, currency),
			reason,
			timeline === undefined ? '—' : paragraphs([{ text: timeline, link: orderAnchor(order ?? '') }]),
		];
	}
}
