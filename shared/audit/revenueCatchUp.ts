/** What a cumulative catch-up should have been, under every sane reading of the revised price and of progress. */
import { absolute, minimum } from '#kernel';
import type { Population } from '#population';
import { catchUpAdjustment, companyProgress, contractTransfers, justifiedRevenue, obligationLinks, revenueBook, signOf } from '#revenue';
import { inUnits } from './draft.ts';
import { ordersOfAmendment } from './revenueAmendments.ts';

/** Whether the prices in the data are those before the amendment, so that its delta is to be added, or those after it. */
type PriceForm = 'before' | 'after';

export interface CatchUpReading {
	readonly form: PriceForm;
	/** Revised transaction price. */
	readonly price: bigint;
	/** In words: "12 ÷ 36". */
	readonly progress: string;
	readonly recognised: bigint;
	readonly catchUp: bigint;
	readonly tolerance: bigint;
}

/** Orders, obligations, revenue events and sibling amendments that are looked at for one amendment; beyond them it is open. */
const ORDERS_MAX = 100;
const OBLIGATIONS_MAX = 100;
const EVENTS_MAX = 2000;
const SIBLINGS_MAX = 50;

interface Share {
	readonly done: bigint;
	readonly whole: bigint;
	readonly words: string;
}

/** A set of obligations an amendment may concern: all of its orders, or one alone. */
interface Scope {
	readonly obligations: readonly number[];
	/** Prices of the scope as the data has them, the likeliest first. */
	readonly prices: readonly bigint[];
}

/** Readings of a booked catch-up, the likeliest first; none where price or progress is not in the data. */
export function catchUpReadings(population: Population, amendment: number): CatchUpReading[] {
	const form = population.derive(companyPriceForm);
	const readings = allReadings(population, amendment);
	const ofForm = form === null ? readings : readings.filter((reading) => reading.form === form);
	return ofForm.length > 0 ? ofForm : readings;
}

/** The form by which more of the company's booked catch-ups come out right; null where that does not tell. */
function companyPriceForm(population: Population): PriceForm | null {
	const amendments = population.table('contract_amendment');
	const fits = { before: 0, after: 0 };
	for (let amendment = 0; amendment < amendments.rows; amendment++) {
		if (amendments.text('treatment', amendment) !== 'catch_up' || amendments.isNull('catch_up_minor', amendment)) continue;
		const booked = amendments.minors('catch_up_minor')[amendment] as bigint;
		const fitting = allReadings(population, amendment).filter(({ catchUp, tolerance }) => absolute(booked - catchUp) <= tolerance);
		for (const form of ['before', 'after'] as const) if (booked !== 0n && fitting.some((reading) => reading.form === form)) fits[form]++;
	}
	if (fits.before === fits.after) return null;
	return fits.before > fits.after ? 'before' : 'after';
}

function allReadings(population: Population, amendment: number): CatchUpReading[] {
	const effective = population.table('contract_amendment').instants('effective_at')[amendment] as number;
	const delta = population.table('contract_amendment').minors('delta_price_minor')[amendment] as bigint;
	const scopes = scopesOf(population, amendment);
	if (scopes.length === 0) return [];
	const { until, after } = deltasAround(population, amendment);
	const readings: CatchUpReading[] = [];
	for (const { obligations, prices } of scopes) {
		for (const { recognised, events } of recognisedBefore(population, obligations, effective)) {
			const tolerance = BigInt(events + obligations.length + 1);
			for (const base of new Set(prices)) {
				for (const [form, price] of [
					['before', base + until],
					['after', base - after],
				] as const) {
					for (const { done, whole, words } of sharesAt(population, obligations, effective, { recognised, before: price - delta })) {
						const catchUp = catchUpAdjustment(price, done, whole, recognised);
						const owed = catchUpAdjustment(delta, done, whole, 0n);
						// A change of price on work already done changes what is earned: a reading by which it does not is no reading.
						if (absolute(catchUp) <= tolerance && absolute(owed) > tolerance) continue;
						readings.push({ form, price, progress: words, recognised, catchUp, tolerance });
					}
				}
			}
		}
	}
	return readings;
}

/** Σ of the price changes of one contract and order that work on its prices: up to and with an amendment, and after it. */
function deltasAround(population: Population, amendment: number): { readonly until: bigint; readonly after: bigint } {
	const table = population.table('contract_amendment');
	const effective = table.instants('effective_at');
	const own = effective[amendment] as number;
	let until = 0n;
	let after = 0n;
	const siblings = population.index('contract_amendment', 'contract_id').rowsOf(table.codes('contract_id')[amendment] as number);
	for (const row of siblings) {
		const isSame = row === amendment;
		if (table.codes('order_id')[row] !== table.codes('order_id')[amendment]) continue;
		if (!isSame && table.text('treatment', row) === 'separate') continue;
		const delta = table.minors('delta_price_minor')[row] as bigint;
		const at = effective[row] as number;
		if (isSame || at < own || (at === own && row < amendment)) until += delta;
		else after += delta;
	}
	return { until, after };
}

function scopesOf(population: Population, amendment: number): Scope[] {
	const orders = ordersOfAmendment(population, amendment);
	const contractCode = population.table('contract_amendment').codes('contract_id')[amendment] as number;
	if (orders.length === 0 || orders.length > ORDERS_MAX) return [];
	if (population.index('contract_amendment', 'contract_id').countOf(contractCode) > SIBLINGS_MAX) return [];
	const table = population.table('sales_order');
	const index = population.index('obligation', 'order_id');
	const obligations = Array.from(orders).flatMap((order) =>
		Array.from(index.rowsOf(table.codes('order_id')[order] as number).subarray(0, OBLIGATIONS_MAX)),
	);
	if (obligations.length === 0 || obligations.length >= OBLIGATIONS_MAX) return [];
	const allocated = population.table('obligation').minors('allocated_minor');
	const book = revenueBook(population);
	const events = obligations.reduce((count, obligation) => count + book.ofObligation(obligation).length, 0);
	if (events > EVENTS_MAX) return [];
	const contract = population.index('contract', 'contract_id').rowOf(contractCode);
	const coversAll = population.index('sales_order', 'contract_id').countOf(contractCode) === orders.length;
	const all: Scope = {
		obligations,
		prices: [
			...(contract >= 0 && coversAll ? [population.table('contract').minors('price_minor')[contract] as bigint] : []),
			Array.from(orders).reduce((sum, order) => sum + (table.minors('total_minor')[order] as bigint), 0n),
			obligations.reduce((sum, obligation) => sum + (allocated[obligation] as bigint), 0n),
		],
	};
	const single =
		obligations.length === 1
			? []
			: obligations.map((obligation): Scope => ({ obligations: [obligation], prices: [allocated[obligation] as bigint] }));
	return [all, ...single];
}

/** Net revenue before an instant: by recognised_at before it, up to it, and by posted_at before it. */
function recognisedBefore(
	population: Population,
	obligations: readonly number[],
	instant: number,
): { readonly recognised: bigint; readonly events: number }[] {
	const book = revenueBook(population);
	const revenue = population.table('revenue_event');
	const recognisedAt = revenue.instants('recognised_at');
	const postedAt = revenue.instants('posted_at');
	const amounts = revenue.minors('amount_minor');
	const sums = [0n, 0n, 0n];
	let events = 0;
	for (const obligation of obligations) {
		for (const event of book.ofObligation(obligation)) {
			const amount = signOf(book.kinds[event] as number) * (amounts[event] as bigint);
			const isIn = [
				(recognisedAt[event] as number) < instant,
				(recognisedAt[event] as number) <= instant,
				(postedAt[event] as number) < instant,
			];
			for (const [index, counts] of isIn.entries()) if (counts) sums[index] = (sums[index] as bigint) + amount;
			events++;
		}
	}
	return [...new Set(sums)].map((recognised) => ({ recognised, events }));
}

/** Progress of obligations at an instant: by quantity, by allocated value, and by what had been recognised of the price before. */
function sharesAt(
	population: Population,
	obligations: readonly number[],
	instant: number,
	{ recognised, before }: { readonly recognised: bigint; readonly before: bigint },
): Share[] {
	const ordered = population.table('sales_order_line').quantities('quantity');
	const allocated = population.table('obligation').minors('allocated_minor');
	const links = obligationLinks(population);
	let done = 0n;
	let whole = 0n;
	let earned = 0n;
	let price = 0n;
	for (const obligation of obligations) {
		const line = links.line[obligation] as number;
		const quantity = line < 0 ? 0n : (ordered[line] as bigint);
		if (quantity <= 0n) continue;
		const moved = minimum(quantity, doneBy(population, obligation, line, instant));
		done += moved;
		whole += quantity;
		earned += justifiedRevenue(allocated[obligation] as bigint, moved, quantity);
		price += allocated[obligation] as bigint;
	}
	return [
		{ done, whole, words: `${inUnits(done)} ÷ ${inUnits(whole)} units` },
		{ done: earned, whole: price, words: `${earned} ÷ ${price} minor units of allocated price` },
		{ done: recognised, whole: before, words: `${recognised} ÷ ${before} minor units recognised` },
	].filter((share) => share.whole > 0n && share.done >= 0n && share.done <= share.whole);
}

function doneBy(population: Population, obligation: number, line: number, instant: number): bigint {
	const progress = companyProgress(population);
	if (obligationLinks(population).overTime[obligation] !== 1 || !progress)
		return contractTransfers(population).movements.quantityBy(line, instant);
	const { movements, quantities } = progress.points;
	const end = movements.endBy(line, instant);
	if (end === movements.startOf(line)) return 0n;
	return progress.form === 'steps' ? movements.before(line, end) : (quantities[end - 1] as bigint);
}
