/**
 * The window's two trusted-types policies. `tieout`: workers are made from our own bundle only. `default`: text that holds no tag may be
 * set as HTML, because Mantine writes its style sheet that way; anything with a `<` in it is refused, whoever asks.
 */

import { config } from 'zod';

// Schemas are interpreted: compiling them to functions is what the policy forbids, and asking whether it may is a violation already.
config({ jitless: true });

interface ScriptPolicy {
	createScriptURL(url: string): string;
}

interface Rules {
	createScriptURL?(url: string): string;
	createHTML?(html: string): string | null;
}

interface TrustedTypes {
	createPolicy(name: string, rules: Rules): ScriptPolicy;
}

const OWN_SCRIPT = /^\/assets\/[\w.-]+\.js$/;

function ownScript(url: string): string {
	const { pathname, origin } = new URL(url, location.href);
	if (origin !== new URL(location.href).origin || !OWN_SCRIPT.test(pathname)) throw new TypeError('not a script of this bundle');
	return url;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy: ScriptPolicy = trustedTypes?.createPolicy('tieout', { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };

trustedTypes?.createPolicy('default', { createHTML: (html) => (html.includes('<') ? null : html) });

/** @param url what `import … from './x.ts?worker&url'` gave */
export const startWorker = (url: string, name: string): Worker => new Worker(policy.createScriptURL(url), { type: 'module', name });
