/**
 * The built window in Debian's Chromium: the real page, the real vault worker, the real handlers of the main process behind a bridge. It is
 * served from this machine with the headers of the product, so that its policy is tested as well.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { ROOT } from '../../build/electronRuntime.ts';
import { bundleMain, type MainBundle } from './bundleMain.ts';
import { type FilesRelay, filesRelay } from './filesRelay.ts';
import { STEP_MS } from './keys.ts';
import type { FakePort } from './mainSide.ts';
import { builtPage, keepPort, portOf, serve } from './servePage.ts';

export const CHROMIUM = '/usr/bin/chromium';

export interface OpenApp {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Words of the console that are warnings or errors, and violations of the policy. */
	readonly complaints: string[];
	/** What the next dialog of the main process answers. */
	answerDialog(dialog: 'open' | 'save', path: string | null): Promise<void>;
	close(): Promise<void>;
}

export interface OpenOptions {
	/** A profile folder to come back to; a fresh one is made and removed otherwise. */
	readonly profile?: string;
	readonly colorScheme?: 'light' | 'dark';
	readonly viewport?: { readonly width: number; readonly height: number };
	/** The display's real scale, as the system would set it. */
	readonly scale?: number;
	readonly locale?: string;
	/**
	 * For measuring: the bytes of drops go past the page, as in the product. The page's own policy is then not enforced, because the relay's
	 * worker is none of its scripts.
	 */
	readonly isMeasured?: boolean;
}

export const isChromiumHere = (): boolean => existsSync(CHROMIUM);

const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--font-render-hinting=none',
];

export async function openApp(options: OpenOptions = {}): Promise<OpenApp> {
	const [files, main] = await Promise.all([builtPage(), bundleMain()]);
	const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'tieout-browser-'));
	const relay = options.isMeasured === true ? filesRelay() : null;
	const server = await serve(files, main.securityHeaders, portOf(profile));
	relay?.serveOn(server);
	keepPort(profile, server);
	const scale = options.scale ?? 1;
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: CHROMIUM,
		headless: true,
		args: [...ARGS, ...(scale === 1 ? [] : [`--force-device-scale-factor=${scale}`])],
		viewport: options.viewport ?? { width: 1440, height: 900 },
		colorScheme: options.colorScheme ?? 'light',
		reducedMotion: 'reduce',
		locale: options.locale ?? 'en-GB',
		timezoneId: 'Europe/Berlin',
		bypassCSP: relay !== null,
	});
	const page = context.pages()[0] ?? (await context.newPage());
	page.setDefaultTimeout(STEP_MS);
	const complaints: string[] = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
	});
	page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
	const side = await bridge(page, main, complaints, relay);
	await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	return {
		page,
		context,
		complaints,
		answerDialog: async (dialog, path) => {
			await side.answer('e2e.setDialogAnswer', { dialog, path });
		},
		close: async () => {
			await context.close();
			side.clear();
			server.close();
			if (options.profile === undefined) rmSync(profile, { recursive: true, force: true });
		},
	};
}

async function bridge(page: Page, main: MainBundle, complaints: string[], relay: FilesRelay | null) {
	let port: FakePort | null = null;
	const tell = (call: string): void => {
		page.evaluate(call).catch(() => undefined);
	};
	const side = main.makeMainSide({
		event: (name, payload) => tell(`window.__tieoutEvent(${JSON.stringify(name)}, ${JSON.stringify(payload)})`),
		port: (opened) => {
			if (relay) {
				relay.take(opened, page);
				return;
			}
			port?.close();
			port = opened;
			port.on('message', ({ data }) => tell(`window.__tieoutPortAnswer(${JSON.stringify(JSON.stringify(toWire(data)))})`));
			port.start();
			tell('window.__tieoutPortOpened()');
		},
		// The main process ends the page's process and begins it anew; a browser's page can only be loaded anew.
		lock: () => {
			page.reload().catch(() => undefined);
		},
	});
	await page.exposeBinding('__tieoutInvoke', async (_source, channel: string, json: string) => {
		const answer = await side.answer(channel, fromWire(JSON.parse(json)));
		return JSON.stringify(toWire(answer));
	});
	await page.exposeBinding('__tieoutPortAsk', (_source, json: string) => port?.postMessage(fromWire(JSON.parse(json))));
	await page.exposeBinding('__tieoutViolation', (_source, words: string) => {
		complaints.push(`violation: ${words}`);
	});
	await page.addInitScript({ path: join(ROOT, 'test/browser/bridgeScript.js') });
	await relay?.prepare(page);
	return side;
}

function toWire(value: unknown): unknown {
	if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
	if (Array.isArray(value)) return value.map(toWire);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
}

function fromWire(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(fromWire);
	if (typeof value !== 'object' || value === null) return value;
	const { $bytes } = value as { $bytes?: string };
	if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'base64'));
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromWire(item)]));
}
