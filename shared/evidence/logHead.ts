/** The last head of each log this workstation saw: what shows that a log was rolled back or shown in two histories. */
import { fromBase64, toBase64 } from '#kernel';
import type { Checkpoint } from './checkpoint.ts';

export interface LogHead {
	/** The checkpoint's origin: names the log. */
	readonly origin: string;
	readonly size: number;
	/** Base64, as in the checkpoint. */
	readonly root: string;
	/** `<name>+<key id>` of the trusted key that signed it. */
	readonly key: string;
}

export const logHead = (checkpoint: Checkpoint, key: { readonly name: string; readonly keyId: string }): LogHead => ({
	origin: checkpoint.origin,
	size: checkpoint.size,
	root: toBase64(checkpoint.root),
	key: `${key.name}+${key.keyId}`,
});

export type HeadComparison =
	/** No head of this log was remembered. */
	| { readonly kind: 'first_seen' }
	/** The remembered head is the beginning of what the drop holds. */
	| { readonly kind: 'consistent'; readonly previous: LogHead }
	/** The drop holds fewer lines than the remembered head counts. */
	| { readonly kind: 'rollback'; readonly previous: LogHead }
	/** The drop's lines do not have the remembered root. */
	| { readonly kind: 'fork'; readonly previous: LogHead };

/**
 * Compares a log as the drop shows it with the head remembered of it.
 * @param rootOf root of the drop's first `size` lines, `size` at most `lines`
 */
export function compareHeads(
	previousHeads: readonly LogHead[],
	origin: string,
	lines: number,
	rootOf: (size: number) => Uint8Array,
): HeadComparison {
	const previous = previousHeads.find((head) => head.origin === origin);
	if (!previous) return { kind: 'first_seen' };
	if (previous.size > lines) return { kind: 'rollback', previous };
	return toBase64(rootOf(previous.size)) === previous.root ? { kind: 'consistent', previous } : { kind: 'fork', previous };
}

/** The heads to keep after `seen` was verified: a head only ever moves forward. */
export function rememberHead(previousHeads: readonly LogHead[], seen: LogHead): readonly LogHead[] {
	const previous = previousHeads.find((head) => head.origin === seen.origin);
	if (previous && previous.size >= seen.size) return previousHeads;
	return [...previousHeads.filter((head) => head.origin !== seen.origin), seen].sort((a, b) => (a.origin < b.origin ? -1 : 1));
}

/** Whether a value read from a store is a head. */
export function isLogHead(value: unknown): value is LogHead {
	if (typeof value !== 'object' || value === null) return false;
	const { origin, size, root, key } = value as Record<string, unknown>;
	return (
		typeof origin === 'string' &&
		Number.isSafeInteger(size) &&
		(size as number) >= 0 &&
		typeof root === 'string' &&
		fromBase64(root)?.length === 32 &&
		typeof key === 'string'
	);
}
