/** Exact arithmetic on scaled integers. No float ever touches a quantity, a rate or an amount. */

import type { Brand } from './brand.ts';
import { err, invariant, ok, type Result } from './result.ts';

/** A quantity in millionths (10⁻⁶): "1.5" is 1_500_000n. */
export type Quantity = Brand<bigint, 'Quantity'>;

export const QUANTITY_DECIMALS = 6;
const QUANTITY_SCALE = 1_000_000n;
const QUANTITY_TEXT = /^-?(0|[1-9]\d{0,11})(\.\d{1,6})?$/;

/** Parses a decimal string with at most six decimals. Leading zeros, "+", exponents and bare dots are refused. */
export function parseQuantity(text: string): Result<Quantity, 'not_a_quantity'> {
	if (!QUANTITY_TEXT.test(text)) return err('not_a_quantity');
	const negative = text.startsWith('-');
	const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
	const millionths = BigInt(whole) * QUANTITY_SCALE + BigInt(fraction.padEnd(QUANTITY_DECIMALS, '0'));
	return ok((negative ? -millionths : millionths) as Quantity);
}

/** The shortest decimal string of a quantity: 1_500_000n is "1.5". */
export function formatQuantity(quantity: bigint): string {
	const magnitude = quantity < 0n ? -quantity : quantity;
	const fraction = (magnitude % QUANTITY_SCALE).toString().padStart(QUANTITY_DECIMALS, '0').replace(/0+$/, '');
	return `${quantity < 0n ? '-' : ''}${magnitude / QUANTITY_SCALE}${fraction ? `.${fraction}` : ''}`;
}

/** An exact decimal: coefficient × 10^−scale. Used for tax rates, exchange rates and percentages. */
export interface Decimal {
	readonly coefficient: bigint;
	readonly scale: number;
}

const DECIMAL_TEXT = /^-?\d{1,30}(\.\d{1,30})?$/;

export function parseDecimal(text: string): Result<Decimal, 'not_a_decimal'> {
	if (!DECIMAL_TEXT.test(text)) return err('not_a_decimal');
	const [whole = '0', fraction = ''] = text.split('.');
	return ok({ coefficient: BigInt(whole + fraction), scale: fraction.length });
}

/**
 * `value × numerator ÷ denominator`, rounded half up, that is: ties away from zero, as accountants round.
 * @param denominator not zero
 */
export function mulDivRoundHalfUp(value: bigint, numerator: bigint, denominator: bigint): bigint {
	invariant(denominator !== 0n, 'division by zero');
	const product = denominator < 0n ? -value * numerator : value * numerator;
	const divisor = denominator < 0n ? -denominator : denominator;
	const magnitude = product < 0n ? -product : product;
	const rounded = (2n * magnitude + divisor) / (2n * divisor);
	return product < 0n ? -rounded : rounded;
}

/** `minor × decimal`, rounded half up to whole minor units. */
export const timesDecimal = (minor: bigint, decimal: Decimal): bigint =>
	mulDivRoundHalfUp(minor, decimal.coefficient, 10n ** BigInt(decimal.scale));

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const minimum = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const maximum = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * Splits `total` over `weights` so that the parts sum exactly to it: leftover units go to the largest remainders,
 * ties to the earlier part, so that two auditors get the same cents.
 * @returns null when all weights are zero: never assume an even split
 */
export function allocateLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] | null {
	const sum = weights.reduce((a, b) => a + b, 0n);
	if (sum <= 0n || weights.some((weight) => weight < 0n)) return null;
	const sign = total < 0n ? -1n : 1n;
	const magnitude = absolute(total);
	const parts = weights.map((weight) => (magnitude * weight) / sum);
	const order = weights
		.map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
		.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
	let left = magnitude - parts.reduce((a, b) => a + b, 0n);
	for (const { index } of order) {
		if (left === 0n) break;
		parts[index] = (parts[index] as bigint) + 1n;
		left -= 1n;
	}
	return parts.map((part) => sign * part);
}
