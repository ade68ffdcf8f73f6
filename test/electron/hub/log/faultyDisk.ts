/**
 * A disk that fails once, at a chosen step, and does nothing afterwards: as for a process that was killed. With `power` the machine is lost as well:
 * what was not synced is there, torn, or gone, and names that were not synced are the new or the old ones.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Disk, realDisk } from '../../../../electron/hub/log/disk.ts';

export class Killed extends Error {}

/** Random numbers in [0, 1) that a seed repeats (mulberry32). */
export function dice(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const contentOf = (path: string): Buffer | null => (existsSync(path) ? readFileSync(path) : null);

/** What undoes a change of names that was not synced yet. */
interface PendingName {
	readonly folder: string;
	undo(): void;
}

export class FaultyDisk implements Disk {
	steps = 0;
	isDead = false;
	readonly #failAt: number;
	readonly #power: boolean;
	readonly #random: () => number;
	/** Says that it has synced, and has not. */
	readonly #lies: boolean;
	/** Content at the last sync of files written since. */
	readonly #unsynced = new Map<string, Buffer | null>();
	#names: PendingName[] = [];
	/** Every checkpoint that was signed, whether it got anywhere or not. */
	readonly signed: string[] = [];

	constructor(failAt: number, power: boolean, random: () => number, lies = false) {
		this.#lies = lies;
		this.#failAt = failAt;
		this.#power = power;
		this.#random = random;
	}

	/** Any step at which the process may end; half of the time the step itself is still done. */
	async step(work: () => Promise<void>, torn?: () => Promise<void>): Promise<void> {
		if (this.isDead) throw new Killed('the process is gone');
		if (this.steps++ !== this.#failAt) return await work();
		this.isDead = true;
		if (this.#random() < 0.5) await work();
		else await torn?.();
		throw new Killed(`killed at step ${this.#failAt}`);
	}

	write(path: string, offset: number, bytes: Uint8Array): Promise<void> {
		if (path.endsWith('checkpoint.new')) this.signed.push(Buffer.from(bytes).toString('utf8'));
		const write = async (part: Uint8Array): Promise<void> => {
			const before = contentOf(path);
			if (!this.#unsynced.has(path)) this.#unsynced.set(path, before);
			if (before === null) this.#names.push({ folder: dirname(path), undo: () => rmSync(path, { force: true }) });
			await realDisk.write(path, offset, part);
		};
		return this.step(
			() => write(bytes),
			() => write(bytes.subarray(0, Math.floor(this.#random() * bytes.length))),
		);
	}

	truncate(path: string, length: number): Promise<void> {
		return this.step(() => realDisk.truncate(path, length));
	}

	sync(path: string): Promise<void> {
		return this.step(async () => {
			await realDisk.sync(path);
			if (!this.#lies) this.#unsynced.delete(path);
		});
	}

	rename(from: string, to: string): Promise<void> {
		return this.step(async () => {
			const [old, moved] = [contentOf(to), contentOf(from)];
			await realDisk.rename(from, to);
			const dirty = this.#unsynced.get(from);
			this.#unsynced.delete(from);
			if (dirty !== undefined) this.#unsynced.set(to, dirty);
			this.#names.push({
				folder: dirname(to),
				undo: () => {
					mkdirSync(dirname(from), { recursive: true });
					if (moved) writeFileSync(from, moved);
					if (old) writeFileSync(to, old);
					else rmSync(to, { force: true });
				},
			});
		});
	}

	makeFolder(path: string): Promise<void> {
		return this.step(async () => {
			for (let at = path; !existsSync(at); at = dirname(at)) {
				this.#names.push({ folder: dirname(at), undo: () => rmSync(at, { recursive: true, force: true }) });
			}
			await realDisk.makeFolder(path);
		});
	}

	syncFolder(path: string): Promise<void> {
		return this.step(async () => {
			await realDisk.syncFolder(path);
			if (!this.#lies) this.#names = this.#names.filter(({ folder }) => folder !== path);
		});
	}

	/** Removed files are derived or were written over: whether they come back makes no difference that is tested here. */
	remove(path: string): Promise<void> {
		return this.step(async () => {
			await realDisk.remove(path);
			for (const file of [...this.#unsynced.keys()]) if (file.startsWith(path)) this.#unsynced.delete(file);
			this.#names = this.#names.filter(({ folder }) => !folder.startsWith(path));
		});
	}

	read(path: string): Promise<Uint8Array | null> {
		return realDisk.read(path);
	}

	list(path: string): Promise<readonly string[]> {
		return realDisk.list(path);
	}

	/** After the end: what a lost machine leaves of that which was not synced. */
	lose(): void {
		if (!this.#power) return;
		for (const [path, synced] of this.#unsynced) {
			const written = contentOf(path);
			if (written === null || this.#random() < 0.3) continue;
			const kept = Math.floor(this.#random() * written.length);
			writeFileSync(
				path,
				Buffer.concat([(synced ?? Buffer.alloc(0)).subarray(0, kept), written.subarray(Math.min(kept, synced?.length ?? 0), kept)]),
			);
		}
		// A journal keeps the order of names: some tail of the changes is lost.
		const lost = Math.floor(this.#random() * (this.#names.length + 1));
		for (const { undo } of this.#names.reverse().slice(0, lost)) undo();
	}
}
