/** The time a dispute is open, the holds on it, and the gaps between them. */
import type { Population } from '#population';

export interface Span {
	readonly from: number;
	readonly to: number;
}

/** From logging to closing, or to as-of while it is open. */
export function spanOf(population: Population, row: number): Span {
	const disputes = population.table('dispute');
	const closed = disputes.instants('closed_at')[row] as number;
	return { from: disputes.instants('logged_at')[row] as number, to: Number.isNaN(closed) ? population.asOf : closed };
}

/** Whether a row of a table is about the line in dispute: of a whole order's dispute every row of it is. */
export function concerns(population: Population, dispute: number, table: 'hold' | 'revenue_event', row: number): boolean {
	const own = population.table('dispute').codes('line_id')[dispute] as number;
	const other = population.table(table).codes('line_id')[row] as number;
	return own < 0 || other < 0 || own === other;
}

export interface HoldSpan {
	readonly row: number;
	readonly span: Span;
}

/** The holds on a dispute's order that concern its line, oldest first. */
export function holdsOf(population: Population, dispute: number): HoldSpan[] {
	if (!population.has('hold')) return [];
	const holds = population.table('hold');
	const order = population.table('dispute').codes('order_id')[dispute] as number;
	return [...population.index('hold', 'order_id').rowsOf(order)]
		.filter((row) => concerns(population, dispute, 'hold', row))
		.map((row) => {
			const closed = holds.instants('closed_at')[row] as number;
			return {
				row,
				span: { from: holds.instants('opened_at')[row] as number, to: Number.isNaN(closed) ? Number.POSITIVE_INFINITY : closed },
			};
		})
		.sort((a, b) => a.span.from - b.span.from);
}

/** The parts of a span that others cover, each once, in order. */
export function coverOf(span: Span, others: readonly Span[]): Span[] {
	const pieces: Span[] = [];
	let reached = span.from;
	for (const { from, to } of [...others].sort((a, b) => a.from - b.from)) {
		const start = Math.max(from, reached);
		const end = Math.min(to, span.to);
		if (!(end > start)) continue;
		pieces.push({ from: start, to: end });
		reached = end;
	}
	return pieces;
}

/** The parts of a span that nothing covers. */
export function gapsOf(span: Span, covered: readonly Span[]): Span[] {
	const gaps: Span[] = [];
	let at = span.from;
	for (const { from, to } of covered) {
		if (from > at) gaps.push({ from: at, to: from });
		at = Math.max(at, to);
	}
	if (span.to > at) gaps.push({ from: at, to: span.to });
	return gaps;
}

/** Revenue events of a dispute's order that concern its line. */
export function eventsOf(population: Population, dispute: number): number[] {
	if (!population.has('revenue_event')) return [];
	const order = population.table('dispute').codes('order_id')[dispute] as number;
	return [...population.index('revenue_event', 'order_id').rowsOf(order)].filter((row) =>
		concerns(population, dispute, 'revenue_event', row),
	);
}

/** What an event recognised or reinstated, posted in a span; reversals are no revenue. */
export function postedUnder(population: Population, event: number, { from, to }: Span): bigint {
	const revenue = population.table('revenue_event');
	const posted = revenue.instants('posted_at')[event] as number;
	if (!(posted >= from && posted < to) || revenue.text('kind', event) === 'reverse') return 0n;
	return revenue.minors('amount_minor')[event] as bigint;
}
