/** Makes the browser's stores of a profile safe to open after a kill or a power cut; before anything opens them. */
import type { Dirent } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readLog } from './storeLog.ts';
import { syncFolder } from './syncFolder.ts';

/** Where what is taken out of a damaged log is kept, inside the profile. */
export const KEPT_FOLDER = 'Damaged store logs';

/** Larger than any log a store begins anew behind; what is larger is not read here, and left as it is. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface MendedLog {
	/** Path of the log. */
	readonly path: string;
	/** `damaged`: what was acknowledged may be missing, and the person has to be told. */
	readonly kind: 'torn' | 'resumed' | 'damaged';
	/** Bytes by which it is shorter now. */
	readonly removed: number;
	/** A copy of the log as it was; null of torn ones, where nothing but the unfinished record was taken off. */
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

/** The folder's own entry is synced as well, or a power cut could bring the old log back under the new name. */
async function replaceDurably(path: string, bytes: Uint8Array): Promise<void> {
	const fresh = `${path}.mended`;
	const file = await open(fresh, 'w', 0o600);
	try {
		await file.writeFile(bytes);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(fresh, path);
	await syncFolder(dirname(path)).catch(() => undefined);
}

async function keepCopy(profile: string, path: string, now: Date): Promise<string> {
	const folder = join(profile, KEPT_FOLDER);
	await mkdir(folder, { recursive: true });
	const kept = join(folder, `${now.toISOString().replaceAll(':', '')} ${basename(path)}`);
	await copyFile(path, kept);
	return kept;
}

/**
 * Takes unfinished records out of the logs of a profile's stores. They were never acknowledged, but left there they would cost the whole store
 * (see `storeLog.ts`). A log that is damaged in another way is cut at the damage, so that the store still opens with all that comes before it;
 * the log as it was is kept, and the person has to be told. Nothing may have the stores open.
 *
 * @param profile the folder of the program's data
 * @param now names the kept copies
 */
export async function mendStores(profile: string, now: Date): Promise<readonly MendedLog[]> {
	const mended: MendedLog[] = [];
	for (const path of await logsOf(profile)) {
		const { size } = await stat(path);
		if (size > MOST_BYTES) continue;
		const state = readLog(await readFile(path));
		if (state.kind === 'whole') continue;
		const keptAt = state.kind === 'torn' ? null : await keepCopy(profile, path, now);
		if (state.kind === 'torn') await truncateDurably(path, state.sound);
		else await replaceDurably(path, state.mended);
		mended.push({ path, kind: state.kind, removed: size - (await stat(path)).size, keptAt });
	}
	return mended;
}
