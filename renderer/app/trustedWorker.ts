/** Workers may be made from our own bundle only: the one trusted-types policy of the window says so. */

interface ScriptPolicy {
	createScriptURL(url: string): string;
}

interface TrustedTypes {
	createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
}

const OWN_SCRIPT = /^\/assets\/[\w.-]+\.js$/;

function ownScript(url: string): string {
	const { pathname, origin } = new URL(url, location.href);
	if (origin !== new URL(location.href).origin || !OWN_SCRIPT.test(pathname)) throw new TypeError('not a script of this bundle');
	return url;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy: ScriptPolicy = trustedTypes?.createPolicy('tieout', { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };

/** @param url what `import … from './x.ts?worker&url'` gave */
export const startWorker = (url: string, name: string): Worker => new Worker(policy.createScriptURL(url), { type: 'module', name });
