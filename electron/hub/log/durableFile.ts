/** Files that are there whole or not at all, whatever happens in between. */
import { dirname } from 'node:path';
import type { Disk } from './disk.ts';

/** Replaces a file: written aside, synced, renamed, and the name synced. The folder must be there. */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
	const aside = `${path}.new`;
	await disk.remove(aside);
	await disk.write(aside, 0, bytes);
	await disk.sync(aside);
	await disk.rename(aside, path);
	await disk.syncFolder(dirname(path));
}

/** Makes `folder` below `root` (which is there), and every name on the way durable. */
export async function makeFolderDurably(disk: Disk, root: string, folder: string): Promise<void> {
	await disk.makeFolder(folder);
	for (let at = folder; at.length > root.length; at = dirname(at)) await disk.syncFolder(dirname(at));
}
