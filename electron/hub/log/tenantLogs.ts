/** The logs of one tenant and what concerns all of them: keys, heads records, the end of a log. */
import { join } from 'node:path';
import { invariant, toBase64, toHex, utf8 } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import { type LogKeyWindow, loadLogKeys, newLogKey, storeLogKey } from '../keys/logKeys.ts';
import type { Disk } from './disk.ts';
import { LOG_TABLES, type LogTable, type NewEvent, type SealedEvent } from './logPort.ts';
import { type LogPlace, recover } from './recover.ts';
import { rotationText } from './rotationText.ts';
import { SealedLog } from './sealedLog.ts';
import { dropPartials } from './servedTile.ts';
import { signAgain } from './signedHead.ts';
import { Turns } from './turns.ts';

export interface TenantPlace {
	readonly database: Database;
	readonly disk: Disk;
	readonly keys: HubKeys;
	/** Of all tenants. */
	readonly folder: string;
	readonly now: () => number;
	readonly onHead: (tenant: string, table: LogTable, size: number) => void;
}

export class TenantLogs {
	readonly tenant: string;
	/** The log's name: key name and first part of every origin. */
	readonly log: string;
	/** One snapshot of heads at a time. */
	readonly snapshots = new Turns();
	readonly #place: TenantPlace;
	#windows: readonly LogKeyWindow[];
	readonly #logs = new Map<LogTable, SealedLog>();

	private constructor(place: TenantPlace, tenant: string, log: string, windows: readonly LogKeyWindow[]) {
		this.#place = place;
		this.tenant = tenant;
		this.log = log;
		this.#windows = windows;
	}

	/** Throws `StartRefusal`. */
	static async open(place: TenantPlace, tenant: string, log: string): Promise<TenantLogs> {
		const { database, keys } = place;
		let windows = await loadLogKeys(database, keys, tenant, log);
		if (windows.length === 0) {
			const first = newLogKey(1, log, { order_event: 0, revenue_event: 0, hub_record: 0 });
			await database.transaction((tx) => storeLogKey(tx, keys, tenant, first));
			windows = [first];
		}
		const logs = new TenantLogs(place, tenant, log, windows);
		for (const table of LOG_TABLES) await logs.#openLog(table);
		return logs;
	}

	folder(table: LogTable): string {
		return join(this.#place.folder, this.tenant, table);
	}

	async #openLog(table: LogTable): Promise<void> {
		const { database, disk, keys, now, onHead } = this.#place;
		const place: LogPlace = {
			database,
			disk,
			now,
			folder: this.folder(table),
			name: { tenant: this.tenant, table },
			origin: `${this.log}/${table}`,
		};
		const published = await recover(place, this.#windows);
		dropPartials(place.folder, published);
		const ended = await database.query(
			`SELECT FROM sealed_line WHERE tenant = $1 AND log_table = 'hub_record' AND order_id = 'freeze' AND line::jsonb ->> 'table' = $2`,
			[this.tenant, table],
		);
		const options = { place, keys, windows: () => this.#windows, onHead: (size: number) => onHead(this.tenant, table, size) };
		this.#logs.set(table, new SealedLog(options, published, ended.length > 0));
	}

	get(table: LogTable): SealedLog {
		const log = this.#logs.get(table);
		invariant(log, `the log ${table} is open`);
		return log;
	}

	get windows(): readonly LogKeyWindow[] {
		return this.#windows;
	}

	/** The key in use. */
	get signer(): LogKeyWindow['signer'] {
		const window = this.#windows.at(-1);
		invariant(window, 'a tenant has a key');
		return window.signer;
	}

	record(record: Readonly<Record<string, unknown>>): NewEvent {
		return { record, region: '', batchId: '', receivedAt: this.#place.now(), disclosures: [] };
	}

	/** While none of the tenant's logs is being written. */
	#alone<T>(work: () => Promise<T>): Promise<T> {
		return LOG_TABLES.reduceRight<() => Promise<T>>((inner, table) => () => this.get(table).exclusive(inner), work)();
	}

	/** Resolves once nothing is being sealed. */
	idle(): Promise<void> {
		return this.#alone(() => Promise.resolve());
	}

	/** See `LogKeeper.rotateKey`. The record, the new key and the end of the old one are one transaction. */
	async rotateKey(): Promise<void> {
		await this.#alone(async () => {
			const size = (table: LogTable) => this.get(table).published.head.size;
			const from = { order_event: size('order_event'), revenue_event: size('revenue_event'), hub_record: size('hub_record') + 1 };
			const old = this.signer;
			const fresh = newLogKey(this.#windows.length + 1, this.log, from);
			const statement = utf8(rotationText({ log: this.log, old: old.vkey, fresh: fresh.signer.vkey, from }));
			const record = {
				kind: 'key',
				record_id: `key-${fresh.no}`,
				log: this.log,
				old_key: old.vkey,
				new_key: fresh.signer.vkey,
				from,
				old_signature: toBase64(old.sign(statement)),
				new_signature: toBase64(fresh.signer.sign(statement)),
			};
			const before = this.#windows;
			const after = [...before.map((window) => (window.to === null ? { ...window, to: from } : window)), fresh];
			await this.get('hub_record')
				.appendNow([this.record(record)], async (tx) => {
					await storeLogKey(tx, this.#place.keys, this.tenant, fresh);
					// From here on the group is signed by both: its size is where one ends and the other begins.
					this.#windows = after;
				})
				.catch((error: unknown) => {
					if (error instanceof Error && 'code' in error && error.code === 'unavailable') return this.#reloadKeys(error);
					this.#windows = before;
					throw error;
				});
			for (const table of ['order_event', 'revenue_event'] as const) await this.#signAnew(table);
		});
	}

	/** The transaction may have been committed or not: the database knows. */
	async #reloadKeys(error: Error): Promise<never> {
		this.#windows = await loadLogKeys(this.#place.database, this.#place.keys, this.tenant, this.log);
		throw error;
	}

	async #signAnew(table: LogTable): Promise<void> {
		const log = this.get(table);
		await log.publishNote(signAgain(this.#windows, `${this.log}/${table}`, table, log.published.head).note);
	}

	/** See `LogKeeper.freeze`. */
	async freeze(table: LogTable): Promise<void> {
		const log = this.get(table);
		await this.#alone(async () => {
			const { size, root } = log.published.head;
			const record = { kind: 'freeze', record_id: `freeze-${table}`, table, size, root: toHex(root) };
			await this.get('hub_record').appendNow([this.record(record)]);
			log.freeze();
		});
	}

	/** Seals a record of the hub. */
	async seal(record: Readonly<Record<string, unknown>>): Promise<SealedEvent> {
		const [sealed] = await this.get('hub_record').append([this.record(record)]);
		invariant(sealed, 'one record, one line');
		return sealed;
	}
}
