/** Electron's parts as far as the main process' handlers need them, for the window in a plain browser: no window, no dialog, no clipboard of the machine. */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

let copied = '';

export const app = { getVersion: () => '0.0.0-browser', getLocale: () => 'en-GB', quit: () => undefined, exit: () => undefined };
export const clipboard = {
	readText: () => copied,
	writeText: (text: string) => {
		copied = text;
	},
};
/** Only prepared answers are given here; an unprepared dialog is one that the person cancelled. */
export const dialog = {
	showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
	showSaveDialog: () => Promise.resolve({ canceled: true, filePath: '' }),
};
export const powerMonitor = Object.assign(new EventEmitter(), { getSystemIdleState: () => 'active', getSystemIdleTime: () => 0 });
/** A desktop that takes no notices. */
export const Notification = { isSupported: () => false };
export const ipcMain = { handle: () => undefined };
export const protocol = { handle: () => undefined, registerSchemesAsPrivileged: () => undefined };
export const session = {};
export const Menu = { setApplicationMenu: () => undefined };
export class BrowserWindow extends EventEmitter {}

/** Node's channel with Electron's shape of messages. */
export class MessageChannelMain {
	readonly port1: PortMain;
	readonly port2: PortMain;

	constructor() {
		const { port1, port2 } = new MessageChannel();
		this.port1 = new PortMain(port1);
		this.port2 = new PortMain(port2);
	}
}

class PortMain extends EventEmitter {
	readonly #port: MessagePort;

	constructor(port: MessagePort) {
		super();
		this.#port = port;
	}

	start(): void {
		this.#port.on('message', (data: unknown) => this.emit('message', { data }));
	}

	postMessage(message: unknown): void {
		this.#port.postMessage(message);
	}

	close(): void {
		this.#port.close();
	}
}
