// Runs in the page before anything else: window.tieout as the preload script gives it, over a binding that carries JSON.
(() => {
	const toWire = (value) => {
		if (value instanceof Uint8Array) {
			let text = '';
			for (let at = 0; at < value.length; at += 0x8000) text += String.fromCharCode(...value.subarray(at, at + 0x8000));
			return { $bytes: btoa(text) };
		}
		if (Array.isArray(value)) return value.map(toWire);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
	};
	const fromWire = (value) => {
		if (Array.isArray(value)) return value.map(fromWire);
		if (typeof value !== 'object' || value === null) return value;
		if (typeof value.$bytes === 'string') return Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0));
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromWire(item)]));
	};
	const listeners = new Map();
	let port = null;
	window.__tieoutEvent = (name, payload) => {
		for (const listener of listeners.get(name) ?? []) listener(payload);
	};
	window.__tieoutPortOpened = () => {
		const channel = new MessageChannel();
		port?.close();
		port = channel.port1;
		port.onmessage = ({ data }) => window.__tieoutPortAsk(JSON.stringify(toWire(data)));
		window.postMessage('tieout:files-port', location.origin, [channel.port2]);
	};
	window.__tieoutPortAnswer = (json) => port?.postMessage(fromWire(JSON.parse(json)));
	const invoke = async (channel, request) => fromWire(JSON.parse(await window.__tieoutInvoke(channel, JSON.stringify(toWire(request)))));
	const on = (name, callback) => {
		const own = listeners.get(name) ?? new Set();
		listeners.set(name, own);
		own.add(callback);
		return () => own.delete(callback);
	};
	Object.defineProperty(window, 'tieout', { value: Object.freeze({ invoke, on, filesPort: () => invoke('drop.port', {}) }) });
	document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
		window.__tieoutViolation?.(`${violatedDirective} ${blockedURI} ${sample}`);
	});
})();
