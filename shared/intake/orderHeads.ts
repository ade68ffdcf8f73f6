/** How many events each order has, and which is its last, at a size of a sealed table. */
import type { OrderHead } from '#evidence';
import type { TableName } from '#model';
import type { ImportedDrop } from './importDrop.ts';

/** The last event of each order among the first `size` lines of a sealed table; none where the drop has no such log. */
export function orderHeads(
	{ sealed, population }: Pick<ImportedDrop, 'sealed' | 'population'>,
	table: TableName,
	size: number,
): OrderHead[] {
	const leafHashes = sealed.get(table)?.report.leafHashes;
	if (!leafHashes || !population.has(table)) return [];
	const rows = population.table(table);
	const codes = rows.codes('order_id');
	const last = new Map<number, { n: number; row: number }>();
	for (let row = 0; row < rows.rows && rows.lineOf(row) <= size; row++) {
		const code = codes[row] as number;
		const head = last.get(code);
		if (head) {
			head.n++;
			head.row = row;
		} else last.set(code, { n: 1, row });
	}
	return [...last.values()].map(({ n, row }) => {
		const at = (rows.lineOf(row) - 1) * 32;
		return { orderId: rows.text('order_id', row) ?? '', n, leaf: leafHashes.subarray(at, at + 32) };
	});
}
