/** The window's end of the vault: one worker, called through comlink. A lock ends the worker with the page. */
import { proxy, transfer, wrap } from 'comlink';
import { useChanges } from '../state/changes.ts';
import type { Vault as VaultApi } from '../vault/vault.ts';
import workerUrl from '../vault/vaultWorker.ts?worker&url';
import { askFilesPort } from './bridge.ts';
import { startWorker } from './trustedWorker.ts';

/** A capability as seen from the page: every call is answered later. */
type Remote<Api> = {
	readonly [K in keyof Api]: Api[K] extends (...given: infer Given) => infer Answered
		? (...given: Given) => Promise<Awaited<Answered>>
		: never;
};

export type Vault = { readonly [Name in keyof VaultApi]: Remote<VaultApi[Name]> };

let vault: Vault | null = null;

/** Starts the worker once, listens to its changes. */
export function openVault(): Vault {
	if (vault) return vault;
	vault = wrap(startWorker(workerUrl, 'vault')) as unknown as Vault;
	void vault.session.subscribe(proxy((change) => useChanges.getState().note(change)));
	void handFilesPort(vault);
	return vault;
}

/** The vault reads drops past the page. */
async function handFilesPort(to: Vault): Promise<void> {
	const port = await askFilesPort();
	if (port) await to.evidence.setFilesPort(transfer(port, [port]));
}

/** The vault, for components and commands. */
export const useVault = (): Vault => openVault();
