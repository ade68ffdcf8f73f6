/**
 * Packing on other cores: the browser's streams work on the thread that feeds them, where they took as long as reading, hashing and
 * parsing together. What a helper can't do is done on this thread.
 */
import { localPacking, type Packed, type Packing } from './packing.ts';
import type { Bytes } from './sealing.ts';
import { VaultFailure } from './vaultError.ts';

export type PackingRequest =
	| { readonly id: number; readonly op: 'pack'; readonly bytes: Bytes }
	| { readonly id: number; readonly op: 'unpack'; readonly bytes: Bytes; readonly length: number };

export interface PackingAnswer {
	readonly id: number;
	readonly isDone: boolean;
	/** Of packing: whether `bytes` are deflated. */
	readonly deflated: boolean;
	/** What came out of it; what was given where it could not be done. */
	readonly bytes: Bytes;
}

/** The part of a worker that is used. */
export interface PackingHelper {
	postMessage(request: PackingRequest, transferred: Transferable[]): void;
	onmessage: ((event: MessageEvent<PackingAnswer>) => void) | null;
	/** It did not start, or broke. */
	onerror: ((event: ErrorEvent) => void) | null;
}

/** More than three would wait for this thread, which reads and parses. */
const HELPERS_MAX = 3;
/** Less than this is done at once, and starts no helper. */
const SMALL_BYTES = 16_384;

export const helpersFor = (cores: number): number => Math.max(1, Math.min(HELPERS_MAX, cores));

/** @param start starts one helper; each is started when it is first needed, or was said to be needed soon */
export function packingPool(start: () => PackingHelper, size: number): Packing {
	const helpers = Array.from({ length: size }, () => lazyHelper(start));
	const idlest = (): LazyHelper => helpers.reduce((best, helper) => (helper.load() < best.load() ? helper : best));
	return {
		prepare: () => {
			for (const helper of helpers) helper.start();
		},
		pack: (raw) => (raw.length < SMALL_BYTES ? localPacking.pack(raw) : idlest().ask({ op: 'pack', bytes: raw })),
		unpack: async (packed, length) => {
			const { deflated, bytes } = packed;
			if (!deflated || length < SMALL_BYTES) return await localPacking.unpack(packed, length);
			return (await idlest().ask({ op: 'unpack', bytes, length })).bytes;
		},
	};
}

type Task = PackingRequest extends infer R ? (R extends PackingRequest ? Omit<R, 'id'> : never) : never;

interface LazyHelper {
	/** Requests that it has not answered. */
	load(): number;
	start(): void;
	ask(task: Task): Promise<Packed>;
}

interface Waiting {
	readonly task: Task;
	readonly isGivenAway: boolean;
	settle(packed: Packed | Promise<Packed>): void;
}

const doHere = async (task: Task): Promise<Packed> =>
	task.op === 'pack'
		? await localPacking.pack(task.bytes)
		: { deflated: false, bytes: await localPacking.unpack({ deflated: true, bytes: task.bytes }, task.length) };

const brokeDown = (): Promise<never> =>
	Promise.reject(new VaultFailure('storage_failed', 'A helper of the store on this computer broke down. Repeat the last step.'));

function lazyHelper(start: () => PackingHelper): LazyHelper {
	const waiting = new Map<number, Waiting>();
	let helper: PackingHelper | null = null;
	let isBroken = false;
	/** Until it has answered once it may be that it never starts: what it gets is a copy. */
	let isProven = false;
	let next = 0;
	const settle = (id: number, packed: Packed | Promise<Packed>): void => {
		const one = waiting.get(id);
		waiting.delete(id);
		one?.settle(packed);
	};
	const started = (): PackingHelper => {
		const fresh = start();
		fresh.onmessage = ({ data: { id, isDone, deflated, bytes } }) => {
			const task = waiting.get(id)?.task;
			isProven = true;
			if (task) settle(id, isDone ? { deflated, bytes } : doHere({ ...task, bytes }));
		};
		fresh.onerror = () => {
			isBroken = true;
			for (const [id, { task, isGivenAway }] of [...waiting]) settle(id, isGivenAway ? brokeDown() : doHere(task));
		};
		return fresh;
	};
	return {
		load: () => waiting.size,
		start: () => {
			helper ??= started();
		},
		ask: (task) => {
			if (isBroken) return doHere(task);
			helper ??= started();
			const id = next++;
			const isGivenAway = isProven;
			const made = new Promise<Packed>((resolve) => waiting.set(id, { task, isGivenAway, settle: resolve }));
			helper.postMessage({ ...task, id }, isGivenAway ? [task.bytes.buffer] : []);
			return made;
		},
	};
}
