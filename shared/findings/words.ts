/** Words of the work papers, one a thing: verdicts, states, fields, roles of a sign-off. */
import type { FindingField, FindingState, TriageVerdict } from './acts.ts';

export const VERDICT_WORDS: Readonly<Record<TriageVerdict, string>> = {
	new: 'New',
	confirmed: 'Confirmed',
	explained: 'Explained',
	duplicate: 'Duplicate',
	below_trivial: 'Below trivial',
	waiting: 'Waiting for client',
};

export const STATE_WORDS: Readonly<Record<FindingState, string>> = {
	draft: 'Draft',
	prepared: 'Prepared',
	reviewed: 'Reviewed',
	issued: 'Issued',
	withdrawn: 'Withdrawn',
};

export const FIELD_WORDS: Readonly<Record<FindingField, string>> = {
	title: 'Title',
	severity: 'Severity',
	condition: 'Condition',
	criteria: 'Criteria',
	cause: 'Cause',
	effect: 'Effect',
	recommendation: 'Recommendation',
	response: 'Management response',
};

/** The name of a signed field: those of a finding, its evidence, and what other targets hold. */
export const fieldWord = (name: string): string =>
	Object.hasOwn(FIELD_WORDS, name) ? FIELD_WORDS[name as FindingField] : capital(inWords(name));

/** trustedKeys → trusted keys */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "1 exception", "2,131 exceptions". */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
	`${count.toLocaleString('en-US')} ${count === 1 ? noun : nouns}`;
