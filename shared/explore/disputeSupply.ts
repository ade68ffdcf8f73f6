/** What disputes and their dossiers are drawn from, and how much of that is not there: an empty list says nothing where its table is missing. */
import type { TableName } from '#model';
import type { Population } from '#population';

const DRAWN_FROM = ['sales_order', 'order_event', 'hold', 'revenue_event', 'approval', 'document'] as const satisfies readonly TableName[];

export interface DisputeSupply {
	/** Tables that were not supplied: nothing can be said of what they would hold. */
	readonly notSupplied: readonly TableName[];
	/** Tables of which malformed lines were set aside: there may be more than is shown. */
	readonly setAside: readonly { readonly table: TableName; readonly lines: number }[];
}

export function disputeSupply(population: Population): DisputeSupply {
	return {
		notSupplied: DRAWN_FROM.filter((name) => !population.has(name)),
		setAside: DRAWN_FROM.filter((name) => population.has(name))
			.map((table) => ({ table, lines: population.table(table).quarantine.length }))
			.filter(({ lines }) => lines > 0),
	};
}

/** Whether a table is there whole: only then does nothing found mean that there is nothing. */
export const isWhole = (population: Population, table: TableName): boolean =>
	population.has(table) && population.table(table).quarantine.length === 0;
