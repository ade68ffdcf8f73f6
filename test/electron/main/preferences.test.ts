/** What the sources ask of Electron and of the page: read as text, so that no later file asks for more unnoticed. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

/** Without comments: words about a thing are not the thing. */
const sources = globSync('{electron/{main,preload,services},renderer}/**/*.{ts,tsx,html}', { cwd: root }).map((file) => ({
	file,
	code: readFileSync(`${root}${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, ''),
}));

const users = (pattern: RegExp): string[] => sources.flatMap(({ file, code }) => (pattern.test(code) ? [file] : []));

describe('settings of the window', () => {
	it('stand in one place, and no other window is made', () => {
		expect(sources.length).toBeGreaterThan(50);
		expect(users(/webPreferences/)).toEqual(['electron/main/windows.ts']);
		expect(users(/new (BrowserWindow|BrowserView|WebContentsView|BaseWindow)\b/)).toEqual(['electron/main/windows.ts']);
	});

	test.each([
		['nodeIntegration', 'false'],
		['nodeIntegrationInWorker', 'false'],
		['nodeIntegrationInSubFrames', 'false'],
		['contextIsolation', 'true'],
		['sandbox', 'true'],
		['webSecurity', 'true'],
		['allowRunningInsecureContent', 'false'],
		['experimentalFeatures', 'false'],
		['webviewTag', 'false'],
		['navigateOnDragDrop', 'false'],
		['devTools', 'IS_E2E'],
	])('say %s: %s aloud, whatever the defaults are [2-4, 6, 8, 9, 11]', (name, value) => {
		const said = sources.flatMap(({ code }) => [...code.matchAll(new RegExp(`\\b${name}: ([\\w]+)`, 'g'))].map(([, word]) => word));
		expect(said).toEqual([value]);
	});

	it('ask for no feature of the engine; the one that opens windows by the middle button is off [10]', () => {
		expect(users(/enableBlinkFeatures|enable-blink-features|enable-features|enable-experimental/)).toEqual([]);
		expect(users(/disableBlinkFeatures: 'Auxclick'/)).toEqual(['electron/main/windows.ts']);
	});
});

describe('sources of the page [7, 18]', () => {
	test.each([
		['text as markup', /dangerouslySetInnerHTML|\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write|srcdoc/],
		['text as code', /\beval\(|new Function\(|setTimeout\(['"`]|javascript:/],
		['a file by its path', /file:\/\//],
		['a web view', /<webview|createElement\(['"]webview/],
	])('use no %s', (_what, pattern) => {
		expect(users(pattern)).toEqual([]);
	});
});

describe('the bridge [20]', () => {
	it('is exposed once, and hands out no object of Electron', () => {
		expect(users(/exposeInMainWorld/)).toEqual(['electron/preload/preload.ts']);
		expect(users(/from 'electron'/).filter((file) => !/^electron\/(main|preload)\//.test(file))).toEqual([]);
		expect(users(/\bipcRenderer\b/)).toEqual(['electron/preload/preload.ts']);
	});
});
