/** A disk and a database that end at a chosen write, as for a process that is killed there: the write is done, half done, or not at all. */

import type { Database } from '../../electron/hub/database/databasePort.ts';
import { type Disk, realDisk } from '../../electron/hub/log/disk.ts';

export interface Ending {
	/** Writes until the end. */
	left: number;
	isDead: boolean;
}

export const living = (): Ending => ({ left: Number.POSITIVE_INFINITY, isDead: false });

const ended = (): Error => new Error('the hub has ended');

async function step(ending: Ending, random: () => number, work: () => Promise<void>, torn?: () => Promise<void>): Promise<void> {
	if (!ending.isDead && ending.left-- <= 0) {
		ending.isDead = true;
		const chance = random();
		if (chance < 0.4) await work();
		else if (chance < 0.7) await torn?.();
	}
	if (ending.isDead) throw ended();
	await work();
}

export function endingDisk(ending: Ending, random: () => number): Disk {
	const stepping = (work: () => Promise<void>, torn?: () => Promise<void>) => step(ending, random, work, torn);
	const reading = <T>(read: () => Promise<T>): Promise<T> => (ending.isDead ? Promise.reject(ended()) : read());
	return {
		write: (path, offset, bytes) =>
			stepping(
				() => realDisk.write(path, offset, bytes),
				() => realDisk.write(path, offset, bytes.subarray(0, Math.floor(random() * bytes.length))),
			),
		truncate: (path, length) => stepping(() => realDisk.truncate(path, length)),
		sync: (path) => stepping(() => realDisk.sync(path)),
		rename: (from, to) => stepping(() => realDisk.rename(from, to)),
		makeFolder: (path) => stepping(() => realDisk.makeFolder(path)),
		syncFolder: (path) => stepping(() => realDisk.syncFolder(path)),
		remove: (path) => stepping(() => realDisk.remove(path)),
		read: (path) => reading(() => realDisk.read(path)),
		list: (path) => reading(() => realDisk.list(path)),
	};
}

/** A transaction is there or not, and its answer may be lost. */
export function endingDatabase(database: Database, ending: Ending, random: () => number): Database {
	return {
		...database,
		query: (sql, params) => (ending.isDead ? Promise.reject(ended()) : database.query(sql, params)),
		transaction: async (work) => {
			let result: unknown;
			await step(ending, random, async () => {
				result = await database.transaction(work);
			});
			return result as never;
		},
	};
}
