/** One order line over the five books, field by field: what each says, and which of them agree. */
import { orderOfLine, rowsOfLine } from '#audit';
import { formatInstant } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import type { Reconciliation } from './reconcile.ts';
import { type BookSupply, bookSupply, type ReconcileBook } from './reconcileColumns.ts';
import { type CompareField, fieldsOf, invoicesOf, journalLinesOf, ROWS_MAX } from './reconcileFields.ts';
import { justifiedOfLine } from './reconcileJustified.ts';
import { RECONCILE_STAGES, type ReconcileReason, type ReconcileStage, reasonAt, STAGE_TITLES } from './reconcileReasons.ts';
import { type ReconcileRow, rowOf } from './reconcileRows.ts';

/** `=` agree, `≠` differ, `≈` differ lawfully or within tolerance, `?` not compared. */
export type CompareSign = '=' | '≠' | '≈' | '?';

export interface CompareStage {
	readonly stage: ReconcileStage;
	readonly title: string;
	readonly sign: CompareSign;
	readonly reason: ReconcileReason;
}

export interface CompareRow {
	readonly table: TableName;
	readonly row: number;
	readonly key: string;
	readonly label: string;
}

export interface Comparison {
	readonly row: ReconcileRow;
	readonly fields: readonly CompareField[];
	readonly books: Readonly<Record<ReconcileBook, BookSupply>>;
	readonly stages: readonly CompareStage[];
	/** Net revenue the transferred quantity justifies, where it can be recomputed. */
	readonly justifiedMinor: bigint | null;
	/** Sentences of the audit tests about this item, with the exception's own subject. */
	readonly sentences: readonly {
		readonly test: string;
		readonly sentence: string;
		readonly keys: Readonly<Record<string, string>>;
		readonly orderId: string | null;
	}[];
	/** The rows of all books behind it, capped at 60. */
	readonly rows: readonly CompareRow[];
}

export function compareItem(reconciliation: Reconciliation, item: number): Comparison {
	const { population, lines, orphans, breaks } = reconciliation;
	const row = rowOf(reconciliation, item, null);
	const orphan = orphans[item - lines];
	if (orphan)
		return {
			row,
			fields: [],
			books: bookSupply(population),
			stages: [],
			justifiedMinor: null,
			sentences: [orphan.told ?? { test: '', sentence: reasonAt(orphan.reason).words, keys: {}, orderId: row.orderId }].map(
				({ test, sentence, keys, orderId }) => ({ test, sentence, keys, orderId }),
			),
			rows: [compareRow(population, orphan.table, orphan.row)],
		};
	return {
		row,
		fields: fieldsOf(population, item),
		books: bookSupply(population),
		stages: RECONCILE_STAGES.map((stage) => stageOf(reconciliation, item, stage)),
		justifiedMinor: JUSTIFIED_BY.every((name) => population.has(name)) ? justifiedOfLine(population, item) : null,
		sentences: (breaks.get(item) ?? []).map(({ test, sentence, keys, orderId }) => ({ test, sentence, keys, orderId })),
		rows: rowsBehind(population, item),
	};
}

/** Without shipments and events nothing was transferred as far as is known, which justifies nothing and says nothing. */
const JUSTIFIED_BY: readonly TableName[] = ['obligation', 'revenue_event', 'shipment', 'order_event'];

function stageOf({ stages }: Reconciliation, line: number, stage: ReconcileStage): CompareStage {
	const reason = reasonAt(stages[stage][line] as number);
	const sign: CompareSign =
		reason.class === 'not_compared'
			? '?'
			: reason.class === 'matched'
				? '='
				: reason.class === 'open' || reason.class === 'within_tolerance'
					? '≈'
					: '≠';
	return { stage, title: STAGE_TITLES[stage], sign, reason };
}

function rowsBehind(population: Population, line: number): CompareRow[] {
	const rows: CompareRow[] = [];
	const add = (table: TableName, found: Iterable<number>): void => {
		for (const row of found) if (row >= 0 && rows.length < ROWS_MAX) rows.push(compareRow(population, table, row));
	};
	add('sales_order', [population.derive(orderOfLine)[line] as number]);
	add('sales_order_line', [line]);
	if (population.has('shipment')) add('shipment', rowsOfLine(population, 'shipment', line));
	if (population.has('invoice') && population.has('invoice_line')) {
		add('invoice', invoicesOf(population, line));
		add('invoice_line', rowsOfLine(population, 'invoice_line', line));
	}
	if (!population.has('obligation') || !population.has('revenue_event')) return rows;
	const events = [...revenueBook(population).ofLine(line)];
	add('revenue_event', events);
	if (population.has('journal_line') && population.has('account')) add('journal_line', journalLinesOf(population, events));
	return rows;
}

function compareRow(population: Population, table: TableName, row: number): CompareRow {
	const rows = population.table(table);
	return { table, row, key: rows.keyText(row), label: labelOf(population, table, row) };
}

/** What a row is, in a few words: its date and what moves in it. */
function labelOf(population: Population, table: TableName, row: number): string {
	const rows = population.table(table);
	const say = (...columns: readonly string[]): string =>
		columns
			.map((column) => (rows.has(column) ? rows.cellText(column, row) : null))
			.filter((value) => value !== null)
			.join(' · ');
	switch (table) {
		case 'shipment':
			return `${day(rows.instants('shipped_at')[row] as number)} · ${say('quantity', 'carrier')}`;
		case 'invoice':
			return `${day(rows.instants('issued_at')[row] as number)} · ${say('invoice_no', 'kind')}`;
		case 'revenue_event':
			return `${day(rows.instants('recognised_at')[row] as number)} · ${say('kind', 'period')}`;
		case 'journal_line':
			return say('period', 'account', 'source');
		case 'sales_order':
			return say('state', 'region');
		default:
			return say('sku', 'quantity');
	}
}

const day = (at: number): string => (Number.isNaN(at) ? '' : formatInstant(at).slice(0, 10));
