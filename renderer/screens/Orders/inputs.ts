/** What people type into conditions, as the filter wants it: amounts by their own locale, days, whole numbers. */

const parts = new Intl.NumberFormat().formatToParts(12_345.6);
const LOCALE_DECIMAL = parts.find(({ type }) => type === 'decimal')?.value ?? '.';

/** Digits alone, or in groups: of three behind, of two or three before that, as in India. */
const GROUPED = /^-?(\d+|\d{1,3}([.,]\d{2,3})*[.,]\d{3})$/;

/**
 * "1.234,56", "1,234.56", "1 234,56" or "1234.56" as "1234.56". With both separators the last one is the decimal sign; a single one is, where it
 * is the locale's, or where what follows is no group of three. Null where it is no amount.
 */
export function amountOf(typed: string, decimal: string = LOCALE_DECIMAL): string | null {
	const text = typed.replace(/[\s\u00a0\u202f'’]/g, '').replace(/^−/, '-');
	if (!/^-?\d[\d.,]*$/.test(text)) return null;
	const point = decimalAt(text, decimal);
	const grouped = point < 0 ? text : text.slice(0, point);
	if (!GROUPED.test(grouped)) return null;
	const whole = grouped.replace(/[.,]/g, '');
	const fraction = point < 0 ? '' : text.slice(point + 1);
	if (/[.,]/.test(fraction) || (point >= 0 && fraction === '')) return null;
	return `${whole.replace(/^(-?)0+(?=\d)/, '$1')}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Where the decimal sign stands; -1 where all separators group. */
function decimalAt(text: string, decimal: string): number {
	const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
	if (comma >= 0 && point >= 0) return Math.max(comma, point);
	const at = Math.max(comma, point);
	if (at < 0) return -1;
	const sign = text.charAt(at);
	if (text.indexOf(sign) !== at) return -1;
	return sign === decimal || text.length - at - 1 !== 3 ? at : -1;
}

/** "72", "1 000" as a whole number; null where it is none. */
export function integerOf(typed: string): string | null {
	const text = typed.replace(/[\s\u00a0\u202f.,'’]/g, '').replace(/^−/, '-');
	return /^-?\d{1,15}$/.test(text) ? String(Number(text)) : null;
}
