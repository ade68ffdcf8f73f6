/**
 * Stores a drop while it is being read: a `DropSource` that passes bytes through and keeps them, each file exactly once. What the import
 * did not read to its end is read at the commit. Nothing counts until the commit's marker is written.
 */
import { type DropSource, isDropPath } from '#intake';
import { compareText, type Json, utf8 } from '#kernel';
import type { StageKeys } from '#sync';
import type { EngagementDatabase } from './database.ts';
import { deflate } from './deflate.ts';
import { localPacking, type Packing } from './packing.ts';
import { type Extent, fileRow, type StoredImport } from './segments.ts';
import { segmentWriter } from './segmentWriter.ts';
import { forgetStaged, type Staged, type StagingOf, saveStaged, stagedSegments } from './staging.ts';

export interface DropStoring {
	/** To be read from instead of the drop that was given. */
	readonly source: DropSource;
	/**
	 * Reads what was not read yet, then writes the marker: from then on the import stands.
	 * @param meta what the importer wants to find again beside the files
	 */
	commit(meta: Json, onBytes?: (bytes: number) => void): Promise<StoredImport>;
	/** Takes away all segments written so far. */
	rollback(): Promise<void>;
	/** Instead of taking them away: keeps them apart, so that the same can be gone on with. Only where it is staged. */
	setAside(): Promise<void>;
}

/** Lets a drop that is broken off be gone on with: what was stored is kept apart, and nothing of it counts. */
export interface DropStaging {
	readonly of: StagingOf;
	readonly keys: StageKeys;
	/** What was stored before: `source` gives out the beginnings of these files as they lie there. */
	readonly resumed: Staged | null;
}

interface StoreOptions {
	readonly packing?: Packing;
	readonly staging?: DropStaging | null;
}

/** Segments between two records of how far a pull has got: 16 MiB. */
const RECORD_EVERY = 16;

export function storeDrop(
	source: DropSource,
	database: EngagementDatabase,
	importId: string,
	{ packing = localPacking, staging = null }: StoreOptions = {},
): DropStoring {
	const resumed = staging?.resumed?.written ?? null;
	let recorded = resumed?.segments ?? 0;
	const record = async (): Promise<void> => {
		recorded = writer.durable().segments;
		if (staging) await saveStaged(database, staging.of, staging.keys, writer.durable());
	};
	const writer = segmentWriter(database.shelf('segment'), importId, {
		packing,
		resumed,
		onDurable: async () => {
			if (writer.durable().segments - recorded >= RECORD_EVERY) await record();
		},
	});
	const states = new Map<string, { stored: number; isBusy: boolean; isDone: boolean }>();
	for (const path of source.paths)
		if (isDropPath(path)) states.set(path, { stored: bytesIn(resumed?.extents.get(path) ?? []), isBusy: false, isDone: false });

	async function* open(path: string): AsyncGenerator<Uint8Array> {
		const state = states.get(path);
		if (state === undefined || state.isBusy || state.isDone) {
			yield* source.open(path);
			return;
		}
		state.isBusy = true;
		try {
			let at = 0;
			for await (const chunk of source.open(path)) {
				// An earlier pass may have been broken off: what it stored is not stored again.
				const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, state.stored - at)));
				at += chunk.length;
				if (fresh.length > 0) {
					await writer.write(path, fresh);
					state.stored += fresh.length;
				}
				yield chunk;
			}
			state.isDone = true;
		} finally {
			state.isBusy = false;
		}
	}

	return {
		source: {
			kind: source.kind,
			paths: source.paths,
			...(source.lost ? { lost: source.lost } : {}),
			size: (path) => source.size(path),
			open,
			readRange: source.readRange,
			close: () => source.close(),
		},
		commit: async (meta, onBytes = () => undefined) => {
			const paths = [...states.keys()].toSorted(compareText);
			for (const path of paths) if (!states.get(path)?.isDone) for await (const chunk of open(path)) onBytes(chunk.length);
			const totals = await writer.finish();
			// What could not be had is no empty file: it is not there.
			const files = paths.filter((path) => !source.lost?.has(path)).map((path) => fileRow(path, writer.extentsOf(path)));
			const body = { version: 1, kind: source.kind, ...totals, meta };
			await database.shelf('import').insert([{ id: importId, body, bytes: await deflate(utf8(JSON.stringify(files))) }]);
			if (staging) await forgetStaged(database);
			return { importId, kind: source.kind, ...totals, meta };
		},
		rollback: async () => {
			await writer.settle();
			await purgeImport(database, importId);
			if (staging) await forgetStaged(database);
		},
		setAside: async () => {
			await writer.finish();
			await record();
		},
	};
}

const bytesIn = (extents: readonly Extent[]): number => extents.reduce((size, { length }) => size + length, 0);

/** Removes everything of an import; the marker first, so that a crash in between leaves a half import, which the next opening removes. */
export async function purgeImport(database: EngagementDatabase, importId: string): Promise<void> {
	await database.shelf('import').purge([importId]);
	for (const name of ['segment', 'snapshot', 'result'] as const) {
		const shelf = database.shelf(name);
		await shelf.purge((await shelf.ids()).filter((id) => id.startsWith(`${importId}.`)));
	}
}

/** Removes what imports without a marker left, but for the beginning of a pull that is gone on with. @returns ids of the imports that stand */
export async function purgeHalfImports(database: EngagementDatabase): Promise<readonly string[]> {
	const standing = await database.shelf('import').ids();
	const isStanding = new Set(standing);
	for (const name of ['segment', 'snapshot', 'result'] as const) {
		const shelf = database.shelf(name);
		const ids = await shelf.ids();
		const staged = name === 'segment' ? await stagedSegments(database, ids, isStanding) : new Set<string>();
		const orphans = ids.filter((id) => !isStanding.has(id.slice(0, id.indexOf('.'))) && !staged.has(id));
		if (orphans.length > 0) await shelf.purge(orphans);
	}
	return standing;
}
