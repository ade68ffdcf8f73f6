/** Revenue events by obligation and by order line, in the order of the instants they are recognised for. */
import type { Population } from '#population';
import { obligationLinks, REVENUE_KINDS } from './obligations.ts';

/** `kinds` codes: 0 recognise, 1 reverse, 2 reinstate, 3 withheld or unknown. */
export const RECOGNISE = 0;
export const REVERSE = 1;
export const REINSTATE = 2;
const UNKNOWN_KIND = 3;

/** Revenue rows by key, earliest recognised first (then file order); null instants last. */
export class RevenueRows {
	readonly #starts: Int32Array;
	/** The rows of key `k` stand at [startOf(k), endOf(k)). */
	readonly rows: Int32Array;

	constructor(keys: Int32Array, size: number, instants: Float64Array) {
		const starts = new Int32Array(size + 1);
		for (const key of keys) if (key >= 0) starts[key + 1] = (starts[key + 1] as number) + 1;
		for (let key = 0; key < size; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
		const next = starts.slice();
		const rows = new Int32Array(starts[size] as number);
		for (let row = 0; row < keys.length; row++) {
			const key = keys[row] as number;
			if (key < 0) continue;
			rows[next[key] as number] = row;
			next[key] = (next[key] as number) + 1;
		}
		for (let key = 0; key < size; key++) sortByInstant(rows, starts[key] as number, starts[key + 1] as number, instants);
		this.#starts = starts;
		this.rows = rows;
	}

	startOf(key: number): number {
		return key < 0 ? 0 : (this.#starts[key] as number);
	}

	endOf(key: number): number {
		return key < 0 ? 0 : (this.#starts[key + 1] as number);
	}

	/** A view of the rows of a key: convenient, but walking `rows` is faster where every key is walked. */
	of(key: number): Int32Array {
		return this.rows.subarray(this.startOf(key), this.endOf(key));
	}
}

export interface RevenueBook {
	/** Row of obligation by row of revenue_event, -1 where none can be told. */
	readonly obligation: Int32Array;
	/** Row of sales_order_line, its own before its obligation's, -1 where none. */
	readonly line: Int32Array;
	readonly kinds: Uint8Array;
	readonly byObligation: RevenueRows;
	readonly byLine: RevenueRows;
	/** Revenue rows of an obligation, earliest recognised first. */
	ofObligation(row: number): Int32Array;
	/** Revenue rows of an order line, earliest recognised first. */
	ofLine(row: number): Int32Array;
}

/** Needs revenue_event and what `obligationLinks` needs. */
export const revenueBook = (population: Population): RevenueBook => population.derive(buildBook);

export const signOf = (kind: number): bigint => SIGNS[kind] ?? 0n;

const SIGNS: readonly bigint[] = [1n, -1n, 1n, 0n];

function buildBook(population: Population): RevenueBook {
	const revenue = population.table('revenue_event');
	const links = obligationLinks(population);
	const instants = revenue.instants('recognised_at');
	const kindCodes = revenue.codes('kind');
	const codes = REVENUE_KINDS.map((kind) => revenue.dictionary('kind').codeOf(kind));
	const kinds = Uint8Array.from(kindCodes, (code) => (code < 0 || codes.indexOf(code) < 0 ? UNKNOWN_KIND : codes.indexOf(code)));
	const obligation = obligationsOf(population);
	const line = linesOf(population);
	for (let event = 0; event < line.length; event++)
		if ((line[event] as number) < 0 && (obligation[event] as number) >= 0) line[event] = links.line[obligation[event] as number] as number;
	const byObligation = new RevenueRows(obligation, population.table('obligation').rows, instants);
	const byLine = new RevenueRows(line, population.table('sales_order_line').rows, instants);
	return {
		obligation,
		line,
		kinds,
		byObligation,
		byLine,
		ofObligation: (row) => byObligation.of(row),
		ofLine: (row) => byLine.of(row),
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
	return revenue.ids('obligation_id').map((id, row) => {
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
	return revenue.ids('order_id').map((order, row) => lineIndex.rowOf(order, lines[row] as number));
}

/** Sorts a stretch of rows, stable. Mostly they come sorted, since the table is append-only. */
function sortByInstant(rows: Int32Array, from: number, to: number, instants: Float64Array): void {
	for (let at = from + 1; at < to; at++) {
		const before = instants[rows[at - 1] as number] as number;
		const here = instants[rows[at] as number] as number;
		if (before <= here) continue;
		rows.subarray(from, to).sort((a, b) => compareInstants(instants[a] as number, instants[b] as number) || a - b);
		return;
	}
}

/** Null instants (NaN) come last. */
export function compareInstants(a: number, b: number): number {
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
	return Number.isNaN(b) ? -1 : a - b;
}
