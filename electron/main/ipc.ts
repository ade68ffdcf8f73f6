/**
 * The one registrar of channels: who asks, what is asked and what is answered are checked here and nowhere else. `ipcMain` is used in
 * no other file.
 */
import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { E2E_CONTRACT, IPC_CONTRACT, IPC_EVENTS, type IpcAnswer, type IpcChannel, ipcError, ipcErrorSchema } from '#ipc';
import { err, ok } from '#kernel';
import { senderFrameOf } from './compat.ts';
import type { Handlers, MainContext } from './context.ts';
import { IS_E2E } from './flags.ts';
import { note } from './log.ts';
import { isAppUrl } from './policy.ts';

export interface Sender {
	readonly frame: { readonly url: string; readonly isTop: boolean } | null;
	readonly contentsId: number;
}

/** Only the top frame of our own window, showing our own bundle. An empty or blank page is nobody. */
export const isTrustedSender = ({ frame, contentsId }: Sender, windowContentsId: number | null): boolean =>
	frame?.isTop === true && isAppUrl(frame.url) && contentsId === windowContentsId;

/** Answers one request: shape, work, shape. Never throws. */
export async function answerRequest(channel: IpcChannel, handlers: Handlers, raw: unknown): Promise<IpcAnswer<unknown>> {
	const contract = { ...IPC_CONTRACT, ...E2E_CONTRACT }[channel];
	const request = contract.request.safeParse(raw);
	if (!request.success) {
		note('request of wrong shape on', channel);
		return err(ipcError('invalid_request', 'The request is not shaped as its channel says.'));
	}
	try {
		const handler = handlers[channel] as (request: unknown) => IpcAnswer<unknown> | Promise<IpcAnswer<unknown>>;
		const answer = await handler(request.data);
		if (!answer.ok) return err(ipcErrorSchema.parse(answer.error));
		return ok(contract.answer.parse(answer.value));
	} catch (error) {
		note(`channel ${channel} failed:`, error instanceof Error ? (error.stack ?? error.message) : String(error));
		return err(ipcError('failed', 'The program made a mistake; nothing was changed. Try again, then close the window and start it anew.'));
	}
}

export function registerIpc(context: MainContext, handlers: Handlers): void {
	const channels = Object.keys({ ...IPC_CONTRACT, ...(IS_E2E ? E2E_CONTRACT : {}) }) as IpcChannel[];
	for (const channel of channels) {
		ipcMain.handle(channel, async (event: IpcMainInvokeEvent, ...given: unknown[]) => {
			const sender = { frame: senderFrameOf(event), contentsId: event.sender.id };
			if (!isTrustedSender(sender, context.window()?.webContents.id ?? null)) {
				note('request of a stranger on', channel);
				return err(ipcError('refused', 'Only the window itself may ask that.'));
			}
			return await answerRequest(channel, handlers, given.length === 1 ? given[0] : undefined);
		});
	}
}

/** What is told to the page, checked like an answer. */
export const eventPayload = (event: keyof typeof IPC_EVENTS, payload: unknown): unknown => IPC_EVENTS[event].parse(payload);
