/** Debian's Chromium as a process group of its own that can be killed like a machine that loses its power; a page bundled and served for it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { mendStores } from '../../../electron/services/mendStores.ts';

const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
	'--headless=new',
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--remote-debugging-port=0',
];

export const scratch = (name: string): string => mkdtempSync(join(tmpdir(), `tieout-${name}-`));

/** Bundles one entry to one script, as text. */
export async function bundle(entry: string): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'error',
		define: { 'process.env.NODE_ENV': '"production"' },
		build: { write: false, minify: false, target: 'chrome114', lib: { entry, formats: ['es'], fileName: 'page' } },
	});
	const outputs = Array.isArray(result) ? result : [result];
	for (const each of outputs) {
		if (!('output' in each)) continue;
		const [chunk] = each.output;
		if (chunk.type === 'chunk') return chunk.code;
	}
	throw new Error(`${entry} did not bundle`);
}

export interface Served {
	readonly url: string;
	close(): void;
}

/** Serves a page with that script, from an address that is the same over restarts of the browser. */
export async function servePage(script: string): Promise<Served> {
	const server = createServer(({ url }, response) => {
		const isScript = url === '/page.js';
		response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
		response.end(isScript ? script : '<!doctype html><title>vault</title><script type="module" src="/page.js"></script>');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

export interface RunningChromium {
	readonly page: Page;
	/** `kill -9` of the whole group; waits until it is gone. */
	kill(): Promise<void>;
}

/** Whether any process of the group still runs; what is dead and only waits to be fetched by its parent does not. */
function isGroupAlive(group: number): boolean {
	return readdirSync('/proc').some((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const [state, , ofGroup] = readFileSync(`/proc/${name}/stat`, 'latin1')
				.replace(/^.*\) /, '')
				.split(' ');
			return Number(ofGroup) === group && state !== 'Z' && state !== 'X';
		} catch {
			return false;
		}
	});
}

/** A browser on a profile. @param isMended its stores are made safe to open first, as the program does at its start */
export async function startChromium(profile: string, url: string, isMended = true): Promise<RunningChromium> {
	if (isMended) await mendStores(profile, new Date());
	const child = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const endpoint = await new Promise<string>((resolve, reject) => {
		let said = '';
		child.stderr.on('data', (bytes: Buffer) => {
			said += bytes.toString();
			const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
			if (found) resolve(found);
		});
		child.once('exit', () => reject(new Error(`Chromium ended at once: ${said.slice(-500)}`)));
	});
	const browser = await chromium.connectOverCDP(endpoint);
	const context = browser.contexts()[0] ?? (await browser.newContext());
	const page = context.pages()[0] ?? (await context.newPage());
	await page.goto(url);
	return {
		page,
		kill: async () => {
			if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			await gone;
			// A helper process that is in the middle of a write outlives the first one by a moment, and must not write under the next browser.
			while (child.pid !== undefined && isGroupAlive(child.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
			await browser.close().catch(() => null);
		},
	};
}
