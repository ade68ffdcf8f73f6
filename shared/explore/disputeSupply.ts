/** What disputes and their dossiers are drawn from, and how much of that is not there: an empty list says nothing where its table is missing. */
import type { TableName } from '#model';
import type { Population } from '#population';
import { type LinesAside, linesAside } from './whole.ts';

const DRAWN_FROM = ['sales_order', 'order_event', 'hold', 'revenue_event', 'approval', 'document'] as const satisfies readonly TableName[];

export interface DisputeSupply {
	/** Tables that were not supplied: nothing can be said of what they would hold. */
	readonly notSupplied: readonly TableName[];
	/** Tables of which malformed lines were set aside: there may be more than is shown. */
	readonly setAside: readonly LinesAside[];
}

export function disputeSupply(population: Population): DisputeSupply {
	return {
		notSupplied: DRAWN_FROM.filter((name) => !population.has(name)),
		setAside: linesAside(population, ['dispute', ...DRAWN_FROM]),
	};
}
