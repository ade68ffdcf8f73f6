/** Exact sums over the columns of a table, as control totals declare them. */
import type { FoundTotal } from '#evidence';
import { formatQuantity } from '#kernel';
import type { PopulationTable } from '#population';

/** The sum of a money, quantity or whole-number column over all rows that loaded; nulls count nothing. */
export function totalOf(table: PopulationTable, name: string): FoundTotal {
	const column = table.schema.columns.find((one) => one.name === name);
	if (!column?.held) return { kind: 'no_such_column' };
	const withheld = table.withheld.get(name) ?? 0;
	if (withheld > 0) return { kind: 'withheld', rows: withheld };
	switch (column.type) {
		case 'minor':
			return { kind: 'sum', sum: sumAmounts(table.minors(name)).toString() };
		case 'qty':
			return { kind: 'sum', sum: formatQuantity(sumAmounts(table.quantities(name))) };
		case 'int': {
			let sum = 0n;
			for (const value of table.integers(name)) if (!Number.isNaN(value)) sum += BigInt(value);
			return { kind: 'sum', sum: sum.toString() };
		}
		default:
			return { kind: 'no_such_column' };
	}
}

function sumAmounts(amounts: BigInt64Array): bigint {
	let sum = 0n;
	for (const amount of amounts) sum += amount;
	return sum;
}
