/** Printed invoice numbers: which part of them runs. */
import { fromUtf8, utf8 } from '#kernel';
import { Dictionary, type Population } from '#population';

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** Digits that are read as the running number: more do not fit a double exactly, so the rest belongs to the prefix. */
const RUNNING_DIGITS_MAX = 15;

/** Where the running number stands in a printed number: [from, to); to is 0 where there is no digit at all. */
interface RunningPart {
	readonly from: number;
	readonly to: number;
}

/** The last run of digits; with `beforeYear`, the one before it, for numbers such as 0012/2026. */
function runningPart(bytes: Uint8Array, beforeYear: boolean): RunningPart {
	let to = bytes.length;
	for (let skip = beforeYear ? 1 : 0; ; skip--) {
		while (to > 0 && !isDigit(bytes[to - 1] as number)) to--;
		let from = to;
		while (from > 0 && isDigit(bytes[from - 1] as number)) from--;
		if (skip === 0 || to === 0) return { from: Math.max(from, to - RUNNING_DIGITS_MAX), to };
		to = from;
	}
}

/** Value of the digits [from, to): exact, for at most 15. */
function numberOf(bytes: Uint8Array, { from, to }: RunningPart): number {
	let value = 0;
	for (let at = from; at < to; at++) value = value * 10 + (bytes[at] as number) - 48;
	return value;
}

/** The numbers of one entity, series and spelling around the running part, ascending. */
export interface Sequence {
	/** Rows of invoice by running number. */
	readonly rows: Int32Array;
	/** Text before and behind the running part. */
	readonly prefix: string;
	readonly suffix: string;
}

export interface Numbering {
	readonly sequences: readonly Sequence[];
	/** Running number by invoice row; NaN where the printed number has no digit. */
	readonly numbers: Float64Array;
	/** Digits of the running part as printed, leading zeros included, by invoice row. */
	readonly widths: Uint8Array;
	readonly withoutNumber: number;
}

/**
 * Numbers run within entity, series and spelling: INV-2026-0001 and INV-2027-0001 belong to two sequences. The last run of digits is the
 * running one, unless the numbers of a series end in years.
 */
export function numberingOf(population: Population): Numbering {
	const invoices = population.table('invoice');
	const entities = invoices.codes('entity_id');
	const series = invoices.codes('series');
	const printed = invoices.codes('invoice_no');
	const dictionary = invoices.dictionary('invoice_no');
	const endsInYear = population.derive(seriesEndingInYears);
	const spellings = new Dictionary();
	const groups = new Int32Array(invoices.rows).fill(-1);
	const numbers = new Float64Array(invoices.rows).fill(Number.NaN);
	const widths = new Uint8Array(invoices.rows);
	let withoutNumber = 0;
	let key = new Uint8Array(256);
	for (let row = 0; row < groups.length; row++) {
		const bytes = (printed[row] as number) < 0 ? new Uint8Array(0) : dictionary.bytes(printed[row] as number);
		const part = runningPart(bytes, endsInYear.has(series[row] as number));
		if (part.to === 0) {
			withoutNumber++;
			continue;
		}
		if (bytes.length + 16 > key.length) key = new Uint8Array(2 * bytes.length + 16);
		const view = new DataView(key.buffer);
		view.setInt32(0, entities[row] as number);
		view.setInt32(4, series[row] as number);
		view.setInt32(8, part.from);
		let length = 12;
		for (let at = 0; at < bytes.length; at++) if (at < part.from || at >= part.to) key[length++] = bytes[at] as number;
		groups[row] = spellings.intern(key, 0, length);
		numbers[row] = numberOf(bytes, part);
		widths[row] = part.to - part.from;
	}
	return { sequences: sequencesOf(population, groups, spellings.size, numbers), numbers, widths, withoutNumber };
}

function sequencesOf(population: Population, groups: Int32Array, size: number, numbers: Float64Array): Sequence[] {
	const invoices = population.table('invoice');
	const members: number[][] = Array.from({ length: size }, () => []);
	for (let row = 0; row < groups.length; row++) if ((groups[row] as number) >= 0) members[groups[row] as number]?.push(row);
	const endsInYear = population.derive(seriesEndingInYears);
	return members.map((rows) => {
		const first = rows[0] as number;
		const text = invoices.text('invoice_no', first) ?? '';
		const bytes = utf8(text);
		const part = runningPart(bytes, endsInYear.has(invoices.codes('series')[first] as number));
		const isAscending = rows.every((row, i) => i === 0 || (numbers[row] as number) >= (numbers[rows[i - 1] as number] as number));
		if (!isAscending) rows.sort((a, b) => (numbers[a] as number) - (numbers[b] as number) || a - b);
		return {
			rows: Int32Array.from(rows),
			prefix: fromUtf8(bytes.subarray(0, part.from)) ?? '',
			suffix: fromUtf8(bytes.subarray(part.to)) ?? '',
		};
	});
}

/** More years than this in one series are running numbers that happen to look like years. */
const YEARS_MAX = 10;

/** Two digits are taken for a year only where so many numbers share so few of them that they can't be running. */
const SHORT_YEARS_ROWS_MIN = 3 * YEARS_MAX;

/** What the last runs of digits of one series look like. */
interface LastRuns {
	rows: number;
	/** How many are years of four digits (index 0) or of two (1), behind another number; and the years between which they lie. */
	readonly years: readonly [LastYears, LastYears];
}

interface LastYears {
	rows: number;
	least: number;
	most: number;
}

/** One odd number in a series, an altered one above all, must not hide the numbering of the others. */
const endsIn = ({ rows, least, most }: LastYears, all: number): boolean => 10 * rows >= 9 * all && most - least < YEARS_MAX;

/** Codes of series whose numbers, but for a tenth, end in a year behind another number: 0012/2026, FV/0013/26. */
function seriesEndingInYears(population: Population): ReadonlySet<number> {
	const invoices = population.table('invoice');
	const dictionary = invoices.dictionary('invoice_no');
	const series = new Map<number, LastRuns>();
	const noYears = (): LastYears => ({ rows: 0, least: Number.POSITIVE_INFINITY, most: 0 });
	for (let row = 0; row < invoices.rows; row++) {
		const printed = invoices.codes('invoice_no')[row] as number;
		if (printed < 0) continue;
		const code = invoices.codes('series')[row] as number;
		const runs: LastRuns = series.get(code) ?? { rows: 0, years: [noYears(), noYears()] };
		series.set(code, runs);
		runs.rows++;
		const bytes = dictionary.bytes(printed);
		const last = runningPart(bytes, false);
		const year = numberOf(bytes, last);
		const isLong = last.to - last.from === 4 && year >= 1900 && year < 2100;
		if ((!isLong && last.to - last.from !== 2) || runningPart(bytes, true).to === 0) continue;
		const years = runs.years[isLong ? 0 : 1];
		years.rows++;
		years.least = Math.min(years.least, year);
		years.most = Math.max(years.most, year);
	}
	const ending = new Set<number>();
	for (const [code, { rows, years }] of series)
		if (endsIn(years[0], rows) || (rows >= SHORT_YEARS_ROWS_MIN && endsIn(years[1], rows))) ending.add(code);
	return ending;
}
