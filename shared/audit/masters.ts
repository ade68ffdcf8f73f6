/** The tests of master data and of the authority that rests on it. */
import { AUTHORITY_TESTS } from './mastersAuthority.ts';
import { CREDIT_TESTS } from './mastersCredit.ts';
import { RECORD_TESTS } from './mastersRecords.ts';
import { SPLIT_TESTS } from './mastersSplits.ts';
import type { AuditTest } from './types.ts';

export const MASTERS_TESTS: readonly AuditTest[] = [...RECORD_TESTS, ...AUTHORITY_TESTS, ...CREDIT_TESTS, ...SPLIT_TESTS];
