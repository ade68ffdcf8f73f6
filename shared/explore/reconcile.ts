/**
 * Orders ↔ shipments ↔ billing ↔ revenue ↔ general ledger on one key, the order line: for every line where its chain stops, and why.
 * Matched means that two books agree on every field compared; it is never said of what could not be compared.
 */
import { billedQuantities, type EvidenceFacts, type Overrides, orderOfLine, worthOf } from '#audit';
import { absolute } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import { judgeLedger, judgeRevenue } from './reconcileBooks.ts';
import { lineColumns, missingTables } from './reconcileColumns.ts';
import { judgeBilling, judgeShipments } from './reconcileGoods.ts';
import { EXACT, justifiedOfLine, type Tolerance } from './reconcileJustified.ts';
import { isBreak, RECONCILE_STAGES, type ReconcileStage, reasonAt, reasonNumber, reasonWeights } from './reconcileReasons.ts';
import { type ChainBreak, chainBreaks } from './reconcileTests.ts';

export interface ReconcileOptions {
	readonly overrides: Overrides;
	readonly tolerance: Tolerance;
}

/** A row that belongs to no order line, and is therefore a break by itself. */
interface Orphan {
	readonly table: 'shipment' | 'invoice_line' | 'revenue_event' | 'journal_line';
	readonly row: number;
	readonly stage: ReconcileStage;
	readonly reason: number;
	readonly amountMinor: bigint;
	readonly currency: string | null;
	/** What a test says of it; null where none does. */
	readonly told: ChainBreak | null;
}

/** Everything about one population under one set of parameters. Items are its order lines, then its orphans. */
export interface Reconciliation {
	readonly population: Population;
	readonly options: ReconcileOptions;
	readonly lines: number;
	readonly orphans: readonly Orphan[];
	/** Reason number by stage and order line. */
	readonly stages: Readonly<Record<ReconcileStage, Uint8Array>>;
	/** Tables a stage lacks; a stage that lacks some was not compared. */
	readonly missing: Readonly<Record<ReconcileStage, readonly TableName[]>>;
	/** By item: the reason that names it, and the stage of that reason (index into RECONCILE_STAGES, 255 where all agree). */
	readonly reason: Uint8Array;
	readonly stage: Uint8Array;
	/** What the audit tests say of a line, by row of sales_order_line. */
	readonly breaks: ReadonlyMap<number, readonly ChainBreak[]>;
	readonly ledgerEvents: ReadonlyMap<number, number>;
	readonly notTold: readonly { readonly test: string; readonly why: string }[];
}

export const NO_STAGE = 255;

/** Null where not even the order lines were supplied: there is no key to reconcile on. */
export function reconcile(population: Population, evidence: EvidenceFacts, options: ReconcileOptions): Reconciliation | null {
	if (!population.has('sales_order') || !population.has('sales_order_line') || !population.has('contract')) return null;
	const lines = population.table('sales_order_line').rows;
	const missing = Object.fromEntries(
		RECONCILE_STAGES.map((stage) => [stage, missingTables(population, stage)]),
	) as Reconciliation['missing'];
	const has = (stage: ReconcileStage): boolean => missing[stage].length === 0;
	const none = (): Uint8Array => new Uint8Array(lines).fill(NOT_SUPPLIED);
	const days = parameterOf(options.overrides, 'T03', 'days', 2);
	const billing = has('shipment_billing') ? judgeBilling(population, parameterOf(options.overrides, 'T01', 'grace_days', 5)) : none();
	const ledger = has('revenue_ledger') ? judgeLedger(population) : { lines: none(), events: new Map<number, number>() };
	const stages = {
		order_shipment: has('order_shipment') ? judgeShipments(population) : none(),
		shipment_billing: billing,
		billing_revenue: has('billing_revenue') ? judgeRevenue(population, billing, days, options.tolerance) : none(),
		revenue_ledger: ledger.lines,
	};
	const told = chainBreaks(population, evidence, options.overrides);
	const breaks = byLine(told.breaks);
	leaveOpen(population, stages, breaks);
	// From the last on, so that the first of several tests names the line; a test stands before what the columns alone say.
	for (const [line, found] of breaks) for (const one of found.toReversed()) enter(stages, line, one.reason);
	const orphans = [...told.breaks.flatMap(orphanOf), ...revenueOrphans(population, has('billing_revenue'))];
	const named = nameItems(stages, lines, orphans);
	return { population, options, lines, orphans, stages, missing, ...named, breaks, ledgerEvents: ledger.events, notTold: told.notTold };
}

/** A whole-number parameter as the engagement set it. */
function parameterOf(overrides: Overrides, test: string, name: string, otherwise: number): number {
	const value = overrides[test]?.[name];
	return typeof value === 'number' ? value : otherwise;
}

function byLine(breaks: readonly ChainBreak[]): Map<number, ChainBreak[]> {
	const found = new Map<number, ChainBreak[]>();
	for (const one of breaks) {
		if (one.line < 0) continue;
		const known = found.get(one.line);
		if (known) known.push(one);
		else found.set(one.line, [one]);
	}
	return found;
}

const STAGE_ORDER: Readonly<Record<ReconcileStage, number>> = {
	order_shipment: 0,
	shipment_billing: 1,
	billing_revenue: 2,
	revenue_ledger: 3,
};

function enter(stages: Reconciliation['stages'], line: number, reason: number): void {
	const { stage } = reasonAt(reason);
	if (stage !== null) stages[stage][line] = reason;
}

const ABSENT: Readonly<Record<Exclude<ReconcileStage, 'revenue_ledger'>, readonly TableName[]>> = {
	// Obligations say which lines are services, that ship nothing and may be billed all the same.
	order_shipment: ['shipment', 'order_event', 'obligation'],
	shipment_billing: ['shipment', 'invoice', 'invoice_line', 'order_event', 'dispute', 'obligation'],
	billing_revenue: ['shipment', 'order_event', 'revenue_event', 'obligation', 'dispute', 'hold'],
};

/** Of `ABSENT`, those that can only lower what a line should have earned: without them, more than that is still more. */
const LOWERS: readonly TableName[] = ['dispute', 'hold'];

/**
 * Where lines were set aside or a table was not supplied, only what a test stands by is a break: what seems to be missing may be there.
 */
function leaveOpen(population: Population, stages: Reconciliation['stages'], breaks: ReadonlyMap<number, readonly ChainBreak[]>): void {
	for (const [stage, tables] of Object.entries(ABSENT) as [keyof typeof ABSENT, readonly TableName[]][]) {
		const lacking = tables.filter((name) => !population.has(name));
		const isAside = tables.some((name) => population.has(name) && population.table(name).quarantine.length > 0);
		if (lacking.length === 0 && !isAside) continue;
		const reasons = stages[stage];
		for (let line = 0; line < reasons.length; line++) {
			const reason = reasons[line] as number;
			if (!isBreak(reasonAt(reason).class) || breaks.has(line)) continue;
			if (lacking.some((name) => reason !== BEYOND_TRANSFER || !LOWERS.includes(name))) reasons[line] = NOT_SUPPLIED;
			else if (isAside) reasons[line] = SET_ASIDE;
		}
	}
}

const SET_ASIDE = reasonNumber('set_aside');
const NOT_SUPPLIED = reasonNumber('not_supplied');
const BEYOND_TRANSFER = reasonNumber('recognised_beyond_transfer');

function orphanOf(told: ChainBreak): Orphan[] {
	const { orphan, reason, amountMinor, currency } = told;
	const { stage } = reasonAt(reason);
	return orphan && stage ? [{ ...orphan, stage, reason, amountMinor: amountMinor ?? 0n, currency, told }] : [];
}

function revenueOrphans(population: Population, isCompared: boolean): Orphan[] {
	if (!isCompared) return [];
	const events = population.table('revenue_event');
	const { line } = revenueBook(population);
	const orphans: Orphan[] = [];
	for (let row = 0; row < line.length; row++) {
		if ((line[row] as number) >= 0) continue;
		orphans.push({
			table: 'revenue_event',
			row,
			stage: 'billing_revenue',
			reason: reasonNumber('revenue_without_order'),
			amountMinor: events.minors('amount_minor')[row] as bigint,
			currency: events.text('currency', row),
			told: null,
		});
	}
	return orphans;
}

/** The heaviest reason names an item; of equals the one nearest the order. */
function nameItems(stages: Reconciliation['stages'], lines: number, orphans: readonly Orphan[]): Pick<Reconciliation, 'reason' | 'stage'> {
	const reason = new Uint8Array(lines + orphans.length);
	const stage = new Uint8Array(lines + orphans.length).fill(NO_STAGE);
	RECONCILE_STAGES.forEach((name, index) => {
		const reasons = stages[name];
		for (let line = 0; line < lines; line++) {
			const one = reasons[line] as number;
			if (one === 0 || (reasonWeights[one] as number) <= (reasonWeights[reason[line] as number] as number)) continue;
			reason[line] = one;
			stage[line] = index;
		}
	});
	orphans.forEach((orphan, index) => {
		reason[lines + index] = orphan.reason;
		stage[lines + index] = STAGE_ORDER[orphan.stage];
	});
	return { reason, stage };
}

/**
 * Minor units at issue at one stage of an order line: what a test says, else what the two books differ by. Never negative; null where
 * one of the books was not supplied, so that there is no difference.
 */
export function amountAtIssue({ population, stages, breaks, missing }: Reconciliation, line: number, stage: ReconcileStage): bigint | null {
	const told = breaks.get(line)?.find(({ reason }) => reasonAt(reason).stage === stage);
	if (told?.amountMinor != null) return absolute(told.amountMinor);
	if (missing[stage].length > 0 || stages[stage][line] === NOT_SUPPLIED) return null;
	const columns = lineColumns(population);
	const price = population.table('sales_order_line').minors('unit_price_minor')[line] as bigint;
	switch (stage) {
		case 'order_shipment':
			return worthOf((columns.ordered[line] as bigint) - (columns.shipped[line] as bigint), price);
		case 'shipment_billing':
			return worthOf((columns.shipped[line] as bigint) - billedUnits(population, line), price);
		case 'billing_revenue': {
			const expected = justifiedOfLine(population, line);
			const net = columns.recognisedMinor[line] as bigint;
			if (expected !== null && expected !== net) return absolute(net - expected);
			return absolute(net - ((columns.invoicedMinor[line] as bigint) - (columns.creditedMinor[line] as bigint)));
		}
		case 'revenue_ledger':
			return absolute((columns.recognisedMinor[line] as bigint) - (columns.ledgerMinor[line] as bigint));
	}
}

/** Millionths invoiced less goods credited. */
export function billedUnits(population: Population, line: number): bigint {
	if (!population.has('invoice') || !population.has('invoice_line')) return 0n;
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	return (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
}

/** Currency of the order of a line, or null where the order is unknown. */
export function currencyOfLine(population: Population, line: number): string | null {
	const order = population.derive(orderOfLine)[line] as number;
	return order < 0 ? null : population.table('sales_order').text('currency', order);
}

export const EXACTLY: ReconcileOptions = { overrides: {}, tolerance: EXACT };
