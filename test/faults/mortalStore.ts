/** A store of a workstation that can end at any write, as with its process: the transaction under way is undone, and nothing comes after it. */
import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb';
import type { IndexedDbPort } from '../../renderer/vault/header.ts';

export interface Mortality {
	/** Writes until the end; null: it lives on. */
	writesLeft: number | null;
	isDead: boolean;
}

/** One a process: the free store is opened by one vault at a time. */
export const mortality: Mortality = { writesLeft: null, isDead: false };

const ended = (): DOMException => new DOMException('The process has ended.', 'AbortError');

type Write = (this: IDBObjectStore, ...given: unknown[]) => unknown;
const store = IDBObjectStore.prototype as unknown as Record<'add' | 'put' | 'delete', Write>;
for (const name of ['add', 'put', 'delete'] as const) {
	const write = store[name];
	store[name] = function (this: IDBObjectStore, ...given) {
		if (!mortality.isDead && mortality.writesLeft !== null && mortality.writesLeft-- <= 0) {
			mortality.isDead = true;
			this.transaction.abort();
		}
		if (mortality.isDead) throw ended();
		return write.apply(this, given);
	};
}

/** A disk with nothing on it. */
export const emptyStore = (): IndexedDbPort => ({ indexedDB: new IDBFactory(), IDBKeyRange }) as unknown as IndexedDbPort;
