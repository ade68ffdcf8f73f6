/** A vault over an IndexedDB in memory, with cheap keys. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach } from 'vitest';
import type { Act } from '#findings';
import type { KdfPolicy } from '../../../renderer/vault/argon.ts';
import type { VaultContext } from '../../../renderer/vault/contract.ts';
import type { EngagementInside } from '../../../renderer/vault/engagement.ts';
import type { EngagementLocks } from '../../../renderer/vault/engagementLocks.ts';
import type { IndexedDbPort } from '../../../renderer/vault/header.ts';
import { vaultCore } from '../../../renderer/vault/vaultCore.ts';

const CHEAP: KdfPolicy = {
	fresh: { memoryKiB: 64, iterations: 1, parallelism: 1 },
	floor: { memoryKiB: 64, iterations: 1, parallelism: 1 },
};

export const memoryIdb = (): IndexedDbPort => ({ indexedDB: new IDBFactory(), IDBKeyRange }) as unknown as IndexedDbPort;

export const PASSPHRASE = 'correct horse battery staple';

/** One set of locks a store, as the windows of one profile share them. */
const held = new WeakMap<IndexedDbPort, Set<string>>();

export function locksOf(idb: IndexedDbPort): EngagementLocks {
	const taken = held.get(idb) ?? new Set();
	held.set(idb, taken);
	return {
		take: (id) => {
			if (taken.has(id)) return Promise.resolve(null);
			taken.add(id);
			return Promise.resolve(() => void taken.delete(id));
		},
	};
}

export interface TestClock {
	at: number;
}

/** The free store counts the collections open in a realm: one vault at a time. */
let closeLast: () => Promise<void> = () => Promise.resolve();

afterEach(() => closeLast());

export async function openTestVault(
	idb: IndexedDbPort = memoryIdb(),
	clock: TestClock = { at: Date.UTC(2026, 10, 29, 9) },
	quota?: number,
) {
	await closeLast();
	let inside: EngagementInside | null = null;
	const core = await vaultCore(
		{
			idb,
			now: () => clock.at++,
			storage: {
				estimate: async () => (quota === undefined ? {} : { usage: 0, quota }),
				persisted: async () => true,
			},
			locks: locksOf(idb),
			kdf: CHEAP,
		},
		(_context: VaultContext, engagement) => {
			inside = engagement;
			return Promise.resolve();
		},
	);
	let isClosed = false;
	const close = async (): Promise<void> => {
		if (isClosed) return;
		isClosed = true;
		await core.close();
	};
	closeLast = close;
	return {
		...core,
		close,
		idb,
		clock,
		inside: (): EngagementInside => {
			if (inside === null) throw new Error('nothing was opened');
			return inside;
		},
	};
}

export type TestVault = Awaited<ReturnType<typeof openTestVault>>;

export const FORM = {
	label: null,
	name: 'Audit FY 2026',
	client: 'Zyx Canary Client',
	organisation: 'Meridian',
	memberName: 'A. Okafor',
	deadline: null,
	passphrase: PASSPHRASE,
} as const;

export async function createOpen(vault: TestVault): Promise<{ engagementId: string; recoveryKey: string }> {
	const made = await vault.session.create(FORM);
	if (!made.ok) throw new Error(made.error.message);
	await vault.session.enter(made.value.engagementId);
	return made.value;
}

/** The act that makes a stored import part of the work. */
export const importedAct = (importId: string): Act => ({
	type: 'population.imported',
	importId,
	dropId: 'D1',
	manifestSha256: '0'.repeat(64),
	company: 'Zyx Canary Client',
	asOf: '2026-01-31T00:00:00Z',
	rows: 1,
	bytes: 1,
	quarantined: 0,
	differing: 0,
});

/** All values of all stores of all databases, as they lie in IndexedDB. */
export async function everythingStored(idb: IndexedDbPort): Promise<{ database: string; store: string; value: unknown }[]> {
	const found: { database: string; store: string; value: unknown }[] = [];
	for (const { name } of await idb.indexedDB.databases()) {
		const db = await new Promise<IDBDatabase>((resolve, reject) => {
			const request = idb.indexedDB.open(name as string);
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
		for (const store of db.objectStoreNames) {
			const values = await new Promise<unknown[]>((resolve, reject) => {
				const request = db.transaction(store).objectStore(store).getAll();
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
			found.push(...values.map((value) => ({ database: name as string, store, value })));
		}
		db.close();
	}
	return found;
}
