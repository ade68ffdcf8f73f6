/**
 * The files port: the vault worker's own line to the files of a drop, past the page. Requests carry an id, answers carry it back, in any
 * order. The same tokens as in `drop.*`. Bytes are never more than `chunkBytes` an answer. Questions to a hub go the same way (`hubPort.ts`).
 */
import { z } from 'zod';
import { type IpcError, ipcErrorSchema } from './answer.ts';
import { type HubReply, hubQuestionSchema, hubReplySchema } from './hubPort.ts';
import { IPC_LIMITS } from './limits.ts';
import { bytes, chunkLength, count, dropKind, dropPath, fileOffset, token } from './shapes.ts';

const id = z
	.int()
	.min(0)
	.max(2 ** 31 - 1);

/**
 * `open` lists the files · `read` gives bytes from `offset` on, fewer than `length` only at the file's end; the end of a ZIP's file is
 * reached only when its checksum agrees · `read_files` gives whole files, the asked ones from the first on, as many as are readable and fit
 * into one answer; none where the first is not · `close` lets go of what is held open; the token stays good.
 */
export const filesRequestSchema = z.discriminatedUnion('op', [
	z.strictObject({ id, op: z.literal('open'), dropToken: token }),
	z.strictObject({ id, op: z.literal('read'), dropToken: token, path: dropPath, offset: fileOffset, length: chunkLength }),
	z.strictObject({
		id,
		op: z.literal('read_files'),
		dropToken: token,
		paths: z.array(dropPath).min(1).max(IPC_LIMITS.filesTogether),
	}),
	z.strictObject({ id, op: z.literal('close'), dropToken: token }),
	z.strictObject({ id, op: z.literal('hub'), question: hubQuestionSchema }),
]);

export type FilesRequest = Readonly<z.infer<typeof filesRequestSchema>>;

export const filesAnswerSchema = z.union([
	z.strictObject({
		id,
		ok: z.literal(true),
		op: z.literal('open'),
		kind: dropKind,
		paths: z.array(z.strictObject({ path: dropPath, size: count })).max(IPC_LIMITS.dropFiles),
	}),
	z.strictObject({ id, ok: z.literal(true), op: z.literal('read'), bytes }),
	z.strictObject({
		id,
		ok: z.literal(true),
		op: z.literal('read_files'),
		/** Bytes of each file; they follow each other in `bytes`. */
		sizes: z.array(count).max(IPC_LIMITS.filesTogether),
		bytes,
	}),
	z.strictObject({ id, ok: z.literal(true), op: z.literal('close') }),
	z.strictObject({ id, ok: z.literal(true), op: z.literal('hub'), reply: hubReplySchema }),
	/** `id` is -1 where the request could not be read at all. */
	z.strictObject({ id: z.int().min(-1), ok: z.literal(false), error: ipcErrorSchema }),
]);

export type FilesAnswer =
	| { readonly id: number; readonly ok: true; readonly op: 'open'; readonly kind: 'folder' | 'zip'; readonly paths: readonly DropFile[] }
	| { readonly id: number; readonly ok: true; readonly op: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
	| {
			readonly id: number;
			readonly ok: true;
			readonly op: 'read_files';
			readonly sizes: readonly number[];
			readonly bytes: Uint8Array<ArrayBuffer>;
	  }
	| { readonly id: number; readonly ok: true; readonly op: 'close' }
	| { readonly id: number; readonly ok: true; readonly op: 'hub'; readonly reply: HubReply }
	| { readonly id: number; readonly ok: false; readonly error: IpcError };

export interface DropFile {
	readonly path: string;
	readonly size: number;
}
