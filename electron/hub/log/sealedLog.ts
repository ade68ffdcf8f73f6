/** One log. Calls queue up while a group is being sealed, and the next group takes what waits: database, files, signature, answers. */
import { invariant, utf8 } from '#kernel';
import { ensureRegions } from '../database/tenants.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { LogKeyWindow } from '../keys/logKeys.ts';
import { AppendRefused } from './appendRefused.ts';
import { ChainHeads } from './chainHeads.ts';
import type { PlacedEvent } from './chains.ts';
import { type Call, type PlacedCall, placeCalls, refuseTaken, takeGroup } from './groups.ts';
import type { NewEvent, SealedEvent } from './logPort.ts';
import { type LogPlace, type PublishedLog, recover } from './recover.ts';
import { isTaken, writeGroup } from './sealedRows.ts';
import { keepHead, signHead, writeHead } from './signedHead.ts';
import { Turns } from './turns.ts';

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
	readonly #heads: ChainHeads;
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
		this.#heads = new ChainHeads(options.place.database, options.place.name);
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
		while (this.#queue.length > 0) await this.exclusive(() => this.#sealGroup(takeGroup(this.#queue)));
		this.#isPumping = false;
	}

	/** Answers every call, whatever happens; never rejects. */
	async #sealGroup(calls: readonly Call[]): Promise<void> {
		let open = calls;
		try {
			await this.#settle();
			if (this.#isFrozen) throw new AppendRefused('The log has ended', { code: 'frozen' });
			await this.#heads.learn(open.flatMap(({ events }) => events));
			for (let placed = this.#place(open); placed.length > 0; placed = this.#place(open)) {
				open = placed.map(({ call }) => call);
				if (await this.#write(placed)) return;
				open = await refuseTaken(this.#options.place.database, this.#options.place.name, placed);
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

	#place(calls: readonly Call[]): readonly PlacedCall[] {
		const { table } = this.#options.place.name;
		return placeCalls(table, calls, this.#published.view.size, (chain) => this.#heads.get(chain));
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
		this.#heads.note(events);
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
}
