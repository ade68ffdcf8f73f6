/** The order table of a population: derived once, with what verification and tests say laid beside it. */
import type { AuditResult, EvidenceFacts } from '#audit';
import { HOUR_MS } from '#kernel';
import { Dictionary, type Population, type PopulationTable } from '#population';
import {
	nullInstants,
	nullNumbers,
	nullTexts,
	type OrderColumn,
	type OrderColumnId,
	type OrderPaths,
	type OrderTable,
	type TextColumn,
	textsOfDictionary,
} from './ordersColumns.ts';
import { chainColumn, exceptionColumns } from './ordersFacts.ts';
import { pathsOf } from './ordersPaths.ts';
import { isWhole } from './whole.ts';

type OwnColumns = Omit<Record<OrderColumnId, OrderColumn>, 'chain' | 'exceptions' | 'severity'>;

interface BaseTable {
	readonly rows: number;
	readonly orders: ArrayLike<number>;
	readonly columns: OwnColumns;
	readonly paths: OrderPaths | null;
	readonly strangers: number;
}

interface Laid {
	readonly evidence: EvidenceFacts;
	readonly result: AuditResult | null;
	readonly table: OrderTable;
}

const laid = new WeakMap<Population, Laid>();

/**
 * One row a sales order, in file order. Kept as long as population, facts and result stay the same. Needs `sales_order`; every other table
 * that is missing leaves its columns null.
 */
export function orderTable(population: Population, evidence: EvidenceFacts, result: AuditResult | null): OrderTable {
	const known = laid.get(population);
	if (known && known.evidence === evidence && known.result === result) return known.table;
	const { rows, orders, columns, paths, strangers } = population.derive(deriveBase);
	const table: OrderTable = {
		rows,
		asOf: population.asOf,
		columns: { ...columns, chain: chainColumn(population, evidence, orders), ...exceptionColumns(population, result, orders) },
		paths,
		strangers,
	};
	laid.set(population, { evidence, result, table });
	return table;
}

function deriveBase(population: Population): BaseTable {
	const orders = population.table('sales_order');
	const { rows } = orders;
	const ids = orders.codes('order_id');
	const column = (name: string): TextColumn =>
		orders.has(name) ? { kind: 'text', codes: orders.codes(name), texts: textsOfDictionary(orders.dictionary(name)) } : nullTexts(rows);
	const events = eventColumns(population, ids, orders);
	return {
		rows,
		orders: ids,
		columns: {
			order_id: column('order_id'),
			customer: customerColumn(population, orders),
			entity: column('entity_id'),
			region: column('region'),
			state: column('state'),
			ordered_at: orders.has('ordered_at') ? { kind: 'instant', values: orders.instants('ordered_at') } : nullInstants(rows),
			month: monthColumn(orders),
			total: { kind: 'amount', minors: orders.has('total_minor') ? orders.minors('total_minor') : new BigInt64Array(rows) },
			currency: orders.has('total_minor') ? column('currency') : nullTexts(rows),
			...events,
			schema_version: orders.has('schema_version')
				? { kind: 'number', values: Float64Array.from(orders.integers('schema_version')) }
				: nullNumbers(rows),
			holds: openCount(population, 'hold', 'opened_at', ids),
			disputes: openCount(population, 'dispute', 'logged_at', ids),
		},
		paths: orderPaths(population, ids),
		strangers: strangers(population),
	};
}

/** Read by name, filtered by id: two customers of one name stay two. */
function customerColumn(population: Population, orders: PopulationTable): TextColumn {
	if (!orders.has('customer_id')) return nullTexts(orders.rows);
	const dictionary = orders.dictionary('customer_id');
	const codes = orders.codes('customer_id');
	if (!population.has('customer') || !population.table('customer').has('name'))
		return { kind: 'text', codes, texts: textsOfDictionary(dictionary) };
	const customers = population.table('customer');
	const byId = population.index('customer', 'customer_id');
	const labelOf = (code: number): string => {
		const row = byId.rowOf(code);
		const name = row < 0 ? null : customers.text('name', row);
		return name === null ? dictionary.text(code) : name;
	};
	return { kind: 'text', codes, texts: textsOfDictionary(dictionary, labelOf) };
}

function monthColumn(orders: PopulationTable): TextColumn {
	if (!orders.has('ordered_at')) return nullTexts(orders.rows);
	const dictionary = new Dictionary();
	const codes = new Int32Array(orders.rows);
	const instants = orders.instants('ordered_at');
	const known = new Map<number, number>();
	for (let row = 0; row < orders.rows; row++) {
		const at = instants[row] as number;
		if (Number.isNaN(at)) {
			codes[row] = -1;
			continue;
		}
		// Days are few, months of them are asked for once.
		const day = Math.floor(at / 86_400_000);
		let code = known.get(day);
		if (code === undefined) {
			code = dictionary.internText(new Date(day * 86_400_000).toISOString().slice(0, 7));
			known.set(day, code);
		}
		codes[row] = code;
	}
	return { kind: 'text', codes, texts: textsOfDictionary(dictionary) };
}

type EventColumns = Pick<OwnColumns, 'events' | 'last_event_at' | 'age_hours'>;

/** An order without events was last touched when it was ordered (as T58 reads it). */
function eventColumns(population: Population, ids: ArrayLike<number>, orders: PopulationTable): EventColumns {
	if (!population.has('order_event'))
		return { events: nullNumbers(ids.length), last_event_at: nullInstants(ids.length), age_hours: nullNumbers(ids.length) };
	const events = population.table('order_event');
	const byOrder = population.index('order_event', 'order_id');
	const recorded = events.instants('recorded_at');
	const orderedAt = orders.has('ordered_at') ? orders.instants('ordered_at') : null;
	const none = isWhole(population, 'order_event') ? 0 : Number.NaN;
	const counts = none === 0 ? new Int32Array(ids.length) : new Float64Array(ids.length);
	const last = new Float64Array(ids.length).fill(Number.NaN);
	const ages = new Float64Array(ids.length);
	for (let row = 0; row < ids.length; row++) {
		const own = byOrder.rowsOf(ids[row] as number);
		counts[row] = own.length === 0 ? none : own.length;
		for (const event of own) if (!((recorded[event] as number) <= (last[row] as number))) last[row] = recorded[event] as number;
		const touched = Number.isNaN(last[row] as number) ? (orderedAt?.[row] ?? Number.NaN) : (last[row] as number);
		ages[row] = Math.floor((population.asOf - touched) / HOUR_MS);
	}
	return {
		events: { kind: 'number', values: counts },
		last_event_at: { kind: 'instant', values: last },
		age_hours: { kind: 'number', values: ages },
	};
}

/** Holds or disputes that have begun and not ended at as-of; null where none is found and one may be among the lines set aside. */
function openCount(population: Population, name: 'hold' | 'dispute', begins: string, ids: ArrayLike<number>): OrderColumn {
	if (!population.has(name)) return nullNumbers(ids.length);
	const table = population.table(name);
	const [from, to] = [table.instants(begins), table.instants('closed_at')];
	const byOrder = population.index(name, 'order_id');
	const none = isWhole(population, name) ? 0 : Number.NaN;
	const counts = none === 0 ? new Int32Array(ids.length) : new Float64Array(ids.length);
	for (let row = 0; row < ids.length; row++) {
		let open = 0;
		for (const own of byOrder.rowsOf(ids[row] as number))
			if ((from[own] as number) <= population.asOf && !((to[own] as number) <= population.asOf)) open++;
		counts[row] = open === 0 ? none : open;
	}
	return { kind: 'number', values: counts };
}

function orderPaths(population: Population, ids: ArrayLike<number>): OrderPaths | null {
	if (!population.has('order_event')) return null;
	const { variantOfOrder, variants, empty } = pathsOf(population);
	const variantOf = new Int32Array(ids.length);
	for (let row = 0; row < ids.length; row++) variantOf[row] = variantOfOrder[ids[row] as number] ?? empty;
	return { variantOf, variants, states: textsOfDictionary(population.dictionary('state')) };
}

function strangers(population: Population): number {
	if (!population.has('order_event')) return 0;
	const byOrder = population.index('order_event', 'order_id');
	const listed = population.index('sales_order', 'order_id');
	let count = 0;
	for (let order = 0; order < population.dictionary('order').size; order++)
		if (byOrder.countOf(order) > 0 && listed.countOf(order) === 0) count++;
	return count;
}
