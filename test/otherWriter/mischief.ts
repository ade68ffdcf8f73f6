/** How a stranger goes about spoiling a company: pick orders nobody has touched, change rows, write down what must be found. */
import type { Row } from './sealing.ts';
import type { Order, Scenario, World } from './world.ts';

export type Planted = { readonly test: string; readonly order?: string | null; readonly keys: { readonly [column: string]: string } };

export type Spoiler = {
	readonly world: World;
	readonly plant: (test: string, order: Order | string | null | undefined, keys: Planted['keys']) => void;
	/** A finished order of one of the scenarios that no other plant uses. */
	readonly take: (scenarios: readonly Scenario[], also?: (order: Order) => boolean) => Order;
	readonly rows: (table: string, of: Order) => Row[];
	/** The one row of a table with a value. */
	readonly only: (table: string, column: string, value: unknown) => Row;
	readonly drop: (table: string, test: (row: Row) => boolean) => void;
	readonly invoiceOf: (order: Order) => { readonly row: Row; readonly line: Row };
};

export const text = (value: unknown): string => String(value);
export const moved = (instant: unknown, by: number): string => new Date(Date.parse(text(instant)) + by).toISOString();

export function spoiler(world: World, planted: Planted[], taken: Set<string>): Spoiler {
	const { tables } = world;
	const rows = (table: string, of: Order) => (tables[table] ?? []).filter((row) => row['order_id'] === of.id);
	const only = (table: string, column: string, value: unknown) => {
		const found = (tables[table] ?? []).find((row) => row[column] === value);
		if (found === undefined) throw new Error(`no ${table} with ${column} ${text(value)}`);
		return found;
	};
	return {
		world,
		rows,
		only,
		plant: (test, order, keys) =>
			planted.push({
				test,
				...(order === undefined ? {} : { order: order === null || typeof order === 'string' ? order : order.id }),
				keys,
			}),
		take: (scenarios, also = () => true) => {
			const found = world.orders.find(
				(order) =>
					scenarios.includes(order.scenario) &&
					['closed', 'returned', 'cancelled'].includes(order.state) &&
					!taken.has(order.id) &&
					also(order),
			);
			if (found === undefined) throw new Error(`no order left of ${scenarios.join(', ')}`);
			taken.add(found.id);
			return found;
		},
		drop: (table, test) => {
			tables[table] = (tables[table] ?? []).filter((row) => !test(row));
		},
		invoiceOf: (order) => {
			const line = rows('invoice_line', order)[0];
			if (line === undefined) throw new Error(`${order.id} has no invoice`);
			return { row: only('invoice', 'invoice_id', line['invoice_id']), line };
		},
	};
}
