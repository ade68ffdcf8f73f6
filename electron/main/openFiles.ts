/** What is done with a file that a person chose: read in pieces, written in pieces, read back, given up. */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IPC_LIMITS, type IpcAnswer, type IpcError, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import { syncFolder } from '../services/syncFolder.ts';

const READ_BACK_BYTES = 1 << 20;

export interface OpenFile {
	readonly path: string;
	/** Being written: the file beside the target, until it takes its place. */
	writing: { readonly temporary: string; readonly handle: FileHandle; readonly hash: Hash; written: number } | null;
}

export const shownName = (path: string): string => basename(path).slice(0, IPC_LIMITS.nameChars) || 'file';
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const unreadable = (path: string, error: unknown): IpcError =>
	ipcError('unreadable_file', `${shownName(path)} can’t be read (${codeOf(error)}). Check its permissions and the medium it lies on.`);

const unwritable = (path: string, error: unknown): IpcError =>
	ipcError('cannot_write', `${shownName(path)} can’t be written (${codeOf(error)}). Choose another place, or make room on this one.`);

export async function sizeOf(path: string): Promise<IpcAnswer<number>> {
	try {
		const found = await stat(path);
		if (!found.isFile()) return err(ipcError('unreadable_file', `${shownName(path)} is no file. Choose a file.`));
		if (found.size > IPC_LIMITS.fileBytes) return err(ipcError('unreadable_file', `${shownName(path)} is too large to be read.`));
		return ok(found.size);
	} catch (error) {
		return err(unreadable(path, error));
	}
}

export async function readPiece(path: string, offset: number, length: number): Promise<IpcAnswer<{ bytes: Uint8Array<ArrayBuffer> }>> {
	const read = await readRange(path, offset, length);
	return read.ok ? ok({ bytes: read.value }) : read;
}

export async function readRange(path: string, offset: number, length: number): Promise<IpcAnswer<Uint8Array<ArrayBuffer>>> {
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

export async function writePiece(
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
export async function finish(file: OpenFile): Promise<IpcAnswer<{ written: number; sha256: string | null }>> {
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
export async function abandon(file: OpenFile): Promise<void> {
	const { writing } = file;
	if (!writing) return;
	file.writing = null;
	await writing.handle.close().catch(() => undefined);
	await rm(writing.temporary, { force: true }).catch(() => undefined);
}
