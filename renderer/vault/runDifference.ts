/** Which exceptions came and went between the last two results of a test. Kept for as long as the engagement is open: the next run replaces the exceptions of the one before. */
import type { AuditResult, TestResult } from '#audit';
import { exceptionKey } from '#findings';

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

const kept = new WeakMap<object, Map<string, ExceptionDifference>>();

const keyed = ({ test, exceptions }: TestResult): ReadonlyMap<string, KeyedException> =>
	new Map(exceptions.map((exception) => [exceptionKey(test, exception), { key: exceptionKey(test, exception), exception }]));

export function differenceOf(before: TestResult, now: TestResult): ExceptionDifference {
	const [old, fresh] = [keyed(before), keyed(now)];
	const added = [...fresh.values()].filter(({ key }) => !old.has(key));
	const gone = [...old.values()].filter(({ key }) => !fresh.has(key));
	return { added, gone, same: fresh.size - added.length };
}

/** @param engagement the open one; what is kept goes with it */
export function keepDifferences(engagement: object, before: AuditResult | null, fresh: readonly TestResult[]): void {
	const own = kept.get(engagement) ?? new Map<string, ExceptionDifference>();
	const old = new Map((before?.tests ?? []).map((result) => [result.test, result]));
	for (const result of fresh) {
		const last = old.get(result.test);
		if (last) own.set(result.test, differenceOf(last, result));
		else own.delete(result.test);
	}
	kept.set(engagement, own);
}

export const keptDifference = (engagement: object, test: string): ExceptionDifference | null => kept.get(engagement)?.get(test) ?? null;
