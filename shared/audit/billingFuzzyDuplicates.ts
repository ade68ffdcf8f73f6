/** T13: the same invoice under numbers that read alike, or the same goods billed twice. */
import { absolute } from '#kernel';
import { Dictionary, type Population } from '#population';
import { orderOfInvoice } from './billingDraft.ts';
import { ReadAlikeSpeller } from './billingReadAlike.ts';
import { shipmentsBilledTwice } from './billingShipmentsTwice.ts';
import { inMoney, inTime, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: numbers are held against each other within entity and kind. Two series may run through the same numbers, so across series
 * the spelling must differ by more than leading zeros, and two series that read alike all along are not duplicates of each other; or
 * customer, currency and total must be the same. Numbers that read alike only because a symbol between two numbers is dropped (1-12, 11-2) must share customer and total.
 * A shipment is billed twice by two invoice lines or more that exceed its quantity, net of credited goods.
 */
function duplicateFuzzy({ population }: AuditContext): Outcome {
	return {
		tested: population.table('invoice').rows,
		exceptions: [...numbersReadingAlike(population), ...shipmentsBilledTwice(population)],
		open: 0,
	};
}

/** Rows of invoice in order of issue, so that the later of two is met second. */
function inOrderOfIssue(population: Population): Int32Array {
	const issuedAt = population.table('invoice').instants('issued_at');
	const rows = Int32Array.from(issuedAt, (_, row) => row);
	const isOrdered = rows.every((row) => row === 0 || (issuedAt[row] as number) >= (issuedAt[row - 1] as number));
	return isOrdered ? rows : rows.sort((a, b) => (issuedAt[a] as number) - (issuedAt[b] as number) || a - b);
}

/** Remembers the first row of every key. */
class FirstRows {
	readonly #keys = new Dictionary();
	readonly #rows: number[] = [];

	/** The first row that had this key, or -1 if there was none; then `row` is kept as the first, unless it is -1. */
	meet(bytes: Uint8Array, length: number, row: number): number {
		const code = this.#keys.intern(bytes, 0, length);
		const known = this.#rows[code] ?? -1;
		if (known < 0) this.#rows[code] = row;
		return known;
	}
}

/** A key as bytes: 32-bit parts, then a spelling. */
class KeyBuffer {
	#bytes = new Uint8Array(256);

	write(parts: readonly number[], spelling: Uint8Array): { readonly bytes: Uint8Array; readonly length: number } {
		const length = 4 * parts.length + spelling.length;
		if (length > this.#bytes.length) this.#bytes = new Uint8Array(2 * length);
		const view = new DataView(this.#bytes.buffer);
		for (let i = 0; i < parts.length; i++) view.setInt32(4 * i, parts[i] as number);
		this.#bytes.set(spelling, 4 * parts.length);
		return { bytes: this.#bytes, length };
	}
}

const SEPARATED = 0;
const JOINED = 1;
const JOINED_UNPARTED = 2;
const ANY_SERIES = 3;
const SAME_SALE = 4;

function* numbersReadingAlike(population: Population): Generator<ExceptionDraft> {
	const invoices = population.table('invoice');
	const entities = invoices.codes('entity_id');
	const kinds = invoices.codes('kind');
	const series = invoices.codes('series');
	const customers = invoices.codes('customer_id');
	const currencies = invoices.codes('currency');
	const totals = invoices.minors('total_minor');
	const numbers = invoices.codes('invoice_no');
	const dictionary = invoices.dictionary('invoice_no');
	const speller = new ReadAlikeSpeller();
	const buffer = new KeyBuffer();
	const firsts = new FirstRows();
	const acrossSeries: (readonly [row: number, earlier: number])[] = [];
	const isSameSale = (a: number, b: number): boolean =>
		customers[a] === customers[b] && currencies[a] === currencies[b] && totals[a] === totals[b];
	const suspects = population.derive(numbersMetTwice);
	for (const row of population.derive(inOrderOfIssue)) {
		if (suspects[row] === 0) continue;
		speller.spell(dictionary.bytes(numbers[row] as number));
		const meet = (use: number, part: number, spelling: Uint8Array, kept = row): number => {
			const { bytes, length } = buffer.write([use, entities[row] as number, kinds[row] as number, part], spelling);
			return firsts.meet(bytes, length, kept);
		};
		const separated = meet(SEPARATED, series[row] as number, speller.separated);
		const joined = meet(JOINED, series[row] as number, speller.joined);
		const unparted = meet(JOINED_UNPARTED, series[row] as number, speller.joined, speller.isParted ? -1 : row);
		const elsewhere = meet(ANY_SERIES, 0, speller.separated);
		const sameCustomer = meet(SAME_SALE, customers[row] as number, speller.separated);
		const isOneNumber = joined >= 0 && (!speller.isParted || isSameSale(joined, row));
		const earlier = separated >= 0 ? separated : unparted >= 0 ? unparted : isOneNumber ? joined : -1;
		if (earlier >= 0) yield alikeNumber(population, row, earlier);
		else if (sameCustomer >= 0 && isSameSale(sameCustomer, row)) yield alikeNumber(population, row, sameCustomer);
		else if (elsewhere >= 0 && numbers[elsewhere] !== numbers[row]) acrossSeries.push([row, elsewhere]);
	}
	for (const [row, earlier] of ofUnlikeSeries(population, acrossSeries)) yield alikeNumber(population, row, earlier);
}

/**
 * 1 for invoices whose number may read like another's, 0 where it surely does not: a sieve by hashes of both spellings, since nearly
 * every number of a sound company is met once.
 */
function numbersMetTwice(population: Population): Uint8Array {
	const invoices = population.table('invoice');
	const entities = invoices.codes('entity_id');
	const kinds = invoices.codes('kind');
	const numbers = invoices.codes('invoice_no');
	const dictionary = invoices.dictionary('invoice_no');
	const speller = new ReadAlikeSpeller();
	let size = 1024;
	while (size < 16 * invoices.rows) size *= 2;
	const met = new Uint8Array(size);
	const slots = new Int32Array(2 * invoices.rows).fill(-1);
	for (let row = 0; row < invoices.rows; row++) {
		if ((numbers[row] as number) < 0) continue;
		speller.spell(dictionary.bytes(numbers[row] as number));
		if (speller.separated.length === 0) continue;
		const scope = Math.imul(entities[row] as number, 31) ^ (kinds[row] as number);
		const separated = hashOf(speller.separated, scope) & (size - 1);
		const joined = hashOf(speller.joined, ~scope) & (size - 1);
		slots[2 * row] = separated;
		slots[2 * row + 1] = joined;
		met[separated] = Math.min(2, (met[separated] as number) + 1);
		met[joined] = Math.min(2, (met[joined] as number) + 1);
	}
	const suspects = new Uint8Array(invoices.rows);
	for (let row = 0; row < suspects.length; row++)
		if (met[slots[2 * row] as number] === 2 || met[slots[2 * row + 1] as number] === 2) suspects[row] = 1;
	return suspects;
}

/** FNV-1a with a final avalanche. */
function hashOf(bytes: Uint8Array, seed: number): number {
	let hash = 0x811c9dc5 ^ seed;
	for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}

/** More numbers than this, and than one in 20 of a series, read alike: the two series are spelled alike on purpose. */
const CHANCE_MATCHES_MAX = 3;

/** Pairs that differ by more than leading zeros, of series that do not read alike all along. */
function ofUnlikeSeries(
	population: Population,
	pairs: readonly (readonly [row: number, earlier: number])[],
): (readonly [number, number])[] {
	const invoices = population.table('invoice');
	const series = invoices.codes('series');
	const bySeries = new Map<string, (readonly [number, number])[]>();
	for (const pair of pairs) {
		const [row, earlier] = pair;
		if (withoutLeadingZeros(invoices.text('invoice_no', row)) === withoutLeadingZeros(invoices.text('invoice_no', earlier))) continue;
		const codes = [series[row] as number, series[earlier] as number];
		const key = `${invoices.codes('entity_id')[row]}/${Math.min(...codes)}/${Math.max(...codes)}`;
		const known = bySeries.get(key);
		if (known) known.push(pair);
		else bySeries.set(key, [pair]);
	}
	const sizes = population.index('invoice', 'series');
	return [...bySeries.values()].flatMap((found) => {
		const [row, earlier] = found[0] as readonly [number, number];
		const smaller = Math.min(sizes.countOf(series[row] as number), sizes.countOf(series[earlier] as number));
		return found.length <= CHANCE_MATCHES_MAX || 20 * found.length <= smaller ? found : [];
	});
}

const withoutLeadingZeros = (printed: string | null): string => (printed ?? '').replace(/(^|\D)0+(?=\d)/g, '$1');

function alikeNumber(population: Population, later: number, earlier: number): ExceptionDraft {
	const invoices = population.table('invoice');
	const issuedAt = invoices.instants('issued_at');
	const total = absolute(invoices.minors('total_minor')[later] as bigint);
	const currency = invoices.text('currency', later);
	const described = (row: number): string =>
		`${invoices.text('invoice_no', row)} (${invoices.text('invoice_id', row)}, ${inTime(issuedAt[row] as number)}, customer ${invoices.text('customer_id', row)}, ${inMoney(absolute(invoices.minors('total_minor')[row] as bigint), invoices.text('currency', row))})`;
	return {
		orderId: orderOfInvoice(population, later),
		keys: keysOf(population, 'invoice', later),
		amountMinor: total,
		currency,
		reason: `The number of invoice ${described(later)} reads like that of ${described(earlier)}.`,
		rows: refs('invoice', [earlier, later]),
	};
}

export const FUZZY_DUPLICATE_TESTS: readonly AuditTest[] = [
	{
		id: 'T13',
		version: 1,
		title: 'Duplicate invoice, fuzzy',
		severity: 'high',
		why: 'A second invoice for one sale is often hidden behind a slightly different number.',
		rule: 'Two invoice numbers are equal after dropping symbols and leading zeros and reading O as 0 and I as 1; or one shipment is billed more than once and beyond its quantity.',
		source: 'AS 1105.11 (existence or occurrence)',
		parameters: [],
		needs: [
			{
				table: 'invoice',
				columns: ['invoice_id', 'invoice_no', 'series', 'entity_id', 'customer_id', 'kind', 'issued_at', 'currency', 'total_minor'],
			},
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'unit_price_minor'] },
		],
		run: duplicateFuzzy,
	},
];
