/** The catalogue: every test of the product, ordered by id. A test that is not in this list does not exist. */
import { compareText } from '#kernel';
import { BILLING_TESTS } from './billing.ts';
import { DISPUTE_RELEASE_TESTS } from './disputeRelease.ts';
import { DISPUTE_REVENUE_TESTS } from './disputeRevenue.ts';
import { DISPUTE_TESTS } from './disputes.ts';
import { EVENT_AUTHORITY_TESTS } from './eventsAuthority.ts';
import { EVENT_CLOCK_TESTS } from './eventsClocks.ts';
import { EVENT_DUTY_TESTS } from './eventsDuties.ts';
import { EVENT_FEED_TESTS } from './eventsFeeds.ts';
import { EVENT_PING_PONG_TESTS } from './eventsPingPong.ts';
import { EVENT_STALE_TESTS } from './eventsStale.ts';
import { EVENT_STATE_TESTS } from './eventsStates.ts';
import { EVENT_STEP_TESTS } from './eventsSteps.ts';
import { EXTRACTION_TESTS } from './extractionPeriods.ts';
import { SCHEMA_TESTS } from './extractionSchema.ts';
import { INTEGRITY_TESTS } from './integrity.ts';
import { CHECKPOINT_TESTS } from './integrityCheckpoints.ts';
import { COMPLETENESS_TESTS } from './ledgerCompleteness.ts';
import { CONTROL_TESTS } from './ledgerControls.ts';
import { CORRECTION_TESTS } from './ledgerCorrections.ts';
import { JOURNAL_TESTS } from './ledgerJournals.ts';
import { SUBLEDGER_TESTS } from './ledgerSubledger.ts';
import { MASTERS_TESTS } from './masters.ts';
import { NOT_YET_TESTS } from './notYet.ts';
import { REFERENCE_TESTS } from './references.ts';
import { REVENUE_ALLOCATION_TESTS } from './revenueAllocation.ts';
import { REVENUE_CONDITION_TESTS } from './revenueConditions.ts';
import { REVENUE_CUT_OFF_TESTS } from './revenueCutOff.ts';
import { REVENUE_DELAY_TESTS } from './revenueDelays.ts';
import { REVENUE_MEASUREMENT_TESTS } from './revenueMeasurement.ts';
import { REVENUE_MODIFICATION_TESTS } from './revenueModification.ts';
import { REVENUE_PROGRESS_TESTS } from './revenueProgress.ts';
import { REVENUE_PROOF_TESTS } from './revenueProof.ts';
import { REVENUE_RETURNED_TESTS } from './revenueReturned.ts';
import { REVENUE_UNBILLED_TESTS } from './revenueUnbilled.ts';
import type { AuditTest } from './types.ts';

const FAMILIES: readonly (readonly AuditTest[])[] = [
	BILLING_TESTS,
	EVENT_AUTHORITY_TESTS,
	EVENT_CLOCK_TESTS,
	EVENT_DUTY_TESTS,
	EVENT_FEED_TESTS,
	EVENT_PING_PONG_TESTS,
	EVENT_STALE_TESTS,
	EVENT_STATE_TESTS,
	EVENT_STEP_TESTS,
	EXTRACTION_TESTS,
	SCHEMA_TESTS,
	INTEGRITY_TESTS,
	CHECKPOINT_TESTS,
	COMPLETENESS_TESTS,
	CONTROL_TESTS,
	CORRECTION_TESTS,
	JOURNAL_TESTS,
	SUBLEDGER_TESTS,
	MASTERS_TESTS,
	NOT_YET_TESTS,
	DISPUTE_REVENUE_TESTS,
	DISPUTE_RELEASE_TESTS,
	REVENUE_MODIFICATION_TESTS,
	DISPUTE_TESTS,
	REFERENCE_TESTS,
	REVENUE_ALLOCATION_TESTS,
	REVENUE_CONDITION_TESTS,
	REVENUE_CUT_OFF_TESTS,
	REVENUE_DELAY_TESTS,
	REVENUE_MEASUREMENT_TESTS,
	REVENUE_PROGRESS_TESTS,
	REVENUE_PROOF_TESTS,
	REVENUE_RETURNED_TESTS,
	REVENUE_UNBILLED_TESTS,
];

export const CATALOGUE: readonly AuditTest[] = FAMILIES.flat().sort((a, b) => compareText(a.id, b.id));

export const testById = (id: string): AuditTest | undefined => CATALOGUE.find((test) => test.id === id);
