/** The one secret of a hub: 32 bytes in a file that only its owner may read. Every other key is derived from it or sealed under one that is. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../services/syncFolder.ts';
import { StartRefusal } from '../startRefusal.ts';

const MASTER_KEY_BYTES = 32;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/**
 * Reads the master key of `file`.
 * @param mayCreate true only where nothing is sealed yet: then an absent file is made, mode 600
 * Throws `StartRefusal` `master_key`.
 */
export async function loadMasterKey(file: string, mayCreate: boolean): Promise<Uint8Array> {
	try {
		return await readKey(file);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
		if (!mayCreate) {
			throw new StartRefusal(`The master key ${file} is missing, and what is stored is sealed under it: restore the file from a backup.`, {
				code: 'master_key',
				cause: error,
			});
		}
	}
	try {
		await createKey(file);
	} catch (error) {
		// Another process was faster; its key is the one.
		if (codeOf(error) !== 'EEXIST') throw error;
	}
	return await readKey(file);
}

async function readKey(file: string): Promise<Uint8Array> {
	const handle = await open(file, 'r');
	try {
		const { mode } = await handle.stat();
		if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
			throw new StartRefusal(`The master key ${file} can be read by others than its owner: run chmod 600 on it, and consider it known.`, {
				code: 'master_key',
			});
		}
		const bytes = new Uint8Array(await handle.readFile());
		if (bytes.length === MASTER_KEY_BYTES) return bytes;
		throw new StartRefusal(
			`The master key ${file} has ${bytes.length} bytes, expected ${MASTER_KEY_BYTES}: restore the file from a backup.`,
			{
				code: 'master_key',
			},
		);
	} finally {
		await handle.close();
	}
}

async function createKey(file: string): Promise<void> {
	const handle = await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
	try {
		await handle.writeFile(randomBytes(MASTER_KEY_BYTES));
		await handle.sync();
	} finally {
		await handle.close();
	}
	await syncFolder(dirname(file));
}
