/** W3C trace context: which journey a batch or a record belongs to. */

export interface TraceContext {
	/** 32 lower-case hex digits, not all zero. */
	readonly traceId: string;
	/** 16 lower-case hex digits: the sender's span. */
	readonly spanId: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** A malformed traceparent is as none (§3.2.2.3): a trace is never a reason to refuse evidence. */
export function readTraceparent(text: string | null): TraceContext | null {
	const [, traceId, spanId] = TRACEPARENT.exec(text ?? '') ?? [];
	if (!traceId || !spanId || text?.startsWith('ff') || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
	return { traceId, spanId };
}

/** The trace of a record: its own traceparent, else what its columns name. */
export function traceOfRecord(trace: string | null, record: Readonly<Record<string, unknown>>): TraceContext | null {
	const own = readTraceparent(trace);
	if (own) return own;
	const { trace_id: traceId, span_id: spanId } = record;
	return readTraceparent(`00-${String(traceId)}-${typeof spanId === 'string' ? spanId : '0000000000000001'}-01`);
}
