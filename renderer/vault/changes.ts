/** Who listens to what changes in the vault. */
import type { VaultChange } from './contract.ts';

export interface Changes {
	changed(change: VaultChange): void;
	/** @returns ends the listening */
	subscribe(listener: (change: VaultChange) => unknown): () => void;
}

export function changeHub(): Changes {
	const listeners = new Set<(change: VaultChange) => unknown>();
	return {
		changed: (change) => {
			for (const listener of listeners) {
				// A window that is gone must not stop the work whose change it would hear of.
				Promise.resolve()
					.then(() => listener(change))
					.catch(() => listeners.delete(listener));
			}
		},
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
