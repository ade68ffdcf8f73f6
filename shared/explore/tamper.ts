/**
 * The tamper lab: a drop copied in memory, the copy attacked on purpose, and read again as any drop is. What catches an attack is not
 * said here but found out, by importing the altered copy; an attack that nothing catches says so.
 */
import type { EvidenceFacts } from '#audit';
import type { LogHead, Manifest, SealedLogReport, SealedVerification, VerifierKey } from '#evidence';
import { fromUtf8, invariant, type Json, utf8 } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import type { CheckId } from './integrityChecks.ts';

/** A drop's files behind one face, as they are read everywhere else. */
export interface LabDrop {
	readonly kind: 'folder' | 'zip';
	readonly paths: ReadonlySet<string>;
	size(path: string): Promise<number>;
	open(path: string): AsyncIterable<Uint8Array>;
	readonly readRange: ((path: string, offset: number, length: number) => Promise<Uint8Array>) | null;
	close(): Promise<void>;
}

/** What the lab needs of a drop that was read. */
export interface LabImport {
	readonly manifest: Manifest;
	readonly population: Population;
	readonly evidence: EvidenceFacts;
	readonly sealed: ReadonlyMap<TableName, { readonly report: SealedLogReport; readonly verification: SealedVerification }>;
}

/** A log key of the lab's own, never the company's: the lab cannot have that. */
export interface LabSigner {
	readonly key: VerifierKey;
	readonly vkey: string;
	/** A checkpoint file: three lines, a blank one, and a signature line. */
	checkpoint(origin: string, size: number, root: Uint8Array): string;
}

export interface AttackChange {
	readonly path: string;
	/** "line 300", "the line log_key", "bytes 0 to 40". */
	readonly where: string;
	readonly before: string;
	readonly after: string;
}

export type AttackFamily = 'lines' | 'history' | 'seals' | 'documents' | 'declaration' | 'beyond';

export interface Attack {
	readonly id: string;
	readonly family: AttackFamily;
	readonly title: string;
	/** What somebody who does this would want. */
	readonly motive: string;
	/** What he must be able to do for it. */
	readonly means: string;
	/** Checks that are expected to catch it; empty where none can. */
	readonly expected: readonly CheckId[];
	/** Audit tests likewise. */
	readonly tests: readonly string[];
	/** Why nothing catches it, where nothing is expected to. */
	readonly beyond?: string;
	/** The copy is sealed anew with a key of the lab first, which is trusted on the copy only: the attacker then holds the log's key. */
	readonly holdsKey?: true;
	/** The workstation remembers the heads of the copy before the attack. */
	readonly remembers?: true;
	/** Which table it is done to. */
	readonly target: AttackTarget;
	/** Alters the copy; null where this drop has nothing to do it to. */
	readonly alter: (copy: DropCopy, site: AttackSite) => Promise<readonly AttackChange[] | null>;
}

export type AttackTarget = 'order_event' | 'revenue_event' | 'plain' | 'documents';

export interface AttackSite {
	readonly table: TableName;
	/** `data/<table>.ndjson` as the manifest names it. */
	readonly file: string;
	/** `<log>/<table>`. */
	readonly origin: string;
	/** The stand-in for the log's key, and a stranger. */
	readonly standIn: LabSigner;
	readonly stranger: LabSigner;
}

/** Some files of a drop, those that were changed in memory, the rest where they are. */
export class DropCopy {
	readonly #source: LabDrop;
	readonly #paths: Set<string>;
	readonly #own = new Map<string, Uint8Array>();

	/** @param paths those of the source's files that the copy has */
	constructor(source: LabDrop, paths: Iterable<string>) {
		this.#source = source;
		this.#paths = new Set(paths);
	}

	get paths(): ReadonlySet<string> {
		return this.#paths;
	}

	/** A copy that goes its own way from here on; unchanged files are shared. */
	branch(): DropCopy {
		const branch = new DropCopy(this.#source, this.#paths);
		for (const [path, bytes] of this.#own) branch.#own.set(path, bytes);
		return branch;
	}

	async read(path: string): Promise<Uint8Array> {
		const own = this.#own.get(path);
		if (own) return own;
		invariant(this.#paths.has(path), `the copy has ${path}`);
		const bytes = await readAll(this.#source, path, Number.POSITIVE_INFINITY);
		// Kept, so that a file that many attacks need is decrypted once.
		this.#own.set(path, bytes);
		return bytes;
	}

	async text(path: string): Promise<string> {
		return fromUtf8(await this.read(path)) ?? '';
	}

	write(path: string, content: Uint8Array | string): void {
		this.#paths.add(path);
		this.#own.set(path, typeof content === 'string' ? utf8(content) : content);
	}

	remove(path: string): void {
		this.#paths.delete(path);
		this.#own.delete(path);
	}

	asDrop(): LabDrop {
		const own = (path: string): Uint8Array | undefined => this.#own.get(path);
		const source = this.#source;
		return {
			kind: 'folder',
			paths: this.#paths,
			size: (path) => {
				const bytes = own(path);
				return bytes ? Promise.resolve(bytes.length) : source.size(path);
			},
			open: (path) => {
				const bytes = own(path);
				return bytes ? oneChunk(bytes) : source.open(path);
			},
			readRange: (path, offset, length) => {
				const bytes = own(path);
				if (bytes) return Promise.resolve(bytes.subarray(offset, offset + length));
				return source.readRange
					? source.readRange(path, offset, length)
					: readAll(source, path, offset + length).then((all) => all.subarray(offset));
			},
			close: () => Promise.resolve(),
		};
	}
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
	// Pieces of a megabyte, so that reading stops in between where it is told to.
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
}

const CHUNK_BYTES = 1 << 20;

/** A file, or its first `most` bytes. */
export async function readAll(source: LabDrop, path: string, most: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of source.open(path)) {
		parts.push(chunk.slice());
		length += chunk.length;
		if (length >= most) break;
	}
	const whole = new Uint8Array(Math.min(length, most));
	let at = 0;
	for (const part of parts) {
		whole.set(part.subarray(0, whole.length - at), at);
		at += part.length;
	}
	return whole;
}

/** A manifest as JSON that can be edited and written back. */
export interface LooseManifest {
	[key: string]: Json;
}

export interface LooseTable {
	[key: string]: Json;
}

export const readManifest = async (copy: DropCopy): Promise<LooseManifest> => JSON.parse(await copy.text('manifest.json')) as LooseManifest;

export const writeManifest = (copy: DropCopy, manifest: LooseManifest): void =>
	copy.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

export const tablesOf = (manifest: LooseManifest): LooseTable[] => (manifest['tables'] as LooseTable[] | undefined) ?? [];

export const entryOf = (manifest: LooseManifest, table: string): LooseTable | undefined =>
	tablesOf(manifest).find((entry) => entry['table'] === table);

/** Heads that a workstation would remember of a drop that verified. */
export const headsOf = ({ sealed }: LabImport): LogHead[] =>
	[...sealed.values()].flatMap(({ verification: { head } }) => (head ? [head] : []));
