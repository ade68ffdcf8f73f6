/** Files that a person chose: read in pieces, or written whole or not at all. */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IPC_LIMITS, type IpcAnswer, type IpcError, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import type { BlobStore } from './blobs.ts';
import { type Handlers, type MainContext, tokenTable } from './context.ts';
import { chooseFile, chooseTarget } from './dialogs.ts';

const MAX_OPEN = 64;
const READ_BACK_BYTES = 1 << 20;

interface OpenFile {
	readonly path: string;
	/** Being written: the file beside the target, until it takes its place. */
	writing: { readonly temporary: string; readonly handle: FileHandle; readonly hash: Hash; written: number } | null;
}

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

const shownName = (path: string): string => basename(path).slice(0, IPC_LIMITS.nameChars) || 'file';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const unreadable = (path: string, error: unknown): IpcError =>
	ipcError('unreadable_file', `${shownName(path)} can’t be read (${codeOf(error)}). Check its permissions and the medium it lies on.`);

const unwritable = (path: string, error: unknown): IpcError =>
	ipcError('cannot_write', `${shownName(path)} can’t be written (${codeOf(error)}). Choose another place, or make room on this one.`);

async function sizeOf(path: string): Promise<IpcAnswer<number>> {
	try {
		const found = await stat(path);
		if (!found.isFile()) return err(ipcError('unreadable_file', `${shownName(path)} is no file. Choose a file.`));
		if (found.size > IPC_LIMITS.fileBytes) return err(ipcError('unreadable_file', `${shownName(path)} is too large to be read.`));
		return ok(found.size);
	} catch (error) {
		return err(unreadable(path, error));
	}
}

async function readPiece(path: string, offset: number, length: number): Promise<IpcAnswer<{ bytes: Uint8Array<ArrayBuffer> }>> {
	const read = await readRange(path, offset, length);
	return read.ok ? ok({ bytes: read.value }) : read;
}

async function readRange(path: string, offset: number, length: number): Promise<IpcAnswer<Uint8Array<ArrayBuffer>>> {
	try {
		const handle = await open(path, 'r');
		try {
			const bytes = new Uint8Array(length);
			let filled = 0;
			while (filled < length) {
				const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
				if (bytesRead === 0) break;
				filled += bytesRead;
			}
			return ok(filled === length ? bytes : bytes.slice(0, filled));
		} finally {
			await handle.close();
		}
	} catch (error) {
		return err(unreadable(path, error));
	}
}

async function writePiece(
	file: OpenFile,
	offset: number,
	bytes: Uint8Array,
): Promise<IpcAnswer<{ written: number; sha256: string | null }>> {
	try {
		if (offset === 0) await abandon(file);
		if (!file.writing) {
			if (offset !== 0) return err(ipcError('invalid_request', 'A file is written from its beginning.'));
			const temporary = join(dirname(file.path), `.${basename(file.path)}.${randomBytes(6).toString('hex')}.part`);
			file.writing = { temporary, handle: await open(temporary, 'wx', 0o600), hash: createHash('sha256'), written: 0 };
		}
		const { writing } = file;
		if (offset !== writing.written)
			return err(ipcError('invalid_request', 'A file is written without gaps, each piece where the last one ended.'));
		let done = 0;
		while (done < bytes.length) done += (await writing.handle.write(bytes, done, bytes.length - done)).bytesWritten;
		writing.hash.update(bytes);
		writing.written += bytes.length;
		return ok({ written: writing.written, sha256: null });
	} catch (error) {
		await abandon(file);
		return err(unwritable(file.path, error));
	}
}

/** Durable on the disk first, then under its name at once, then read back: what lies there is what was given, or it is an error. */
async function finish(file: OpenFile): Promise<IpcAnswer<{ written: number; sha256: string | null }>> {
	const { writing } = file;
	if (!writing) return err(ipcError('invalid_request', 'Nothing was written yet.'));
	try {
		await writing.handle.sync();
		await writing.handle.close();
		await rename(writing.temporary, file.path);
		file.writing = null;
		await syncFolder(dirname(file.path));
		const wanted = writing.hash.digest('hex');
		if ((await hashFile(file.path)) !== wanted)
			return err(
				ipcError(
					'cannot_write',
					`${shownName(file.path)} does not hold the bytes that were written to it. Check the medium, then save again.`,
				),
			);
		return ok({ written: writing.written, sha256: wanted });
	} catch (error) {
		await abandon(file);
		return err(unwritable(file.path, error));
	}
}

async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function hashFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	const handle = await open(path, 'r');
	try {
		const piece = new Uint8Array(READ_BACK_BYTES);
		for (;;) {
			const { bytesRead } = await handle.read(piece, 0, piece.length, null);
			if (bytesRead === 0) return hash.digest('hex');
			hash.update(piece.subarray(0, bytesRead));
		}
	} finally {
		await handle.close();
	}
}

/** Takes away what was begun beside the target. */
async function abandon(file: OpenFile): Promise<void> {
	const { writing } = file;
	if (!writing) return;
	file.writing = null;
	await writing.handle.close().catch(() => undefined);
	await rm(writing.temporary, { force: true }).catch(() => undefined);
}
