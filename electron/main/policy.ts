/** What the window may load, ask for and be started with. Pure: no Electron here, so that every rule has its table in the tests. */

export const APP_SCHEME = 'app';
const APP_HOST = 'bundle';
const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const ENTRY_URL = `${APP_ORIGIN}/index.html`;

/** Below this, an Electron gets no security fixes any more: such a runtime shows the sample only. */
export const SUPPORTED_ELECTRON_MAJOR = 45;

export type RuntimeKind = 'supported' | 'test_runtime';

/** @param version e.g. "45.5.0" */
export const runtimeKindOf = (version: string | undefined): RuntimeKind =>
	Number.parseInt(version ?? '0', 10) >= SUPPORTED_ELECTRON_MAJOR ? 'supported' : 'test_runtime';

/**
 * Whether a URL is of the window's own bundle. Scheme and host are compared, because the origin of a scheme that Node does not know is
 * "null" for all of them.
 */
export function isAppUrl(text: string): boolean {
	try {
		const url = new URL(text);
		return url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.username === '' && url.password === '' && url.port === '';
	} catch {
		return false;
	}
}

/** Requests that may leave the page: its own bundle, blobs it made itself, data URLs. Nothing else, by any scheme. */
export function isAllowedRequest(url: string): boolean {
	if (url.startsWith('data:')) return true;
	if (url.startsWith('blob:')) return isAppUrl(url.slice('blob:'.length)) && !url.startsWith('blob:blob:');
	return isAppUrl(url);
}

/**
 * Switches that would open the program to others or take its walls down. Debugging ports have no fuse; the others weaken the sandbox,
 * the origin rules or the network rules.
 */
const FORBIDDEN_SWITCHES = [
	'allow-file-access-from-files',
	'allow-running-insecure-content',
	'auto-open-devtools-for-tabs',
	'disable-features',
	'disable-gpu-sandbox',
	'disable-namespace-sandbox',
	'disable-seccomp-filter-sandbox',
	'disable-setuid-sandbox',
	'disable-site-isolation-trials',
	'disable-web-security',
	'enable-logging',
	'host-resolver-rules',
	'host-rules',
	'ignore-certificate-errors',
	'inspect',
	'inspect-brk',
	'inspect-brk-node',
	'inspect-port',
	'inspect-publish-uid',
	'js-flags',
	'load-extension',
	'log-net-log',
	'no-sandbox',
	'no-zygote',
	'proxy-bypass-list',
	'proxy-pac-url',
	'proxy-server',
	'remote-allow-origins',
	'remote-debugging-address',
	'remote-debugging-pipe',
	'remote-debugging-port',
	'renderer-cmd-prefix',
	'service-sandbox-type',
	'single-process',
	'unsafely-treat-insecure-origin-as-secure',
] as const;

/** @returns the first forbidden switch among them, without its dashes, or null */
export function forbiddenSwitch(args: readonly string[]): string | null {
	const given = new Set(args.flatMap((arg) => /^--?([\w-]+)/.exec(arg)?.[1]?.toLowerCase() ?? []));
	return FORBIDDEN_SWITCHES.find((name) => given.has(name)) ?? null;
}

/** The kinds of file in the bundle. What is not listed is not served. */
const MIME_TYPES: Readonly<Record<string, string>> = {
	html: 'text/html; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	mjs: 'text/javascript; charset=utf-8',
	css: 'text/css; charset=utf-8',
	json: 'application/json; charset=utf-8',
	svg: 'image/svg+xml',
	png: 'image/png',
	woff2: 'font/woff2',
	ttf: 'font/ttf',
	wasm: 'application/wasm',
	bcmap: 'application/octet-stream',
	pfb: 'application/octet-stream',
};

export interface Asset {
	/** Relative to the bundle's folder, parts joined by "/". */
	readonly path: string;
	readonly mime: string;
}

const ASSET_PATH = /^(?:\/[A-Za-z0-9_@][A-Za-z0-9_@.-]*)+$/;

/**
 * The bundle's file a URL asks for; null for every other one. Only plain names are taken: an escape, a backslash, an empty part, or one
 * that begins with a dot is no name of ours, so no path can lead out of the folder.
 */
export function assetOf(text: string): Asset | null {
	if (!isAppUrl(text) || text.includes('%') || text.includes('\\') || text.includes('..')) return null;
	const { pathname } = new URL(text);
	const path = pathname === '/' ? '/index.html' : pathname;
	const mime = ASSET_PATH.test(path) ? MIME_TYPES[path.slice(path.lastIndexOf('.') + 1)] : undefined;
	return mime === undefined ? null : { path: path.slice(1), mime };
}

/** @param nonce of this load of the page, for style elements that libraries add */
export const contentSecurityPolicy = (nonce: string): string =>
	[
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		`style-src 'self' 'nonce-${nonce}'`,
		"img-src 'self' blob: data:",
		"font-src 'self'",
		"connect-src 'self'",
		"worker-src 'self'",
		"frame-src 'none'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types tieout default',
	].join('; ');

/** Every answer of the bundle carries them. */
export const securityHeaders = (mime: string, nonce: string): Readonly<Record<string, string>> => ({
	'content-type': mime,
	'content-security-policy': contentSecurityPolicy(nonce),
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-embedder-policy': 'require-corp',
	'cross-origin-resource-policy': 'same-origin',
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
	'cache-control': 'no-store',
});
