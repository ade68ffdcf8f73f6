/** The name of an exception that stays the same over runs: of what it is about, not of its place or its wording. */
import type { AuditResult, ExceptionResult, TestResult } from '#audit';
import { canonicalize, sha256HexOfText } from '#kernel';

/** First 32 hex digits of the SHA-256 over the canonical JSON of {test, order_id, keys}. */
export const exceptionKey = (test: string, exception: Pick<ExceptionResult, 'order_id' | 'keys'>): string =>
	sha256HexOfText(canonicalize({ test, order_id: exception.order_id, keys: exception.keys })).slice(0, 32);

export interface KeyedException {
	readonly key: string;
	readonly test: TestResult;
	readonly exception: ExceptionResult;
}

const indexes = new WeakMap<AuditResult, ReadonlyMap<string, readonly KeyedException[]>>();

/** The exceptions of a result by key, in the result's order. Two of one test about the same subject share a key, and a judgement. Kept per result. */
export function exceptionIndex(result: AuditResult): ReadonlyMap<string, readonly KeyedException[]> {
	const known = indexes.get(result);
	if (known) return known;
	const index = new Map<string, KeyedException[]>();
	for (const test of result.tests)
		for (const exception of test.exceptions) {
			const key = exceptionKey(test.test, exception);
			const alike = index.get(key);
			if (alike) alike.push({ key, test, exception });
			else index.set(key, [{ key, test, exception }]);
		}
	indexes.set(result, index);
	return index;
}
