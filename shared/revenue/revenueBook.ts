/** Revenue events by obligation and by order line, in the order of the instants they are recognised for. */
import { type Population, RowIndex } from '#population';
import { obligationLinks, REVENUE_KINDS, type RevenueKind } from './obligations.ts';

/** `kinds` codes: 0 recognise, 1 reverse, 2 reinstate, 3 withheld or unknown. */
export const RECOGNISE = 0;
export const REVERSE = 1;
export const REINSTATE = 2;
const UNKNOWN_KIND = 3;

export interface RevenueBook {
	/** Row of obligation by row of revenue_event, -1 where none can be told. */
	readonly obligation: Int32Array;
	/** Row of sales_order_line, its own before its obligation's, -1 where none. */
	readonly line: Int32Array;
	readonly kinds: Uint8Array;
	/** Revenue rows of an obligation, earliest recognised first (then file order). */
	ofObligation(row: number): Int32Array;
	/** Revenue rows of an order line, earliest recognised first. */
	ofLine(row: number): Int32Array;
}

/** Needs revenue_event and what `obligationLinks` needs. */
export const revenueBook = (population: Population): RevenueBook => population.derive(buildBook);

export const signOf = (kind: number): bigint => (kind === REVERSE ? -1n : kind === UNKNOWN_KIND ? 0n : 1n);

/** The kind of a revenue event by its code, or null where it is withheld. */
export const revenueKind = (kind: number): RevenueKind | null => REVENUE_KINDS[kind] ?? null;

function buildBook(population: Population): RevenueBook {
	const revenue = population.table('revenue_event');
	const links = obligationLinks(population);
	const instants = revenue.instants('recognised_at');
	const kindCodes = revenue.codes('kind');
	const codes = REVENUE_KINDS.map((kind) => revenue.dictionary('kind').codeOf(kind));
	const kinds = kindCodes.map((code) => (code < 0 || codes.indexOf(code) < 0 ? UNKNOWN_KIND : codes.indexOf(code)));
	const obligation = obligationsOf(population);
	const ownLines = linesOf(population);
	const line = ownLines.map((row, event) => {
		const owed = obligation[event] as number;
		return row >= 0 || owed < 0 ? row : (links.line[owed] as number);
	});
	const byObligation = new RowIndex(obligation, population.table('obligation').rows);
	const byLine = new RowIndex(line, population.table('sales_order_line').rows);
	return {
		obligation,
		line,
		kinds: Uint8Array.from(kinds),
		ofObligation: (row) => byInstant(byObligation.rowsOf(row), instants),
		ofLine: (row) => byInstant(byLine.rowsOf(row), instants),
	};
}

/** By its own word; else the only obligation of its line; else, with neither named, the only one of its order. */
function obligationsOf(population: Population): Int32Array {
	const revenue = population.table('revenue_event');
	const byId = population.index('obligation', 'obligation_id');
	const byLine = population.pairIndex('obligation', 'order_id', 'line_id');
	const byOrder = population.index('obligation', 'order_id');
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const namedByLine = population.table('sales_order_line').codes('obligation_id');
	const orders = revenue.codes('order_id');
	const lines = revenue.codes('line_id');
	return revenue.codes('obligation_id').map((id, row) => {
		const own = byId.rowOf(id);
		if (own >= 0) return own;
		const order = orders[row] as number;
		const line = lines[row] as number;
		if (line < 0) return id < 0 && byOrder.countOf(order) === 1 ? byOrder.rowOf(order) : -1;
		const candidates = byLine.rowsOf(order, line);
		if (candidates.length === 1) return candidates[0] as number;
		const lineRow = lineIndex.rowOf(order, line);
		return lineRow < 0 ? -1 : byId.rowOf(namedByLine[lineRow] as number);
	});
}

function linesOf(population: Population): Int32Array {
	const revenue = population.table('revenue_event');
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const lines = revenue.codes('line_id');
	return revenue.codes('order_id').map((order, row) => lineIndex.rowOf(order, lines[row] as number));
}

/** Sorted by instant, stable; null instants last. Mostly they come sorted, since the table is append-only. */
function byInstant(rows: Int32Array, instants: Float64Array): Int32Array {
	for (let i = 1; i < rows.length; i++) {
		const before = instants[rows[i - 1] as number] as number;
		const here = instants[rows[i] as number] as number;
		if (!(before <= here)) return rows.slice().sort((a, b) => compareInstants(instants[a] as number, instants[b] as number) || a - b);
	}
	return rows;
}

/** Null instants (NaN) come last. */
export function compareInstants(a: number, b: number): number {
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
	return Number.isNaN(b) ? -1 : a - b;
}
