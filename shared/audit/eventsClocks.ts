/** Do the clocks of the events agree? T70 (backdated) and T71 (ahead of time). */
import { formatDuration, HOUR_MS, localTime, MINUTE_MS } from '#kernel';
import type { Population } from '#population';
import { inTime, keysOf, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { stakeOf, zoneOfOrder } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * The predecessor is the event before on the order's chain. Across a period end, and so critical, is an event that lies in another
 * month than its recording or its predecessor, both in the entity's time zone and in UTC.
 */
function backdatedEvent({ population, number }: AuditContext): Outcome {
	const events = population.table('order_event');
	const [orders, occurred, recorded] = [events.codes('order_id'), events.instants('occurred_at'), events.instants('recorded_at')];
	const [lateMs, earlyMs] = [number('hours') * HOUR_MS, number('minutes') * MINUTE_MS];
	const predecessor = new Int32Array(population.dictionary('order').size).fill(-1);
	const list = new ExceptionList('order_event');
	for (let row = 0; row < events.rows; row++) {
		const order = orders[row] as number;
		if (order < 0) continue;
		const before = predecessor[order] as number;
		predecessor[order] = row;
		const at = occurred[row] as number;
		const isLate = (recorded[row] as number) - at > lateMs;
		const isBefore = before >= 0 && (occurred[before] as number) - at > earlyMs;
		if (!isLate && !isBefore) continue;
		list.add(() => backdated(population, row, isBefore ? before : -1, isLate));
	}
	return { tested: events.rows, exceptions: list.all(), open: 0 };
}

/** @param before the event it follows, if it is dated before that, or -1 */
function backdated(population: Population, row: number, before: number, isLate: boolean): ExceptionDraft {
	const events = population.table('order_event');
	const [occurred, recorded] = [events.instants('occurred_at'), events.instants('recorded_at')];
	const order = events.codes('order_id')[row] as number;
	const at = occurred[row] as number;
	const others = [...(isLate ? [recorded[row] as number] : []), ...(before < 0 ? [] : [occurred[before] as number])];
	const zone = zoneOfOrder(population, order);
	const crosses = others.some((other) => isAcrossPeriodEnd(at, other, zone));
	const [late = 0] = others;
	const early = others.at(-1) as number;
	const faults = [
		...(isLate ? [`was recorded on ${inTime(late)}, ${formatDuration(late - at)} after it is said to have happened`] : []),
		...(before < 0
			? []
			: [
					`is said to have happened ${formatDuration(early - at)} before the event it follows (${events.text('event_id', before)}, ${inTime(early)})`,
				]),
	];
	return {
		...stakeOf(population, order),
		keys: keysOf(population, 'order_event', row),
		reason: `Event ${events.text('event_id', row)} (${events.text('type', row)}) of order ${events.text('order_id', row)}, ${inTime(at)}, ${faults.join(', and ')}${crosses ? ', across a period end' : ''}.`,
		rows: refs('order_event', [before, row]),
		...(crosses ? { severity: 'critical' as const } : {}),
	};
}

const monthOf = (instant: number): string => new Date(instant).toISOString().slice(0, 7);

function isAcrossPeriodEnd(a: number, b: number, zone: string | null): boolean {
	if (monthOf(a) === monthOf(b)) return false;
	return zone === null || localTime(a, zone).period !== localTime(b, zone).period;
}

/**
 * An offset is occurred_at less recorded_at: a source whose clock runs ahead. Events that are merely entered late have a negative one,
 * which is no skew (T70 limits it). The median of an even number is the mean of the middle two.
 */
function clockSkew({ population, number }: AuditContext): Outcome {
	const events = population.table('order_event');
	const [occurred, recorded] = [events.instants('occurred_at'), events.instants('recorded_at')];
	const limitMs = number('minutes') * MINUTE_MS;
	const list = new ExceptionList('order_event');
	for (let row = 0; row < events.rows; row++) {
		const ahead = (occurred[row] as number) - (recorded[row] as number);
		if (!(ahead > limitMs)) continue;
		list.add(() => ({
			...stakeOf(population, events.codes('order_id')[row] as number),
			keys: keysOf(population, 'order_event', row),
			reason: `Event ${events.text('event_id', row)} (${events.text('type', row)}) of order ${events.text('order_id', row)} is said to have happened on ${inTime(occurred[row] as number)}, ${formatDuration(ahead)} after ${events.text('source_system', row)} recorded it on ${inTime(recorded[row] as number)}.`,
			rows: refs('order_event', [row]),
		}));
	}
	return { tested: events.rows, exceptions: [...list.all(), ...skewedSources(population, number('seconds') * 1000)], open: 0 };
}

const CITED_ROWS_MAX = 20;

function skewedSources(population: Population, limitMs: number): ExceptionDraft[] {
	const events = population.table('order_event');
	const sources = events.codes('source_system');
	const [occurred, recorded] = [events.instants('occurred_at'), events.instants('recorded_at')];
	const size = population.dictionary('source').size;
	const [count, ahead] = [new Int32Array(size), new Int32Array(size)];
	for (let row = 0; row < events.rows; row++) {
		const source = sources[row] as number;
		const offset = (occurred[row] as number) - (recorded[row] as number);
		if (source < 0 || Number.isNaN(offset)) continue;
		count[source] = (count[source] as number) + 1;
		if (offset > limitMs) ahead[source] = (ahead[source] as number) + 1;
	}
	const exceptions: ExceptionDraft[] = [];
	for (let source = 0; source < size; source++) {
		// A median beyond the limit needs at least half of the events beyond it: only then is it worth sorting them.
		if (count[source] === 0 || 2 * (ahead[source] as number) < (count[source] as number)) continue;
		const rows = population.index('order_event', 'source_system').rowsOf(source);
		const offsets = Float64Array.from(rows, (row) => (occurred[row] as number) - (recorded[row] as number)).filter(
			(offset) => !Number.isNaN(offset),
		);
		const median = medianOf(offsets.sort());
		if (!(median > limitMs)) continue;
		exceptions.push({
			orderId: null,
			keys: { source_system: population.dictionary('source').text(source) },
			amountMinor: null,
			currency: null,
			reason: `The clock of ${population.dictionary('source').text(source)} runs ahead: the median of its ${offsets.length} events is said to have happened ${formatDuration(median)} after it was recorded.`,
			rows: refs('order_event', rows.subarray(0, CITED_ROWS_MAX)),
		});
	}
	return exceptions;
}

/** @param sorted ascending, at least one */
function medianOf(sorted: Float64Array): number {
	const middle = sorted.length >> 1;
	const upper = sorted[middle] as number;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

const CLOCKS = ['event_id', 'order_id', 'type', 'occurred_at', 'recorded_at'];

export const EVENT_CLOCK_TESTS: readonly AuditTest[] = [
	{
		id: 'T70',
		version: 1,
		title: 'Backdated event',
		severity: 'high',
		why: 'An event entered long after its stated date, or dated before what it follows, may have been moved into a better period.',
		rule: 'recorded_at − occurred_at exceeds {hours} hours, or occurred_at is earlier than the predecessor by more than {minutes} minutes; critical across a period end.',
		source: 'AS 2401.61',
		parameters: [
			{ name: 'hours', default: 24, unit: 'hours', doc: 'an event may be recorded so long after it happened' },
			{ name: 'minutes', default: 5, unit: 'minutes', doc: 'clocks of sources may differ by so much' },
		],
		needs: [{ table: 'order_event', columns: CLOCKS }],
		mayRead: ['sales_order', 'entity'],
		run: backdatedEvent,
	},
	{
		id: 'T71',
		version: 1,
		title: 'Clock skew',
		severity: 'medium',
		why: 'Cut-off cannot be judged by a clock that is wrong.',
		rule: 'occurred_at is later than recorded_at by more than {minutes} minutes, or a source is ahead by more than {seconds} seconds in the median.',
		source: '',
		parameters: [
			{ name: 'minutes', default: 5, unit: 'minutes', doc: 'an event may be ahead of its recording by so much' },
			{ name: 'seconds', default: 60, unit: 'seconds', doc: 'a source may be ahead by so much in the median' },
		],
		needs: [{ table: 'order_event', columns: [...CLOCKS, 'source_system'] }],
		mayRead: ['sales_order'],
		run: clockSkew,
	},
];
