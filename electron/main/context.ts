/** What the parts of the main process share. */
import { randomBytes } from 'node:crypto';
import type { BrowserWindow } from 'electron';
import type { AnswerOf, EventOf, IpcAnswer, IpcChannel, IpcEvent, RequestOf } from '#ipc';
import { makeTokenTable, type TokenTable } from './tokens.ts';

export type Handlers<C extends IpcChannel = IpcChannel> = {
	readonly [K in C]: (request: RequestOf<K>) => IpcAnswer<AnswerOf<K>> | Promise<IpcAnswer<AnswerOf<K>>>;
};

export interface MainContext {
	window(): BrowserWindow | null;
	/** Tells the page; without a page it is not told. */
	tell<E extends IpcEvent>(event: E, payload: EventOf<E>): void;
}

const HOUR_MS = 3_600_000;

/** A table of tokens with the machine's clock and randomness. */
export const tokenTable = <T>(noun: string, max: number, onGone: (value: T) => void): TokenTable<T> =>
	makeTokenTable({ noun, max, idleMs: HOUR_MS, now: Date.now, random: () => randomBytes(16).toString('hex'), onGone });
