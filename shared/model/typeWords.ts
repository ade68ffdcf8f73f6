/** What a column takes, in the words of an error: "expected a date like 2026-03-31". */
import type { ColumnType } from './types.ts';

export const TYPE_WORDS: Readonly<Record<ColumnType, string>> = {
	id: 'a non-empty text',
	text: 'a text',
	label: 'a non-empty text or a whole number',
	int: 'a whole number',
	minor: 'a whole number of minor units',
	qty: 'a decimal text of at most 6 decimals',
	decimal: 'a decimal text',
	ts: 'an instant like 2026-03-31T23:15:00.000Z',
	date: 'a date like 2026-03-31',
	period: 'a period like 2026-03',
	bool: 'true or false',
	cur: 'an ISO 4217 code',
	sha: '64 lower-case hex digits',
};
