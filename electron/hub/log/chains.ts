/** Gives events their place: index in the log, number and predecessor along their order's chain, and with these their final bytes. */
import { canonicalize, toHex, utf8 } from '#kernel';
import { AppendRefused } from './appendRefused.ts';
import { MAX_LINE_BYTES } from './entryBundle.ts';
import type { LogTable, NewEvent } from './logPort.ts';
import { leafHashOf } from './tileFolder.ts';

/** The last event of an order. */
export interface ChainHead {
	/** Events of the order. */
	readonly n: number;
	readonly index: number;
	readonly leaf: Uint8Array;
}

export interface PlacedEvent extends ChainHead {
	/** Order of the event; for the hub's own records their kind. */
	readonly chain: string;
	readonly eventId: string | null;
	readonly line: string;
	readonly bytes: Uint8Array;
	readonly source: NewEvent;
}

/** The columns that name an event and its chain. */
const KEYS: Readonly<Record<LogTable, { readonly chain: string; readonly id: string; readonly hasId: boolean }>> = {
	order_event: { chain: 'order_id', id: 'event_id', hasId: true },
	revenue_event: { chain: 'order_id', id: 'revenue_id', hasId: true },
	hub_record: { chain: 'kind', id: 'record_id', hasId: false },
};

/** The chain an event belongs to. Throws `AppendRefused` where it names none. */
export function chainOf(table: LogTable, event: NewEvent, at: number): string {
	const chain = event.record[KEYS[table].chain];
	if (isStorable(chain)) return chain;
	throw new AppendRefused(`An event of ${table} names no ${KEYS[table].chain}`, { code: 'malformed', at });
}

/** PostgreSQL's texts hold everything but NUL. */
const isStorable = (value: unknown): value is string =>
	typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed();

/**
 * Places the events of one call after `size` lines.
 * @param headOf the last event of a chain before this call, null for a new one
 * Throws `AppendRefused`.
 */
export function placeEvents(
	table: LogTable,
	events: readonly NewEvent[],
	size: number,
	headOf: (chain: string) => ChainHead | null,
): readonly PlacedEvent[] {
	const heads = new Map<string, ChainHead>();
	return events.map((source, at) => {
		const chain = chainOf(table, source, at);
		if (source.region.includes('\0') || source.batchId.includes('\0')) {
			throw new AppendRefused("An event's region or batch can't be stored", { code: 'malformed', at });
		}
		const head = heads.get(chain) ?? headOf(chain);
		const n = (head?.n ?? 0) + 1;
		const eventId = eventIdOf(table, source, at);
		const line = lineOf(table, source, at, n, head);
		const bytes = utf8(line);
		if (bytes.length > MAX_LINE_BYTES) {
			throw new AppendRefused(`A line has ${bytes.length} bytes, expected at most ${MAX_LINE_BYTES}`, { code: 'too_long', at });
		}
		const placed = { chain, eventId, n, index: size + at, leaf: leafHashOf(bytes), line, bytes, source };
		heads.set(chain, placed);
		return placed;
	});
}

/** The id that is an event's alone; null for a record of the hub that has none. Throws `AppendRefused` where one is missing. */
export function eventIdOf(table: LogTable, { record }: NewEvent, at: number): string | null {
	const { id, hasId } = KEYS[table];
	const value = record[id];
	if (isStorable(value)) return value;
	if (!hasId && value === undefined) return null;
	throw new AppendRefused(`An event of ${table} has no ${id}`, { code: 'malformed', at });
}

function lineOf(table: LogTable, { record }: NewEvent, at: number, n: number, head: ChainHead | null): string {
	if (record['prev'] !== undefined) throw new AppendRefused('An event brings its own prev', { code: 'malformed', at });
	const prev = head === null ? null : toHex(head.leaf);
	if (table !== 'order_event') return canonical({ ...record, prev }, at);
	const given = record['order_seq'];
	if (given !== undefined && given !== n) {
		throw new AppendRefused(`order_seq is ${JSON.stringify(given)}, expected ${n}`, { code: 'not_next', at });
	}
	return canonical({ ...record, order_seq: n, prev }, at);
}

function canonical(record: Readonly<Record<string, unknown>>, at: number): string {
	try {
		return canonicalize(record);
	} catch (error) {
		throw new AppendRefused('An event has no canonical form', { code: 'malformed', at, cause: error });
	}
}

/** The chains among these that had events before them. */
export function knownChains(events: readonly PlacedEvent[]): ReadonlySet<string> {
	const known = new Set<string>();
	const seen = new Set<string>();
	for (const { chain, n } of events) {
		if (!seen.has(chain) && n > 1) known.add(chain);
		seen.add(chain);
	}
	return known;
}
