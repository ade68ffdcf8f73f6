/** One log. Calls queue up while a group is being sealed, and the next group takes what waits: database, files, signature, answers. */
import { invariant, utf8 } from '#kernel';
import { ensureRegions } from '../database/tenants.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { LogKeyWindow } from '../keys/logKeys.ts';
import type { NewEvent, SealedEvent } from '../types.ts';
import { AppendRefused } from './appendRefused.ts';
import { ChainHeads } from './chainHeads.ts';
import type { PlacedEvent } from './chains.ts';
import { type Call, type PlacedCall, placeCalls } from './groups.ts';
import { type LogPlace, type PublishedLog, recover } from './recover.ts';
import { isTaken, readHeads, takenIds, writeGroup } from './sealedRows.ts';
import { keepHead, signHead, writeHead } from './signedHead.ts';
import { Turns } from './turns.ts';

/** A group takes calls until it has this many events: one signature and a few syncs for all of them. */
const GROUP_EVENTS = 4096;

export interface LogOptions {
	readonly place: LogPlace;
	readonly keys: HubKeys;
	/** All keys of the tenant, oldest first. */
	readonly windows: () => readonly LogKeyWindow[];
	readonly onHead: (size: number) => void;
}

export class SealedLog {
	readonly #options: LogOptions;
	readonly #turns = new Turns();
	readonly #heads = new ChainHeads();
	readonly #regions = new Set<string>();
	readonly #queue: Call[] = [];
	#isPumping = false;
	#isFrozen: boolean;
	/** What readers see: the last that was signed. */
	#published: PublishedLog;
	/** False between the beginning of a transaction and its signature: what fails there leaves the log to be recovered. */
	#isSettled = true;

	/** @param published as `recover` gives it */
	constructor(options: LogOptions, published: PublishedLog, isFrozen: boolean) {
		this.#options = options;
		this.#published = published;
		this.#isFrozen = isFrozen;
	}

	get published(): PublishedLog {
		return this.#published;
	}

	freeze(): void {
		this.#isFrozen = true;
	}

	/** See `LogWriter.append`. @param also written in the same transaction */
	append(events: readonly NewEvent[], also: Call['also'] = () => Promise.resolve()): Promise<readonly SealedEvent[]> {
		// Nothing to seal: the head stays as it is, with its witnesses.
		if (events.length === 0) return Promise.resolve([]);
		return new Promise((resolve, reject) => {
			this.#queue.push({ events, also, resolve, reject });
			void this.#pump();
		});
	}

	/** While nothing is being sealed; what is asked for meanwhile waits. */
	exclusive<T>(work: () => Promise<T>): Promise<T> {
		return this.#turns.take(work);
	}

	/** Seals at once, from within `exclusive`. */
	appendNow(events: readonly NewEvent[], also: Call['also'] = () => Promise.resolve()): Promise<readonly SealedEvent[]> {
		return new Promise((resolve, reject) => {
			this.#sealGroup([{ events, also, resolve, reject }]).catch(reject);
		});
	}

	/** Signs the last head anew, from within `exclusive`: the keys or the witnesses have changed, the tree has not. */
	async publishNote(note: string): Promise<void> {
		const { place } = this.#options;
		const head = { ...this.#published.head, note };
		await writeHead(place.disk, place.folder, head);
		this.#published = { ...this.#published, head };
		this.#options.onHead(head.size);
	}

	/** Keeps the note of an earlier head, from within `exclusive`. */
	async keepNote(size: number, note: string): Promise<void> {
		if (size === this.#published.head.size) return await this.publishNote(note);
		await keepHead(this.#options.place.disk, this.#options.place.folder, size, note);
	}

	async #pump(): Promise<void> {
		if (this.#isPumping) return;
		this.#isPumping = true;
		while (this.#queue.length > 0) await this.exclusive(() => this.#sealGroup(this.#takeGroup()));
		this.#isPumping = false;
	}

	#takeGroup(): readonly Call[] {
		let events = 0;
		let calls = 0;
		while (calls < this.#queue.length && (calls === 0 || events < GROUP_EVENTS)) events += this.#queue[calls++]?.events.length ?? 0;
		return this.#queue.splice(0, calls);
	}

	/** Answers every call, whatever happens; never rejects. */
	async #sealGroup(calls: readonly Call[]): Promise<void> {
		let open = calls;
		try {
			await this.#settle();
			if (this.#isFrozen) throw new AppendRefused('The log has ended', { code: 'frozen' });
			await this.#learnHeads(open);
			for (let placed = this.#place(open); placed.length > 0; placed = this.#place(open)) {
				open = placed.map(({ call }) => call);
				if (await this.#write(placed)) return;
				open = await this.#withoutTaken(placed);
			}
		} catch (error) {
			const refusal =
				error instanceof AppendRefused
					? error
					: new AppendRefused('The log could not be written; whether the events are sealed shows once it can', {
							code: 'unavailable',
							cause: error,
						});
			for (const { reject } of open) reject(refusal);
		}
	}

	/** After a failure: what reached the database and the files is looked up before anything is added. */
	async #settle(): Promise<void> {
		if (this.#isSettled) return;
		this.#heads.clear();
		this.#published = await recover(this.#options.place, this.#options.windows());
		this.#isSettled = true;
		this.#options.onHead(this.#published.head.size);
	}

	async #learnHeads(calls: readonly Call[]): Promise<void> {
		const { database, name } = this.#options.place;
		const unknown = new Set<string>();
		for (const { events } of calls) {
			for (const { record } of events) {
				const chain = record[name.table === 'hub_record' ? 'kind' : 'order_id'];
				if (typeof chain === 'string' && !chain.includes('\0') && this.#heads.get(chain) === undefined) unknown.add(chain);
			}
		}
		if (unknown.size === 0) return;
		const found = await readHeads(database, name, [...unknown]);
		for (const chain of unknown) this.#heads.set(chain, found.get(chain) ?? null);
	}

	#place(calls: readonly Call[]): readonly PlacedCall[] {
		const { table } = this.#options.place.name;
		return placeCalls(table, calls, this.#published.view.size, (chain) => this.#heads.get(chain) ?? null);
	}

	/** @returns false where ids are taken, and nothing was written */
	async #write(placed: readonly PlacedCall[]): Promise<boolean> {
		const { place, keys, windows, onHead } = this.#options;
		const { tree, view } = this.#published;
		const { tenant } = place.name;
		const events = placed.flatMap((one) => one.events);
		const lines = events.map(({ bytes }) => bytes);
		const leaves = new Uint8Array(Buffer.concat(events.map(({ leaf }) => leaf)));
		const edge = view.edge.copy();
		edge.append(leaves);
		const root = edge.root();
		await this.#ensureRegions(events);
		this.#isSettled = false;
		try {
			await place.database.transaction(async (tx) => {
				await writeGroup(tx, place.name, { events, root, sealedAt: place.now(), encrypt: (text) => keys.encrypt(tenant, utf8(text)) });
				for (const { call } of placed) await call.also(tx);
			});
		} catch (error) {
			if (!isTaken(error)) throw error;
			this.#isSettled = true;
			return false;
		}
		await tree.append(lines, leaves);
		const next = tree.view;
		invariant(next.size === view.size + events.length && next.size >= this.#published.head.size, 'a head never shrinks');
		const head = signHead(windows(), place.origin, place.name.table, next.size, next.edge.root());
		await writeHead(place.disk, place.folder, head);
		this.#published = { tree, view: next, head };
		this.#isSettled = true;
		for (const event of events) this.#heads.set(event.chain, { n: event.n, index: event.index, leaf: event.leaf });
		this.#heads.trim();
		for (const { call, events: own } of placed) call.resolve(own.map(({ index, leaf, line }) => ({ index, leaf, line })));
		onHead(head.size);
		return true;
	}

	async #ensureRegions(events: readonly PlacedEvent[]): Promise<void> {
		const fresh = new Set(events.map(({ source }) => source.region).filter((region) => !this.#regions.has(region)));
		if (fresh.size === 0) return;
		await ensureRegions(this.#options.place.database, this.#options.place.name.tenant, [...fresh]);
		for (const region of fresh) this.#regions.add(region);
	}

	/** Refuses the calls that hold an id which is taken. @returns the others */
	async #withoutTaken(placed: readonly PlacedCall[]): Promise<readonly Call[]> {
		const { database, name } = this.#options.place;
		const ids = placed.flatMap(({ events }) => events.flatMap(({ eventId }) => eventId ?? []));
		const taken = await takenIds(database, name, ids);
		if (taken.size === 0) throw new Error('the database refuses rows that it does not have');
		return placed.flatMap(({ call, events }) => {
			const at = events.findIndex(({ eventId }) => eventId !== null && taken.has(eventId));
			if (at < 0) return [call];
			call.reject(new AppendRefused('An event of this id is in the log', { code: 'event_exists', at }));
			return [];
		});
	}
}
