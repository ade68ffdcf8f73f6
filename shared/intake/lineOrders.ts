/** What the columns of a sealed table know about its lines: whose they are, and which ones no later line vouches for. */
import type { LineOrders } from '#evidence';
import type { PopulationTable } from '#population';

export function lineOrders(table: PopulationTable): LineOrders {
	const codes = table.codes('order_id');
	let lastRows: Int32Array | null = null;
	const lastRowOf = (code: number): number => {
		if (!lastRows) {
			lastRows = new Int32Array(table.dictionary('order_id').size).fill(-1);
			for (let row = 0; row < codes.length; row++) if ((codes[row] as number) >= 0) lastRows[codes[row] as number] = row;
		}
		return lastRows[code] as number;
	};
	return {
		orderIdOf(line) {
			const row = firstRowFrom(table, line);
			return row < table.rows && table.lineOf(row) === line ? table.text('order_id', row) : null;
		},
		lastOfOrders(after, upTo, limit) {
			const lines: number[] = [];
			for (let row = firstRowFrom(table, after + 1); row < table.rows && lines.length < limit; row++) {
				const line = table.lineOf(row);
				if (line > upTo) break;
				const code = codes[row] as number;
				if (code < 0 || lastRowOf(code) === row) lines.push(line);
			}
			return lines;
		},
		malformed: (after, upTo) => table.quarantine.map(({ line }) => line).filter((line) => line > after && line <= upTo),
	};
}

/** The first row that stands in `line` or a later one. */
function firstRowFrom(table: PopulationTable, line: number): number {
	let low = 0;
	let high = table.rows;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (table.lineOf(middle) < line) low = middle + 1;
		else high = middle;
	}
	return low;
}
