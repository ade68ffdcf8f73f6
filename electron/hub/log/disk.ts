/** The few things the log does to a disk, one by one, so that tests can stop it between any two of them. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { syncFolder } from '../../services/syncFolder.ts';

export interface Disk {
	/** Writes at `offset`; makes the file where it is absent. Not durable before `sync`. */
	write(path: string, offset: number, bytes: Uint8Array): Promise<void>;
	truncate(path: string, length: number): Promise<void>;
	/** Content of a file to the disk. */
	sync(path: string): Promise<void>;
	rename(from: string, to: string): Promise<void>;
	/** Makes the folder and those above it. */
	makeFolder(path: string): Promise<void>;
	/** Names in a folder to the disk: what makes new and renamed files durable. */
	syncFolder(path: string): Promise<void>;
	remove(path: string): Promise<void>;
	/** Null where there is no such file. */
	read(path: string): Promise<Uint8Array | null>;
	list(path: string): Promise<readonly string[]>;
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function onFile(
	path: string,
	flags: string | number,
	work: (file: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
): Promise<void> {
	const file = await open(path, flags, 0o600);
	try {
		await work(file);
	} finally {
		await file.close();
	}
}

export const realDisk: Disk = {
	write: (path, offset, bytes) =>
		onFile(path, constants.O_CREAT | constants.O_WRONLY, async (file) => {
			for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
		}),
	truncate: (path, length) => truncate(path, length),
	sync: (path) => onFile(path, 'r+', (file) => file.datasync()),
	rename: (from, to) => rename(from, to),
	makeFolder: async (path) => {
		await mkdir(path, { recursive: true, mode: 0o700 });
	},
	syncFolder,
	remove: (path) => rm(path, { recursive: true, force: true }),
	async read(path) {
		try {
			const bytes = await readFile(path);
			return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
		} catch (error) {
			if (isAbsent(error)) return null;
			throw error;
		}
	},
	async list(path) {
		try {
			return await readdir(path);
		} catch (error) {
			if (isAbsent(error)) return [];
			throw error;
		}
	},
};
