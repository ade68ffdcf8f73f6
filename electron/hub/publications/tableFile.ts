/** The file of a plain table at a revision: written once while it is counted, sealed in pieces, read at any offset. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#kernel';
import type { TableName } from '#model';
import { syncFolder } from '../../services/syncFolder.ts';
import type { HubKeys } from '../keys/hubKeys.ts';

/** Clear bytes of a piece; all but the last have so many. */
const PIECE_BYTES = 1 << 18;
/** What sealing adds to a piece: version, nonce, tag. */
const SEAL_BYTES = 29;

/** A table's file at a revision. @param folder of all tenants */
export const tableFilePath = (folder: string, tenant: string, table: TableName, revision: number): string =>
	join(folder, tenant, table, `${revision}.sealed`);

export interface TableFileWriter {
	write(bytes: Uint8Array): Promise<void>;
	/** Makes the file durable under its name. */
	finish(): Promise<void>;
	abandon(): Promise<void>;
}

export async function writeTableFile(path: string, tenant: string, keys: HubKeys): Promise<TableFileWriter> {
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	const half = `${path}.${randomBytes(4).toString('hex')}.half`;
	const file = await open(half, 'wx', 0o600);
	let waiting: Uint8Array[] = [];
	let bytes = 0;
	const flush = async (isLast: boolean): Promise<void> => {
		const whole = Buffer.concat(waiting);
		let at = 0;
		for (; whole.length - at >= PIECE_BYTES || (isLast && at < whole.length); at += PIECE_BYTES)
			await file.write(keys.encrypt(tenant, whole.subarray(at, at + PIECE_BYTES)));
		waiting = at < whole.length ? [whole.subarray(at)] : [];
		bytes = Math.max(0, whole.length - at);
	};
	return {
		async write(part) {
			waiting.push(part);
			bytes += part.length;
			if (bytes >= PIECE_BYTES) await flush(false);
		},
		async finish() {
			await flush(true);
			await file.datasync();
			await file.close();
			await rename(half, path);
			await syncFolder(dirname(path));
		},
		async abandon() {
			await file.close();
			await rm(half, { force: true });
		},
	};
}

export const isTableFile = async (path: string): Promise<boolean> =>
	await stat(path).then(
		(found) => found.isFile(),
		() => false,
	);

/** Removes files somewhere below a folder, which may be absent. */
export async function sweepFiles(folder: string, isGone: (path: string) => boolean): Promise<void> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	for (const entry of entries) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && isGone(path)) await rm(path, { force: true });
	}
}

/** Clear bytes from `from` to `to` (exclusive); `damaged` where a piece of them does not open, or is not there. */
export async function readTableFile(
	path: string,
	tenant: string,
	keys: HubKeys,
	from: number,
	to: number,
): Promise<Result<Uint8Array, 'absent' | 'damaged'>> {
	const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
	if (!file) return err('absent');
	try {
		const parts: Uint8Array[] = [];
		for (let start = from - (from % PIECE_BYTES); start < to; start += PIECE_BYTES) {
			const clear = await readPiece(file, tenant, keys, start / PIECE_BYTES);
			if (!clear || clear.length < Math.min(PIECE_BYTES, to - start)) return err('damaged');
			parts.push(clear.subarray(Math.max(0, from - start), to - start));
		}
		return ok(Buffer.concat(parts));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EIO') return err('damaged');
		throw error;
	} finally {
		await file.close();
	}
}

/** Null where it is not what was written. */
async function readPiece(file: FileHandle, tenant: string, keys: HubKeys, piece: number): Promise<Uint8Array | null> {
	const sealed = new Uint8Array(PIECE_BYTES + SEAL_BYTES);
	const { bytesRead } = await file.read(sealed, 0, sealed.length, piece * sealed.length);
	return keys.decryptWhole(tenant, sealed.subarray(0, bytesRead));
}
