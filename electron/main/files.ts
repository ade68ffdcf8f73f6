/** Files that a person chose: read in pieces, or written whole or not at all. */
import { basename } from 'node:path';
import { type IpcAnswer, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import type { BlobStore } from './blobs.ts';
import { type Handlers, type MainContext, tokenTable } from './context.ts';
import { chooseFile, chooseTarget } from './dialogs.ts';
import { abandon, finish, type OpenFile, readPiece, readRange, shownName, sizeOf, writePiece } from './openFiles.ts';

const MAX_OPEN = 64;

export interface FileStore {
	readonly handlers: Handlers<'file.chooseToOpen' | 'file.read' | 'file.chooseToSave' | 'file.write' | 'file.saveBlob' | 'file.release'>;
	/** A chosen file whole, where it is not larger than `maxBytes`. */
	readWhole(token: string, maxBytes: number): Promise<IpcAnswer<Uint8Array<ArrayBuffer>>>;
	clear(): void;
}

export function makeFileStore(context: MainContext, blobs: BlobStore): FileStore {
	const files = tokenTable<OpenFile>('file', MAX_OPEN, (file) => void abandon(file));
	const windowOr = <T>(ask: (window: Electron.BrowserWindow) => Promise<IpcAnswer<T>>): Promise<IpcAnswer<T>> => {
		const window = context.window();
		return window ? ask(window) : Promise.resolve(err(ipcError('cancelled', 'The window is closed.')));
	};
	return {
		handlers: {
			'file.chooseToOpen': ({ kind }) =>
				windowOr(async (window) => {
					const path = await chooseFile(window, kind);
					if (path === null) return ok(null);
					const size = await sizeOf(path);
					if (!size.ok) return size;
					const token = files.add({ path, writing: null });
					return token.ok ? ok({ fileToken: token.value, name: shownName(path), size: size.value }) : token;
				}),
			'file.read': async ({ fileToken, offset, length }) => {
				const file = files.use(fileToken);
				return file.ok ? await readPiece(file.value.path, offset, length) : file;
			},
			'file.chooseToSave': ({ suggestedName, kind }) =>
				windowOr(async (window) => {
					const path = await chooseTarget(window, safeName(suggestedName), kind);
					if (path === null) return ok(null);
					const token = files.add({ path, writing: null });
					return token.ok ? ok({ fileToken: token.value, name: shownName(path) }) : token;
				}),
			'file.write': async ({ fileToken, offset, bytes, isLast }) => {
				const file = files.use(fileToken);
				if (!file.ok) return file;
				const written = await writePiece(file.value, offset, bytes);
				return !written.ok || !isLast ? written : await finish(file.value);
			},
			'file.saveBlob': async ({ fileToken, blobToken }) => {
				const file = files.use(fileToken);
				const bytes = blobs.whole(blobToken);
				if (!file.ok) return file;
				if (!bytes.ok) return bytes;
				const written = await writePiece(file.value, 0, bytes.value);
				const done = written.ok ? await finish(file.value) : written;
				return done.ok ? ok({ size: done.value.written, sha256: done.value.sha256 ?? '' }) : done;
			},
			'file.release': ({ fileToken }) => {
				files.release(fileToken);
				return ok({});
			},
		},
		async readWhole(token, maxBytes) {
			const file = files.use(token);
			if (!file.ok) return file;
			const size = await sizeOf(file.value.path);
			if (!size.ok) return size;
			if (size.value > maxBytes)
				return err(
					ipcError('unreadable_file', `The file has ${size.value} bytes, at most ${maxBytes} are read. Check that it is the right file.`),
				);
			return await readRange(file.value.path, 0, size.value);
		},
		clear: () => files.clear(),
	};
}

/** A name without parts of a path and without characters that file systems refuse. */
const safeName = (name: string): string => basename(name.replaceAll('\\', '/')).replace(/[^\p{L}\p{N} ._()+-]/gu, '_') || 'file';
