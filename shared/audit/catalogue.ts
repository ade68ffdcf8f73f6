/** The catalogue: every test of the product, ordered by id. A test that is not in this list does not exist. */
import { compareText } from '#kernel';
import { COMPLETENESS_TESTS } from './ledgerCompleteness.ts';
import { CORRECTION_TESTS } from './ledgerCorrections.ts';
import { JOURNAL_TESTS } from './ledgerJournals.ts';
import { SUBLEDGER_TESTS } from './ledgerSubledger.ts';
import { NOT_YET_TESTS } from './notYet.ts';
import type { AuditTest } from './types.ts';

export const CATALOGUE: readonly AuditTest[] = [
	...SUBLEDGER_TESTS,
	...COMPLETENESS_TESTS,
	...JOURNAL_TESTS,
	...CORRECTION_TESTS,
	...NOT_YET_TESTS,
].sort((a, b) => compareText(a.id, b.id));

export const testById = (id: string): AuditTest | undefined => CATALOGUE.find((test) => test.id === id);
