/** Asks that the store is never cleared by itself when the disk runs full. Only a page may ask, so that the vault's worker can't. */
import { useEffect } from 'react';
import { useKeptStorage } from '../state/keptStorage.ts';

/** Storage as the page has it; it is missing where the runtime has none. */
export type AskedStorage = Partial<Pick<StorageManager, 'persisted' | 'persist'>> | undefined;

/** @returns whether it is promised; false where the answer is no, and where there is none */
export async function askToKeep(storage: AskedStorage): Promise<boolean> {
	try {
		return (await storage?.persisted?.()) === true || (await storage?.persist?.()) === true;
	} catch {
		return false;
	}
}

/** Asks once an engagement is open: after it was created, unlocked, restored or recovered. */
export function useStorageKeeping(): void {
	useEffect(() => {
		void askToKeep(navigator.storage).then((isKept) => useKeptStorage.getState().tell(isKept));
	}, []);
}
