/** How much of an obligation's price a transferred quantity justifies (ASC 606-10-25-30, 606-10-55-17: units delivered). */
import { invariant, mulDivRoundHalfUp } from '#kernel';

/**
 * Cumulative revenue that a transferred quantity stands for: `allocated × transferred ÷ ordered`, rounded half up. The last
 * transfer takes the rest, so that a line transferred whole (or beyond) has earned exactly what was allocated.
 * @param ordered more than none
 */
export function justifiedRevenue(allocated: bigint, transferred: bigint, ordered: bigint): bigint {
	invariant(ordered > 0n, 'something was ordered');
	if (transferred <= 0n) return 0n;
	return transferred >= ordered ? allocated : mulDivRoundHalfUp(allocated, transferred, ordered);
}

/** What each of several transfers earns, in their order: differences of the cumulative amounts, so that no cent is lost between them. */
export function prorate(allocated: bigint, ordered: bigint, transfers: readonly bigint[]): bigint[] {
	let transferred = 0n;
	let earned = 0n;
	return transfers.map((quantity) => {
		transferred += quantity;
		const cumulative = justifiedRevenue(allocated, transferred, ordered);
		const amount = cumulative - earned;
		earned = cumulative;
		return amount;
	});
}
