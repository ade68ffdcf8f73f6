/** The window's only way out of itself: the frozen bridge that the preload script puts into the page. */
import { FILES_PORT_MESSAGE, type TieoutBridge } from '#ipc';

declare global {
	interface Window {
		readonly tieout: TieoutBridge;
	}
}

/** Puts text on the clipboard, by the main process. */
export async function copyText(text: string): Promise<boolean> {
	const answer = await window.tieout.invoke('clipboard.writeText', { text });
	return answer.ok;
}

/** Asks the main process for the port on which the vault reads the files of drops. Null where it refuses. */
export function askFilesPort(): Promise<MessagePort | null> {
	return new Promise((resolve) => {
		const onMessage = ({ source, data, ports: [port] }: MessageEvent): void => {
			if (source !== window || data !== FILES_PORT_MESSAGE || !port) return;
			window.removeEventListener('message', onMessage);
			resolve(port);
		};
		window.addEventListener('message', onMessage);
		void window.tieout.filesPort().then((answer) => {
			if (answer.ok) return;
			window.removeEventListener('message', onMessage);
			resolve(null);
		});
	});
}
