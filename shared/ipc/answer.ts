/** Every answer of the main process: a value, or a closed code with one sentence. No stack, no path of this machine, no exception. */
import { z } from 'zod';
import type { Result } from '#kernel';
import { IPC_LIMITS } from './limits.ts';

export const IPC_ERROR_CODES = [
	/** The asking page is not the window's own, or the channel does not exist. */
	'refused',
	/** The request is not shaped as the contract says. */
	'invalid_request',
	/** The token was never given, was released, or its time is over. */
	'unknown_token',
	/** Too many tokens are open at once. */
	'too_many',
	/** The same work is being done already. */
	'busy',
	'unreadable_file',
	/** `reason` is the drop's own code, `path` the place inside the drop. */
	'unreadable_drop',
	'cannot_write',
	/** The key file does not open or may not sign; `reason` says which. */
	'key_refused',
	/** The pack can't be signed; `reason` says which. */
	'sign_refused',
	/** This runtime must not hold a client's data. */
	'runtime_refused',
	/** The page was reloaded or locked while the work was being done, or a person stopped it. */
	'cancelled',
	/** An error of the program itself. Its details are on the main process' standard error only. */
	'failed',
] as const;

export type IpcErrorCode = (typeof IPC_ERROR_CODES)[number];

export const ipcErrorSchema = z.strictObject({
	code: z.enum(IPC_ERROR_CODES),
	/** One sentence: what, where, how to mend. */
	message: z.string().max(IPC_LIMITS.sentenceChars),
	/** A closed code of the part that refused (`wrong_password`, `zip_crc`, …), where it has one. */
	reason: z.string().max(IPC_LIMITS.nameChars).nullable(),
	/** A path inside a drop, where the refusal is about one. */
	path: z.string().max(IPC_LIMITS.pathChars).nullable(),
});

export type IpcError = Readonly<z.infer<typeof ipcErrorSchema>>;

export type IpcAnswer<T> = Result<T, IpcError>;

/** Sentences are cut to what an answer may hold. */
export const ipcError = (code: IpcErrorCode, message: string, more: { reason?: string; path?: string } = {}): IpcError => ({
	code,
	message: message.slice(0, IPC_LIMITS.sentenceChars),
	reason: more.reason?.slice(0, IPC_LIMITS.nameChars) ?? null,
	path: more.path?.slice(0, IPC_LIMITS.pathChars) ?? null,
});
