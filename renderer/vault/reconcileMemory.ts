/**
 * What reconciliations came to, sealed in the store: that of the import loaded last and that of the one before it, so that “what is new
 * since the last hand-over” can be said after a restart, and after the import before has been removed.
 */
import { z } from 'zod';
import { RECONCILE_CLASSES, type ReconcileClass, type ReconcileDigest } from '#explore';
import { utf8 } from '#kernel';
import { jsonOf, loadChunks, saveChunks } from './chunks.ts';
import type { Shelf } from './shelf.ts';

/** A digest and the rule it was made by: tolerance and parameters, as text. */
interface RememberedDigest {
	readonly digest: ReconcileDigest;
	readonly rule: string;
}

export interface ReconcileMemory {
	/**
	 * Remembers what the loaded import comes to, in place of what it came to by another rule.
	 * @returns what the import before it came to; null where none is remembered
	 */
	remember(now: RememberedDigest): Promise<RememberedDigest | null>;
}

const SET = 'reconciled';
const PART = 'digests.json';

const count = z.int().nonnegative();
const digestShape = z.object({
	rule: z.string(),
	importId: z.string(),
	items: count,
	classes: z.object(Object.fromEntries(RECONCILE_CLASSES.map((one) => [one, count])) as Record<ReconcileClass, typeof count>),
	breaks: z.array(z.tuple([z.string(), z.string()])),
});
const memoryShape = z.object({ version: z.literal(1), latest: digestShape, before: digestShape.nullable() });
type Stored = z.infer<typeof digestShape>;

/** @param shelf of what changes and hangs on no import */
export function reconcileMemory(shelf: Shelf): ReconcileMemory {
	return {
		remember: async (now) => {
			const read = memoryShape.safeParse(jsonIn((await loadChunks(shelf, SET))?.get(PART)));
			const known = read.success ? read.data : null;
			const isSame = known?.latest.importId === now.digest.importId;
			const before = known === null ? null : isSame ? known.before : known.latest;
			if (!isSame || known?.latest.rule !== now.rule) {
				const memory = { version: 1, latest: toStored(now), before };
				await saveChunks(shelf, SET, [{ name: PART, bytes: utf8(JSON.stringify(memory)) }]);
			}
			return before === null ? null : fromStored(before);
		},
	};
}

const jsonIn = (bytes: Uint8Array | undefined): unknown => (bytes === undefined ? null : jsonOf(bytes));

const toStored = ({ digest: { importId, items, classes, breaks }, rule }: RememberedDigest): Stored => ({
	rule,
	importId,
	items,
	classes,
	breaks: [...breaks],
});

const fromStored = ({ rule, breaks, ...digest }: Stored): RememberedDigest => ({ rule, digest: { ...digest, breaks: new Map(breaks) } });
