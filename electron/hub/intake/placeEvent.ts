/** Where an event belongs in its order's chain: at its end, already in it, beyond it, or where another one is. */
import { canonicalize, type Json } from '#kernel';
import type { RecordJson } from './checkRecord.ts';

export type Placement =
	/** It comes right behind the order's last event. */
	| 'next'
	/** It is there already, with the same content. */
	| 'duplicate'
	/** Its id is there already, with other content. */
	| 'altered'
	/** Events before it are missing. */
	| 'ahead'
	/** Its place is taken by another event. */
	| 'taken'
	/** It names another predecessor than the one it would follow. */
	| 'other_chain';

export interface ChainEnd {
	/** Events of the order so far. */
	readonly n: number;
	/** Leaf hash of the last one, lower-case hex; null where there is none. */
	readonly leaf: string | null;
}

/**
 * @param record the event as it was sent
 * @param seq the place it names, null where it leaves that to the hub
 * @param known the record of the same id that is sealed or waits, null where the id is new
 * @param isAwaited whether another event already waits for the same place
 */
export function placeEvent(record: RecordJson, seq: number | null, known: RecordJson | null, end: ChainEnd, isAwaited: boolean): Placement {
	if (known !== null) return isSameEvent(record, known) ? 'duplicate' : 'altered';
	const place = seq ?? end.n + 1;
	if (place <= end.n) return 'taken';
	if (place > end.n + 1) return isAwaited ? 'taken' : 'ahead';
	return record['prev'] !== undefined && record['prev'] !== end.leaf ? 'other_chain' : 'next';
}

/** What the hub may have added; a record without them is not another one. */
const PLACED_BY_HUB = ['order_seq', 'prev'];

/** Whether `sent` says nothing else than `kept`: absent equals null, and what the hub added counts only where the sender names it. */
function isSameEvent(sent: RecordJson, kept: RecordJson): boolean {
	for (const name of new Set([...Object.keys(sent), ...Object.keys(kept)])) {
		const mine = sent[name];
		if (mine === undefined && PLACED_BY_HUB.includes(name)) continue;
		if (canonicalOrNull(mine) !== canonicalOrNull(kept[name])) return false;
	}
	return true;
}

const canonicalOrNull = (value: Json | undefined): string => canonicalize(value ?? null);
