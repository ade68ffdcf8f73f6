/**
 * What a pull that was broken off has stored already: segments of an import that never came to stand, and a record that says how far they
 * reach. It is no evidence: nothing reads it but the next pull, which verifies all of it with the rest before anything counts. There is one
 * at most; segments that it does not count are those of a half import.
 */
import { type Json, utf8 } from '#kernel';
import type { FeedStage, StageKeys } from '#sync';
import type { EngagementDatabase } from './database.ts';
import { deflate } from './deflate.ts';
import { type Extent, extentsOf, type FileRow, fileRow, type SegmentTotals, segmentId, type WrittenSoFar } from './segments.ts';
import type { StoredRecord } from './shelf.ts';
import { fileRowsOf, segmentFiles } from './storedDrop.ts';

const ID = 'sync.staging';

interface StagedBody extends SegmentTotals {
	readonly version: 1;
	readonly importId: string;
	/** Fingerprint of the policy under which it was asked for. */
	readonly policy: string;
	readonly publication: number;
	/** By path. */
	readonly keys: Readonly<Record<string, string>>;
}

/** A pull that was broken off. */
export interface Staged {
	readonly importId: string;
	readonly policy: string;
	readonly publication: number;
	readonly keys: StagedBody['keys'];
	readonly written: WrittenSoFar;
	readonly rows: readonly FileRow[];
}

/** Whose pull it is. */
export type StagingOf = Pick<Staged, 'importId' | 'policy' | 'publication'>;

/** What is stored of a pull; null where nothing is. */
export async function readStaged(database: EngagementDatabase): Promise<Staged | null> {
	const [record] = await database.shelf('draft').get([ID]);
	return record === undefined ? null : stagedOf(record);
}

async function stagedOf({ body, bytes }: StoredRecord): Promise<Staged | null> {
	const { version, importId, policy, publication, keys, ...totals } = body as unknown as StagedBody;
	if (version !== 1) return null;
	const rows = await fileRowsOf(bytes);
	const extents = new Map(rows.map(([path, , flat]): [string, readonly Extent[]] => [path, extentsOf(flat)]));
	return { importId, policy, publication, keys, rows, written: { ...totals, extents } };
}

/** Says durably how far the segments of a pull reach. */
export async function saveStaged(
	database: EngagementDatabase,
	{ importId, policy, publication }: StagingOf,
	usable: StageKeys,
	written: WrittenSoFar,
): Promise<void> {
	const keys: Record<string, string> = {};
	const rows: FileRow[] = [];
	for (const [path, extents] of written.extents) {
		const name = usable.get(path)?.name;
		if (name === undefined || extents.length === 0) continue;
		keys[path] = name;
		rows.push(fileRow(path, extents));
	}
	const { segments, chain, raw, stored } = written;
	const body: StagedBody = { version: 1, importId, policy, publication, keys, segments, chain, raw, stored };
	await database.shelf('draft').put({ id: ID, body: body as unknown as Json, bytes: await deflate(utf8(JSON.stringify(rows))) });
}

/** Forgets a pull that was broken off, its record last, so that a crash in between leaves nothing unknown. */
export async function purgeStaged(database: EngagementDatabase): Promise<void> {
	const staged = await readStaged(database);
	if (staged && !(await database.shelf('import').ids()).includes(staged.importId)) {
		const segments = database.shelf('segment');
		await segments.purge((await segments.ids()).filter((id) => id.startsWith(`${staged.importId}.`)));
	}
	await forgetStaged(database);
}

/** The segments are those of an import that stands now, or are gone. */
export const forgetStaged = (database: EngagementDatabase): Promise<void> => database.shelf('draft').purge([ID]);

/** Ids of the segments that a pull which was broken off goes on from: all of them are there, or none is. */
export async function stagedSegments(
	database: EngagementDatabase,
	segmentIds: readonly string[],
	standing: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
	const staged = await readStaged(database);
	if (!staged) return new Set();
	const there = new Set(segmentIds);
	const wanted = Array.from({ length: staged.written.segments }, (_, at) => segmentId(staged.importId, at));
	if (!standing.has(staged.importId) && wanted.every((id) => there.has(id))) return new Set(wanted);
	await forgetStaged(database);
	return new Set();
}

/** What lies behind the record: segments of the pull that were written after it was saved last. */
export async function purgeBehind(database: EngagementDatabase, { importId, written }: Staged): Promise<void> {
	const segments = database.shelf('segment');
	const end = segmentId(importId, written.segments);
	await segments.purge((await segments.ids()).filter((id) => id.startsWith(`${importId}.`) && id >= end));
}

/** The files of it that a plan can go on from; null where too little of them is of use: then a new beginning costs less than what lies dead. */
export function usableOf(staged: Staged, usable: StageKeys): Staged | null {
	const rows = staged.rows.filter(([path, size]) => {
		const wanted = usable.get(path);
		return wanted !== undefined && wanted.name === staged.keys[path] && (wanted.isWholeOnly ? size === wanted.bytes : size <= wanted.bytes);
	});
	const bytes = rows.reduce((sum, [, size]) => sum + size, 0);
	if (bytes * 2 < staged.written.raw) return null;
	const isUsable = new Set(rows.map(([path]) => path));
	const extents = new Map([...staged.written.extents].filter(([path]) => isUsable.has(path)));
	return { ...staged, rows, written: { ...staged.written, extents } };
}

/** Its files as the next pull goes on from them. */
export function stageOf(database: EngagementDatabase, { importId, rows }: Staged): FeedStage {
	const files = segmentFiles(database.shelf('segment'), importId, rows);
	const sizes = new Map(rows.map(([path, size]) => [path, size]));
	return { bytesOf: (path) => sizes.get(path) ?? 0, open: files.open };
}
