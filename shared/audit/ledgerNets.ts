/** Sub-ledger and ledger side by side: one sum each by entity, period and currency. T41. */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { codeFor } from './billingLines.ts';
import { ref } from './draft.ts';
import { ledgerOf } from './ledger.ts';
import { bookingsOf, signedAmounts, UNSURE, unbookedAmong, withheldEvents } from './ledgerBookings.ts';
import type { AuditContext, ExceptionDraft, Outcome, RowRef } from './types.ts';

interface Net {
	subledger: bigint;
	ledger: bigint;
	readonly keys: { readonly entity_id: string; readonly period: string; readonly currency: string };
	readonly rows: RowRef[];
}

/** Sums by entity, period and currency, by codes: one number each, so that millions of lines cost no text. */
class Nets {
	readonly #population: Population;
	readonly #periods: number;
	readonly #currencies: number;
	readonly #nets = new Map<number, Net>();
	/** Rows of one sum mostly follow each other. */
	#lastKey = -1;
	#last: Net | null = null;

	constructor(population: Population) {
		this.#population = population;
		this.#periods = population.dictionary('period').size;
		this.#currencies = population.dictionary('cur').size;
	}

	of(entity: number, period: number, currency: number): Net {
		const key = (entity * this.#periods + period) * this.#currencies + currency;
		if (key === this.#lastKey && this.#last) return this.#last;
		let net = this.#nets.get(key);
		if (!net) {
			const keys = {
				entity_id: this.#population.dictionary('entity').text(entity),
				period: this.#population.dictionary('period').text(period),
				currency: this.#population.dictionary('cur').text(currency),
			};
			net = { subledger: 0n, ledger: 0n, keys, rows: [] };
			this.#nets.set(key, net);
		}
		this.#lastKey = key;
		this.#last = net;
		return net;
	}

	get size(): number {
		return this.#nets.size;
	}

	differing(): Net[] {
		return [...this.#nets.values()].filter(isOff);
	}
}

const isOff = (net: Net): boolean => net.subledger !== net.ledger;
export const CITED_ROWS_MAX = 50;

/**
 * Exact per entity, period and currency: no tolerance, because rounding has no place in a sum of posted amounts. An event's entity is its
 * order's, or that of the journal that names it. As many differing sums as lines were set aside may differ by just those lines.
 */
export function subledgerDiffers({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const nets = new Nets(population);
	const entityOf = entitiesOfEvents(population);
	const open = addSubledger(population, nets, entityOf);
	const [entities, periods, currencies] = [lines.codes('entity_id'), lines.codes('period'), lines.codes('currency')];
	const [credits, debits] = [lines.minors('credit_minor'), lines.minors('debit_minor')];
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue')) continue;
		nets.of(entities[row] as number, periods[row] as number, currencies[row] as number).ledger +=
			(credits[row] as bigint) - (debits[row] as bigint);
	}
	const differing = nets.differing();
	const events = population.table('revenue_event');
	const withheld = [...events.withheld.values()].reduce((sum, rows) => sum + rows, 0);
	const isUnsure = ledger.mayBeUnsure && bookingsOf(population).state.some((bits) => bits & UNSURE);
	const aside = isUnsure ? Number.POSITIVE_INFINITY : lines.quarantine.length + events.quarantine.length + withheld;
	const why = [...(open > 0 ? [`${open} revenue events of unknown orders, or with values withheld`] : [])];
	if (differing.length <= aside) {
		if (differing.length > 0) why.push(`${differing.length} sums that may differ by lines set aside or values withheld`);
		return { tested: nets.size, exceptions: [], open: open + differing.length, openWhy: why.join('; ') };
	}
	citeUnmatched(population, nets, entityOf);
	return { tested: nets.size, exceptions: differing.map(differs), open, openWhy: why.join('; ') };
}

function differs({ keys, subledger, ledger, rows }: Net): ExceptionDraft {
	const { currency } = keys;
	return {
		orderId: null,
		keys: { ...keys },
		amountMinor: absolute(subledger - ledger),
		currency,
		reason: `In ${keys.period} the revenue events of ${keys.entity_id} net to ${formatMoney(subledger, currency)}, its revenue accounts to ${formatMoney(ledger, currency)}: a difference of ${formatMoney(subledger - ledger, currency)}.`,
		rows,
	};
}

/** Entity code of each revenue event, -1 where neither its order nor a journal tells. */
function entitiesOfEvents(population: Population): Int32Array {
	const events = population.table('revenue_event');
	const orders = population.index('sales_order', 'order_id');
	const entityOfOrder = population.table('sales_order').codes('entity_id');
	const entities = events.ids('order_id').map((order) => {
		const row = orders.rowOf(order);
		return row < 0 ? -1 : (entityOfOrder[row] as number);
	});
	if (!entities.includes(-1)) return entities;
	const ledger = ledgerOf(population);
	const entityOfLine = ledger.lines.codes('entity_id');
	for (let row = 0; row < ledger.lines.rows; row++) {
		const event = ledger.revenueOf(row);
		if (event >= 0 && (entities[event] as number) < 0) entities[event] = entityOfLine[row] as number;
	}
	return entities;
}

/** Adds the revenue events; returns how many have no known entity or amount. */
function addSubledger(population: Population, nets: Nets, entityOf: Int32Array): number {
	const events = population.table('revenue_event');
	const [periods, currencies] = [events.codes('period'), events.codes('currency')];
	const signed = signedAmounts(population);
	const isWithheld = withheldEvents(population);
	let open = 0;
	for (let row = 0; row < events.rows; row++) {
		const entity = entityOf[row] as number;
		if (entity < 0 || isWithheld(row)) open++;
		else nets.of(entity, periods[row] as number, currencies[row] as number).subledger += signed(row);
	}
	return open;
}

/** Tells of a few journal lines whether they name a revenue event of the population. */
function namesKnownEvent(population: Population): (row: number) => boolean {
	const lines = population.table('journal_line');
	const [kinds, ids, sources] = [lines.codes('source_kind'), lines.codes('source_id'), lines.dictionary('source_id')];
	const revenueKind = codeFor(lines, 'source_kind', 'revenue_event');
	const revenues = population.dictionary('revenue');
	const events = population.index('revenue_event', 'revenue_id');
	return (row) => {
		const id = ids[row] as number;
		return kinds[row] === revenueKind && id >= 0 && events.rowOf(revenues.codeFrom(sources, id)) >= 0;
	};
}

/** Points at what explains a difference: revenue events without their journal, and journal lines without a revenue event. */
function citeUnmatched(population: Population, nets: Nets, entityOf: Int32Array): void {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	const [eventPeriods, eventCurrencies] = [events.codes('period'), events.codes('currency')];
	const netOfEvent = (row: number): Net => nets.of(entityOf[row] as number, eventPeriods[row] as number, eventCurrencies[row] as number);
	const cite = (net: Net, row: RowRef): void => {
		if (net.rows.length < CITED_ROWS_MAX) net.rows.push(row);
	};
	const isWithheld = withheldEvents(population);
	const suspects: number[] = [];
	for (let row = 0; row < events.rows; row++)
		if ((entityOf[row] as number) >= 0 && !isWithheld(row) && isOff(netOfEvent(row))) suspects.push(row);
	for (const row of unbookedAmong(population, suspects)) cite(netOfEvent(row), ref('revenue_event', row));
	const [entities, periods, currencies] = [lines.codes('entity_id'), lines.codes('period'), lines.codes('currency')];
	const namesEvent = namesKnownEvent(population);
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue')) continue;
		const net = nets.of(entities[row] as number, periods[row] as number, currencies[row] as number);
		if (isOff(net) && !namesEvent(row)) cite(net, ref('journal_line', row));
	}
}
