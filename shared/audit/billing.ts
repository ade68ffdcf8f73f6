/** The tests of what was billed against what was ordered, shipped and agreed. */
import { AMOUNT_TESTS } from './billingAmounts.ts';
import { COMPLETENESS_TESTS } from './billingCompleteness.ts';
import { DUPLICATE_TESTS } from './billingDuplicates.ts';
import { FUZZY_DUPLICATE_TESTS } from './billingFuzzyDuplicates.ts';
import { NUMBERING_TESTS } from './billingNumbering.ts';
import { REFERENCE_TESTS } from './billingReferences.ts';
import { REVERSAL_TESTS } from './billingReversals.ts';
import { UNINVOICED_TESTS } from './billingUninvoiced.ts';
import { UNSHIPPED_TESTS } from './billingUnshipped.ts';
import type { AuditTest } from './types.ts';

export const BILLING_TESTS: readonly AuditTest[] = [
	...UNINVOICED_TESTS,
	...UNSHIPPED_TESTS,
	...COMPLETENESS_TESTS,
	...REFERENCE_TESTS,
	...AMOUNT_TESTS,
	...DUPLICATE_TESTS,
	...FUZZY_DUPLICATE_TESTS,
	...NUMBERING_TESTS,
	...REVERSAL_TESTS,
];
