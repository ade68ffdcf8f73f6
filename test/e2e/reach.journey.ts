/** What the page reaches and what reaches it, past the items that are about loading alone: Electron's security checklist, continued. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, until } from './harness.ts';
import { launchWalls } from './wallsPage.ts';

let launched: Launched;
beforeAll(async () => {
	launched = await launchWalls();
});
afterAll(() => launched.close());

const inPage = <T>(work: string): Promise<T> => launched.page.evaluate(work) as Promise<T>;

describe('a server on this very machine [1, 8]', () => {
	let server: Server;
	let port = 0;
	const heard: string[] = [];
	beforeAll(async () => {
		server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', (data) => {
				heard.push(data.toString('latin1').split('\r\n')[0] ?? '');
				socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		port = typeof address === 'object' && address ? address.port : 0;
	});
	afterAll(() => new Promise((resolve) => server.close(resolve)));

	it('hears whoever speaks to it', async () => {
		await fetch(`http://127.0.0.1:${port}/control`);
		expect(heard).toEqual(['GET /control HTTP/1.1']);
	});

	it('hears nothing of the page, whichever way it tries', async () => {
		await inPage(`(async () => {
			const at = (path) => 'http://127.0.0.1:${port}/' + path;
			const settle = (work) => Promise.resolve().then(work).catch(() => undefined);
			const loaded = (element) => new Promise((done) => { element.onload = element.onerror = done; document.body.append(element); });
			const make = (tag, attributes) => Object.assign(document.createElement(tag), attributes);
			await settle(() => fetch(at('fetch'), { mode: 'no-cors' }));
			await settle(() => navigator.sendBeacon(at('beacon'), 'x'));
			await settle(() => new Promise((done) => { const request = new XMLHttpRequest(); request.onloadend = done; request.open('GET', at('xhr')); request.send(); }));
			await settle(() => new Promise((done) => { const socket = new WebSocket(at('socket').replace('http', 'ws')); socket.onerror = socket.onopen = done; }));
			await settle(() => new Promise((done) => { const source = new EventSource(at('events')); source.onerror = source.onopen = () => { source.close(); done(); }; }));
			await settle(() => loaded(make('img', { src: at('image') })));
			await settle(() => loaded(make('link', { rel: 'stylesheet', href: at('sheet') })));
			for (const [tag, attribute] of [['video', 'src'], ['audio', 'src'], ['object', 'data'], ['embed', 'src'], ['iframe', 'src'], ['script', 'src']])
				await settle(() => { document.body.append(make(tag, { [attribute]: at(tag) })); });
			for (const rel of ['prefetch', 'preload', 'preconnect', 'dns-prefetch', 'modulepreload', 'manifest', 'icon', 'prerender'])
				await settle(() => { document.head.append(make('link', { rel, href: at(rel), as: 'image' })); });
			await settle(() => { document.body.append(make('a', { id: 'pinging', href: at('link'), ping: at('ping'), textContent: 'a link' })); });
			await settle(() => new FontFace('x', 'url(' + at('font') + ')').load());
			await settle(() => new RTCPeerConnection({ iceServers: [{ urls: 'turn:127.0.0.1:${port}?transport=tcp', username: 'x', credential: 'x' }] }).close());
			document.getElementById('pinging').click();
		})()`);
		// A request of the page's own comes after all of them, and is answered.
		await until('the page still there', async () => (await inPage("fetch('/index.html').then(({ status }) => status)")) === 200);
		expect(heard).toEqual(['GET /control HTTP/1.1']);
	});
});

describe('inside the page', () => {
	it('a frame gets no bridge of its own, and shows nothing from elsewhere [2, 13, 17]', async () => {
		const frames = await inPage<Record<string, string>>(`(async () => {
			const found = {};
			for (const src of ['about:blank', 'app://bundle/index.html', 'data:text/html,<p>x</p>', 'https://example.com/', URL.createObjectURL(new Blob(['<p>x</p>'], { type: 'text/html' }))]) {
				const frame = document.createElement('iframe');
				const loaded = new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
				frame.src = src;
				document.body.append(frame);
				await loaded;
				let bridge = 'another origin';
				try { bridge = typeof frame.contentWindow.tieout; } catch {}
				let text = '';
				try { text = frame.contentDocument?.body?.textContent.trim() ?? ''; } catch {}
				found[src.split(':')[0] + (src.startsWith('about') ? '' : ':')] = bridge + '|' + text;
				frame.remove();
			}
			return found;
		})()`);
		expect(Object.keys(frames).length).toBe(5);
		for (const [scheme, seen] of Object.entries(frames)) expect(seen, scheme).toMatch(/^(undefined|another origin)\|$/);
	});

	it('styles written as attributes are dropped [7]', async () => {
		expect(
			await inPage(`(() => {
				const element = document.createElement('p');
				element.setAttribute('style', 'color: rgb(1, 2, 3)');
				document.body.append(element);
				const color = getComputedStyle(element).color;
				element.remove();
				return color;
			})()`),
		).not.toBe('rgb(1, 2, 3)');
	});

	it('no worker outlives the page: service workers are refused [1, 18]', async () => {
		expect(
			await inPage(`(async () => {
				if (!navigator.serviceWorker) return 'absent';
				return navigator.serviceWorker.register(trustedTypes.defaultPolicy?.createScriptURL(workerUrl) ?? workerUrl).then(() => 'registered', () => 'refused');
			})()`),
		).not.toBe('registered');
	});

	it('what may be asked for is known to be denied beforehand [5]', async () => {
		const states = await inPage<Record<string, string>>(`(async () => {
			const states = {};
			for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi', 'background-sync', 'screen-wake-lock', 'idle-detection', 'storage-access', 'window-management'])
				states[name] = await navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown');
			return states;
		})()`);
		expect(Object.entries(states).filter(([, state]) => state === 'granted')).toEqual([]);
		expect(states['geolocation']).toBe('denied');
	});

	it('events come without the event object of Electron [20]', async () => {
		await inPage("void (globalThis.got = new Promise((done) => tieout.on('lock', (...given) => done(given))))");
		await launched.app.evaluate(({ BrowserWindow }) => {
			BrowserWindow.getAllWindows()[0]?.webContents.send('lock', { reason: 'idle' });
		});
		expect(await inPage('got')).toEqual([{ reason: 'idle' }]);
	});
});

describe('around the page', () => {
	it('there is no menu whose keys could open anything, no spelling dictionary to fetch, and no cookie', async () => {
		const found = await launched.app.evaluate(async ({ BrowserWindow, Menu }) => {
			const session = BrowserWindow.getAllWindows()[0]?.webContents.session;
			return {
				menu: Menu.getApplicationMenu(),
				spelling: session?.isSpellCheckerEnabled(),
				languages: session?.getSpellCheckerLanguages(),
				cookies: (await session?.cookies.get({}))?.length,
			};
		});
		expect(found).toEqual({ menu: null, spelling: false, languages: [], cookies: 0 });
	});

	it('a permission that is granted to nobody is not granted to another origin either [5]', async () => {
		const granted = await launched.app.evaluate(async ({ BrowserWindow }) => {
			const session = BrowserWindow.getAllWindows()[0]?.webContents.session;
			const foreign = new BrowserWindow({ show: false, webPreferences: { ...(session ? { session } : {}), sandbox: true } });
			foreign.webContents.removeAllListeners('did-navigate');
			await foreign.loadURL('data:text/html,<p>x</p>');
			const answer: unknown = await foreign.webContents.executeJavaScript(
				"new Promise((done) => navigator.geolocation ? navigator.geolocation.getCurrentPosition(() => done('granted'), () => done('denied')) : done('absent'))",
			);
			foreign.destroy();
			return answer;
		});
		expect(granted).not.toBe('granted');
	});
});
