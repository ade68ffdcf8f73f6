// Speaks with the files port as the vault worker does, and tries what a worker must not be able to do.
let port = null;

async function attempt(work) {
	try {
		await work();
		return 'done';
	} catch (error) {
		return error.name;
	}
}

const attempts = async () => ({
	// biome-ignore lint/security/noGlobalEval: that it can't be called is what is shown
	evaluated: await attempt(() => globalThis.eval('1')),
	fetched: await attempt(() => fetch('https://example.com/')),
	imported: await attempt(() => import(/* @vite-ignore */ ['data:text/javascript,', ''].join(''))),
	require: typeof globalThis.require,
});

globalThis.onmessage = async ({ data, ports }) => {
	if (data === 'files') {
		port = ports[0];
		port.onmessage = (event) => postMessage({ data: event.data });
	} else if (data === 'walls') postMessage({ data: await attempts() });
	else port.postMessage(data);
};
