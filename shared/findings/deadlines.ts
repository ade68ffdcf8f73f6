/** By when the file must be complete after the report is released. Calendar days; nothing here reads a clock. */
import { formatDay, ok, parseDay, type Result } from '#kernel';

export type ArchiveRule = 'as1215' | 'as1215_before' | 'isa230';

export const ARCHIVE_RULES: Readonly<Record<ArchiveRule, { readonly days: number; readonly source: string; readonly applies: string }>> = {
	as1215: {
		days: 14,
		source: 'AS 1215.15',
		applies: 'fiscal years beginning on or after 2024-12-15 (firms with more than 100 issuers) or 2025-12-15 (all others)',
	},
	as1215_before: { days: 45, source: 'AS 1215.15 as it was', applies: 'earlier fiscal years' },
	isa230: { days: 60, source: 'ISA 230.A21', applies: 'audits under ISA' },
};

/** Which documentation rule of the PCAOB holds for a fiscal year. @param yearBegins `YYYY-MM-DD` */
export const as1215Rule = (yearBegins: string, hasOver100Issuers: boolean): ArchiveRule =>
	yearBegins >= (hasOver100Issuers ? '2024-12-15' : '2025-12-15') ? 'as1215' : 'as1215_before';

/** The last day on which the file may still be assembled. @param released `YYYY-MM-DD` */
export function archiveDeadline(released: string, rule: ArchiveRule): Result<string, 'not_a_date'> {
	const day = parseDay(released);
	return day.ok ? ok(formatDay(day.value + ARCHIVE_RULES[rule].days)) : day;
}

/** Days from one calendar day to another; negative when it is past. */
export function daysUntil(from: string, to: string): Result<number, 'not_a_date'> {
	const [a, b] = [parseDay(from), parseDay(to)];
	if (!a.ok) return a;
	return b.ok ? ok(b.value - a.value) : b;
}
