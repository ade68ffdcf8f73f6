/** All logs of a hub in one folder, for this process alone. */
import { checkpointText } from '#evidence';
import { concatBytes, err, invariant, ok, type Result } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import { lockFolder } from '../database/folderLock.ts';
import { isTenantName } from '../database/tenants.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import { AppendRefused } from './appendRefused.ts';
import { withCosignature } from './cosignature.ts';
import { headProof, sealHeads } from './dailyHeads.ts';
import { type Disk, realDisk } from './disk.ts';
import type { CosignatureRefusal, LogStore, LogTable } from './logPort.ts';
import { servedFile } from './servedTile.ts';
import { keptHead } from './signedHead.ts';
import { TenantLogs, type TenantPlace } from './tenantLogs.ts';
import { TILE_WIDTH } from './tilePath.ts';
import { consistencyProof, inclusionProof } from './treeProofs.ts';

export interface LogStoreOptions {
	readonly database: Database;
	readonly keys: HubKeys;
	/** Made where it is absent. */
	readonly folder: string;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly disk?: Disk;
}

const LINE_FEED = Uint8Array.of(10);

/**
 * Opens the logs of every tenant in the database, and repairs what a crash has left behind.
 * Throws `StartRefusal` where another process has the folder, a key does not open, or a log contradicts itself.
 */
export async function openLogStore({ database, keys, folder, now, disk = realDisk }: LogStoreOptions): Promise<LogStore> {
	const lock = lockFolder(folder);
	const listeners = new Set<Parameters<LogStore['onHead']>[0]>();
	const onHead: TenantPlace['onHead'] = (tenant, table, size) => {
		for (const listener of listeners) listener(tenant, table, size);
	};
	const place: TenantPlace = { database, disk, keys, folder, now, onHead };
	const tenants = new Map<string, TenantLogs>();
	const openTenant = async (tenant: string): Promise<void> => {
		if (tenants.has(tenant)) return;
		const [row] = await database.query<{ log: string }>('SELECT log FROM tenant WHERE tenant = $1', [tenant]);
		invariant(row && isTenantName(tenant), `the tenant ${tenant} is in the database`);
		tenants.set(tenant, await TenantLogs.open(place, tenant, row.log));
	};
	try {
		const rows = await database.query<{ tenant: string }>('SELECT tenant FROM tenant ORDER BY tenant');
		for (const { tenant } of rows) await openTenant(tenant);
	} catch (error) {
		lock.release();
		throw error;
	}
	return storeOver(place, tenants, openTenant, listeners, () => lock.release());
}

function storeOver(
	place: TenantPlace,
	tenants: ReadonlyMap<string, TenantLogs>,
	openTenant: (tenant: string) => Promise<void>,
	listeners: Set<Parameters<LogStore['onHead']>[0]>,
	release: () => void,
): LogStore {
	const logsOf = (tenant: string): TenantLogs => {
		const logs = tenants.get(tenant);
		invariant(logs, `the tenant ${tenant} has logs`);
		return logs;
	};
	const publishedOf = (tenant: string, table: LogTable) => logsOf(tenant).get(table).published;
	let opening: Promise<void> = Promise.resolve();
	return {
		append(tenant, table, events) {
			const logs = tenants.get(tenant);
			if (!logs) return Promise.reject(new AppendRefused('There is no such log', { code: 'unknown_log' }));
			return logs.get(table).append(events);
		},
		head: (tenant, table) => publishedOf(tenant, table).head,
		checkpointAt(tenant, table, size) {
			const { head } = publishedOf(tenant, table);
			if (size >= head.size) return Promise.resolve(size === head.size ? head.note : null);
			return keptHead(place.disk, logsOf(tenant).folder(table), size);
		},
		async *lines(tenant, table, from, to) {
			const { tree, view } = publishedOf(tenant, table);
			const end = Math.min(to, view.size);
			for (let at = Math.max(0, from); at < end; ) {
				const entries = await tree.entries(Math.floor(at / TILE_WIDTH), view);
				for (const line of entries.slice(at % TILE_WIDTH, (at % TILE_WIDTH) + end - at)) {
					yield concatBytes(line, LINE_FEED);
					at++;
				}
			}
		},
		async consistency(tenant, table, from, to) {
			const { tree, view } = publishedOf(tenant, table);
			invariant(from > 0 && from <= to && to <= view.size, 'sizes of the log');
			return await consistencyProof(tree, view, from, to);
		},
		async inclusion(tenant, table, index, size) {
			const { tree, view } = publishedOf(tenant, table);
			invariant(index >= 0 && index < size && size <= view.size, 'a line and a size of the log');
			return await inclusionProof(tree, view, index, size);
		},
		tileFile: (tenant, table, path) => servedFile(logsOf(tenant).folder(table), publishedOf(tenant, table), path),
		onHead(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		addTenant(tenant) {
			opening = opening.then(
				() => openTenant(tenant),
				() => openTenant(tenant),
			);
			return opening;
		},
		keys: (tenant) => logsOf(tenant).windows.map(({ signer, from, to }) => ({ vkey: signer.vkey, from, to })),
		rotateKey: (tenant) => logsOf(tenant).rotateKey(),
		cosign: (tenant, table, size, line) => cosign(place, logsOf(tenant), table, size, line),
		sealHeads: (tenant, table, day) => sealHeads(place, logsOf(tenant), table, day),
		headProof: (tenant, table, orderId) => headProof(place, logsOf(tenant), table, orderId),
		freeze: (tenant, table) => logsOf(tenant).freeze(table),
		publicationNote(tenant, number, digest) {
			const { log, signer } = logsOf(tenant);
			const text = checkpointText(`${log}/publication`, number, digest);
			return `${text}\n${signer.signatureLine(text)}`;
		},
		nameOf: (tenant) => logsOf(tenant).log,
		noteSigner(tenant, vkey) {
			const { log, windows } = logsOf(tenant);
			const signer = windows.find((window) => window.signer.vkey === vkey)?.signer;
			return signer ? { name: log, publicKey: signer.key.publicKey, sign: signer.sign } : null;
		},
		async close() {
			// What is being sealed comes to its end; the lock goes last.
			for (const logs of tenants.values()) await logs.idle();
			release();
		},
	};
}

async function cosign(
	{ database, disk, now }: TenantPlace,
	logs: TenantLogs,
	table: LogTable,
	size: number,
	line: string,
): Promise<Result<void, CosignatureRefusal>> {
	const witnesses = await database.query<{ vkey: string }>('SELECT vkey FROM witness WHERE tenant = $1', [logs.tenant]);
	const log = logs.get(table);
	return await log.exclusive(async () => {
		const { head } = log.published;
		const note = size === head.size ? head.note : size < head.size ? await keptHead(disk, logs.folder(table), size) : null;
		if (note === null) return err('no_checkpoint');
		const signed = withCosignature(
			note,
			line,
			witnesses.map(({ vkey }) => vkey),
		);
		if (!signed.ok) return signed;
		if (signed.value === note) return ok(undefined);
		const [, name = ''] = /^\u2014 ([^ ]+) /.exec(line) ?? [];
		await database.query(
			`INSERT INTO cosignature (tenant, log_table, size, key_name, line, received_at) VALUES ($1, $2, $3, $4, $5, $6)
			 ON CONFLICT (tenant, log_table, size, key_name) DO NOTHING`,
			[logs.tenant, table, size, name, line.trimEnd(), now()],
		);
		await log.keepNote(size, signed.value);
		return ok(undefined);
	});
}
