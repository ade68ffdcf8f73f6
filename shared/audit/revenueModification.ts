/** Contract modifications: T31 treated otherwise than the decision table says, T32 without approval or backdated. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { RECOGNISE, REINSTATE, revenueBook, treatmentOf } from '#revenue';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { amendmentOrder, ordersOfAmendment } from './revenueAmendments.ts';
import { catchUpReadings } from './revenueCatchUp.ts';
import { OBLIGATION_NEEDS, OpenSubjects, REVENUE_COLUMNS } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

const TREATMENT_WORDS = { separate: 'a separate contract', prospective: 'prospective', catch_up: 'a cumulative catch-up' } as const;

/**
 * Reading: the booked treatment against 606-10-25-12/13; and for a booked catch-up, catch_up_minor against revised price × progress −
 * recognised for every sane reading of "revised price" (contract, order or allocated price, with or without the deltas already in
 * it) and "progress" (quantities transferred or done at effective_at, or recognised ÷ price before): it is wrong if it fits none.
 */
function modificationTreatment({ population }: AuditContext): Outcome {
	const amendments = population.table('contract_amendment');
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	for (let amendment = 0; amendment < amendments.rows; amendment++) {
		const words: string[] = [];
		let amount: bigint | null = null;
		const booked = amendments.text('treatment', amendment);
		const terms = { addsDistinct: 'adds_distinct', atStandAlonePrice: 'at_ssp', remainingDistinct: 'remaining_distinct' } as const;
		const flag = (column: string): boolean => amendments.flags(column)[amendment] === 1;
		const right = treatmentOf({
			addsDistinct: flag(terms.addsDistinct),
			atStandAlonePrice: flag(terms.atStandAlonePrice),
			remainingDistinct: flag(terms.remainingDistinct),
		});
		if (booked !== null && booked !== right) {
			const facts = Object.values(terms).map((column) => `${column} ${flag(column) ? 'yes' : 'no'}`);
			words.push(`is booked as ${wordsOf(booked)}, but by ${facts.join(', ')} it is ${TREATMENT_WORDS[right]}`);
			amount = absolute(amendments.minors('delta_price_minor')[amendment] as bigint);
		}
		if (booked === 'catch_up') {
			const fault = catchUpFault(population, amendment, open);
			if (fault) words.push(fault.words);
			if (fault && right === 'catch_up') amount = fault.amount;
		}
		if (words.length > 0) exceptions.push(modificationDraft(population, amendment, words.join('; and it '), amount));
	}
	return { tested: amendments.rows, exceptions, ...open.outcome() };
}

const wordsOf = (treatment: string): string => TREATMENT_WORDS[treatment as keyof typeof TREATMENT_WORDS] ?? treatment;

function catchUpFault(
	population: Population,
	amendment: number,
	open: OpenSubjects,
): { readonly words: string; readonly amount: bigint } | null {
	const amendments = population.table('contract_amendment');
	const isNull = amendments.isNull('catch_up_minor', amendment);
	const booked = isNull ? 0n : (amendments.minors('catch_up_minor')[amendment] as bigint);
	const readings = catchUpReadings(population, amendment);
	const [likeliest] = readings;
	if (!likeliest) {
		open.add('amendment whose progress or price is not in the data');
		return null;
	}
	if (readings.some(({ catchUp, tolerance }) => absolute(booked - catchUp) <= tolerance)) return null;
	const currency = amendmentCurrency(population, amendment);
	const { price, progress, recognised, catchUp } = likeliest;
	return {
		words: `has ${isNull ? 'no catch-up booked' : `a catch-up of ${inMoney(booked, currency)} booked`}, but the revised price ${inMoney(price, currency)} × progress ${progress} − recognised ${inMoney(recognised, currency)} is ${inMoney(catchUp, currency)}`,
		amount: absolute(booked - catchUp),
	};
}

function amendmentCurrency(population: Population, amendment: number): string | null {
	const code = population.table('contract_amendment').codes('contract_id')[amendment] as number;
	const contract = population.index('contract', 'contract_id').rowOf(code);
	return contract < 0 ? null : population.table('contract').text('currency', contract);
}

const CITED_MAX = 50;

function modificationDraft(
	population: Population,
	amendment: number,
	words: string,
	amountMinor: bigint | null,
	more: readonly RowRef[] = [],
): ExceptionDraft {
	const amendments = population.table('contract_amendment');
	const contract = population.index('contract', 'contract_id').rowOf(amendments.codes('contract_id')[amendment] as number);
	const effective = inTime(amendments.instants('effective_at')[amendment] as number);
	return {
		orderId: amendmentOrder(population, amendment),
		keys: keysOf(population, 'contract_amendment', amendment),
		amountMinor,
		currency: amendmentCurrency(population, amendment),
		reason: `Amendment ${amendments.text('amendment_id', amendment)} of contract ${amendments.text('contract_id', amendment)}, effective ${effective}, ${words}.`,
		rows: [
			ref('contract_amendment', amendment),
			...refs('contract', [contract]),
			...refs('sales_order', ordersOfAmendment(population, amendment).subarray(0, 5)),
			...more,
		].slice(0, CITED_MAX),
	};
}

/** Reading: effective before signed or approved; or one of the two missing, and revenue of an order concerned recognised from effective_at on. */
function modificationApproval({ population }: AuditContext): Outcome {
	const amendments = population.table('contract_amendment');
	const exceptions: ExceptionDraft[] = [];
	for (let amendment = 0; amendment < amendments.rows; amendment++) {
		const effective = amendments.instants('effective_at')[amendment] as number;
		const words: string[] = [];
		let followed = -1;
		for (const [column, verb] of [
			['signed_at', 'signed'],
			['approved_at', 'approved'],
		] as const) {
			const instant = amendments.instants(column)[amendment] as number;
			if (effective < instant) words.push(`was ${verb} only at ${inTime(instant)}`);
			if (!Number.isNaN(instant)) continue;
			if (followed < 0) followed = revenueFrom(population, amendment, effective);
			if (followed >= 0)
				words.push(`was never ${verb}, while revenue ${population.table('revenue_event').text('revenue_id', followed)} followed`);
		}
		if (words.length === 0) continue;
		const delta = absolute(amendments.minors('delta_price_minor')[amendment] as bigint);
		exceptions.push(modificationDraft(population, amendment, words.join(' and '), delta, refs('revenue_event', [followed])));
	}
	return { tested: amendments.rows, exceptions, open: 0 };
}

/** The latest recognise or reinstate event of the orders concerned, if it is at or after an instant; else -1. */
function revenueFrom(population: Population, amendment: number, instant: number): number {
	const amendments = population.table('contract_amendment');
	const { byOrder, byContract } = latestRevenue(population);
	const order = amendments.codes('order_id')[amendment] as number;
	const event = order >= 0 ? byOrder.get(order) : byContract.get(amendments.codes('contract_id')[amendment] as number);
	if (event === undefined) return -1;
	return (population.table('revenue_event').instants('recognised_at')[event] as number) >= instant ? event : -1;
}

/** The latest recognise or reinstate event by code of order and of contract. */
interface LatestRevenue {
	readonly byOrder: ReadonlyMap<number, number>;
	readonly byContract: ReadonlyMap<number, number>;
}

const latestRevenue = (population: Population): LatestRevenue => population.derive(findLatest);

function findLatest(population: Population): LatestRevenue {
	const revenue = population.table('revenue_event');
	const { kinds } = revenueBook(population);
	const index = population.index('sales_order', 'order_id');
	const contracts = population.table('sales_order').codes('contract_id');
	const orders = revenue.codes('order_id');
	const instants = revenue.instants('recognised_at');
	const byOrder = new Map<number, number>();
	const byContract = new Map<number, number>();
	const keepLatest = (latest: Map<number, number>, key: number, event: number): void => {
		const known = latest.get(key);
		if (known === undefined || (instants[event] as number) > (instants[known] as number)) latest.set(key, event);
	};
	const isAmended = amendedCodes(population);
	for (let event = 0; event < revenue.rows; event++) {
		if (kinds[event] !== RECOGNISE && kinds[event] !== REINSTATE) continue;
		const order = orders[event] as number;
		const row = index.rowOf(order);
		if (row < 0) continue;
		const contract = contracts[row] as number;
		if (isAmended.orders.has(order)) keepLatest(byOrder, order, event);
		if (isAmended.contracts.has(contract)) keepLatest(byContract, contract, event);
	}
	return { byOrder, byContract };
}

function amendedCodes(population: Population): { readonly orders: ReadonlySet<number>; readonly contracts: ReadonlySet<number> } {
	const amendments = population.table('contract_amendment');
	return { orders: new Set(amendments.codes('order_id')), contracts: new Set(amendments.codes('contract_id')) };
}

const AMENDMENT_NEEDS = [
	...OBLIGATION_NEEDS,
	{ table: 'contract', columns: ['contract_id', 'price_minor'] },
	{ table: 'revenue_event', columns: REVENUE_COLUMNS },
] as const satisfies AuditTest['needs'];

export const REVENUE_MODIFICATION_TESTS: readonly AuditTest[] = [
	{
		id: 'T31',
		version: 1,
		title: 'Modification treated wrongly',
		severity: 'high',
		why: 'The treatment of a modification decides whether its price counts now, later or back in time.',
		rule: 'The booked treatment is not that of the decision table (distinct goods at stand-alone price: separate; else remaining goods distinct: prospective; else catch-up); or a booked catch-up differs from revised price × progress − recognised by more than one minor unit a row involved.',
		source: 'ASC 606-10-25-12; 606-10-25-13',
		parameters: [],
		needs: [
			...AMENDMENT_NEEDS,
			{
				table: 'contract_amendment',
				columns: [
					'amendment_id',
					'contract_id',
					'effective_at',
					'adds_distinct',
					'at_ssp',
					'remaining_distinct',
					'delta_price_minor',
					'treatment',
				],
			},
		],
		mayRead: ['order_event', 'shipment'],
		run: modificationTreatment,
	},
	{
		id: 'T32',
		version: 1,
		title: 'Modification unapproved or backdated',
		severity: 'high',
		why: 'A modification that nobody approved, or that reaches back behind its signature, is no enforceable right yet.',
		rule: 'An amendment is effective earlier than it was signed or approved; or it was never signed or approved, and revenue of the orders concerned was recognised from its effective date on.',
		source: 'ASC 606-10-25-10',
		parameters: [],
		needs: [
			...AMENDMENT_NEEDS,
			{ table: 'contract_amendment', columns: ['amendment_id', 'contract_id', 'effective_at', 'delta_price_minor'] },
		],
		run: modificationApproval,
	},
];
