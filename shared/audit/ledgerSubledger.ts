/** Does the general ledger say what the revenue sub-ledger says? T39, T40, T41. */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { codeFor } from './billingLines.ts';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { ledgerOf } from './ledger.ts';
import {
	bookingsOf,
	NAMED,
	ON_REVENUE,
	OTHER_CURRENCY,
	OTHER_PERIOD,
	signedAmounts,
	UNSURE,
	unbookedAmong,
	unbookedEvents,
	withheldEvents,
} from './ledgerBookings.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

const JOURNAL_COLUMNS = [
	'journal_id',
	'line_no',
	'entity_id',
	'account',
	'debit_minor',
	'credit_minor',
	'currency',
	'period',
	'source',
] as const;
const CITED_ROWS_MAX = 50;

/** An adjustment that names an id is its own document (the model has no table for it); one that names nothing is an orphan. */
function orphanRevenue({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	let open = 0;
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue') && !ledger.isOn(row, 'deferred_revenue')) continue;
		tested++;
		if (!ledger.isOrphan(row)) {
			if (ledger.sourceOf(row).kind === 'unknown') open++;
			continue;
		}
		list.add(() => orphan(population, row));
	}
	return {
		tested,
		exceptions: list.all(),
		open,
		openWhy: `${open} lines whose source was not supplied or may be a line set aside`,
	};
}

function orphan(population: Population, row: number): ExceptionDraft {
	const { lines } = ledgerOf(population);
	const amount = absolute((lines.minors('credit_minor')[row] as bigint) - (lines.minors('debit_minor')[row] as bigint));
	const currency = lines.text('currency', row);
	const named = lines.text('source_id', row);
	const kind = lines.text('source_kind', row);
	return {
		orderId: null,
		keys: keysOf(population, 'journal_line', row),
		amountMinor: amount,
		currency,
		reason: `Journal ${lines.text('journal_id', row)} line ${lines.cellText('line_no', row)} posts ${inMoney(amount, currency)} to account ${lines.text('account', row)} in ${lines.text('period', row)}, but ${named === null ? 'names no source document' : `its source ${kind ?? 'of no kind'} ${named} does not exist`}.`,
		rows: [ref('journal_line', row)],
	};
}

/**
 * Σ(credit − debit) on revenue accounts over the journal lines that name the event, against its signed amount. As many events as journal
 * lines were set aside may miss just those lines, and stay open.
 */
function revenueNotInLedger({ population }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const rows = unbookedEvents(population);
	const mayBeAside = rows.length <= population.table('journal_line').quarantine.length;
	const list = new ExceptionList('revenue_event');
	if (!mayBeAside) for (const row of rows) list.add(() => notInLedger(population, row));
	const unsure = bookingsOf(population).state.filter((bits) => bits & UNSURE).length;
	const open = unsure + (mayBeAside ? rows.length : 0);
	return {
		tested: events.rows,
		exceptions: list.all(),
		open,
		openWhy: `${open} revenue events whose journal lines or accounts may have been set aside`,
	};
}

function notInLedger(population: Population, row: number): ExceptionDraft {
	const events = population.table('revenue_event');
	const amount = events.minors('amount_minor')[row] as bigint;
	const currency = events.text('currency', row);
	const booked = journalLinesNaming(population, row);
	return {
		orderId: events.text('order_id', row),
		keys: keysOf(population, 'revenue_event', row),
		amountMinor: absolute(amount),
		currency,
		reason: `Revenue event ${events.text('revenue_id', row)} (${events.text('kind', row)} ${inMoney(amount, currency)} in ${events.text('period', row)}): ${mismatch(population, row, booked)}.`,
		rows: [ref('revenue_event', row), ...refs('journal_line', booked.subarray(0, CITED_ROWS_MAX))],
	};
}

/** What is wrong with the journal lines of a revenue event, as a phrase. */
function mismatch(population: Population, event: number, booked: Int32Array): string {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	const { net, state } = bookingsOf(population);
	const bits = state[event] as number;
	if (!(bits & NAMED)) return 'no journal names it';
	const first = booked[0] as number;
	if (!(bits & ON_REVENUE))
		return `its journal ${lines.text('journal_id', first)} posts to account ${accountsOf(population, booked)}, none of them a revenue account`;
	const other = (column: string) =>
		booked.find((row) => ledger.isOn(row, 'revenue') && lines.text(column, row) !== events.text(column, event)) ?? first;
	if (bits & OTHER_CURRENCY) {
		const row = other('currency');
		return `its journal ${lines.text('journal_id', row)} is in ${lines.text('currency', row)}, the event in ${events.text('currency', event)}`;
	}
	if (bits & OTHER_PERIOD) {
		const row = other('period');
		return `its journal ${lines.text('journal_id', row)} is in period ${lines.text('period', row)}, the event in ${events.text('period', event)}`;
	}
	const currency = events.text('currency', event);
	return `the ledger has ${inMoney(net[event] as bigint, currency)} for it where ${inMoney(signedAmounts(population)(event), currency)} was due`;
}

const accountsOf = (population: Population, rows: Int32Array): string =>
	[...new Set([...rows.subarray(0, 10)].map((row) => population.table('journal_line').text('account', row)))].join(', ');

function journalLinesNaming(population: Population, event: number): Int32Array {
	const revenue = population.table('revenue_event').codes('revenue_id')[event] as number;
	const source = population.translation('revenue', 'source_id')[revenue] ?? -1;
	const ledger = ledgerOf(population);
	return population
		.index('journal_line', 'source_id')
		.rowsOf(source)
		.filter((row) => ledger.revenueOf(row) === event);
}

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

/**
 * Exact per entity, period and currency: no tolerance, because rounding has no place in a sum of posted amounts. An event's entity is its
 * order's, or that of the journal that names it. As many differing sums as lines were set aside may differ by just those lines.
 */
function subledgerDiffers({ population }: AuditContext): Outcome {
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

const isOff = (net: Net): boolean => net.subledger !== net.ledger;

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

const ACCOUNT_NEED = { table: 'account', columns: ['entity_id', 'account', 'class'] } as const;
const JOURNAL_NEED = { table: 'journal_line', columns: [...JOURNAL_COLUMNS] } as const;
const REVENUE_NEED = { table: 'revenue_event', columns: ['revenue_id', 'order_id', 'kind', 'period', 'amount_minor', 'currency'] } as const;

export const SUBLEDGER_TESTS: readonly AuditTest[] = [
	{
		id: 'T39',
		version: 1,
		title: 'Orphan revenue in the GL',
		severity: 'critical',
		why: 'Revenue that leads back to no document may have been made up in the ledger.',
		rule: 'A journal line on a revenue or deferred revenue account whose source_kind and source_id resolve to nothing.',
		source: 'AS 2401.61',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED],
		mayRead: ['revenue_event', 'invoice', 'payment'],
		run: orphanRevenue,
	},
	{
		id: 'T40',
		version: 1,
		title: 'Revenue not in the GL',
		severity: 'high',
		why: 'Recognised revenue that the ledger does not carry, or carries differently, is not in the financial statements.',
		rule: 'A revenue event without a journal, or whose journal differs in account, amount, period or currency.',
		source: 'AS 1105.10',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED, REVENUE_NEED],
		run: revenueNotInLedger,
	},
	{
		id: 'T41',
		version: 1,
		title: 'Sub-ledger ↔ GL',
		severity: 'critical',
		why: 'The ledger and the revenue sub-ledger must tie out before any figure of either can be relied on.',
		rule: 'Net revenue events differ from the net of the revenue accounts of an entity, period and currency.',
		source: 'AS 2301.11',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED, REVENUE_NEED, { table: 'sales_order', columns: ['order_id', 'entity_id'] }],
		run: subledgerDiffers,
	},
];
