/** Time between the events of one order, elapsed and in the selling entity's business hours, and whether the order rests too long (T58). */
import { DAY_MS, HOUR_MS, isTimeZone, isWorkday, localTime, parseClock, parseWorkdays, type WorkCalendar } from '#kernel';
import { terminalStates } from '#orders';
import type { Population } from '#population';

export interface EventGap {
	/** Between the event before and this one, by `recorded_at`; null for the first. */
	readonly elapsedMs: number | null;
	/** Of it, within business hours; null where the entity's calendar is not known or the gap is longer than a year. */
	readonly businessMs: number | null;
	/** By `occurred_at` this event happened before the one above it. */
	readonly isBackwards: boolean;
}

export interface StaleState {
	/** Since the last event (or the order), at as-of. */
	readonly idleMs: number;
	readonly limitMs: number;
	readonly isStale: boolean;
}

const LONGEST_COUNTED = 400 * DAY_MS;

/** One entry an event, in chain order. */
export function gapsOf(population: Population, events: Int32Array, entity: number): EventGap[] {
	const table = population.table('order_event');
	const [occurred, recorded] = [table.instants('occurred_at'), table.instants('recorded_at')];
	const calendar = calendarOf(population, entity);
	return Array.from(events, (row, at) => {
		const before = at === 0 ? -1 : (events[at - 1] as number);
		if (before < 0) return { elapsedMs: null, businessMs: null, isBackwards: false };
		const [from, to] = [recorded[before] as number, recorded[row] as number];
		return {
			elapsedMs: to - from,
			businessMs: calendar && to > from && to - from <= LONGEST_COUNTED ? businessMs(from, to, calendar) : null,
			isBackwards: (occurred[row] as number) < (occurred[before] as number),
		};
	});
}

function calendarOf(population: Population, entity: number): WorkCalendar | null {
	if (!population.has('entity')) return null;
	const entities = population.table('entity');
	const row = population.index('entity', 'entity_id').rowOf(entity);
	if (row < 0) return null;
	const text = (column: string): string => entities.text(column, row) ?? '';
	const [workdays, from, to] = [parseWorkdays(text('workdays')), parseClock(text('day_start')), parseClock(text('day_end'))];
	if (!workdays || from === null || to === null || !isTimeZone(text('timezone'))) return null;
	return { timezone: text('timezone'), workdays, dayStartMinute: from, dayEndMinute: to };
}

const MINUTE_MS = 60_000;

/** Milliseconds of [from, to) inside work days and hours, day by day on the entity's own clock. */
export function businessMs(from: number, to: number, calendar: WorkCalendar): number {
	let total = 0;
	for (let at = from; at < to; ) {
		const local = localTime(at, calendar.timezone);
		const intoMinute = at - Math.floor(at / MINUTE_MS) * MINUTE_MS;
		const intoDay = local.minute * MINUTE_MS + intoMinute;
		const left = Math.max(MINUTE_MS, DAY_MS - intoDay);
		const end = Math.min(to, at + left);
		if (isWorkday(local.day, calendar)) {
			const opens = Math.max(intoDay, calendar.dayStartMinute * MINUTE_MS);
			const closes = Math.min(intoDay + (end - at), calendar.dayEndMinute * MINUTE_MS);
			total += Math.max(0, closes - opens);
		}
		at = end;
	}
	return total;
}

/**
 * As T58 reads it: an order whose state is not terminal and whose last event was recorded longer ago than the limit. Null for orders at rest.
 * @param hours the limit of the test, or of the state where it has its own
 */
export function staleness(population: Population, state: number, touched: number, hours: number): StaleState | null {
	if (state < 0 || Number.isNaN(touched) || terminalStates(population)[state] === 1) return null;
	const idleMs = population.asOf - touched;
	return { idleMs, limitMs: hours * HOUR_MS, isStale: idleMs > hours * HOUR_MS };
}

/** The limit of a state in hours, from the parameters `hours` and `state_hours` of T58 ("backordered=240, on_hold=120"). */
export function staleLimit(state: string, hours: number, stateHours: string): number {
	for (const part of stateHours.split(',')) {
		const [, name = '', own = ''] = /^\s*([^=]+?)\s*=\s*(\d{1,9})\s*$/.exec(part) ?? [];
		if (name === state && own !== '') return Number(own);
	}
	return hours;
}
