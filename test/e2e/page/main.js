// The smallest page: the walls are tested around it, whatever the window itself shows.
import workerUrl from './worker.js?worker&url';

const { trustedTypes, tieout } = globalThis;
const policy = trustedTypes.createPolicy('tieout', {
	createScriptURL(url) {
		if (!/^\/assets\/[\w.-]+\.js$/.test(new URL(url, location.href).pathname)) throw new TypeError('not ours');
		return url;
	},
});

const violations = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));

const worker = new Worker(policy.createScriptURL(workerUrl), { type: 'module' });
addEventListener('message', ({ data, ports, source }) => {
	const [port] = ports;
	if (source === window && data === 'tieout:files-port' && port) worker.postMessage('files', [port]);
});

/** What the worker answers to one message. */
const ask = (message) =>
	new Promise((resolve) => {
		worker.addEventListener('message', ({ data }) => resolve(data.data), { once: true });
		worker.postMessage(message);
	});

Object.assign(globalThis, { violations, workerUrl, ask });

document.getElementById('root').textContent = 'Walls stand';
await tieout.filesPort();
await tieout.invoke('app.shown', { screen: 'walls', title: 'Walls stand', orders: 0 });
