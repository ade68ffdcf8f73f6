/** Everything a population says of one order beside its timeline: lines, shipments, invoices, revenue, journals, documents, approvals, holds. */

import type { TableName } from '#model';
import { stateTableOf } from '#orders';
import type { Population } from '#population';
import { type EventGap, gapsOf, type StaleState, staleLimit, staleness } from './ordersGaps.ts';
import { isWhole, type LinesAside, linesAside } from './whole.ts';

/** A row of some table as the drop wrote it; null where a cell is null. Money in minor units. */
export interface DossierRow {
	readonly table: TableName;
	readonly row: number;
	readonly key: string;
	readonly cells: Readonly<Record<string, string | null>>;
}

export interface OrderDossier {
	readonly orderId: string;
	/** Whether the sales orders list it; null where it can't be told: none were supplied, or lines of them were set aside. */
	readonly isListed: boolean | null;
	readonly order: DossierRow | null;
	readonly customer: DossierRow | null;
	readonly contract: DossierRow | null;
	readonly lines: readonly DossierRow[];
	readonly obligations: readonly DossierRow[];
	readonly shipments: readonly DossierRow[];
	readonly invoices: readonly DossierRow[];
	readonly invoiceLines: readonly DossierRow[];
	readonly payments: readonly DossierRow[];
	readonly revenue: readonly DossierRow[];
	readonly journals: readonly DossierRow[];
	readonly documents: readonly DossierRow[];
	readonly approvals: readonly DossierRow[];
	readonly holds: readonly DossierRow[];
	readonly disputes: readonly DossierRow[];
	/** Tables that were not supplied: their lists are empty because nothing is known. */
	readonly notSupplied: readonly TableName[];
	/** Tables of which lines were set aside: some of them may be this order's. */
	readonly setAside: readonly LinesAside[];
	/** Lists that were cut, with their whole length. */
	readonly cut: readonly { readonly table: TableName; readonly rows: number }[];
	/** Rows of `order_event`, in chain order. */
	readonly events: readonly number[];
	/** One entry an event. */
	readonly gaps: readonly EventGap[];
	/** By event: whether the state table allowed its transition; null where it is none or no state table was supplied. */
	readonly lawful: readonly (boolean | null)[];
	/** Null too where no events were supplied: then nobody knows when it was last touched. */
	readonly stale: StaleState | null;
}

const ROWS_MAX = 500;

export interface StaleLimits {
	readonly hours: number;
	/** As T58's parameter of that name. */
	readonly stateHours: string;
}

export function orderDossier(population: Population, orderId: string, limits: StaleLimits): OrderDossier {
	const order = population.dictionary('order').codeOf(orderId);
	const reader = new DossierReader(population);
	const orderRow = reader.firstRow('sales_order', 'order_id', order);
	const codeIn = (column: string): number => (orderRow < 0 ? -1 : (population.table('sales_order').codes(column)[orderRow] as number));
	const invoiceLines = reader.byCode('invoice_line', 'order_id', order);
	const invoices = reader.parents('invoice_line', 'invoice', 'invoice_id', invoiceLines);
	const revenue = reader.byCode('revenue_event', 'order_id', order);
	const holds = reader.byCode('hold', 'order_id', order);
	const payments = invoices.flatMap(({ row }) => reader.byCode('payment', 'invoice_id', reader.code('invoice', 'invoice_id', row)));
	const events = reader.has('order_event') ? population.index('order_event', 'order_id').rowsOf(order) : new Int32Array(0);
	const shown = events.subarray(0, ROWS_MAX);
	if (events.length > ROWS_MAX) reader.cut.push({ table: 'order_event', rows: events.length });
	return {
		orderId,
		isListed: orderRow >= 0 || (isWhole(population, 'sales_order') ? false : null),
		order: orderRow < 0 ? null : reader.read('sales_order', orderRow),
		customer: reader.first('customer', 'customer_id', codeIn('customer_id')),
		contract: reader.first('contract', 'contract_id', codeIn('contract_id')),
		lines: reader.byCode('sales_order_line', 'order_id', order),
		obligations: reader.byCode('obligation', 'order_id', order),
		shipments: reader.byCode('shipment', 'order_id', order),
		invoices,
		invoiceLines,
		payments,
		revenue,
		journals: reader.journals([
			...revenue.map(({ key }) => ({ kind: 'revenue_event', id: key })),
			...invoices.map(({ key }) => ({ kind: 'invoice', id: key })),
			...payments.map(({ key }) => ({ kind: 'payment', id: key })),
		]),
		documents: reader.byCode('document', 'order_id', order),
		approvals: reader.approvals([
			...revenue.map(({ key }) => key),
			...holds.map(({ key }) => key),
			...invoices.map(({ key }) => key),
			...(orderRow < 0 ? [] : [population.table('sales_order').text('contract_id', orderRow) ?? '']),
		]),
		holds,
		disputes: reader.byCode('dispute', 'order_id', order),
		notSupplied: [...reader.notSupplied],
		setAside: linesAside(population, reader.asked()),
		cut: reader.cut,
		events: [...shown],
		gaps: shown.length === 0 ? [] : gapsOf(population, shown, codeIn('entity_id')),
		lawful: lawfulness(population, shown),
		stale: staleOf(population, orderRow, events, limits),
	};
}

function lawfulness(population: Population, rows: Int32Array): (boolean | null)[] {
	if (rows.length === 0) return [];
	if (!population.has('state_transition')) return Array.from(rows, () => null);
	const events = population.table('order_event');
	const states = stateTableOf(population);
	const [from, to, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	return Array.from(rows, (row) => {
		const [left, reached] = [from[row] as number, to[row] as number];
		if (left < 0 || reached < 0 || left === reached) return null;
		if (states.allows(states.pair(left, reached), occurred[row] as number)) return true;
		// The row that allowed it may be one that was set aside.
		return isWhole(population, 'state_transition') ? false : null;
	});
}

function staleOf(population: Population, orderRow: number, events: Int32Array, { hours, stateHours }: StaleLimits): StaleState | null {
	if (orderRow < 0 || !population.has('order_event')) return null;
	const orders = population.table('sales_order');
	let touched = Number.NaN;
	const recorded = events.length > 0 ? population.table('order_event').instants('recorded_at') : null;
	for (const row of events) if (recorded && !((recorded[row] as number) <= touched)) touched = recorded[row] as number;
	if (Number.isNaN(touched)) touched = orders.instants('ordered_at')[orderRow] as number;
	const state = orders.codes('state')[orderRow] as number;
	return staleness(population, state, touched, staleLimit(orders.text('state', orderRow) ?? '', hours, stateHours));
}

/** Reads rows of tables that may be missing, cuts what is endless, and says both. */
class DossierReader {
	readonly notSupplied = new Set<TableName>();
	readonly #asked = new Set<TableName>();
	readonly cut: { table: TableName; rows: number }[] = [];
	readonly #population: Population;

	constructor(population: Population) {
		this.#population = population;
	}

	read(name: TableName, row: number): DossierRow {
		const table = this.#population.table(name);
		const columns = table.schema.columns.filter(({ held }) => held).map((column) => column.name);
		return {
			table: name,
			row,
			key: table.keyText(row),
			cells: Object.fromEntries(columns.map((column) => [column, table.cellText(column, row)])),
		};
	}

	code(name: TableName, column: string, row: number): number {
		return this.#population.table(name).codes(column)[row] as number;
	}

	firstRow(name: TableName, column: string, code: number): number {
		return this.has(name) ? this.#population.index(name, column).rowOf(code) : -1;
	}

	first(name: TableName, column: string, code: number): DossierRow | null {
		const row = this.firstRow(name, column, code);
		return row < 0 ? null : this.read(name, row);
	}

	byCode(name: TableName, column: string, code: number): DossierRow[] {
		if (!this.has(name)) return [];
		return this.#rows(name, this.#population.index(name, column).rowsOf(code));
	}

	/** The rows of `parent` that rows of `child` name, each once. */
	parents(child: TableName, parent: TableName, column: string, rows: readonly DossierRow[]): DossierRow[] {
		if (!this.has(parent)) return [];
		const codes = new Set(rows.map(({ row }) => this.code(child, column, row)));
		const index = this.#population.index(parent, column);
		return [...codes].map((code) => index.rowOf(code)).flatMap((row) => (row < 0 ? [] : [this.read(parent, row)]));
	}

	/** Journal lines whose source is one of these documents. */
	journals(sources: readonly { readonly kind: string; readonly id: string }[]): DossierRow[] {
		if (!this.has('journal_line')) return [];
		const lines = this.#population.table('journal_line');
		const index = this.#population.index('journal_line', 'source_id');
		const rows = sources.flatMap(({ kind, id }) =>
			[...index.rowsOf(lines.dictionary('source_id').codeOf(id))].filter((row) => lines.text('source_kind', row) === kind),
		);
		return this.#rows('journal_line', Int32Array.from(new Set(rows)));
	}

	approvals(subjects: readonly string[]): DossierRow[] {
		if (!this.has('approval')) return [];
		const dictionary = this.#population.table('approval').dictionary('subject_id');
		const index = this.#population.index('approval', 'subject_id');
		const rows = new Set(subjects.flatMap((subject) => [...index.rowsOf(dictionary.codeOf(subject))]));
		return this.#rows('approval', Int32Array.from(rows));
	}

	#rows(name: TableName, rows: Int32Array): DossierRow[] {
		if (rows.length > ROWS_MAX) this.cut.push({ table: name, rows: rows.length });
		return Array.from(rows.subarray(0, ROWS_MAX), (row) => this.read(name, row));
	}

	/** Every table that was looked into. */
	asked(): readonly TableName[] {
		return [...this.#asked];
	}

	has(name: TableName): boolean {
		this.#asked.add(name);
		if (this.#population.has(name)) return true;
		this.notSupplied.add(name);
		return false;
	}
}
