import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	assetOf,
	contentSecurityPolicy,
	forbiddenSwitch,
	isAllowedRequest,
	isAppUrl,
	runtimeKindOf,
	securityHeaders,
} from '../../../electron/main/policy.ts';

describe('URLs of the bundle', () => {
	test.each(['app://bundle', 'app://bundle/', 'app://bundle/index.html', 'app://bundle/assets/a.js?x#y'])('%s is ours', (url) => {
		expect(isAppUrl(url)).toBe(true);
	});
	test.each([
		'',
		'about:blank',
		'about:srcdoc',
		'app://evil/',
		'app://bundle.evil/',
		'app://bundle:8080/',
		'app://user@bundle/',
		'app://user:pw@bundle/',
		'app:bundle',
		'apps://bundle/',
		'http://bundle/',
		'https://example.com/app://bundle/',
		'file:///etc/passwd',
		'data:text/html,app://bundle/',
		'javascript:location="app://bundle/"',
		'blob:app://bundle/1',
		'null',
		'app://bundle@evil/',
	])('%j is not', (url) => {
		expect(isAppUrl(url)).toBe(false);
	});
});

test.each([
	['app://bundle/assets/a.js', true],
	['blob:app://bundle/6f1c', true],
	['data:image/png;base64,AA', true],
	['blob:https://example.com/1', false],
	['blob:null/1', false],
	['blob:blob:app://bundle/1', false],
	['https://example.com/', false],
	['http://127.0.0.1/', false],
	['ws://127.0.0.1/', false],
	['wss://example.com/', false],
	['file:///etc/passwd', false],
	['ftp://example.com/', false],
	['chrome://gpu/', false],
	['devtools://devtools/', false],
	['about:blank', false],
])('a request to %s goes out: %s', (url, expected) => {
	expect(isAllowedRequest(url)).toBe(expected);
});

describe('files of the bundle', () => {
	test.each([
		['app://bundle/', 'index.html', 'text/html; charset=utf-8'],
		['app://bundle/assets/index-C1_a.js', 'assets/index-C1_a.js', 'text/javascript; charset=utf-8'],
		['app://bundle/fonts/mono.ttf', 'fonts/mono.ttf', 'font/ttf'],
	])('%s is %s', (url, path, mime) => {
		expect(assetOf(url)).toEqual({ path, mime });
	});
	test.each([
		'app://bundle/../main.cjs',
		'app://bundle/%2e%2e/main.cjs',
		'app://bundle/..%2fmain.js',
		'app://bundle/a\\b.js',
		'app://bundle//index.html',
		'app://bundle/.hidden.js',
		'app://bundle/a/.b/c.js',
		'app://bundle/main.cjs',
		'app://bundle/package.exe',
		'app://bundle/none',
		'app://bundle/a.js%00.html',
		'app://bundle/assets/',
		'app://evil/index.html',
		'file:///index.html',
	])('%s is none', (url) => {
		const asset = assetOf(url);
		if (asset) expect(asset.path).not.toMatch(/\.\.|^\/|\\/);
		else expect(asset).toBeNull();
	});
	test('no text whatever leads out of the folder', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'f', 'a', ':', '@', '?', '#', '\0', ' ') }), (tail) => {
				const path = assetOf(`app://bundle/${tail}.js`)?.path ?? '';
				expect(path.split('/')).not.toContain('..');
				expect(path.startsWith('/')).toBe(false);
			}),
		);
	});
});

describe('switches', () => {
	test.each([
		['--remote-debugging-port=0', 'remote-debugging-port'],
		['--inspect', 'inspect'],
		['--inspect-brk=9229', 'inspect-brk'],
		['-no-sandbox', 'no-sandbox'],
		['--No-Sandbox', 'no-sandbox'],
		['--js-flags=--expose-gc', 'js-flags'],
		['--load-extension=/tmp/x', 'load-extension'],
		['--disable-site-isolation-trials', 'disable-site-isolation-trials'],
		['--proxy-server=1.2.3.4:80', 'proxy-server'],
		['--disable-web-security', 'disable-web-security'],
	])('%s is refused', (given, name) => {
		expect(forbiddenSwitch(['app', given, '--sample'])).toBe(name);
	});
	test('our own are not', () => {
		expect(
			forbiddenSwitch(['out/app', '--sample', '--exit-after-ready', '--disable-gpu', '--user-data-dir=/tmp/x', 'no-sandbox']),
		).toBeNull();
	});
});

test.each([
	['25.1.1', 'test_runtime'],
	['44.9.9', 'test_runtime'],
	['45.0.0', 'supported'],
	['46.1.0', 'supported'],
	['', 'test_runtime'],
	[undefined, 'test_runtime'],
])('Electron %s is a %s', (version, kind) => {
	expect(runtimeKindOf(version)).toBe(kind);
});

describe('headers', () => {
	test('allow no text as code, no frame, no foreign origin, and only the two named policies', () => {
		const policy = contentSecurityPolicy('N');
		expect(policy).not.toMatch(/'unsafe-eval'|'unsafe-inline'|https?:|\*/);
		for (const part of [
			"default-src 'none'",
			"style-src 'self' 'nonce-N'",
			"frame-src 'none'",
			"require-trusted-types-for 'script'",
			'trusted-types tieout default',
		])
			expect(policy.split('; ')).toContain(part);
	});
	test('are the same for every kind of file', () => {
		expect(Object.keys(securityHeaders('font/ttf', 'N'))).toEqual(Object.keys(securityHeaders('text/html', 'N')));
	});
});

describe('the sources of the main process', () => {
	const folder = new URL('../../../electron/', import.meta.url);
	const files = ['main', 'preload'].flatMap((part) => readdirSync(new URL(part, folder)).map((name) => `${part}/${name}`));
	const users = (pattern: RegExp): string[] =>
		files.filter((file) => pattern.test(readFileSync(new URL(file, folder), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));

	test('hear channels in one file, open nothing outside, and know no loader of the network', () => {
		expect(users(/\bipcMain\b/)).toEqual(['main/ipc.ts']);
		expect(users(/openExternal|openPath|\bshell\b/)).toEqual([]);
		expect(users(/node:(http|https|net|tls|dgram|dns|child_process)'|\bnet\.(fetch|request)/)).toEqual([]);
		expect(users(/autoUpdater|crashReporter|contentTracing/)).toEqual([]);
	});
});
