/** Makes the browser's stores of a profile safe to open after a kill or a power cut; before anything opens them. */
import type { Dirent } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { logEnd } from './storeLog.ts';

/** Where what is taken out of a damaged log is kept, inside the profile. */
export const KEPT_FOLDER = 'Damaged store logs';

/** Larger than any log a store begins anew behind; what is larger is not read here, and left as it is. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface MendedLog {
	/** Path of the log. */
	readonly path: string;
	readonly kind: 'torn' | 'damaged';
	/** Bytes that were taken off its end. */
	readonly removed: number;
	/** A copy of the log as it was; of damaged ones only. */
	readonly keptAt: string | null;
}

const isLog = (name: string): boolean => /^\d+\.log$/.test(name) || /^MANIFEST-\d+$/.test(name);

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
	return await readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** All logs under the `IndexedDB` folder of a profile or of one of its partitions. */
async function logsOf(profile: string): Promise<readonly string[]> {
	const partitions = (await entriesOf(join(profile, 'Partitions'))).map(({ name }) => join(profile, 'Partitions', name));
	const logs: string[] = [];
	for (const holder of [profile, join(profile, 'Default'), ...partitions])
		for (const store of await entriesOf(join(holder, 'IndexedDB')))
			if (store.isDirectory() && store.name.endsWith('.leveldb')) {
				const folder = join(holder, 'IndexedDB', store.name);
				for (const { name } of await entriesOf(folder)) if (isLog(name)) logs.push(join(folder, name));
			}
	return logs;
}

async function truncateDurably(path: string, size: number): Promise<void> {
	const file = await open(path, 'r+');
	try {
		await file.truncate(size);
		await file.sync();
	} finally {
		await file.close();
	}
}

async function keepCopy(profile: string, path: string, now: Date): Promise<string> {
	const folder = join(profile, KEPT_FOLDER);
	await mkdir(folder, { recursive: true });
	const kept = join(folder, `${now.toISOString().replaceAll(':', '')} ${basename(path)}`);
	await copyFile(path, kept);
	return kept;
}

/**
 * Cuts torn ends off the logs of a profile's stores. What is cut off was never acknowledged, but left there it would cost the whole store
 * (see `storeLog.ts`). A log that is damaged further in is cut at the damage as well, so that the store still opens with all that comes before
 * it; the log as it was is kept, and the person has to be told. Nothing may have the stores open.
 *
 * @param profile the folder of the program's data
 * @param now names the kept copies
 */
export async function mendStores(profile: string, now: Date): Promise<readonly MendedLog[]> {
	const mended: MendedLog[] = [];
	for (const path of await logsOf(profile)) {
		const { size } = await stat(path);
		if (size > MOST_BYTES) continue;
		const end = logEnd(await readFile(path));
		if (end.kind === 'whole') continue;
		const keptAt = end.kind === 'damaged' ? await keepCopy(profile, path, now) : null;
		await truncateDurably(path, end.sound);
		mended.push({ path, kind: end.kind, removed: size - end.sound, keptAt });
	}
	return mended;
}
