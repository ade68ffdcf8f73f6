/**
 * Deflating on other cores: the browser's streams work on the thread that feeds them, where they took as long as reading, hashing and
 * parsing together. What a helper can't do is done on this thread.
 */
import { deflate } from './deflate.ts';
import type { Bytes } from './sealing.ts';
import type { Deflate } from './segments.ts';

export interface DeflateRequest {
	readonly id: number;
	readonly raw: Bytes;
}

export interface DeflateAnswer {
	readonly id: number;
	/** Null where it failed. */
	readonly small: Bytes | null;
}

/** The part of a worker that is used. */
export interface DeflateHelper {
	postMessage(request: DeflateRequest): void;
	onmessage: ((event: MessageEvent<DeflateAnswer>) => void) | null;
	/** It did not start, or broke. */
	onerror: ((event: ErrorEvent) => void) | null;
}

/** One core is this thread's own; more than three helpers would wait for it. */
const HELPERS_MAX = 3;

export const helpersFor = (cores: number): number => Math.max(1, Math.min(HELPERS_MAX, cores - 1));

/** @param start starts one helper; each is started when it is first needed */
export function deflatePool(start: () => DeflateHelper, size: number): Deflate {
	const helpers = Array.from({ length: size }, () => lazyHelper(start));
	return (raw) => {
		const idlest = helpers.reduce((best, helper) => (helper.load() < best.load() ? helper : best));
		return idlest.deflate(raw);
	};
}

interface LazyHelper {
	/** Requests that it has not answered. */
	load(): number;
	readonly deflate: Deflate;
}

interface Waiting {
	readonly raw: Bytes;
	settle(small: Bytes | Promise<Bytes>): void;
}

function lazyHelper(start: () => DeflateHelper): LazyHelper {
	const waiting = new Map<number, Waiting>();
	let helper: DeflateHelper | null = null;
	let isBroken = false;
	let next = 0;
	const settle = (id: number, small: Bytes | null): void => {
		const one = waiting.get(id);
		waiting.delete(id);
		one?.settle(small ?? deflate(one.raw));
	};
	const started = (): DeflateHelper => {
		const fresh = start();
		fresh.onmessage = ({ data }) => settle(data.id, data.small);
		fresh.onerror = () => {
			isBroken = true;
			for (const id of [...waiting.keys()]) settle(id, null);
		};
		return fresh;
	};
	return {
		load: () => waiting.size,
		deflate: (raw) => {
			if (isBroken) return deflate(raw);
			helper ??= started();
			const id = next++;
			const made = new Promise<Bytes>((resolve) => waiting.set(id, { raw, settle: resolve }));
			// Copied, not handed over: bytes that do not get smaller are stored as they are.
			helper.postMessage({ id, raw });
			return made;
		},
	};
}
