/** The page's only door: a frozen object of three functions. No event, no Electron object and no path goes through it. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { E2E_CHANNELS, FILES_PORT_MESSAGE, IPC_CHANNELS, IPC_EVENT_NAMES, type IpcAnswer } from '#ipc';
import { FILES_PORT_CHANNEL } from './names.ts';

declare const __TIEOUT_E2E__: boolean;

/** Of the page's window, as far as the port needs it. */
declare const window: { postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void };

const CHANNELS: ReadonlySet<string> = new Set<string>([...IPC_CHANNELS, ...(__TIEOUT_E2E__ ? E2E_CHANNELS : [])]);
const EVENTS: ReadonlySet<string> = new Set<string>(IPC_EVENT_NAMES);
const OWN_ORIGIN = 'app://bundle';

const failure = (code: 'refused' | 'failed', message: string): IpcAnswer<never> => ({
	ok: false,
	error: { code, message, reason: null, path: null },
});

async function invoke(channel: unknown, request: unknown): Promise<unknown> {
	if (typeof channel !== 'string' || !CHANNELS.has(channel)) return failure('refused', 'There is no such channel.');
	try {
		return await ipcRenderer.invoke(channel, request);
	} catch {
		return failure('failed', 'The main process did not answer. Close the window and start the program again.');
	}
}

function on(event: unknown, callback: unknown): () => void {
	if (typeof event !== 'string' || !EVENTS.has(event) || typeof callback !== 'function') return () => undefined;
	const listener = (_event: IpcRendererEvent, payload: unknown): void => callback(payload);
	ipcRenderer.on(event, listener);
	return () => {
		ipcRenderer.removeListener(event, listener);
	};
}

ipcRenderer.on(FILES_PORT_CHANNEL, ({ ports }) => window.postMessage(FILES_PORT_MESSAGE, OWN_ORIGIN, ports));

contextBridge.exposeInMainWorld('tieout', Object.freeze({ invoke, on, filesPort: () => invoke('drop.port', {}) }));
