/**
 * Which exceptions came and went between the last two results of a test. Kept beside the results, sealed as they are, because the next run
 * replaces the exceptions of the one before. Each names the two results it lies between: where the log names others, it says nothing.
 */
import type { TestResult } from '#audit';
import { exceptionKeys } from '#findings';

interface KeyedException {
	readonly key: string;
	readonly exception: TestResult['exceptions'][number];
}

/** What two results of one test have in common. */
export interface ExceptionDifference {
	readonly added: readonly KeyedException[];
	readonly gone: readonly KeyedException[];
	readonly same: number;
}

interface RunDifference extends ExceptionDifference {
	/** `result_sha256` of both. */
	readonly before: string;
	readonly now: string;
}

/** By test. */
export type RunDifferences = Readonly<Record<string, RunDifference>>;

function keyed(result: TestResult): ReadonlyMap<string, KeyedException> {
	const keys = exceptionKeys(result);
	return new Map(
		result.exceptions.map((exception, at) => {
			const key = keys[at] as string;
			return [key, { key, exception }];
		}),
	);
}

export function differenceOf(before: TestResult, now: TestResult): ExceptionDifference {
	const [old, fresh] = [keyed(before), keyed(now)];
	const added = [...fresh.values()].filter(({ key }) => !old.has(key));
	const gone = [...old.values()].filter(({ key }) => !fresh.has(key));
	return { added, gone, same: fresh.size - added.length };
}

/**
 * The differences after a run: those of tests that did not run stay.
 * @param before the result before of each test that has one
 */
export function differencesAfter(
	kept: RunDifferences,
	before: ReadonlyMap<string, TestResult>,
	fresh: readonly TestResult[],
): RunDifferences {
	const next = new Map(Object.entries(kept));
	for (const now of fresh) {
		const last = before.get(now.test);
		if (last) next.set(now.test, { before: last.result_sha256, now: now.result_sha256, ...differenceOf(last, now) });
		else next.delete(now.test);
	}
	return Object.fromEntries(next);
}

/** What is kept of a test, where it lies between these two results. */
export function differenceBetween(kept: RunDifferences, test: string, before: string, now: string): ExceptionDifference | null {
	const one = kept[test];
	return one?.before === before && one.now === now ? one : null;
}
