/** Hashes every supporting document of a drop and compares it with the name it lies under and the rows that cite it. */
import { compareText } from '#kernel';
import type { Population } from '#population';
import { failDrop, showName } from './dropError.ts';
import type { DropSource } from './dropSource.ts';
import type { OnBytes } from './importTable.ts';
import type { IntakePorts } from './ports.ts';

export interface ImportedDocuments {
	/** Documents that lie under the hash of their bytes. */
	readonly present: number;
	/** Cited by a `document` row, but not in the drop. */
	readonly missing: readonly string[];
	/** Names under which other bytes lie. */
	readonly altered: readonly string[];
	/** In the drop, but cited by no row. */
	readonly uncited: readonly string[];
	/** Files in documents/ whose name is no hash. */
	readonly misnamed: readonly string[];
	/** Names of documents that were listed and could not be had: they are not here, and that much is known of them. */
	readonly lost: readonly string[];
	/** Files and bytes in documents/, whatever they are. */
	readonly count: number;
	readonly bytes: number;
}

/** A scanned contract has some megabytes; a larger document than this is an attack or a mistake. */
const MAX_DOCUMENT_BYTES = 2 ** 30;
/** Small files wait for the disk, not for the hash: a few are read at a time. */
const READERS = 8;
const DOCUMENTS_A_BREATH = 256;

/** Throws `DropFailure`. */
export async function importDocuments(
	source: DropSource,
	ports: IntakePorts,
	population: Population,
	onBytes: OnBytes,
): Promise<ImportedDocuments> {
	const listed = [...source.paths].filter((path) => path.startsWith('documents/')).sort(compareText);
	const cited = citedHashes(population);
	const hashes = new Map<string, string>();
	let bytes = 0;
	let next = 0;
	const readOn = async (): Promise<void> => {
		for (let path = listed[next++]; path !== undefined; path = listed[next++]) {
			// Small files come at once: between some of them the program listens, so that Ctrl+C is heard.
			if (next % DOCUMENTS_A_BREATH === 0) await ports.breathe();
			const { hash, size } = await hashDocument(source, ports, path, onBytes);
			if (source.lost?.has(path)) continue;
			hashes.set(path, hash);
			bytes += size;
		}
	};
	const readers = Array.from({ length: source.kind === 'folder' ? READERS : 1 }, async () => {
		try {
			await readOn();
		} finally {
			// Where one stops, nobody begins another document; what is being read ends before the import does.
			next = listed.length;
		}
	});
	const [failed] = (await Promise.allSettled(readers)).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
	if (failed) throw failed.reason;
	const paths = listed.filter((path) => hashes.has(path));
	const named = paths.filter(isNamedByHash);
	const names = named.map((path) => path.slice('documents/'.length));
	const altered = names.filter((name) => hashes.get(`documents/${name}`) !== name);
	return {
		present: names.length - altered.length,
		missing: [...cited].filter((hash) => !hashes.has(`documents/${hash}`)).sort(compareText),
		altered,
		uncited: names.filter((name) => !cited.has(name)),
		misnamed: paths.filter((path) => !isNamedByHash(path)),
		lost: listed.filter((path) => !hashes.has(path)).map((path) => path.slice('documents/'.length)),
		count: paths.length,
		bytes,
	};
}

const isNamedByHash = (path: string): boolean => /^documents\/[0-9a-f]{64}$/.test(path);

async function hashDocument(
	source: DropSource,
	ports: IntakePorts,
	path: string,
	onBytes: OnBytes,
): Promise<{ readonly hash: string; readonly size: number }> {
	if ((await source.size(path)) > MAX_DOCUMENT_BYTES)
		failDrop(
			'file_too_large',
			path,
			`${showName(path)} is larger than the ${MAX_DOCUMENT_BYTES} bytes a document may have. Ask the company for the document itself.`,
		);
	const hash = ports.sha256();
	let size = 0;
	for await (const chunk of source.open(path)) {
		hash.update(chunk);
		size += chunk.length;
		onBytes(chunk.length);
	}
	return { hash: hash.hex(), size };
}

function citedHashes(population: Population): ReadonlySet<string> {
	if (!population.has('document')) return new Set();
	const table = population.table('document');
	if (!table.has('sha256')) return new Set();
	const dictionary = table.dictionary('sha256');
	const codes = new Set(table.codes('sha256'));
	return new Set([...codes].filter((code) => code >= 0).map((code) => dictionary.text(code)));
}
