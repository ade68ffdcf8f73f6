/**
 * What is being typed and is no act yet: kept sealed, a moment after each key, so that a lock, a crash or a restart loses at most that
 * moment. A draft is its member's own. Its record bears a name that only the engagement's keys can make, because names lie in the clear.
 */
import type { Json } from '#kernel';
import type { Shelf } from './shelf.ts';

/** Text by field; a place with one text has one field. */
export type DraftFields = Readonly<Record<string, string>>;

export interface Draft {
	readonly fields: DraftFields;
	/** RFC 3339: when it was typed. */
	readonly at: string;
}

export interface Drafts {
	/** Keeps it soon; a later one of the same place takes its place. */
	keep(memberId: string, place: string, fields: DraftFields): void;
	find(memberId: string, place: string): Promise<Draft | null>;
	drop(memberId: string, place: string): Promise<void>;
	/** Writes at once whatever waits. Never throws: a lock must not fail for a draft. */
	flush(): Promise<void>;
}

export interface DraftPorts {
	/** Milliseconds. */
	now(): number;
	/** Hex HMAC under the engagement's key. */
	mac(text: string): Promise<string>;
	/** Milliseconds without a further key until a draft is written. */
	readonly pauseMs?: number;
}

const PAUSE_MS = 300;

interface Waiting {
	readonly memberId: string;
	readonly place: string;
	readonly draft: Draft;
}

export function draftKeeper(shelf: Shelf, { now, mac, pauseMs = PAUSE_MS }: DraftPorts): Drafts {
	const waiting = new Map<string, Waiting>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	// One after the other, so that a draft that was dropped is not written after all by a write that began before.
	let queue: Promise<unknown> = Promise.resolve();
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
		const next = queue.then(work);
		queue = next.catch(() => null);
		return next;
	};
	const nameOf = (memberId: string, place: string): string => JSON.stringify([memberId, place]);
	const idOf = async (name: string): Promise<string> => (await mac(`tieout/draft/1|${name}`)).slice(0, 32);
	const writeAll = async (): Promise<void> => {
		clearTimeout(timer);
		timer = undefined;
		for (const [name, one] of [...waiting]) {
			await shelf.put({ id: await idOf(name), body: { ...one } as unknown as Json, bytes: new Uint8Array(0) });
			// What was typed meanwhile is another draft, and waits on.
			if (waiting.get(name) === one) waiting.delete(name);
		}
	};
	const flush = (): Promise<void> => inTurn(writeAll).catch(() => undefined);
	return {
		keep: (memberId, place, fields) => {
			waiting.set(nameOf(memberId, place), { memberId, place, draft: { fields, at: new Date(now()).toISOString() } });
			clearTimeout(timer);
			timer = setTimeout(() => void flush(), pauseMs);
		},
		find: (memberId, place) =>
			inTurn(async () => {
				const name = nameOf(memberId, place);
				const held = waiting.get(name);
				if (held) return held.draft;
				const [record] = await shelf.get([await idOf(name)]);
				return record === undefined ? null : (record.body as unknown as Waiting).draft;
			}),
		drop: (memberId, place) => {
			const name = nameOf(memberId, place);
			waiting.delete(name);
			return inTurn(async () => {
				if (!waiting.has(name)) await shelf.purge([await idOf(name)]);
			});
		},
		flush,
	};
}
