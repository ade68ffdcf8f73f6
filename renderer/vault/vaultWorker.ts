/** Entry of the vault's worker: the vault over this browser's storage, for the window alone. */
import { expose } from 'comlink';
import { config } from 'zod';
import { webLocks } from './engagementLocks.ts';
import { helpersFor, packingPool } from './packingPool.ts';
import { startPackingWorker } from './packingStart.ts';
import { createVault, type Vault } from './vault.ts';

// Schemas are interpreted: the worker's policy forbids compiling them to functions.
config({ jitless: true });

/**
 * The window may call before the vault stands (its list of engagements is being opened): each call waits for it. One proxy a capability,
 * because comlink walks the path `vault.session.list` property by property.
 */
function waiting(vault: Promise<Vault>): object {
	const capability = (name: string): object =>
		new Proxy(
			{},
			{
				get: (_, method) =>
					typeof method === 'string' &&
					(async (...args: unknown[]) => {
						const apis: Readonly<Record<string, Readonly<Record<string, unknown>>>> = await vault;
						const call = apis[name]?.[method];
						if (typeof call !== 'function') throw new TypeError(`the vault has no ${name}.${method}`);
						return call(...args);
					}),
			},
		);
	return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? capability(name) : undefined) });
}

const vault = createVault({
	idb: { indexedDB, IDBKeyRange },
	now: () => Date.now(),
	storage: navigator.storage ?? null,
	packing: packingPool(startPackingWorker, helpersFor(navigator.hardwareConcurrency)),
	locks: webLocks(navigator.locks),
});

expose(waiting(vault));
