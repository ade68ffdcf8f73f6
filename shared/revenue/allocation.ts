/** Allocation of a transaction price over obligations by relative stand-alone selling price (ASC 606-10-32-28 to 32-35). */
import { absolute, allocateLargestRemainder, maximum, mulDivRoundHalfUp } from '#kernel';

/**
 * The price split in proportion to the stand-alone selling prices, to the cent and without remainder.
 * @returns null where no stand-alone price is known: an even split is never assumed
 */
export const allocateByStandAlonePrice = (price: bigint, standAlonePrices: readonly bigint[]): bigint[] | null =>
	allocateLargestRemainder(price, standAlonePrices);

/** The share of one obligation, rounded half up: `price × SSP ÷ ΣSSP`. `sum` is not zero. */
export const allocationShare = (price: bigint, standAlonePrice: bigint, sum: bigint): bigint =>
	mulDivRoundHalfUp(price, standAlonePrice, sum);

/** Whether a booked allocation lies within `max(epsilon, coefficient × 10^−scale percent)` of the share it should be. */
export function isAllocationWithin(
	allocated: bigint,
	share: bigint,
	epsilon: bigint,
	percent: { readonly coefficient: bigint; readonly scale: number },
): boolean {
	// Compared as 100 × 10^scale × difference ≤ coefficient × share, so that nothing is rounded on the way.
	const difference = absolute(allocated - share);
	if (difference <= maximum(epsilon, 0n)) return true;
	return difference * 100n * 10n ** BigInt(percent.scale) <= absolute(share) * percent.coefficient;
}
