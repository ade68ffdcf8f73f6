/** Random names for what the page may use and must not see: files, drops, blobs. Bounded in number, forgotten when idle. */

import { type IpcError, ipcError } from '#ipc';
import { err, ok, type Result } from '#kernel';

export interface TokenTable<T> {
	/** Refuses when the table is full of things in use. */
	add(value: T): Result<string, IpcError>;
	/** Finds the value and counts it as used now. */
	use(token: string): Result<T, IpcError>;
	release(token: string): void;
	clear(): void;
	readonly size: number;
}

export interface TokenOptions<T> {
	/** What it stands for, as a sentence names it: "file". */
	readonly noun: string;
	readonly max: number;
	/** Milliseconds without use. */
	readonly idleMs: number;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** 32 hex digits. */
	readonly random: () => string;
	/** Called once for each value that goes, however it goes. */
	readonly onGone: (value: T) => void;
}

export function makeTokenTable<T>({ noun, max, idleMs, now, random, onGone }: TokenOptions<T>): TokenTable<T> {
	const entries = new Map<string, { readonly value: T; usedAt: number }>();
	const release = (token: string): void => {
		const entry = entries.get(token);
		if (!entry) return;
		entries.delete(token);
		onGone(entry.value);
	};
	const expire = (): void => {
		const limit = now() - idleMs;
		for (const [token, { usedAt }] of [...entries]) if (usedAt <= limit) release(token);
	};
	return {
		add(value) {
			expire();
			if (entries.size >= max) {
				onGone(value);
				return err(ipcError('too_many', `More than ${max} ${noun}s are open at once. Finish or cancel what is running, then try again.`));
			}
			const token = random();
			entries.set(token, { value, usedAt: now() });
			return ok(token);
		},
		use(token) {
			expire();
			const entry = entries.get(token);
			if (!entry) return err(ipcError('unknown_token', `The ${noun} is no longer open. Choose it again.`));
			entry.usedAt = now();
			return ok(entry.value);
		},
		release,
		clear() {
			for (const token of [...entries.keys()]) release(token);
		},
		get size() {
			return entries.size;
		},
	};
}
