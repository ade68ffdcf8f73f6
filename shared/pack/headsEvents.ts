/** The events of an order against its head: whether they are all there, up to the size the head speaks of. */
import { leafHash, type OrderHead } from '#evidence';
import { toHex } from '#kernel';
import { parseObject } from './evidenceRead.ts';

export interface ChainedEvent {
	/** 1-based. */
	readonly line: number;
	/** Leaf hashes, lower-case hex. */
	readonly leaf: string;
	readonly prev: string | null;
}

export type EventsByOrder = ReadonlyMap<string, readonly ChainedEvent[]>;

/** Sealed lines by order; what is no event of an order is none of theirs. */
export function eventsByOrder(lines: Iterable<{ readonly line: number; readonly bytes: Uint8Array }>): EventsByOrder {
	const events = new Map<string, ChainedEvent[]>();
	for (const { line, bytes } of lines) {
		const record = parseObject(bytes);
		const [order, prev] = [record?.['order_id'], record?.['prev'] ?? null];
		if (typeof order !== 'string' || (prev !== null && typeof prev !== 'string')) continue;
		const event = { line, leaf: toHex(leafHash(bytes)), prev };
		const known = events.get(order);
		if (known) known.push(event);
		else events.set(order, [event]);
	}
	return events;
}

export interface HeadProblem {
	readonly code: 'order_incomplete' | 'head_mismatch';
	readonly detail: string;
}

/**
 * From the last event that the head names, the chain must lead back to the order's first one in exactly as many steps as are counted,
 * and nothing else of the order may stand within the size. The chain alone shows which event is missing.
 * @param size lines of the log that the head speaks of
 * @param events those of the order, in any order; ones beyond the size are newer than the head and not looked at
 */
export function headProblem({ n, leaf }: OrderHead, size: number, events: readonly ChainedEvent[]): HeadProblem | null {
	const within = events.filter(({ line }) => line <= size);
	const byLeaf = new Map(within.map((event) => [event.leaf, event]));
	let found = 0;
	let next: string | null = toHex(leaf);
	while (next !== null && found < n) {
		const event: ChainedEvent | undefined = byLeaf.get(next);
		if (!event) break;
		found++;
		next = event.prev;
	}
	if (found < n && next !== null) {
		const missing = found === 0 ? 'the last one is not among them' : `event ${n - found} of ${n} is not among them`;
		return within.length < n
			? { code: 'order_incomplete', detail: `${n} events are counted, ${within.length} are in the pack; ${missing}` }
			: { code: 'head_mismatch', detail: `${within.length} events are in the pack, ${n} counted; ${missing}` };
	}
	if (found < n) return { code: 'head_mismatch', detail: `the order’s chain has ${found} events, and ${n} are counted` };
	if (next !== null || within.length !== n)
		return { code: 'head_mismatch', detail: `${within.length} events are in the pack up to line ${size}, and ${n} are counted` };
	return null;
}
