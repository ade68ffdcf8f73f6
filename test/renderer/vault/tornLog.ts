/** What a killed writer leaves at the end of a store's log: a record that says more bytes than follow. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The log that a store under this folder (`…/IndexedDB`) is written to now. */
export function newestLog(indexedDb: string): string {
	const logs = readdirSync(indexedDb)
		.filter((name) => name.endsWith('.leveldb'))
		.flatMap((store) => readdirSync(join(indexedDb, store)).map((name) => join(indexedDb, store, name)))
		.filter((path) => path.endsWith('.log'))
		.toSorted();
	const [newest] = logs.slice(-1);
	if (newest === undefined) throw new Error(`no log under ${indexedDb}`);
	return newest;
}

/** A full record of 500 bytes, of which five were written. */
const TORN = Buffer.of(0x11, 0x22, 0x33, 0x44, 0xf4, 0x01, 0x01, 1, 2, 3, 4, 5);

export const tearLog = (path: string): number => {
	appendFileSync(path, TORN);
	return TORN.length;
};

/** Whether what `tearLog` left is in the log still. */
export const isTornLog = (path: string): boolean => readFileSync(path).includes(TORN);

/** Alters one byte in the middle. */
export function damageLog(path: string): void {
	const log = readFileSync(path);
	const at = Math.floor(log.length / 2);
	log[at] = (log[at] as number) ^ 1;
	writeFileSync(path, log);
}
