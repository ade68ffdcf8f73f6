/** Bytes of documents in a folder, encrypted under the tenant's key. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#kernel';
import { syncFolder } from '../../services/syncFolder.ts';
import type { HubKeys } from '../keys/hubKeys.ts';

/** Bytes of documents, by tenant and hash. */
export interface DocumentFiles {
	/** The bytes of that hash; `damaged` where others lie there, or the disk does not give them. */
	read(tenant: string, sha256: string): Promise<Result<Uint8Array, 'absent' | 'damaged'>>;
	/** Durable when it resolves. */
	write(tenant: string, sha256: string, bytes: Uint8Array): Promise<void>;
}

export function documentFiles(folder: string, keys: HubKeys): DocumentFiles {
	const pathOf = (tenant: string, sha256: string): string => join(folder, tenant, sha256.slice(0, 2), sha256);
	return {
		async read(tenant, sha256) {
			const sealed = await readFile(pathOf(tenant, sha256)).catch(unread);
			if (typeof sealed === 'string') return err(sealed);
			const bytes = keys.decryptWhole(tenant, sealed);
			return bytes && createHash('sha256').update(bytes).digest('hex') === sha256 ? ok(bytes) : err('damaged');
		},
		async write(tenant, sha256, bytes) {
			const path = pathOf(tenant, sha256);
			await mkdir(dirname(path), { recursive: true, mode: 0o700 });
			const half = `${path}.${randomBytes(4).toString('hex')}.half`;
			try {
				await writeDurably(half, keys.encrypt(tenant, bytes));
				await rename(half, path);
			} catch (error) {
				await rm(half, { force: true });
				throw error;
			}
			await syncFolder(dirname(path));
		},
	};
}

/** A file that is not there, or that its medium does not give; anything else, such as too many open files, passes and is thrown on. */
function unread(error: NodeJS.ErrnoException): 'absent' | 'damaged' {
	if (error.code === 'ENOENT') return 'absent';
	if (error.code === 'EIO' || error.code === 'EISDIR') return 'damaged';
	throw error;
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
	const file = await open(path, 'wx', 0o600);
	try {
		await file.writeFile(bytes);
		await file.datasync();
	} finally {
		await file.close();
	}
}
