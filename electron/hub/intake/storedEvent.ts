/** How an event is written while it is on its way: in the outbox of its batch, and while it waits. */
import { invariant, utf8 } from '#kernel';
import type { PlacedEvent, PlannedEvent } from './planEvents.ts';

/** An event that is to be sealed, with the region of its order. */
export interface OutboxEvent extends PlacedEvent {
	readonly region: string;
}

export const writeEvent = (event: PlannedEvent): Uint8Array => utf8(JSON.stringify(event));
export const readEvent = (bytes: Uint8Array): PlannedEvent => JSON.parse(text(bytes)) as PlannedEvent;

export const writeOutbox = (events: readonly OutboxEvent[]): Uint8Array => utf8(JSON.stringify(events));

export function readOutbox(bytes: Uint8Array): readonly OutboxEvent[] {
	const events: unknown = JSON.parse(text(bytes));
	invariant(Array.isArray(events), 'an outbox is a list');
	return events as OutboxEvent[];
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
