/** The exceptions of a result as rows to judge: what the result says, by severity and amount, beside what was judged. */
import { type AuditResult, type CitedRow, type Severity, testById } from '#audit';
import { compareText, currencyExponent } from '#kernel';
import type { TriageVerdict } from './acts.ts';
import { signedExceptions } from './decideJudgement.ts';
import { exceptionIndex } from './exceptionKey.ts';
import type { Judgement, Workbook } from './workbook.ts';

/** What the result says of an exception. */
export interface InboxException {
	readonly key: string;
	readonly test: string;
	readonly title: string;
	readonly severity: Severity;
	readonly orderId: string | null;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	readonly reason: string;
	readonly keys: Readonly<Record<string, string>>;
	readonly rows: readonly CitedRow[];
}

/** With what was judged. */
export interface InboxRow extends InboxException {
	readonly verdict: TriageVerdict;
	readonly judgement: Judgement | null;
	/** The test gave another result since this was judged. */
	readonly isChanged: boolean;
	/** Label of the signed finding that keeps it from being judged anew. */
	readonly tiedTo: string | null;
}

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

export const severityRank = (severity: Severity): number => SEVERITY_RANK[severity];

const bases = new WeakMap<AuditResult, readonly InboxException[]>();

/** All exceptions of a result, worst first: by severity, then by amount whatever its currency, then by test and order. Kept per result. */
export function inboxExceptions(result: AuditResult): readonly InboxException[] {
	const known = bases.get(result);
	if (known) return known;
	const rows = Array.from(
		exceptionIndex(result).values(),
		({ key, test: { test, title }, exception }): InboxException => ({
			key,
			test,
			title,
			severity: testById(test)?.severity ?? 'medium',
			orderId: exception.order_id,
			amountMinor: exception.amount_minor === null ? null : BigInt(exception.amount_minor),
			currency: exception.currency,
			reason: exception.reason,
			keys: exception.keys,
			rows: exception.rows,
		}),
	);
	rows.sort(
		(a, b) =>
			severityRank(a.severity) - severityRank(b.severity) ||
			compareWeight(b, a) ||
			compareText(a.test, b.test) ||
			compareText(a.orderId ?? '', b.orderId ?? '') ||
			compareText(a.key, b.key),
	);
	bases.set(result, rows);
	return rows;
}

/** By absolute amount in whole units: an order for people, no sum over currencies. */
export function compareWeight(a: InboxException, b: InboxException): number {
	const [left, right] = [weight(a), weight(b)];
	return left < right ? -1 : left > right ? 1 : 0;
}

const FINEST = 4;

function weight({ amountMinor, currency }: InboxException): bigint {
	if (amountMinor === null) return -1n;
	const absolute = amountMinor < 0n ? -amountMinor : amountMinor;
	return absolute * 10n ** BigInt(FINEST - currencyExponent(currency ?? ''));
}

/** Joins exceptions with what was judged. */
export function inboxJudge(workbook: Workbook): (exception: InboxException) => InboxRow {
	const changedAt = testChanges(workbook);
	const tied = signedExceptions(workbook);
	return (exception) => {
		const judgement = workbook.judgements.get(exception.key) ?? null;
		return {
			...exception,
			verdict: judgement?.verdict ?? 'new',
			judgement,
			isChanged: judgement !== null && judgement.stamp.seq < (changedAt.get(exception.test) ?? 0),
			tiedTo: tied.get(exception.key)?.label ?? null,
		};
	};
}

/** By test: the act that recorded a result other than the one before. */
export function testChanges(workbook: Workbook): ReadonlyMap<string, number> {
	const last = new Map<string, string>();
	const changedAt = new Map<string, number>();
	for (const { tests, stamp } of workbook.runs)
		for (const { test, resultSha256 } of tests) {
			const before = last.get(test);
			if (before !== undefined && before !== resultSha256) changedAt.set(test, stamp.seq);
			last.set(test, resultSha256);
		}
	return changedAt;
}
