/**
 * Progress of over-time obligations (ASC 606-10-25-31 to 25-37). The tables name no measure of progress, so it is read off what they
 * have: quantities of line events or shipments against the ordered quantity. Which of them a company measures by is found from its own data:
 * the measure by which most of its over-time revenue comes out right.
 */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { MovementList, type MovementSource, type Movements } from './movements.ts';
import { obligationLinks } from './obligations.ts';
import { justifiedRevenue } from './proration.ts';
import { RECOGNISE, revenueBook } from './revenueBook.ts';

export const PROGRESS_MEASURES = ['line.delivered', 'line.accepted', 'line.shipped', 'shipped', 'delivered'] as const;
export type ProgressMeasure = (typeof PROGRESS_MEASURES)[number];

/** How the quantities of a measure are to be read: each as a step further, or as the progress reached so far. */
export type ProgressForm = 'steps' | 'levels';

/** Which point counts at a revenue event: the last by the instant revenue is recognised for, or the order event that triggered it. */
export type ProgressTiming = 'by_time' | 'by_trigger';

export interface ProgressReading {
	readonly measure: ProgressMeasure;
	readonly form: ProgressForm;
	readonly timing: ProgressTiming;
	readonly points: ProgressPoints;
}

/** Quantities of one measure by over-time line, in the order of their instants. */
export interface ProgressPoints {
	/** Cumulated as steps; of each, `quantities` has the bare quantity. */
	readonly movements: Movements;
	/** Bare quantities in millionths, negative ones too, by movement. */
	readonly quantities: BigInt64Array;
}

/** What progress was at a revenue event. */
export interface ProgressAt {
	/** Quantity done, in millionths; of `ordered` in all. */
	readonly done: bigint;
	/** Number of points taken into account. */
	readonly points: number;
}

/** Share of an over-time company's revenue events that a measure must explain to be taken as the company's measure. */
const LEAST_EXPLAINED = { numerator: 1, denominator: 3 };

/** The plainest readings first. */
const FORMS: readonly (readonly [ProgressForm, ProgressTiming])[] = [
	['steps', 'by_time'],
	['levels', 'by_time'],
	['steps', 'by_trigger'],
	['levels', 'by_trigger'],
];

/** The company's measure of progress, or null where its tables show none. Reads order_event and shipment where supplied. */
export const companyProgress = (population: Population): ProgressReading | null => population.derive(findMeasure);

function findMeasure(population: Population): ProgressReading | null {
	let best: { readonly reading: ProgressReading; readonly explained: number } | null = null;
	for (const measure of PROGRESS_MEASURES) {
		const points = pointsOf(population, measure);
		if (points === null) continue;
		for (const [form, timing] of FORMS) {
			const reading: ProgressReading = { measure, form, timing, points };
			const { explained, of } = explainedEvents(population, reading);
			if (explained * LEAST_EXPLAINED.denominator < of * LEAST_EXPLAINED.numerator || explained === 0) continue;
			// A later reading must explain half as much again, or a single wrong event would choose the reading that excuses it.
			if (!best || explained * 2 > best.explained * 3) best = { reading, explained };
			// Nothing can explain that much more.
			if (best.explained * 3 >= of * 2) return best.reading;
		}
	}
	return best?.reading ?? null;
}

/** How many recognise events of over-time obligations a reading explains; 100 % at the end explains nothing by itself. */
function explainedEvents(population: Population, reading: ProgressReading): { readonly explained: number; readonly of: number } {
	const links = obligationLinks(population);
	const book = revenueBook(population);
	const revenue = population.table('revenue_event');
	const amounts = revenue.minors('amount_minor');
	const allocated = population.table('obligation').minors('allocated_minor');
	const orderedBy = population.table('sales_order_line').quantities('quantity');
	let explained = 0;
	let of = 0;
	for (let obligation = 0; obligation < links.line.length; obligation++) {
		const line = links.line[obligation] as number;
		if (links.overTime[obligation] !== 1 || line < 0) continue;
		const ordered = orderedBy[line] as bigint;
		if (ordered <= 0n) continue;
		let recognised = 0n;
		for (const [index, event] of book.ofObligation(obligation).entries()) {
			if (book.kinds[event] !== RECOGNISE) continue;
			of++;
			recognised += amounts[event] as bigint;
			const at = progressAt(population, reading, line, event);
			if (at.points === 0) continue;
			const expected = justifiedRevenue(allocated[obligation] as bigint, at.done, ordered);
			if (absolute(recognised - expected) <= BigInt(index + 1)) explained++;
		}
	}
	return { explained, of };
}

/** Progress of a line at a revenue event. */
export function progressAt(population: Population, { form, timing, points }: ProgressReading, line: number, event: number): ProgressAt {
	const { movements, quantities } = points;
	const revenue = population.table('revenue_event');
	const from = movements.startOf(line);
	const byTrigger = timing === 'by_trigger' ? endOfTrigger(population, movements, line, event) : 0;
	const end = byTrigger > 0 ? byTrigger : movements.endBy(line, revenue.instants('recognised_at')[event] as number);
	if (end === from) return { done: 0n, points: 0 };
	return { done: form === 'steps' ? movements.before(line, end) : (quantities[end - 1] as bigint), points: end - from };
}

/** The index behind the movement a revenue event was triggered by; 0 where it was triggered by none of them. */
function endOfTrigger(population: Population, movements: Movements, line: number, event: number): number {
	if (!population.has('order_event')) return 0;
	const code = population.table('revenue_event').codes('trigger_event_id')[event] as number;
	const trigger = population.index('order_event', 'event_id').rowOf(code);
	if (trigger < 0) return 0;
	// The trigger lies at its own instant: only movements of that instant are looked through.
	const end = movements.endBy(line, population.table('order_event').instants('occurred_at')[trigger] as number);
	for (let at = end; at > movements.startOf(line) && end - at < SAME_INSTANT_MAX; at--)
		if (movements.sourceOf(at - 1) === 'order_event' && movements.rows[at - 1] === trigger) return at;
	return 0;
}

const SAME_INSTANT_MAX = 32;

/** The quantities of a measure on over-time lines; null where there are none. */
function pointsOf(population: Population, measure: ProgressMeasure): ProgressPoints | null {
	const isEvent = measure.startsWith('line.');
	const name: MovementSource = isEvent ? 'order_event' : 'shipment';
	if (!population.has(name)) return null;
	const table = population.table(name);
	const isOverTime = overTimeLines(population);
	const isConcerned = ordersOf(population, isOverTime);
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const type = isEvent ? table.dictionary('type').codeOf(measure) : -1;
	if (isEvent && type < 0) return null;
	const types = isEvent ? table.codes('type') : null;
	const orders = table.codes('order_id');
	const lines = table.codes('line_id');
	const instants = table.instants(isEvent ? 'occurred_at' : measure === 'shipped' ? 'shipped_at' : 'delivered_at');
	const list = new MovementList();
	let count = 0;
	for (let row = 0; row < table.rows; row++) {
		if ((types && types[row] !== type) || isConcerned[orders[row] as number] !== 1) continue;
		const line = index.rowOf(orders[row] as number, lines[row] as number);
		if (line < 0 || isOverTime[line] !== 1 || Number.isNaN(instants[row] as number)) continue;
		list.addSigned(
			line,
			instants[row] as number,
			table.isNull('quantity', row) ? null : (table.quantities('quantity')[row] as bigint),
			name,
			row,
		);
		count++;
	}
	if (count === 0) return null;
	const movements = list.build(population.table('sales_order_line').quantities('quantity'));
	const bare = table.quantities('quantity');
	return { movements, quantities: BigInt64Array.from(movements.rows, (row) => bare[row] as bigint) };
}

/** 1 by code of the order id where an order has a marked line. */
function ordersOf(population: Population, marks: Uint8Array): Uint8Array {
	const orders = population.table('sales_order_line').codes('order_id');
	const concerned = new Uint8Array(population.dictionary('order').size);
	for (let line = 0; line < marks.length; line++)
		if (marks[line] === 1 && (orders[line] as number) >= 0) concerned[orders[line] as number] = 1;
	return concerned;
}

const overTimeLines = (population: Population): Uint8Array => population.derive(markOverTime);

function markOverTime(population: Population): Uint8Array {
	const links = obligationLinks(population);
	const marks = new Uint8Array(population.table('sales_order_line').rows);
	for (let obligation = 0; obligation < links.line.length; obligation++)
		if (links.overTime[obligation] === 1 && (links.line[obligation] as number) >= 0) marks[links.line[obligation] as number] = 1;
	return marks;
}
