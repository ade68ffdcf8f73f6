/** The hops of one event as bars on one scale, and which of them took longest. */
import type { TraceAnswer } from '#sync';

export interface Hop {
	readonly spanId: string;
	readonly hop: string;
	/** RFC 3339. */
	readonly startedAt: string;
	/** Milliseconds. */
	readonly ms: number;
	/** Milliseconds from the first hop's start. */
	readonly offset: number;
	/** Of the whole, from 0 to 1. */
	readonly from: number;
	readonly share: number;
	readonly isSlowest: boolean;
}

export interface Waterfall {
	readonly hops: readonly Hop[];
	/** Milliseconds from the start of the first hop to the end of the last. */
	readonly total: number;
	readonly slowest: Hop | null;
}

type Span = TraceAnswer['spans'][number];

/** The way that every event goes; hops of one instant stand in this order. */
const WAY: readonly string[] = ['sent', 'received', 'validated', 'committed', 'sealed', 'published', 'pulled'];
const placeOf = ({ hop }: Span): number => WAY.indexOf(hop);

export function waterfallOf(spans: readonly Span[]): Waterfall {
	const timed = spans
		.map((span) => ({ span, start: Date.parse(span.started_at) }))
		.filter(({ start }) => !Number.isNaN(start))
		.sort((a, b) => a.start - b.start || placeOf(a.span) - placeOf(b.span) || b.span.ms - a.span.ms);
	const begin = timed[0]?.start ?? 0;
	const total = Math.max(0, ...timed.map(({ span, start }) => start - begin + span.ms));
	const slowest = timed
		.filter(({ span, start }) => !timed.some((other) => holds(span, start, other.span, other.start)))
		.reduce<Span | null>((longest, { span }) => (span.ms > (longest?.ms ?? 0) ? span : longest), null);
	const scale = total > 0 ? total : 1;
	const hops = timed.map(({ span, start }): Hop => {
		const offset = start - begin;
		return {
			...{ spanId: span.span_id, hop: span.hop, startedAt: span.started_at, ms: span.ms, offset },
			...{ from: offset / scale, share: span.ms / scale, isSlowest: span === slowest },
		};
	});
	return { hops, total, slowest: hops.find(({ isSlowest }) => isSlowest) ?? null };
}

/** A span that spans a child of its own is no hop by itself. */
const holds = (outer: Span, outerStart: number, inner: Span, innerStart: number): boolean =>
	inner !== outer &&
	inner.parent_id === outer.span_id &&
	inner.ms > 0 &&
	outerStart <= innerStart &&
	innerStart + inner.ms <= outerStart + outer.ms;

/** The trace of a line as it was sealed: a W3C trace id, alone or within a traceparent; null where it has none. */
export function traceIdOf(line: string): string | null {
	const [, trace = ''] = /"trace_id":"(?:00-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?"/.exec(line) ?? [];
	return trace === '' ? null : trace;
}
