/**
 * Publications: consistent cuts of a tenant, each a signed manifest of an evidence drop. Made when something changed since the last one. What
 * a reader fetches of them comes from files and from memory: at a month's end, readers never touch the database.
 */
import { join } from 'node:path';
import { err, type Result } from '#kernel';
import { isTableName, type TableName } from '#model';
import { newestPublication, type Publication, readPublication, stoodOn } from './publicationStore.ts';
import { isUnchanged, type Published, type PublishPorts, publish } from './publish.ts';
import { publishedTables } from './publishedTable.ts';
import { sweepFiles, tableFilePath } from './tableFile.ts';

export type { Publication } from './publicationStore.ts';

export interface PublicationPorts extends PublishPorts {
	/** What changes within so long of the last publication waits for the next one. */
	readonly minAgeMs: number;
	onPublication(tenant: string, number: number): void;
}

export interface Publications {
	/** The newest one, made anew where something changed since; null while there is nothing to publish. */
	latest(tenant: string): Promise<Publication | null>;
	at(tenant: string, number: number): Promise<Publication | null>;
	/** Makes one that nobody asked for, where something changed and the newest is some minutes old: who asks then need not wait for it. */
	keepFresh(tenant: string): Promise<void>;
	/** Bytes of a plain table's file; `absent` where the publication or table is not kept. */
	tableBytes(
		tenant: string,
		number: number,
		table: string,
		offset: number,
		length: number,
	): Promise<Result<Uint8Array, 'absent' | 'damaged'>>;
	/** The time, or one behind every cut there is: also of those whose publication is still being written. */
	behindCuts(tenant: string, at: number): number;
	/** Milliseconds until it is worth asking again where nothing is told meanwhile. */
	pauseMs(tenant: string): number;
	/** Waits for what is being made. */
	close(): Promise<void>;
}

/** Files of so many publications are kept, and any that was read a while ago: a slow reader comes to its end. */
const KEPT = 8;
const READ_MS = 30 * 60_000;
/** Publications kept in memory, of all tenants. */
const REMEMBERED = 64;
const PAUSE_MS = 5000;
/** So old a publication grows while things change and nobody asks; and so many times as long as it took to make, where that is more. */
const FRESH_MS = 5 * 60_000;
const FRESH_SHARE = 20;

interface TenantState extends Published {
	making: Promise<Publication | null> | null;
	/** Milliseconds that the newest one took to make. */
	tookMs: number;
}

export function publications(ports: PublicationPorts): Publications {
	const tenants = new Map<string, TenantState>();
	const files = publishedTables(ports);
	const remembered = new Map<string, Publication>();
	/** By path, when it was read. */
	const read = new Map<string, number>();
	const of = (tenant: string): TenantState => {
		const known = tenants.get(tenant) ?? { making: null, newest: null, mark: null, cutAt: 0, tookMs: 0, tallies: new Map() };
		tenants.set(tenant, known);
		return known;
	};
	const remember = (tenant: string, publication: Publication | null): Publication | null => {
		if (!publication) return null;
		remembered.set(`${tenant}/${publication.number}`, publication);
		const [oldest] = remembered.keys();
		if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
		return publication;
	};
	const at = async (tenant: string, number: number): Promise<Publication | null> =>
		remembered.get(`${tenant}/${number}`) ?? remember(tenant, await readPublication(ports.database, tenant, number));
	const make = async (tenant: string, state: TenantState): Promise<Publication | null> => {
		state.newest ??= await newestPublication(ports.database, tenant);
		const { newest } = state;
		if (newest && (isUnchanged(ports, tenant, state) || ageOf(ports, newest) < ports.minAgeMs)) return newest;
		const began = performance.now();
		const made = await publish(ports, tenant, state);
		if (made === 'not_at_rest') return newest;
		if (made && made.number !== newest?.number) {
			state.tookMs = performance.now() - began;
			ports.onPublication(tenant, made.number);
			await forgetFiles(ports, tenant, made.number, read);
		}
		state.newest = made;
		return remember(tenant, made);
	};
	// One at a time a tenant: whoever asks meanwhile gets the one under way.
	const latest = (tenant: string): Promise<Publication | null> => {
		const state = of(tenant);
		state.making ??= make(tenant, state).finally(() => {
			state.making = null;
		});
		return state.making;
	};
	return {
		at,
		latest,
		async keepFresh(tenant) {
			const state = of(tenant);
			state.newest ??= await newestPublication(ports.database, tenant);
			const { newest, tookMs } = state;
			if (!newest || ageOf(ports, newest) >= Math.max(FRESH_MS, tookMs * FRESH_SHARE)) await latest(tenant);
		},
		async tableBytes(tenant, number, table, offset, length) {
			const publication = await at(tenant, number);
			const revision = publication?.revisions[table];
			if (!publication || revision === undefined || !isTableName(table)) return err('absent');
			read.set(fileOf(ports, tenant, table, revision), ports.now());
			return await files.read(tenant, publication, table, offset, length);
		},
		behindCuts: (tenant, at) => Math.max(at, of(tenant).cutAt + 1),
		pauseMs(tenant) {
			const { newest } = of(tenant);
			return newest ? Math.min(PAUSE_MS, Math.max(100, ports.minAgeMs - ageOf(ports, newest))) : PAUSE_MS;
		},
		async close() {
			await Promise.allSettled([...tenants.values()].map(({ making }) => making));
		},
	};
}

const fileOf = ({ folder }: PublicationPorts, tenant: string, table: TableName, revision: number): string =>
	tableFilePath(folder, tenant, table, revision);

const ageOf = ({ now }: PublicationPorts, { createdAt }: Publication): number => Math.abs(now() - createdAt);

/** Files that none of the last publications stands on, and that nobody reads any more, go away. */
async function forgetFiles(ports: PublicationPorts, tenant: string, number: number, read: Map<string, number>): Promise<void> {
	const needed = new Set<string>();
	for (const revisions of await stoodOn(ports.database, tenant, number - KEPT))
		for (const [table, revision] of Object.entries(revisions)) if (isTableName(table)) needed.add(fileOf(ports, tenant, table, revision));
	for (const [path, at] of read) {
		if (ports.now() - at > READ_MS) read.delete(path);
		else needed.add(path);
	}
	await sweepFiles(join(ports.folder, tenant), (path) => path.endsWith('.sealed') && !needed.has(path));
}
