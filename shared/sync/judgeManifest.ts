/** A signed manifest against what was pinned: a signature alone does not let a hub take back what it has published before. */
import type { DeclaredTable, Manifest } from '#evidence';
import { err, ok, type Result } from '#kernel';
import { distrust, type SyncStop } from './syncStop.ts';

/** Of the last pull: revision and rows of each plain table. */
interface PinnedTables {
	readonly revisions: Readonly<Record<string, number>>;
	readonly rows: Readonly<Record<string, number>>;
}

/** Whether a publication is of this log, says how long its files are, and goes on from the one that was pulled last. */
export function judgeManifest({ log, tables }: Manifest, expected: string, pinned: PinnedTables | null): Result<void, SyncStop> {
	if (log !== expected)
		return err(distrust('wrong_origin', 'publication', `The manifest speaks of the log ${log ?? 'none'}, not of ${expected}.`));
	const unbounded = tables.find(({ bytes }) => bytes === null);
	if (unbounded)
		return err(distrust('manifest_differs', unbounded.table, `The signed manifest does not say how long ${unbounded.table} is.`));
	const declared = new Map(tables.map((each) => [each.table, each]));
	for (const table of Object.keys(pinned?.rows ?? {})) {
		const next = declared.get(table);
		if (!next) return err(distrust('rollback', table, `${table} was published before and is not part of the newer publication.`));
		const [before, after] = [pinned?.revisions[table], revisionOf(next)];
		if (before !== undefined && (after === undefined || after < before))
			return err(
				distrust(
					'rollback',
					table,
					`${table} was published at revision ${before} before; the newer publication has it at ${after ?? 'none'}.`,
				),
			);
	}
	return ok(undefined);
}

/** The revision a plain table was cut at, as the manifest says, which is signed: the answer's own list is not. */
export function revisionOf({ query }: DeclaredTable): number | undefined {
	const [, digits] = /^revision (\d{1,15})$/.exec(query ?? '') ?? [];
	return digits === undefined ? undefined : Number(digits);
}
