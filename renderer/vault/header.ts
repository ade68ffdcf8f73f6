/**
 * The list of engagements on this computer: a small database of its own, in the clear. It says nothing about a client: an opaque id, a label
 * that the person chose, wrapped keys, and how far the log had got when it was last written.
 */
import { Dexie, type Table } from 'dexie';
import type { Slot, StoredKdf } from './slots.ts';

/** How far the log had got on this copy. */
export interface LogHead {
	/** The copy that wrote it. */
	readonly replica: string;
	/** The end of each chain: replica → number and hash of its last act. */
	readonly chains: Readonly<Record<string, { readonly seq: number; readonly hash: string }>>;
	/** Positions given. */
	readonly confirmed: number;
	/** Hex HMAC over engagement and all of the above: nobody without a slot can set the head back. */
	readonly mac: string;
}

export interface EngagementHeader {
	/** Random, opaque; names the database. */
	readonly engagementId: string;
	/** What keys and slots are bound to; stays through backup and restore, where `engagementId` does not. */
	readonly vaultId: string;
	/** Which copy of the engagement this is, 32 hex digits: made anew where it is restored, since two copies must never go on with one chain. */
	readonly replica: string;
	readonly label: string;
	/** RFC 3339. */
	readonly createdAt: string;
	readonly lastOpenedAt: string | null;
	readonly isSample: boolean;
	/** Of the root key: tells two engagements of one label apart. */
	readonly fingerprint: string;
	/** `creating` and `disposing` are left only by a crash: the next start finishes them off. */
	readonly state: 'creating' | 'ready' | 'disposing';
	readonly kdf: StoredKdf;
	readonly slots: readonly Slot[];
	/** Wrong passphrases since the last right one, and until when the next is not tried (milliseconds). */
	readonly failures: number;
	readonly notBefore: number;
	readonly head: LogHead | null;
	/** What the backup that this was restored from says of itself, to be judged once the keys are there. */
	readonly restored: { readonly digest: string; readonly mac: string } | null;
}

export interface HeaderStore {
	list(): Promise<readonly EngagementHeader[]>;
	get(engagementId: string): Promise<EngagementHeader | null>;
	put(header: EngagementHeader): Promise<void>;
	/** Reads, changes and writes in one transaction; null where there is none. */
	change(engagementId: string, edit: (header: EngagementHeader) => EngagementHeader): Promise<EngagementHeader | null>;
	remove(engagementId: string): Promise<void>;
	close(): void;
}

/** Where IndexedDB comes from: the browser's own, or another one in tests. */
export interface IndexedDbPort {
	readonly indexedDB: IDBFactory;
	readonly IDBKeyRange: typeof globalThis.IDBKeyRange;
}

const HEADER_DATABASE = 'tieout-engagements';

export async function openHeaders(port: IndexedDbPort): Promise<HeaderStore> {
	const dexie = new Dexie(HEADER_DATABASE, { ...port, autoOpen: false, chromeTransactionDurability: 'strict' });
	dexie.version(1).stores({ engagement: 'engagementId' });
	await dexie.open();
	const table: Table<EngagementHeader, string> = dexie.table('engagement');
	return {
		list: () => table.toArray(),
		get: async (engagementId) => (await table.get(engagementId)) ?? null,
		put: async (header) => {
			await table.put(header);
		},
		change: (engagementId, edit) =>
			dexie.transaction('rw', table, async () => {
				const header = await table.get(engagementId);
				if (header === undefined) return null;
				const changed = edit(header);
				await table.put(changed);
				return changed;
			}),
		remove: (engagementId) => table.delete(engagementId),
		close: () => dexie.close(),
	};
}

/** After the third wrong passphrase each one doubles the wait, up to five minutes. */
export function waitAfter(failures: number): number {
	return failures < 3 ? 0 : Math.min(2 ** (failures - 2), 300) * 1_000;
}
