import type { Brand } from './brand.ts';

/** Money in the currency's minor unit: cents for USD, yen for JPY, fils for KWD. */
export type MinorUnits = Brand<bigint, 'MinorUnits'>;
export type Currency = Brand<string, 'Currency'>;

export interface Money {
	readonly currency: Currency;
	readonly minor: MinorUnits;
}

/** ISO 4217 currencies whose minor unit is not 1/100 (list one, 2024-06). Every other three-letter code has two decimals. */
const EXPONENTS: ReadonlyMap<string, number> = new Map(
	[
		{ exponent: 0, codes: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF' },
		{ exponent: 3, codes: 'BHD IQD JOD KWD LYD OMR TND' },
		{ exponent: 4, codes: 'CLF UYW' },
	].flatMap(({ exponent, codes }) => codes.split(' ').map((code) => [code, exponent] as const)),
);

const CURRENCY = /^[A-Z]{3}$/;

export const isCurrency = (text: string): text is Currency => CURRENCY.test(text);

/** Decimals of a currency's minor unit (ISO 4217). */
export const currencyExponent = (currency: string): number => EXPONENTS.get(currency) ?? 2;

/** An amount for people: "1,234.56 USD", "-1,234 JPY". The code comes behind, the sign in front, groups of three. */
export function formatMoney(minor: bigint, currency: string): string {
	return `${formatAmount(minor, currency)} ${currency}`;
}

/** As `formatMoney`, without the code: for columns whose head names the currency. */
export function formatAmount(minor: bigint, currency: string): string {
	const exponent = currencyExponent(currency);
	const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
	const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
	const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
	return `${minor < 0n ? '-' : ''}${whole}${fraction}`;
}
