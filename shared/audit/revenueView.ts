/** What the revenue tests share: the columns they walk over, the words of their sentences, the rows they cite. */
import { localTime, type WorkCalendar } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import {
	calendarOfOrder,
	lineOrders,
	type Movements,
	type ObligationLinks,
	obligationLinks,
	type RevenueBook,
	revenueBook,
} from '#revenue';
import { ref, refs } from './draft.ts';
import type { Need, RowRef } from './types.ts';

/** Business days within which recognition follows a transfer (T03's default): what a freeze must begin in to excuse a delay. */
export const RECOGNITION_DAYS = 2;

export interface RevenueView {
	readonly population: Population;
	readonly links: ObligationLinks;
	readonly book: RevenueBook;
	/** Minor units by revenue row. */
	readonly amounts: BigInt64Array;
	readonly recognisedAt: Float64Array;
	readonly postedAt: Float64Array;
	/** Minor units by obligation row. */
	readonly allocated: BigInt64Array;
	/** Millionths by line row. */
	readonly ordered: BigInt64Array;
}

export const revenueView = (population: Population): RevenueView => population.derive(newView);

function newView(population: Population): RevenueView {
	const revenue = population.table('revenue_event');
	return {
		population,
		links: obligationLinks(population),
		book: revenueBook(population),
		amounts: revenue.minors('amount_minor'),
		recognisedAt: revenue.instants('recognised_at'),
		postedAt: revenue.instants('posted_at'),
		allocated: population.table('obligation').minors('allocated_minor'),
		ordered: population.table('sales_order_line').quantities('quantity'),
	};
}

/** Tables every recomputation from obligations reads. */
export const OBLIGATION_NEEDS: readonly Need[] = [
	{ table: 'obligation', columns: ['obligation_id', 'order_id', 'line_id', 'allocated_minor', 'method'] },
	{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'quantity'] },
	{ table: 'sales_order', columns: ['order_id', 'contract_id'] },
];

export const REVENUE_COLUMNS: readonly string[] = ['revenue_id', 'order_id', 'kind', 'recognised_at', 'amount_minor', 'currency'];

/** Why an obligation's earnings cannot be recomputed from its line, or null: nothing was ordered, its price is negative, or several lines share it. */
export function whyNotRecomputable({ links, ordered, allocated }: RevenueView, obligation: number): string | null {
	if (links.severalLines[obligation] === 1) return 'shared by several order lines';
	if ((ordered[links.line[obligation] as number] as bigint) <= 0n) return 'of a line without quantity';
	return (allocated[obligation] as bigint) < 0n ? 'with a negative price' : null;
}

/** Whether control of an obligation passes at points in time, of a line and under a contract that are known. */
export const isPointInTime = ({ links }: RevenueView, obligation: number): boolean =>
	(links.line[obligation] as number) >= 0 && (links.contract[obligation] as number) >= 0 && links.overTime[obligation] !== 1;

/** "line 10 of order SO-1". */
export function lineText(population: Population, line: number): string {
	const lines = population.table('sales_order_line');
	return line < 0 ? 'an unknown line' : `line ${lines.text('line_id', line)} of order ${lines.text('order_id', line)}`;
}

export const eventCurrency = ({ population }: RevenueView, event: number): string | null =>
	population.table('revenue_event').text('currency', event);

export const eventId = ({ population }: RevenueView, event: number): string =>
	population.table('revenue_event').text('revenue_id', event) ?? '';

/** Currency of the order of an obligation, or null where the order is unknown. */
export function obligationCurrency({ population, links }: RevenueView, obligation: number): string | null {
	const order = links.order[obligation] as number;
	return order < 0 ? null : population.table('sales_order').text('currency', order);
}

/** Minor units allocated to all obligations of a line. */
export function linePrice({ links, allocated }: RevenueView, line: number): bigint {
	let price = 0n;
	for (const obligation of links.ofLine.rowsOf(line)) price += allocated[obligation] as bigint;
	return price;
}

/** Currency of the order of a line, or null where it is unknown. */
export function lineCurrency(population: Population, line: number): string | null {
	const order = lineOrders(population)[line] ?? -1;
	return order < 0 ? null : population.table('sales_order').text('currency', order);
}

/** Months since year 0. */
export const utcMonth = (instant: number): number => {
	const date = new Date(instant);
	return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

export const localMonth = (instant: number, calendar: WorkCalendar): number => monthOf(localTime(instant, calendar.timezone).period);

const monthOf = (period: string): number => Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1;

/** Months by code of the period dictionary. */
export const periodMonths = (population: Population): Int32Array => population.derive(readMonths);

function readMonths(population: Population): Int32Array {
	const periods = population.dictionary('period');
	return Int32Array.from({ length: periods.size }, (_, code) => monthOf(periods.text(code)));
}

/** The months an instant may be booked in: its own in UTC and in the entity's zone, where that is known. */
export function monthsOf(population: Population, order: number, instant: number): readonly number[] {
	const calendar = population.has('entity') ? calendarOfOrder(population, order) : null;
	return calendar ? [utcMonth(instant), localMonth(instant, calendar)] : [utcMonth(instant)];
}

export const monthText = (month: number): string =>
	`${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

const CITED_MAX = 50;
const CITED_MOVEMENTS_MAX = 15;
const CITED_EVENTS_MAX = 20;

/** The rows a recomputation rests on: order, line, obligation, contract, movements and revenue events of the obligation. */
export function citeObligation(view: RevenueView, obligation: number, movements: Movements | null, ...more: readonly RowRef[]): RowRef[] {
	const { links, book, population } = view;
	const line = links.line[obligation] as number;
	return [
		...more,
		...refs('sales_order', [links.order[obligation] as number]),
		...refs('sales_order_line', [line]),
		ref('obligation', obligation),
		...(population.has('contract') ? refs('contract', [links.contract[obligation] as number]) : []),
		...(movements ? citeMovements(movements, line) : []),
		...refs('revenue_event', book.ofObligation(obligation).subarray(0, CITED_EVENTS_MAX)),
	].slice(0, CITED_MAX);
}

/** The first movements of a line, as rows of where they come from. */
function citeMovements(movements: Movements, line: number): RowRef[] {
	const from = movements.startOf(line);
	const to = Math.min(movements.endOf(line), from + CITED_MOVEMENTS_MAX);
	return Array.from({ length: to - from }, (_, index) => ref(movements.sourceOf(from + index), movements.rows[from + index] as number));
}

/** Counts what could not be judged, by reason. */
export class OpenSubjects {
	readonly #counts = new Map<string, number>();

	/** @param why a phrase that starts with a singular noun: "transfer still on hold", "revenue event of …" */
	add(why: string, subjects = 1): void {
		if (subjects > 0) this.#counts.set(why, (this.#counts.get(why) ?? 0) + subjects);
	}

	/** As the outcome of a test wants it: "3 transfers still on hold; 1 obligation …". */
	outcome(): { readonly open: number; readonly openWhy?: string } {
		if (this.#counts.size === 0) return { open: 0 };
		const phrases = Array.from(this.#counts, ([why, count]) => `${count} ${count === 1 ? why : why.replace(NOUN, '$&s')}`);
		return { open: Array.from(this.#counts.values()).reduce((a, b) => a + b, 0), openWhy: phrases.join('; ') };
	}
}

const NOUN = /revenue event|obligation|transfer|amendment|dispute|line/;

/** A primary key by table and column, where the row is known. */
export const keyOf = (population: Population, table: TableName, column: string, row: number): Record<string, string> =>
	row < 0 ? {} : { [column]: population.table(table).text(column, row) ?? '' };
