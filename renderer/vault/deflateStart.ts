/** Starts the worker that deflates, from this bundle: a script of our own is all that this realm's policy lets through. */
import type { DeflateHelper } from './deflatePool.ts';
import workerUrl from './deflateWorker.ts?worker&url';

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

export const startDeflateWorker = (): DeflateHelper => new Worker(policy.createScriptURL(workerUrl), { type: 'module', name: 'deflate' });
