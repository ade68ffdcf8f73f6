/** The window's end of the vault: one worker, called through comlink. A lock ends the worker with the page. */
import { proxy, type Remote, wrap } from 'comlink';
import { useChanges } from '../state/changes.ts';
import type { Vault as VaultApi } from '../vault/vault.ts';
import workerUrl from '../vault/vaultWorker.ts?worker&url';
import { startWorker } from './trustedWorker.ts';

export type Vault = Remote<VaultApi>;

let vault: Vault | null = null;

/** Starts the worker once, listens to its changes. */
export function openVault(): Vault {
	if (vault) return vault;
	vault = wrap<VaultApi>(startWorker(workerUrl, 'vault'));
	void vault.session.subscribe(proxy((change) => useChanges.getState().note(change)));
	return vault;
}

/** The vault, for components and commands. */
export const useVault = (): Vault => openVault();
