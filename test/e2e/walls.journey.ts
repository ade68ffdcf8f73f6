/** Electron's security checklist, item by item, against the smallest page with the real main process and preload script. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Launched, until } from './harness.ts';
import { processTree, processType, statusField } from './processes.ts';
import { launchWalls } from './wallsPage.ts';

let launched: Launched;
beforeAll(async () => {
	launched = await launchWalls();
});
afterAll(() => launched.close());

const inPage = <T>(work: string): Promise<T> => launched.page.evaluate(work) as Promise<T>;

describe('the page', () => {
	test('stands on its own secure, isolated origin [1, 18]', async () => {
		expect(await inPage('({ origin: location.origin, isSecureContext, crossOriginIsolated })')).toEqual({
			origin: 'app://bundle',
			isSecureContext: true,
			crossOriginIsolated: true,
		});
	});

	test('has nothing of Node and nothing of Electron [2, 20]', async () => {
		expect(
			await inPage("['require','process','Buffer','module','exports','global','electron','ipcRenderer'].filter((n) => n in globalThis)"),
		).toEqual([]);
		expect(await inPage('Object.keys(tieout)')).toEqual(['invoke', 'on', 'filesPort']);
	});

	test('can’t change its bridge [3]', async () => {
		const before = await inPage('String(tieout.invoke)');
		await inPage(
			'(() => { try { tieout.invoke = () => 1; } catch {} try { globalThis.tieout = {}; } catch {} try { tieout.more = 1; } catch {} })()',
		);
		expect(await inPage('String(tieout.invoke)')).toBe(before);
		expect(await inPage('Object.keys(tieout)')).toEqual(['invoke', 'on', 'filesPort']);
		expect(await inPage<{ ok: boolean }>("tieout.invoke('app.info', {})")).toMatchObject({ ok: true });
	});

	test('has the settings that the walls rest on [2-4, 6, 8-11]', async () => {
		const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
			const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
			return contents.getLastWebPreferences();
		});
		expect(preferences).toMatchObject({
			nodeIntegration: false,
			nodeIntegrationInSubFrames: false,
			contextIsolation: true,
			sandbox: true,
			webSecurity: true,
			allowRunningInsecureContent: false,
			experimentalFeatures: false,
			webviewTag: false,
		});
		expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
	});

	test('runs in a sandboxed process [4]', () => {
		const renderers = processTree(launched.app.process().pid ?? 0).filter((pid) => processType(pid) === 'renderer');
		expect(renderers.length).toBeGreaterThan(0);
		for (const pid of renderers) expect(statusField(pid, 'Seccomp')).toBe('2');
	});

	test('is granted persistent storage and nothing else [5]', async () => {
		expect(await inPage('navigator.storage.persist()')).toBe(true);
		const asked = await inPage<Record<string, string>>(`(async () => {
			const name = (promise) => promise.then(() => 'granted', (error) => error.name ?? 'refused');
			return {
				position: await new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('granted'), () => done('refused'))),
				notifications: await Notification.requestPermission(),
				camera: await name(navigator.mediaDevices.getUserMedia({ video: true })),
				screen: await name(navigator.mediaDevices.getDisplayMedia({ video: true })),
				clipboard: await name(navigator.clipboard.readText()),
				midi: await name(navigator.requestMIDIAccess({ sysex: true })),
				usb: navigator.usb ? await name(navigator.usb.requestDevice({ filters: [] })) : 'absent',
				hid: navigator.hid ? await navigator.hid.requestDevice({ filters: [] }).then((found) => found.length === 0 ? 'none' : 'granted', () => 'refused') : 'absent',
				serial: navigator.serial ? await name(navigator.serial.requestPort()) : 'absent',
			};
		})()`);
		for (const [what, answer] of Object.entries(asked)) expect(answer, what).not.toBe('granted');
	});

	test('carries the policy in the header of every answer [7]', async () => {
		const policy = await inPage<string>("fetch('/index.html').then((answer) => answer.headers.get('content-security-policy'))");
		expect(policy.replace(/'nonce-[\w-]+'/, "'nonce'").split('; ')).toEqual([
			"default-src 'none'",
			"script-src 'self' 'wasm-unsafe-eval'",
			"style-src 'self' 'nonce'",
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
		]);
		const headers = await inPage<(string | null)[]>(`fetch(workerUrl).then(({ headers }) =>
			['content-security-policy', 'cross-origin-opener-policy', 'cross-origin-embedder-policy', 'x-content-type-options'].map((name) => headers.get(name)))`);
		expect(headers[0]).toContain("default-src 'none'");
		expect(headers.slice(1)).toEqual(['same-origin', 'require-corp', 'nosniff']);
		const [first, second] = await inPage<string[]>("Promise.all([1, 2].map(() => fetch('/index.html').then((answer) => answer.text())))");
		expect(first, 'a new nonce each time').not.toBe(second);
		expect(first).not.toContain('__CSP_NONCE__');
	});

	test('runs no text as code [7]', async () => {
		const tried = await inPage<Record<string, string>>(`(async () => {
			const attempt = async (work) => { try { await work(); return 'done'; } catch (error) { return error.name; } };
			// What the debugger evaluates may call eval; what runs in a task of the page's own may not.
			await new Promise((next) => setTimeout(next, 0));
			const script = document.createElement('script');
			return {
				eval: await attempt(() => (0, eval)('1')),
				Function: await attempt(() => new Function('return 1')()),
				timer: await attempt(() => setTimeout('globalThis.ran = 1', 0)),
				innerHTML: await attempt(() => { document.body.innerHTML = '<img src=x onerror="globalThis.ran = 1">'; }),
				srcdoc: await attempt(() => { document.createElement('iframe').srcdoc = '<b>x</b>'; }),
				inline: await attempt(() => { script.text = 'globalThis.ran = 1'; }),
				worker: await attempt(() => new Worker('data:text/javascript,postMessage(1)')),
				policy: await attempt(() => trustedTypes.createPolicy('other', {})),
				write: await attempt(() => document.write('<script>globalThis.ran = 1</script>')),
				imported: await attempt(() => import('data:text/javascript,globalThis.ran = 1')),
			};
		})()`);
		for (const [what, outcome] of Object.entries(tried)) expect(outcome, what).not.toBe('done');
		await inPage("document.body.setAttribute('onclick', 'globalThis.ran = 1')").catch(() => undefined);
		await launched.page.click('body');
		expect(await inPage("document.body.removeAttribute('onclick'), typeof globalThis.ran")).toBe('undefined');
	});

	test('drops styles without the nonce of its load [7]', async () => {
		expect(
			await inPage(`(() => {
				const style = document.createElement('style');
				style.textContent = '#root { color: rgb(1, 2, 3) }';
				document.head.append(style);
				const without = getComputedStyle(document.getElementById('root')).color;
				const good = document.createElement('style');
				good.nonce = document.querySelector('meta[name=style-nonce]').content;
				good.textContent = '#root { color: rgb(1, 2, 3) }';
				document.head.append(good);
				const withNonce = getComputedStyle(document.getElementById('root')).color;
				good.remove();
				style.remove();
				return [without === 'rgb(1, 2, 3)', withNonce === 'rgb(1, 2, 3)'];
			})()`),
		).toEqual([false, true]);
	});

	test('reaches nothing outside its bundle, by no scheme [1, 8, 18]', async () => {
		const reached = await inPage<Record<string, string>>(`(async () => {
			const attempt = (work) => Promise.resolve().then(work).then(() => 'reached', (error) => error?.name ?? 'refused');
			const loads = (make) => new Promise((done) => { const one = make(); one.onload = () => done('reached'); one.onerror = () => done('refused'); document.body.append(one); });
			const image = (src) => loads(() => Object.assign(new Image(), { src }));
			return {
				https: await attempt(() => fetch('https://example.com/')),
				http: await attempt(() => fetch('http://127.0.0.1:1/')),
				file: await attempt(() => fetch('file:///etc/passwd')),
				otherHost: await attempt(() => fetch('app://evil/index.html')),
				imageHttps: await image('https://example.com/x.png'),
				imageFile: await image('file:///usr/share/pixmaps/debian-logo.png'),
				socket: await new Promise((done) => { try { const s = new WebSocket('wss://example.com/'); s.onopen = () => done('reached'); s.onerror = () => done('refused'); } catch { done('refused'); } }),
				events: await new Promise((done) => { const s = new EventSource('https://example.com/'); s.onopen = () => done('reached'); s.onerror = () => { s.close(); done('refused'); }; }),
				beacon: navigator.sendBeacon('https://example.com/', 'x') ? 'queued' : 'refused',
				sheet: await loads(() => Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'https://example.com/x.css' })),
			};
		})()`);
		for (const [what, outcome] of Object.entries(reached)) if (what !== 'beacon') expect(outcome, what).not.toBe('reached');
		expect(await inPage('ask("walls")')).toEqual({
			evaluated: 'EvalError',
			fetched: 'TypeError',
			imported: expect.stringMatching(/Error$/),
			require: 'undefined',
		});
	});

	test('names no address of the machine to a peer [1]', async () => {
		const candidates = await inPage<string[]>(`(async () => {
			const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:3478' }] });
			const found = [];
			peer.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate);
			peer.createDataChannel('x');
			await peer.setLocalDescription(await peer.createOffer());
			await new Promise((done) => { if (peer.iceGatheringState === 'complete') done(); peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done(); setTimeout(done, 3000); });
			peer.close();
			return found;
		})()`);
		expect(candidates.filter((candidate) => !candidate.includes('.local')).join('\n')).not.toMatch(
			/\d+\.\d+\.\d+\.\d+ \d+ typ (srflx|relay)/,
		);
	});

	test('gets plain names of its bundle and no others [18]', async () => {
		const statuses = await inPage<Record<string, number>>(`(async () => {
			const answers = {};
			for (const path of ['/index.html', '/fonts/mono.ttf', '/fonts/fonts.json', '/../main.cjs', '/%2e%2e/main.cjs', '/..%2fmain.cjs', '/%2e%2e%5cmain.cjs', '/..\\\\main.cjs',
				'//main.cjs', '/assets/../../package.json', '/.hidden.js', '/etc/passwd', '/main.cjs', '/assets/', '/fonts/mono.ttf%00.html', '/nothing.js'])
				answers[path] = await Promise.resolve().then(() => fetch('app://bundle' + path)).then(({ status }) => status, () => 0);
			return answers;
		})()`);
		const { '/index.html': page, '/fonts/mono.ttf': font, '/fonts/fonts.json': hashes, ...others } = statuses;
		expect([page, font, hashes]).toEqual([200, 200, 200]);
		for (const [path, status] of Object.entries(others)) expect([404, 0], path).toContain(status);
		expect(await inPage("fetch('/index.html', { method: 'POST' }).then(({ status }) => status)")).toBe(404);
	});

	test('opens no window, no frame, no web view and no download [11, 12, 14]', async () => {
		expect(await inPage("window.open('https://example.com/')")).toBeNull();
		expect(await inPage("window.open('about:blank')")).toBeNull();
		await inPage(
			"(() => { const link = Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' }); document.body.append(link); link.click(); })()",
		);
		await inPage(
			"(() => { const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt' }); link.click(); })()",
		);
		await inPage(
			"(() => { const view = document.createElement('webview'); view.setAttribute('src', 'https://example.com/'); document.body.append(view); })()",
		);
		await inPage(
			"(() => { const frame = document.createElement('iframe'); frame.src = 'https://example.com/'; document.body.append(frame); })()",
		);
		await until('a word about the refused download', () => launched.log().includes('download refused: blob:app://bundle'));
		expect(await inPage("typeof document.querySelector('webview').loadURL")).toBe('undefined');
		expect(await launched.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
	});
});

describe('leaving the bundle [13]', () => {
	const kinds = {
		https: "location.href = 'https://example.com/'",
		file: "location.href = 'file:///etc/passwd'",
		data: "location.href = 'data:text/html,<h1>x</h1>'",
		'another host': "location.href = 'app://evil/index.html'",
		blob: "location.href = URL.createObjectURL(new Blob(['<h1>x</h1>'], { type: 'text/html' }))",
		chrome: "location.href = 'chrome://gpu'",
		script: "location.href = 'javascript:document.title=1'",
		'a blank page': "location.href = 'about:blank'",
		'meta refresh':
			"document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=https://example.com/' }))",
		form: "(() => { const form = Object.assign(document.createElement('form'), { action: 'https://example.com/', method: 'post' }); document.body.append(form); form.submit(); })()",
	};
	test.each(Object.entries(kinds))('by %s ends where it began', async (kind, code) => {
		const began = await inPage('performance.timeOrigin');
		await inPage(`void setTimeout(() => { ${code}; document.documentElement.dataset.tried = ${JSON.stringify(kind)} }, 0)`);
		// A page that was left for a blank one is loaded anew by the main process.
		const hasTried = `document.documentElement.dataset.tried === ${JSON.stringify(kind)} || performance.timeOrigin !== ${began}`;
		await until('the attempt', () => inPage<boolean>(hasTried).catch(() => false));
		// A navigation that is let through shows within moments.
		await new Promise((resolve) => setTimeout(resolve, 400));
		const text = "location.origin + ' ' + document.getElementById('root')?.textContent";
		await until('the page of the bundle', async () => (await inPage(text).catch(() => '')) === 'app://bundle Walls stand');
		expect(await inPage<{ ok: boolean }>("tieout.invoke('app.info', {})")).toMatchObject({ ok: true });
	});
});

describe('channels [17, 20]', () => {
	const code = async (call: string): Promise<unknown> => {
		const answer = await inPage<{ ok: boolean; error?: { code: string } }>(call);
		return answer.ok ? 'ok' : answer.error?.code;
	};

	test('unknown ones are refused before they leave the page', async () => {
		for (const name of ['nothing', '__proto__', 'constructor', 'e2e.nothing', 'files-port', 'lock'])
			expect(await code(`tieout.invoke('${name}', {})`), name).toBe('refused');
		expect(await code('tieout.invoke({ toString: () => "app.info" }, {})')).toBe('refused');
	});

	test('requests of the wrong shape get the closed code, and the program goes on', async () => {
		const wrong = {
			nothing: "tieout.invoke('app.info')",
			text: "tieout.invoke('app.info', 'x')",
			'one key more': "tieout.invoke('app.info', { more: 1 })",
			'own __proto__': `tieout.invoke('app.info', JSON.parse('{"__proto__":{"polluted":1}, "x": 1}'))`,
			'too much text': "tieout.invoke('clipboard.writeText', { text: 'x'.repeat(2 ** 23) })",
			'too many bytes': "tieout.invoke('blob.add', { blobToken: '0'.repeat(32), bytes: new Uint8Array(2 ** 24) })",
			'a path for a token': "tieout.invoke('drop.open', { dropToken: '/etc' })",
			'no number': "tieout.invoke('settings.idleMinutes', { minutes: NaN })",
			'a deep thing': "tieout.invoke('app.info', { a: Array.from({ length: 100 }).reduce((inner) => ({ inner }), {}) })",
		};
		for (const [what, call] of Object.entries(wrong)) expect(await code(call), what).toBe('invalid_request');
		expect(await code("tieout.invoke('app.info', {})")).toBe('ok');
		expect(await launched.app.evaluate(() => ({}) as { polluted?: number })).toEqual({});
	});

	test('tokens that nobody gave stand for nothing', async () => {
		const token = "'0123456789abcdef0123456789abcdef'";
		expect(await code(`tieout.invoke('file.read', { fileToken: ${token}, offset: 0, length: 1 })`)).toBe('unknown_token');
		expect(await code(`tieout.invoke('drop.open', { dropToken: ${token} })`)).toBe('unknown_token');
		expect(await code(`tieout.invoke('blob.read', { blobToken: ${token}, offset: 0, length: 1 })`)).toBe('unknown_token');
	});

	test('a foreign window with our own preload script gets no answer', async () => {
		const answers = await launched.app.evaluate(async ({ app, BrowserWindow }) => {
			const [own] = BrowserWindow.getAllWindows();
			if (!own) throw new Error('no window');
			const preload = `${app.getAppPath()}/preload.cjs`;
			const found: unknown[] = [];
			for (const url of ['data:text/html,<p>x</p>', 'about:blank', 'app://bundle/index.html']) {
				const foreign = new BrowserWindow({
					show: false,
					webPreferences: { preload, sandbox: true, contextIsolation: true, session: own.webContents.session },
				});
				foreign.webContents.removeAllListeners('did-navigate');
				await foreign.loadURL(url);
				found.push(await foreign.webContents.executeJavaScript("globalThis.tieout ? tieout.invoke('app.info', {}) : 'no bridge'"));
				foreign.destroy();
			}
			return found;
		});
		const refused = { ok: false, error: expect.objectContaining({ code: 'refused' }) };
		for (const answer of answers) if (answer !== 'no bridge') expect(answer).toEqual(refused);
		expect(answers.at(-1), 'even on a page of the bundle').toEqual(refused);
	});
});
