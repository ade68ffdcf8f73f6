/** What an open engagement keeps beside its log of acts: drops, their columnar snapshots, results of runs. */
import type { AuditResult } from '#audit';
import type { DropSource } from '#intake';
import { ok, utf8 } from '#kernel';
import type { FeedStage } from '#sync';
import { jsonOf, loadChunks, type NamedBytes, saveChunks } from './chunks.ts';
import type { Answer } from './contract.ts';
import type { EngagementDatabase } from './database.ts';
import type { Packing } from './packing.ts';
import type { RunDifferences } from './runDifference.ts';
import type { Bytes } from './sealing.ts';
import { type StoredImport, verifySegments } from './segments.ts';
import { purgeBehind, purgeStaged, readStaged, type Staged, stageOf } from './staging.ts';
import { type DropStaging, type DropStoring, purgeImport, storeDrop } from './storeDrop.ts';
import { readImport, type StoredDrop, storedDrop } from './storedDrop.ts';
import { guarded, refuse } from './vaultError.ts';

export interface EngagementStore {
	/** Refuses with `storage_full` where `bytes` of a drop are not likely to find room. */
	roomFor(bytes: number): Promise<Answer<void>>;
	/**
	 * Begins to store a drop: import from `source` of what it answers, then `commit`; on any failure `rollback`. Where the store does not
	 * take the bytes, the source throws what `guarded` turns into `storage_full` or `storage_failed`.
	 * @param importId 32 hex digits, new
	 */
	storeDrop(source: DropSource, importId: string, staging?: DropStaging | null): DropStoring;
	/** What a pull that was broken off has stored; it is no evidence, and no import. */
	readonly staged: StagedPull;
	/** Imports whose marker stands, in no particular order. */
	imports(): Promise<readonly StoredImport[]>;
	/** The drop of an import, decrypted on demand; null where there is none. */
	storedDrop(importId: string): Promise<StoredDrop | null>;
	/** Recomputes the chain over all of an import's segments. */
	verifyDrop(importId: string): Promise<Answer<void>>;
	removeImport(importId: string): Promise<void>;
	/** Keeps named byte strings of an import, in place of those kept before. @returns bytes stored */
	saveSnapshot(importId: string, parts: AsyncIterable<NamedBytes> | Iterable<NamedBytes>): Promise<number>;
	/** Null where there is none, or where saving it was broken off: then build it from the drop. */
	loadSnapshot(importId: string): Promise<ReadonlyMap<string, Bytes> | null>;
	saveResults(importId: string, kept: KeptResults): Promise<void>;
	loadResults(importId: string): Promise<KeptResults | null>;
}

interface StagedPull {
	read(): Promise<Staged | null>;
	/** Its files, read out of its segments. */
	files(staged: Staged): FeedStage;
	/** Removes what was written after its record; then a storing can go on behind it. */
	cutEnd(staged: Staged): Promise<void>;
	remove(): Promise<void>;
}

/** Results of an import, and how they differ from those of the run before. */
export interface KeptResults {
	readonly result: AuditResult;
	readonly differences: RunDifferences;
}

const RESULT = 'result.json';
const DIFFERENCES = 'differences.json';

/** Bytes that the browser may still take; null where it does not say. */
export type FreeSpace = () => Promise<number | null>;

/** What a drop takes of its own size in segments, snapshot and results, measured below a half; the rest is for the store's own work. */
const ROOM_SHARE = 1;

export function engagementStore(
	database: EngagementDatabase,
	{ freeSpace, packing }: { readonly freeSpace: FreeSpace; readonly packing: Packing },
): EngagementStore {
	const roomFor = async (bytes: number): Promise<Answer<void>> => {
		const free = await freeSpace();
		if (free === null || free >= bytes * ROOM_SHARE) return ok(undefined);
		const [needed, left] = [bytes * ROOM_SHARE, free].map((size) => Math.ceil(size / 1_048_576));
		return refuse(
			'storage_full',
			`The drop needs about ${needed} MiB of room and ${left} MiB are free. Free some disk space and import it again.`,
		);
	};
	return {
		roomFor,
		storeDrop: (source, importId, staging = null) => storeDrop(source, database, importId, { packing, staging }),
		staged: {
			read: () => readStaged(database),
			files: (staged) => stageOf(database, staged),
			cutEnd: (staged) => purgeBehind(database, staged),
			remove: () => purgeStaged(database),
		},
		imports: async () => {
			const ids = await database.shelf('import').ids();
			const imports = await Promise.all(ids.map((id) => readImport(database, id)));
			return imports.flatMap((each) => (each === null ? [] : [each]));
		},
		storedDrop: (importId) => storedDrop(database, importId, packing),
		verifyDrop: (importId) =>
			guarded(async () => {
				const stored = await readImport(database, importId);
				if (stored === null) return refuse('not_found', 'This import is not stored here any more.');
				const broken = await verifySegments(database.shelf('segment'), importId, stored);
				if (broken === null) return ok(undefined);
				return refuse(
					'engagement_damaged',
					`Segment ${broken} of the stored evidence is missing or out of order. Restore the engagement from a backup.`,
				);
			}),
		removeImport: (importId) => purgeImport(database, importId),
		saveSnapshot: (importId, parts) => saveChunks(database.shelf('snapshot'), importId, parts, packing),
		loadSnapshot: (importId) => loadChunks(database.shelf('snapshot'), importId, packing),
		saveResults: async (importId, { result, differences }) => {
			const parts = [
				{ name: RESULT, bytes: utf8(JSON.stringify(result)) },
				{ name: DIFFERENCES, bytes: utf8(JSON.stringify(differences)) },
			];
			await saveChunks(database.shelf('result'), importId, parts, packing);
		},
		loadResults: async (importId) => {
			const parts = await loadChunks(database.shelf('result'), importId, packing);
			const [result, differences] = [parts?.get(RESULT), parts?.get(DIFFERENCES)];
			if (result === undefined) return null;
			return {
				result: jsonOf(result) as AuditResult,
				differences: differences === undefined ? {} : (jsonOf(differences) as RunDifferences),
			};
		},
	};
}
