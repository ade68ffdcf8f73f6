/** The catalogue: every test of the product, ordered by id. A test that is not in this list does not exist. */
import { compareText } from '#kernel';
import { NOT_YET_TESTS } from './notYet.ts';
import type { AuditTest } from './types.ts';

export const CATALOGUE: readonly AuditTest[] = [...NOT_YET_TESTS].sort((a, b) => compareText(a.id, b.id));

export const testById = (id: string): AuditTest | undefined => CATALOGUE.find((test) => test.id === id);
