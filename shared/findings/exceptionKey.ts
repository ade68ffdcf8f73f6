/** The name of an exception that stays the same over runs: of what it is about, not of its place. */
import type { AuditResult, ExceptionResult, TestResult } from '#audit';
import { canonicalize, sha256HexOfText } from '#kernel';

type Subject = Pick<ExceptionResult, 'order_id' | 'keys'>;

const named = (content: Parameters<typeof canonicalize>[0]): string => sha256HexOfText(canonicalize(content)).slice(0, 32);

/** First 32 hex digits of the SHA-256 over the canonical JSON of {test, order_id, keys}: of an exception that is the only one of its test about its subject. */
export const exceptionKey = (test: string, { order_id, keys }: Subject): string => named({ test, order_id, keys });

/**
 * The keys of all exceptions of a test, in their order. Where several are about one subject each is named by its sentence as well, so that who
 * explains one has not explained the others; the key of one changes when another comes or goes, and it is to be judged anew.
 */
export function exceptionKeys({ test, exceptions }: Pick<TestResult, 'test' | 'exceptions'>): readonly string[] {
	const known = keysOf.get(exceptions);
	if (known) return known;
	const subjects = exceptions.map((exception) => exceptionKey(test, exception));
	const times = new Map<string, number>();
	for (const subject of subjects) times.set(subject, (times.get(subject) ?? 0) + 1);
	const seen = new Map<string, number>();
	const keys = exceptions.map(({ order_id, keys: subject, reason }, at) => {
		const alone = subjects[at] as string;
		if (times.get(alone) === 1) return alone;
		const sentence = `${alone} ${reason}`;
		const time = (seen.get(sentence) ?? 0) + 1;
		seen.set(sentence, time);
		return named({ test, order_id, keys: subject, reason, time });
	});
	keysOf.set(exceptions, keys);
	return keys;
}

const keysOf = new WeakMap<readonly ExceptionResult[], readonly string[]>();

export interface KeyedException {
	readonly key: string;
	readonly test: TestResult;
	readonly exception: ExceptionResult;
}

const indexes = new WeakMap<AuditResult, ReadonlyMap<string, KeyedException>>();

/** The exceptions of a result by key, in the result's order. Kept per result. */
export function exceptionIndex(result: AuditResult): ReadonlyMap<string, KeyedException> {
	const known = indexes.get(result);
	if (known) return known;
	const index = new Map<string, KeyedException>();
	for (const test of result.tests) {
		const keys = exceptionKeys(test);
		for (const [at, exception] of test.exceptions.entries()) {
			const key = keys[at] as string;
			index.set(key, { key, test, exception });
		}
	}
	indexes.set(result, index);
	return index;
}
