/** Starts the worker that packs, from this bundle: a script of our own is all that this realm's policy lets through. */
import type { PackingHelper } from './packingPool.ts';
import workerUrl from './packingWorker.ts?worker&url';

interface ScriptPolicy {
	createScriptURL(url: string): string;
}

const { trustedTypes } = globalThis as {
	trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
};

const rules: ScriptPolicy = {
	createScriptURL: (url) => {
		if (url !== workerUrl) throw new TypeError('not the script of this worker');
		return url;
	},
};

const policy = trustedTypes?.createPolicy('tieout', rules) ?? rules;

export const startPackingWorker = (): PackingHelper => new Worker(policy.createScriptURL(workerUrl), { type: 'module', name: 'packing' });
