/**
 * Stores a drop while it is being read: a `DropSource` that passes bytes through and keeps them, each file exactly once. What the import
 * did not read to its end is read at the commit. Nothing counts until the commit's marker is written.
 */
import { type DropSource, isDropPath } from '#intake';
import { compareText, type Json, utf8 } from '#kernel';
import type { EngagementDatabase } from './database.ts';
import { deflate } from './deflate.ts';
import { type Deflate, type Extent, type SegmentTotals, segmentWriter } from './segments.ts';

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
}

/** An import that stands. */
export interface StoredImport extends SegmentTotals {
	readonly importId: string;
	readonly kind: DropSource['kind'];
	readonly meta: Json;
}

/** `[path, bytes, extents as segment, offset, length, segment, …]` for each file, in order of path. */
export type FileRow = readonly [path: string, size: number, extents: readonly number[]];

export function storeDrop(source: DropSource, database: EngagementDatabase, importId: string, compress: Deflate = deflate): DropStoring {
	const segments = database.shelf('segment');
	const writer = segmentWriter(segments, importId, compress);
	const states = new Map<string, { stored: number; isBusy: boolean; isDone: boolean }>();
	for (const path of source.paths) if (isDropPath(path)) states.set(path, { stored: 0, isBusy: false, isDone: false });

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
			size: (path) => source.size(path),
			open,
			readRange: source.readRange,
			close: () => source.close(),
		},
		commit: async (meta, onBytes = () => undefined) => {
			const paths = [...states.keys()].toSorted(compareText);
			for (const path of paths) if (!states.get(path)?.isDone) for await (const chunk of open(path)) onBytes(chunk.length);
			const totals = await writer.finish();
			const files = paths.map((path): FileRow => [path, states.get(path)?.stored ?? 0, flat(writer.extentsOf(path))]);
			const body = { version: 1, kind: source.kind, ...totals, meta };
			await database.shelf('import').insert([{ id: importId, body, bytes: await deflate(utf8(JSON.stringify(files))) }]);
			return { importId, kind: source.kind, ...totals, meta };
		},
		rollback: async () => {
			await writer.settle();
			await purgeImport(database, importId);
		},
	};
}

const flat = (extents: readonly Extent[]): number[] => extents.flatMap(({ segment, offset, length }) => [segment, offset, length]);

/** Removes everything of an import; the marker first, so that a crash in between leaves a half import, which the next opening removes. */
export async function purgeImport(database: EngagementDatabase, importId: string): Promise<void> {
	await database.shelf('import').purge([importId]);
	for (const name of ['segment', 'snapshot', 'result'] as const) {
		const shelf = database.shelf(name);
		await shelf.purge((await shelf.ids()).filter((id) => id.startsWith(`${importId}.`)));
	}
}

/** Removes what imports without a marker left. @returns ids of the imports that stand */
export async function purgeHalfImports(database: EngagementDatabase): Promise<readonly string[]> {
	const standing = await database.shelf('import').ids();
	const isStanding = new Set(standing);
	for (const name of ['segment', 'snapshot', 'result'] as const) {
		const shelf = database.shelf(name);
		const orphans = (await shelf.ids()).filter((id) => !isStanding.has(id.slice(0, id.indexOf('.'))));
		if (orphans.length > 0) await shelf.purge(orphans);
	}
	return standing;
}
