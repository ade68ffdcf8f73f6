/** Names and types of the contract. The preload script takes its closed lists from here. */
import type { z } from 'zod';
import type { IpcAnswer } from './answer.ts';
import type { E2E_CONTRACT, IPC_CONTRACT, IPC_EVENTS } from './contract.ts';

type FullContract = typeof IPC_CONTRACT & typeof E2E_CONTRACT;

export type IpcChannel = keyof FullContract;
export type RequestOf<C extends IpcChannel> = z.infer<FullContract[C]['request']>;
export type AnswerOf<C extends IpcChannel> = z.infer<FullContract[C]['answer']>;
export type IpcEvent = keyof typeof IPC_EVENTS;
export type EventOf<E extends IpcEvent> = z.infer<(typeof IPC_EVENTS)[E]>;

/** The channels again as plain names, so that the preload script needs no schema. A test holds them equal to the contract's. */
export const IPC_CHANNELS = [
	'app.info',
	'app.shown',
	'clipboard.writeText',
	'window.lockNow',
	'window.lockSoon',
	'window.jobEnded',
	'settings.idleMinutes',
	'drop.choose',
	'drop.open',
	'drop.read',
	'drop.release',
	'drop.port',
	'sample.prepare',
	'file.chooseToOpen',
	'file.read',
	'file.chooseToSave',
	'file.write',
	'file.saveBlob',
	'file.release',
	'blob.begin',
	'blob.add',
	'blob.read',
	'blob.release',
	'sign.inspectKey',
	'sign.pack',
	'sign.countersign',
	'check.pack',
	'check.cancel',
	'certificate.keep',
	'certificate.kept',
	'certificate.drop',
] as const satisfies readonly (keyof typeof IPC_CONTRACT)[];

export const E2E_CHANNELS = ['e2e.setDialogAnswer'] as const satisfies readonly (keyof typeof E2E_CONTRACT)[];

/** `data` of the window message that brings the files port. */
export const FILES_PORT_MESSAGE = 'tieout:files-port';

export const IPC_EVENT_NAMES = ['lock', 'progress'] as const satisfies readonly IpcEvent[];

/**
 * What the preload script puts into the page as `window.tieout`, frozen. It is the window's only way out of itself.
 */
export interface TieoutBridge {
	/** Never rejects: what goes wrong is an error answer. */
	invoke<C extends IpcChannel>(channel: C, request: RequestOf<C>): Promise<IpcAnswer<AnswerOf<C>>>;
	/** @returns what ends the listening */
	on<E extends IpcEvent>(event: E, callback: (payload: EventOf<E>) => void): () => void;
	/**
	 * Asks for the files port. It arrives as a `message` event of the window whose `data` is `FILES_PORT_MESSAGE`, whose `source` is the
	 * window itself and whose `ports[0]` is the port: hand it to the vault worker.
	 */
	filesPort(): Promise<IpcAnswer<AnswerOf<'drop.port'>>>;
}
