/**
 * One process a folder. The lock is a file lock of the operating system, held through SQLite because Node has no other way to it: it ends with
 * the process however that ends, so there is nothing stale to clean up and no moment in which two could take over.
 */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartRefusal } from '../startRefusal.ts';

export interface FolderLock {
	/** Once more does nothing. */
	release(): void;
}

/** Takes `folder` (made where absent) for this process alone; throws `StartRefusal` `folder_in_use` where another has it. */
export function lockFolder(folder: string): FolderLock {
	makeFolder(resolve(folder));
	const file = join(folder, 'in-use.lock');
	const lock = new DatabaseSync(file);
	try {
		lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
	} catch (error) {
		lock.close();
		throw new StartRefusal(`Another process works on ${folder}: end it first, or give this one a folder of its own.`, {
			code: 'folder_in_use',
			cause: error,
		});
	}
	return {
		release() {
			if (lock.isOpen) lock.close();
		},
	};
}

/** Makes the folder and those above it, and their names durable. A folder can't be opened on Windows, which journals names by itself. */
function makeFolder(folder: string): void {
	const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
	if (first === undefined || process.platform === 'win32') return;
	for (let at = folder; at.length >= first.length; at = dirname(at)) {
		const above = openSync(dirname(at), 'r');
		fsyncSync(above);
		closeSync(above);
	}
}
