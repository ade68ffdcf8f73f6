/** Numbers as people type them: with the separators of their locale, spaces, apostrophes or a percent sign. Exact: never a float. */
import type { ParameterSpec, ParameterValue } from '#audit';
import { err, ok, parseDecimal, type Result } from '#kernel';

export interface Separators {
	readonly group: string;
	readonly decimal: string;
}

export function separatorsOf(locale?: string): Separators {
	const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, useGrouping: 'always' }).formatToParts(12_345.6);
	const part = (type: string): string | undefined => parts.find((one) => one.type === type)?.value;
	return { group: part('group') ?? '', decimal: part('decimal') ?? '.' };
}

const SPACES = /[\s'’_]/g;

/**
 * A number as an exact decimal text with a point, or why it can't be read. Where both marks occur, the last is the decimal one; a single
 * mark is read as the locale has it, unless it can't be a thousands mark ("0.1").
 */
export function readDecimalText(typed: string, { group, decimal }: Separators): Result<string, string> {
	const text = typed.trim().replace(/%$/, '').replace(SPACES, '').replace('−', '-');
	if (text === '') return err('Type a number.');
	if (!/^-?[\d.,]+$/.test(text)) return err(`“${typed.trim()}” is no number.`);
	const mark = decimalMark(text, group.replace(SPACES, ''), decimal);
	const [whole = '', fraction, ...more] = mark === null ? [text] : text.split(mark);
	if (more.length > 0) return err(`“${typed.trim()}” has two decimal marks.`);
	if (!isGrouped(whole)) return err(`“${typed.trim()}” can’t be read: its thousands are not in threes.`);
	if (fraction !== undefined && !/^\d+$/.test(fraction)) return err(`“${typed.trim()}” can’t be read after its decimal mark.`);
	const digits = whole.replace(/[.,]/g, '').replace(/^(-?)0+(?=\d)/, '$1');
	return ok(fraction === undefined ? digits : `${digits === '' || digits === '-' ? `${digits}0` : digits}.${fraction}`);
}

function decimalMark(text: string, group: string, decimal: string): string | null {
	const [point, comma] = [text.lastIndexOf('.'), text.lastIndexOf(',')];
	if (point >= 0 && comma >= 0) return point > comma ? '.' : ',';
	if (point < 0 && comma < 0) return null;
	const mark = point >= 0 ? '.' : ',';
	if (text.indexOf(mark) !== text.lastIndexOf(mark)) return null;
	if (mark === decimal) return mark;
	const canGroup = /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(text);
	return canGroup && (mark === group || group === '') ? null : mark;
}

const isGrouped = (whole: string): boolean => /^-?\d*$/.test(whole) || /^-?\d{1,3}([.,]\d{3})+$/.test(whole);

const isDecimal = (spec: ParameterSpec): boolean => typeof spec.default === 'string' && parseDecimal(spec.default).ok;

/** What is typed, as the parameter keeps it. */
export function readParameter(typed: string, spec: ParameterSpec, separators: Separators): Result<ParameterValue, string> {
	if (typeof spec.default !== 'number' && !isDecimal(spec)) return ok(typed.trim());
	const read = readDecimalText(typed, separators);
	if (!read.ok) return read;
	if (read.value.startsWith('-')) return err('Must be 0 or more.');
	if (typeof spec.default === 'string') return ok(read.value);
	const whole = /^(\d+)(?:\.0+)?$/.exec(read.value)?.[1];
	const number = Number(whole ?? Number.NaN);
	return Number.isSafeInteger(number) ? ok(number) : err(`A whole number of ${spec.unit} is needed.`);
}

/** A value as it is shown in the field, by the locale. */
export function showParameter(value: ParameterValue, spec: ParameterSpec, { group, decimal }: Separators): string {
	if (typeof spec.default !== 'number' && !isDecimal(spec)) return String(value);
	const [whole = '', fraction] = String(value).split('.');
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
	return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
}
