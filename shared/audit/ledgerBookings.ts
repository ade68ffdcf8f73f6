/** How the ledger carries each revenue event, found in one pass over the journal lines. */
import type { Population } from '#population';
import { codeFor, type Sums, sumsOf } from './billingLines.ts';
import { ledgerOf } from './ledger.ts';

/** What the journal lines that name a revenue event say of it. */
export interface Bookings {
	/** Credit − debit on revenue accounts, by row of revenue_event. */
	readonly net: Sums;
	readonly state: Uint8Array;
}

export const NAMED = 1;
export const ON_REVENUE = 2;
export const OTHER_CURRENCY = 4;
export const OTHER_PERIOD = 8;
/** On an account whose class is a line set aside: it may be a revenue account. */
export const UNSURE = 16;

/** Needs account, journal_line and revenue_event. */
export const bookingsOf = (population: Population): Bookings => population.derive(deriveBookings);

function deriveBookings(population: Population): Bookings {
	const ledger = ledgerOf(population);
	return collectBookings(population, (row) => ledger.revenueOf(row));
}

/** @param eventOf the revenue event a journal line names, or -1 */
function collectBookings(population: Population, eventOf: (row: number) => number): Bookings {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	// Currencies and periods are one domain each, so their codes compare across tables.
	const [currencies, periods] = [lines.codes('currency'), lines.codes('period')];
	const [eventCurrencies, eventPeriods] = [events.codes('currency'), events.codes('period')];
	const [credits, debits] = [lines.minors('credit_minor'), lines.minors('debit_minor')];
	const net = sumsOf(events.rows, credits, debits);
	const state = new Uint8Array(events.rows);
	for (let row = 0; row < lines.rows; row++) {
		const event = eventOf(row);
		if (event < 0) continue;
		let bits = (state[event] as number) | NAMED;
		if (ledger.isOn(row, 'revenue')) {
			bits |= ON_REVENUE;
			if (currencies[row] !== eventCurrencies[event]) bits |= OTHER_CURRENCY;
			if (periods[row] !== eventPeriods[event]) bits |= OTHER_PERIOD;
			net[event] = (net[event] as bigint) + (credits[row] as bigint) - (debits[row] as bigint);
		} else if (ledger.isUnsure(row)) bits |= UNSURE;
		state[event] = bits;
	}
	return { net, state };
}

/** An event's amount with the sign its kind gives it. */
export function signedAmounts(population: Population): (row: number) => bigint {
	const events = population.table('revenue_event');
	const [kinds, amounts] = [events.codes('kind'), events.minors('amount_minor')];
	const reverse = events.dictionary('kind').codeOf('reverse');
	return (row) => (kinds[row] === reverse ? -(amounts[row] as bigint) : (amounts[row] as bigint));
}

/** Tells of a sealed event whether it commits to a value without which nothing can be said of its amount; the engine tells how many do. */
export function withheldEvents(population: Population): (row: number) => boolean {
	const events = population.table('revenue_event');
	const columns = ['kind', 'amount_minor', 'period', 'currency'].filter((column) => (events.withheld.get(column) ?? 0) > 0);
	return (row) => columns.length > 0 && columns.some((column) => events.isNull(column, row));
}

/** Rows of revenue events that the ledger does not carry as they are; an event of nothing needs no journal. */
export const unbookedEvents = (population: Population): Int32Array => population.derive(findUnbooked);

function findUnbooked(population: Population): Int32Array {
	const isUnbooked = unbookedBy(population, bookingsOf(population));
	const rows: number[] = [];
	for (let row = 0; row < population.table('revenue_event').rows; row++) if (isUnbooked(row)) rows.push(row);
	return Int32Array.from(rows);
}

function unbookedBy(population: Population, { net, state }: Bookings): (row: number) => boolean {
	const signed = signedAmounts(population);
	const isWithheld = withheldEvents(population);
	return (row) => {
		const bits = state[row] as number;
		if (isWithheld(row) || bits & UNSURE) return false;
		const amount = signed(row);
		const isBooked = bits === (NAMED | ON_REVENUE) && net[row] === amount;
		return !isBooked && !(amount === 0n && (bits & ON_REVENUE) === 0);
	};
}

/** Those of some revenue events that the ledger does not carry as they are: the journal lines of the others are not looked up. */
export function unbookedAmong(population: Population, rows: readonly number[]): readonly number[] {
	const lines = population.table('journal_line');
	const events = population.table('revenue_event');
	const [sources, revenues] = [lines.dictionary('source_id'), events.dictionary('revenue_id')];
	const revenueIds = events.codes('revenue_id');
	const eventOfSource = new Int32Array(sources.size).fill(-1);
	for (const row of rows) {
		const id = revenueIds[row] as number;
		const source = id < 0 ? -1 : sources.codeFrom(revenues, id);
		if (source >= 0) eventOfSource[source] = row;
	}
	const [kinds, ids] = [lines.codes('source_kind'), lines.codes('source_id')];
	const revenueKind = codeFor(lines, 'source_kind', 'revenue_event');
	const bookings = collectBookings(population, (row) => (kinds[row] === revenueKind ? (eventOfSource[ids[row] as number] ?? -1) : -1));
	return rows.filter(unbookedBy(population, bookings));
}
