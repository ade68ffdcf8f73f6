/** Contract modifications: the decision table of ASC 606-10-25-12 and 25-13, and the cumulative catch-up. */
import { mulDivRoundHalfUp } from '#kernel';

export type Treatment = 'separate' | 'prospective' | 'catch_up';

export interface ModificationTerms {
	/** Adds goods or services that are distinct. */
	readonly addsDistinct: boolean;
	/** …at their stand-alone selling prices. */
	readonly atStandAlonePrice: boolean;
	/** What remains to be transferred is distinct from what was. */
	readonly remainingDistinct: boolean;
}

/** A separate contract (25-12), else prospective (25-13(a)), else a cumulative catch-up (25-13(b)). */
export function treatmentOf({ addsDistinct, atStandAlonePrice, remainingDistinct }: ModificationTerms): Treatment {
	if (addsDistinct && atStandAlonePrice) return 'separate';
	return remainingDistinct ? 'prospective' : 'catch_up';
}

/**
 * The catch-up adjustment: `revised price × done ÷ whole − recognised`, rounded half up.
 * @param whole of the progress measure, not zero · @see ASC 606-10-25-13(b)
 */
export const catchUpAdjustment = (revisedPrice: bigint, done: bigint, whole: bigint, recognised: bigint): bigint =>
	mulDivRoundHalfUp(revisedPrice, done, whole) - recognised;
