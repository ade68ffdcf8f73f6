/** Where Electron's versions differ. The types are those of the newest; the test runtime is old, and the types do not warn. */
import { clipboard, type IpcMainInvokeEvent, type WebContents } from 'electron';

/** Older versions write at once, newer ones answer a promise. */
export async function writeClipboard(text: string): Promise<void> {
	const written: unknown = clipboard.writeText(text);
	await written;
}

export async function readClipboard(): Promise<string> {
	const text: unknown = clipboard.readText();
	return String(await text);
}

/** Null on newer versions once the frame is gone; on older ones reading it can throw. */
export function senderFrameOf(event: IpcMainInvokeEvent): { readonly url: string; readonly isTop: boolean } | null {
	try {
		const frame = event.senderFrame;
		return frame ? { url: frame.url, isTop: frame.parent === null } : null;
	} catch {
		return null;
	}
}

/** Keeps peer connections from naming or reaching any address. */
export function silencePeerConnections(contents: WebContents): void {
	contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
