import { formatQuantity, invariant, type Json } from '#kernel';
import type { TableName } from '#model';

/** A record as it is written. Its keys stand in canonical order (UTF-16 code units), so that plain JSON text is canonical. */
export type Wire = { readonly [key: string]: Json };

/** One row of the company. `line` is the exact text of the sealed tables, whose bytes are hashed. */
export interface CompanyRow {
	readonly table: TableName;
	readonly record: Wire;
	/** Sealed tables: the line as it must be stored, and its leaf hash in hex. */
	readonly sealed?: { readonly line: string; readonly leaf: string };
	/** `document` rows: the bytes it names, as text of ASCII characters; null where the file is missing on purpose, or was given before. */
	readonly content?: string | null;
	/** Sealed rows: what has to be written to the disclosures file. */
	readonly disclosure?: string;
}

/** Money as JSON writes it. Amounts beyond 2⁵³−1 have no place in a drop. */
export function wireMinor(minor: bigint): number {
	const value = Number(minor);
	invariant(Number.isSafeInteger(value), `${minor} does not fit a JSON number`);
	return value;
}

const wholeQuantities = new Map<bigint, string>();

/** Quantity text; the same few hundred whole numbers come again and again. */
export function wireQuantity(quantity: bigint): string {
	let text = wholeQuantities.get(quantity);
	if (text === undefined) {
		text = formatQuantity(quantity);
		if (wholeQuantities.size < 10_000) wholeQuantities.set(quantity, text);
	}
	return text;
}

export const UNIT = 1_000_000n;
/** A whole number as a quantity in millionths. */
export const units = (count: number): bigint => BigInt(count) * UNIT;
