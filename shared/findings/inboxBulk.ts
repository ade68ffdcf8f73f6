/** What judging many exceptions at once would do. */
import { compareText } from '#kernel';
import type { InboxRow } from './inboxRows.ts';

export interface BulkPreview {
	/** Exceptions that the condition keeps. */
	readonly matching: number;
	/** Those that would get the verdict. */
	readonly changes: number;
	/** Further rows about the same subjects, which share the verdict. */
	readonly alike: number;
	/** Of the changes: those that have another verdict now, which would be replaced. */
	readonly overwrites: number;
	/** Judged already, and left as they are. */
	readonly kept: number;
	/** Evidence of a signed finding: never touched. */
	readonly tied: number;
	readonly sums: readonly { readonly currency: string; readonly minor: bigint }[];
	/** To be judged, each once. */
	readonly keys: readonly string[];
}

/**
 * What judging all rows would do, before it is done.
 * @param overwrite whether exceptions that are judged already get the new verdict too
 */
export function bulkPreview(rows: readonly InboxRow[], overwrite: boolean): BulkPreview {
	const keys = new Set<string>();
	const sums = new Map<string, bigint>();
	let [overwrites, kept, tied, alike] = [0, 0, 0, 0];
	for (const row of rows) {
		const isJudged = row.verdict !== 'new';
		if (row.tiedTo !== null) tied++;
		else if (isJudged && !overwrite) kept++;
		else {
			if (row.amountMinor !== null && row.currency !== null) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.amountMinor);
			if (keys.has(row.key)) alike++;
			else if (isJudged) overwrites++;
			keys.add(row.key);
		}
	}
	return {
		matching: rows.length,
		changes: keys.size,
		alike,
		overwrites,
		kept,
		tied,
		sums: [...sums].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => compareText(a.currency, b.currency)),
		keys: [...keys],
	};
}
