/** The working calendars of the legal entities. */
import { isTimeZone, parseClock, parseWorkdays, type WorkCalendar } from '#kernel';
import type { Population } from '#population';

/** By row of entity; null where zone, work days or hours cannot be read. Needs entity. */
export const entityCalendars = (population: Population): readonly (WorkCalendar | null)[] => population.derive(readCalendars);

function readCalendars(population: Population): readonly (WorkCalendar | null)[] {
	const entities = population.table('entity');
	const known = new Map<string, WorkCalendar | null>();
	return Array.from({ length: entities.rows }, (_, row) => {
		const texts = ['timezone', 'workdays', 'day_start', 'day_end'].map((column) => entities.text(column, row) ?? '');
		const key = texts.join('\n');
		const calendar = known.get(key);
		if (calendar !== undefined) return calendar;
		const read = readCalendar(texts as [string, string, string, string]);
		known.set(key, read);
		return read;
	});
}

function readCalendar([timezone, days, start, end]: readonly [string, string, string, string]): WorkCalendar | null {
	const workdays = parseWorkdays(days);
	const dayStartMinute = parseClock(start);
	const dayEndMinute = parseClock(end);
	if (!workdays || dayStartMinute === null || dayEndMinute === null || !isTimeZone(timezone)) return null;
	return { timezone, workdays, dayStartMinute, dayEndMinute };
}

/** The calendar of an entity by its code, or null where there is none that can be read. Needs entity. */
export function calendarOfEntity(population: Population, entity: number): WorkCalendar | null {
	const row = population.index('entity', 'entity_id').rowOf(entity);
	return row < 0 ? null : (entityCalendars(population)[row] ?? null);
}

/** The calendar of the entity that sells an order, or null. */
export const calendarOfOrder = (population: Population, order: number): WorkCalendar | null =>
	order < 0 ? null : calendarOfEntity(population, population.table('sales_order').codes('entity_id')[order] as number);
