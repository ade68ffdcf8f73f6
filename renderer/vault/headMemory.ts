/**
 * The last head this engagement has seen of each log, sealed in its store. It outlives the imports it was seen in, so that a log that is
 * rolled back or rewritten between two drops is told apart from one that grew. A head moves forward only, and never to one that
 * contradicts what was seen before.
 */
import { isLogHead, type LogHead, rememberHead } from '#evidence';
import type { ImportedDrop } from '#intake';
import type { Json } from '#kernel';
import type { Shelf } from './shelf.ts';
import { VaultFailure } from './vaultError.ts';

export interface HeadMemory {
	/** Throws `VaultFailure` `engagement_damaged` where it does not read: forgetting heads is what a forger of logs wants. */
	load(): Promise<readonly LogHead[]>;
	/** Remembers the heads of a drop that agrees with what was seen before. */
	remember(drop: ImportedDrop): Promise<void>;
	/** Puts another head in the place of one that is remembered: a person has settled which of two signed histories is believed. */
	replace(given: Pick<LogHead, 'origin' | 'size' | 'root'>, believed: LogHead): Promise<void>;
}

const ID = 'log-heads';

/** @param shelf of what changes and hangs on no import */
export function headMemory(shelf: Shelf): HeadMemory {
	const load = async (): Promise<readonly LogHead[]> => {
		const [record] = await shelf.get([ID]);
		if (record === undefined) return [];
		const { heads } = record.body as { readonly heads?: unknown };
		if (Array.isArray(heads) && heads.every(isLogHead)) return heads;
		throw new VaultFailure(
			'engagement_damaged',
			'What this engagement remembers of logs does not read, so that a rollback could not be seen. Restore it from a backup.',
		);
	};
	const save = (heads: readonly LogHead[]): Promise<void> =>
		shelf.put({ id: ID, body: { heads } as unknown as Json, bytes: new Uint8Array(0) });
	return {
		load,
		replace: async (given, believed) => {
			const heads = await load();
			const isGiven = ({ origin, size, root }: LogHead): boolean => origin === given.origin && size === given.size && root === given.root;
			if (heads.some(isGiven)) await save(heads.map((head) => (isGiven(head) ? believed : head)));
		},
		remember: async (drop) => {
			const before = await load();
			const after = soundHeads(drop).reduce(rememberHead, before);
			if (after !== before) await save(after);
		},
	};
}

/** Heads signed by a trusted key, of logs that nothing speaks against. */
const soundHeads = ({ sealed }: ImportedDrop): readonly LogHead[] =>
	[...sealed.values()].flatMap(({ verification: { head, verdict } }) =>
		head !== null && (verdict === 'verified' || verdict === 'not_verifiable') ? [head] : [],
	);
