/** The compiled log kernel: its machine code brought to life, where the host knows WebAssembly with vectors. */
import { fromBase64, invariant } from '#kernel';
import { LOG_KERNEL_WASM } from './logKernelWasm.ts';

interface Memory {
	/** A new one whenever the memory has grown. */
	readonly buffer: ArrayBuffer;
	grow(pages: number): number;
}

type Address = { readonly value: number };

/** What build/wasm/logKernel.as exports; build/wasm/layout.as says what lies at the addresses. */
export interface KernelExports {
	readonly memory: Memory;
	readonly BATCH: Address;
	readonly BEFORES: Address;
	readonly EXPECTED: Address;
	readonly IDS: Address;
	readonly ID_LENGTHS: Address;
	readonly INPUT: Address;
	readonly LAST_LINES: Address;
	readonly LEAVES: Address;
	readonly LENGTHS: Address;
	readonly NODES: Address;
	readonly ORDERS: Address;
	readonly PREVS: Address;
	readonly PREV_LENGTHS: Address;
	readonly SEQUENCES: Address;
	readonly STARTS: Address;
	readonly STATUSES: Address;
	prepare(end: number): void;
	scanLines(from: number, end: number, first: number, maxBytes: number): number;
	scannedTo(): number;
	hashLines(first: number, end: number): void;
	hashPairs(from: number, pairs: number, to: number): void;
	foldTiles(tiles: number): void;
	linkLines(from: number, end: number, line: number, hasOrderSeq: boolean): number;
	link(i: number, line: number, hasOrderSeq: boolean): void;
	takeFlagged(): number;
}

/** Keeps the orders that the kernel hands out; see `elsewhere` in build/wasm/orders.as. */
export type Elsewhere = (id: Uint8Array, wanted: number) => number;

interface Instance {
	readonly exports: KernelExports;
}

declare const WebAssembly:
	| {
			readonly Module: new (bytes: Uint8Array) => object;
			readonly Instance: new (module: object, imports: object) => Instance;
	  }
	| undefined;

const PAGE_BYTES = 65_536;

/** Compiled once; null where the host has no WebAssembly, or forbids it, or lacks its vectors. */
let compiled: object | null | undefined;

function kernelModule(): object | null {
	if (compiled === undefined) {
		const bytes = fromBase64(LOG_KERNEL_WASM);
		invariant(bytes !== null, 'the log kernel is base64');
		try {
			compiled = typeof WebAssembly === 'undefined' ? null : new WebAssembly.Module(bytes);
		} catch {
			compiled = null;
		}
	}
	return compiled;
}

/** A kernel of its own, with `inputBytes` of memory from INPUT on for the caller; null where there can be none. */
export function openKernel(inputBytes: number, elsewhere: Elsewhere): KernelExports | null {
	const module = kernelModule();
	if (module === null || typeof WebAssembly === 'undefined') return null;
	let memory: Memory | null = null;
	const imports = {
		orders: {
			elsewhere: (id: number, length: number, wanted: number) =>
				memory === null ? -1 : elsewhere(new Uint8Array(memory.buffer, id >>> 0, length >>> 0), wanted),
		},
	};
	const { exports } = new WebAssembly.Instance(module, imports);
	memory = exports.memory;
	const end = exports.INPUT.value + inputBytes;
	exports.memory.grow(Math.max(0, Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES));
	exports.prepare(end);
	return exports;
}
