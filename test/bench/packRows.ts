/** What both writers of the pack benchmark print: bulk exception rows, made up as they are asked for. */

export const ROWS_A_PAGE = 47;

export const HEADS = ['No.', 'Order', 'Invoice', 'Customer', 'Delivered', 'Amount at risk', 'What was found'] as const;
/** Widths in points of the columns, for the writer that does not find its own. */
export const WIDTHS = [34, 62, 52, 92, 46, 66, 120] as const;

const CUSTOMERS = ['Müller & Søn GmbH', 'Ελλάς Μηχανές A.E.', 'Завод «Прогресс»', 'Ibex Ltd', 'Łódź Przemysł S.A.', 'Café du Père'];

export type BenchRow = readonly [string, string, string, string, string, string, string];

export function benchRow(i: number): BenchRow {
	const cents = 12_000 + ((i * 7919) % 9_000_000);
	return [
		String(i + 1),
		`SO-${String(i).padStart(8, '0')}`,
		`IN-${String((i * 31) % 1_000_000).padStart(6, '0')}`,
		CUSTOMERS[i % CUSTOMERS.length] as string,
		`2026-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
		`${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')} EUR`,
		`${1 + (i % 9)} of ${4 + (i % 9)} not invoiced, ${i % 90} days`,
	];
}
