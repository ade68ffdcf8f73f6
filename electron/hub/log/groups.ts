/** Calls that are sealed together: each whole or not at all, none spoiled by another. */
import type { Queryable } from '../database/databasePort.ts';
import { AppendRefused } from './appendRefused.ts';
import { type ChainHead, type PlacedEvent, placeEvents } from './chains.ts';
import type { LogTable, NewEvent, SealedEvent } from './logPort.ts';
import { type LogName, takenIds } from './sealedRows.ts';

/** A group takes calls until it has this many events: one signature and a few syncs for all of them. */
const GROUP_EVENTS = 4096;

export interface Call {
	readonly events: readonly NewEvent[];
	/** More to write in the same transaction. */
	readonly also: (tx: Queryable) => Promise<void>;
	readonly resolve: (sealed: readonly SealedEvent[]) => void;
	readonly reject: (reason: unknown) => void;
}

export interface PlacedCall {
	readonly call: Call;
	readonly events: readonly PlacedEvent[];
}

/** Takes the next group off a queue of calls: at least one of them. */
export function takeGroup(queue: Call[]): readonly Call[] {
	let events = 0;
	let calls = 0;
	while (calls < queue.length && (calls === 0 || events < GROUP_EVENTS)) events += queue[calls++]?.events.length ?? 0;
	return queue.splice(0, calls);
}

/**
 * Places calls one after the other behind `size` lines; one that can't be placed is refused alone.
 * @param headOf the last event of a chain in the log, null for a new one
 */
export function placeCalls(
	table: LogTable,
	calls: readonly Call[],
	size: number,
	headOf: (chain: string) => ChainHead | null,
): readonly PlacedCall[] {
	const placed: PlacedCall[] = [];
	const heads = new Map<string, PlacedEvent>();
	const ids = new Set<string>();
	let end = size;
	for (const call of calls) {
		try {
			const events = placeEvents(table, call.events, end, (chain) => heads.get(chain) ?? headOf(chain));
			refuseRepeats(events, ids);
			for (const event of events) heads.set(event.chain, event);
			end += events.length;
			placed.push({ call, events });
		} catch (error) {
			call.reject(error);
		}
	}
	return placed;
}

function refuseRepeats(events: readonly PlacedEvent[], ids: Set<string>): void {
	const own = new Set<string>();
	events.forEach(({ eventId }, at) => {
		if (eventId === null) return;
		if (ids.has(eventId) || own.has(eventId)) {
			throw new AppendRefused('An event of this id is in the same group', { code: 'event_exists', at });
		}
		own.add(eventId);
	});
	for (const id of own) ids.add(id);
}

/** Refuses the calls that hold an id which is taken. @returns the others */
export async function refuseTaken(db: Queryable, name: LogName, placed: readonly PlacedCall[]): Promise<readonly Call[]> {
	const ids = placed.flatMap(({ events }) => events.flatMap(({ eventId }) => eventId ?? []));
	const taken = await takenIds(db, name, ids);
	if (taken.size === 0) throw new Error('the database refuses rows that it does not have');
	return placed.flatMap(({ call, events }) => {
		const at = events.findIndex(({ eventId }) => eventId !== null && taken.has(eventId));
		if (at < 0) return [call];
		call.reject(new AppendRefused('An event of this id is in the log', { code: 'event_exists', at }));
		return [];
	});
}
