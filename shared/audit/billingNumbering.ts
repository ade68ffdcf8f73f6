/** T14 and T15: the numbering of invoices: what is missing, and what was issued out of order. */
import { absolute, DAY_MS } from '#kernel';
import type { Population } from '#population';
import { counted, orderOfInvoice } from './billingDraft.ts';
import { numberingOf, type Sequence } from './billingNumbers.ts';
import { inMoney, inTime, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Missing numbers that are printed one by one; of a longer gap the first and the last. */
const LISTED_MAX = 5;

/**
 * Reading: both kinds of invoice share a series' numbers; numbers run within one spelling around the running part. One exception a gap,
 * however wide. A drop has no register of voided numbers, so a voided invoice must be in it to fill its number. Invoices that were set
 * aside as malformed may be the missing ones: as many numbers stay open.
 */
function sequenceGaps({ population }: AuditContext): Outcome {
	const numbering = population.derive(numberingOf);
	let setAside = population.table('invoice').quarantine.length;
	let open = 0;
	const exceptions: ExceptionDraft[] = [];
	for (const sequence of numbering.sequences) {
		const { rows } = sequence;
		for (let i = 1; i < rows.length; i++) {
			const before = numbering.numbers[rows[i - 1] as number] as number;
			const after = numbering.numbers[rows[i] as number] as number;
			const missing = after - before - 1;
			if (missing > 0 && missing <= setAside) {
				setAside -= missing;
				open += missing;
			} else if (missing > 0) exceptions.push(gap(population, sequence, rows[i - 1] as number, rows[i] as number));
		}
	}
	const { withoutNumber } = numbering;
	return {
		tested: population.table('invoice').rows - withoutNumber,
		exceptions,
		open: withoutNumber + open,
		openWhy: [
			...(withoutNumber > 0 ? [`${counted(withoutNumber, 'invoice number')} without a digit`] : []),
			...(open > 0 ? [`${counted(open, 'missing number')} that malformed lines may have`] : []),
		].join(', '),
	};
}

function gap(population: Population, { prefix, suffix }: Sequence, before: number, after: number): ExceptionDraft {
	const invoices = population.table('invoice');
	const { numbers, widths } = population.derive(numberingOf);
	const from = (numbers[before] as number) + 1;
	const to = (numbers[after] as number) - 1;
	const count = to - from + 1;
	const printed = (value: number): string => `${prefix}${String(value).padStart(widths[before] as number, '0')}${suffix}`;
	const missing =
		count <= LISTED_MAX ? Array.from({ length: count }, (_, i) => printed(from + i)).join(', ') : `${printed(from)} to ${printed(to)}`;
	return {
		orderId: null,
		keys: {
			entity_id: invoices.text('entity_id', after) ?? '',
			series: invoices.text('series', after) ?? '',
			...keysOf(population, 'invoice', after),
		},
		amountMinor: null,
		currency: null,
		reason: `In series ${invoices.text('series', after)} of ${invoices.text('entity_id', after)}, ${counted(count, 'number')} ${count === 1 ? 'is' : 'are'} missing between ${invoices.text('invoice_no', before)} and ${invoices.text('invoice_no', after)}: ${missing}.`,
		rows: refs('invoice', [before, after]),
	};
}

/**
 * Reading: neighbours in a sequence are compared. Of the two, the subject is the one without which the order would be right; where that
 * does not tell, the one with the higher number.
 */
function outOfOrder({ population, number }: AuditContext): Outcome {
	const numbering = population.derive(numberingOf);
	const issuedAt = population.table('invoice').instants('issued_at');
	const limit = number('days') * DAY_MS;
	const falls = (from: number | undefined, to: number | undefined): boolean =>
		from !== undefined && to !== undefined && (issuedAt[from] as number) - (issuedAt[to] as number) > limit;
	const exceptions: ExceptionDraft[] = [];
	for (const { rows } of numbering.sequences) {
		for (let i = 1; i < rows.length; i++) {
			const lower = rows[i - 1] as number;
			const higher = rows[i] as number;
			if (numbering.numbers[lower] === numbering.numbers[higher] || !falls(lower, higher)) continue;
			const isLowerAstray = !falls(rows[i - 2], higher) && falls(lower, rows[i + 1]);
			exceptions.push(disorder(population, lower, higher, isLowerAstray ? lower : higher));
		}
	}
	return { tested: population.table('invoice').rows - numbering.withoutNumber, exceptions, open: 0 };
}

function disorder(population: Population, lower: number, higher: number, subject: number): ExceptionDraft {
	const invoices = population.table('invoice');
	const issuedAt = invoices.instants('issued_at');
	const total = absolute(invoices.minors('total_minor')[subject] as bigint);
	const currency = invoices.text('currency', subject);
	const days = Math.floor(((issuedAt[lower] as number) - (issuedAt[higher] as number)) / DAY_MS);
	return {
		orderId: orderOfInvoice(population, subject),
		keys: keysOf(population, 'invoice', subject),
		amountMinor: total,
		currency,
		reason: `Invoice ${invoices.text('invoice_no', higher)} was issued on ${inTime(issuedAt[higher] as number)}, ${counted(days, 'day')} before ${invoices.text('invoice_no', lower)} (${inTime(issuedAt[lower] as number)}), which has the lower number; ${invoices.text('invoice_no', subject)} is over ${inMoney(total, currency)}.`,
		rows: refs('invoice', [lower, higher]),
	};
}

const NUMBERED = ['invoice_id', 'invoice_no', 'series', 'entity_id'] as const;

export const NUMBERING_TESTS: readonly AuditTest[] = [
	{
		id: 'T14',
		judgesByAbsence: true,
		version: 1,
		title: 'Sequence gaps',
		severity: 'medium',
		why: 'A missing number may be a deleted or withheld invoice.',
		rule: 'Within an entity and series, a number between the lowest and the highest is missing.',
		source: 'AS 1105.11 (completeness)',
		parameters: [],
		needs: [{ table: 'invoice', columns: NUMBERED }],
		run: sequenceGaps,
	},
	{
		id: 'T15',
		version: 1,
		title: 'Out-of-order numbering',
		severity: 'low',
		why: 'A number that rises while its date falls points to a backdated invoice.',
		rule: 'Within a series the number rises while the issue falls by more than {days} days.',
		source: 'AS 2401.61',
		parameters: [{ name: 'days', default: 3, unit: 'days', doc: 'How far an issue may lie before that of a lower number.' }],
		needs: [{ table: 'invoice', columns: [...NUMBERED, 'issued_at', 'total_minor', 'currency'] }],
		mayRead: ['invoice_line'],
		run: outOfOrder,
	},
];
