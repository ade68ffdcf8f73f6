/** The two legal entities, their calendars, accounts and periods. */

import type { Wire } from './wire.ts';
import { businessDay, dayOf, instantAt, PERIODS, timeText } from './workTime.ts';

export type EntityKey = 'US' | 'DE';

export interface Entity {
	readonly key: EntityKey;
	readonly entityId: string;
	readonly name: string;
	readonly jurisdiction: string;
	readonly currency: string;
	readonly timezone: string;
	readonly workdays: string;
	readonly dayStart: string;
	readonly dayEnd: string;
	/** Minutes after midnight UTC at which the common work window of seven hours opens. */
	readonly openMinute: number;
	/** Home customers' tax rate, and that of exports. */
	readonly taxRates: readonly string[];
	readonly regions: readonly string[];
	readonly carriers: readonly string[];
	/** First digits of the numbers of invoices and credit memos: no number of one series equals one of another. */
	readonly invoiceNumberBase: number;
	readonly creditMemoNumberBase: number;
}

export const ENTITIES: Readonly<Record<EntityKey, Entity>> = {
	US: {
		key: 'US',
		entityId: 'NLI-US',
		name: 'Northlight Instruments, Inc.',
		jurisdiction: 'US',
		currency: 'USD',
		timezone: 'America/New_York',
		workdays: 'Mon-Sat',
		dayStart: '08:00',
		dayEnd: '18:00',
		openMinute: 14 * 60,
		taxRates: ['0.0625', '0.08', '0.0725'],
		regions: ['US-East', 'US-Central', 'US-West'],
		carriers: ['UPS', 'FedEx'],
		invoiceNumberBase: 10_000_000,
		creditMemoNumberBase: 70_000_000,
	},
	DE: {
		key: 'DE',
		entityId: 'NLI-DE',
		name: 'Northlight Instruments GmbH',
		jurisdiction: 'DE',
		currency: 'EUR',
		timezone: 'Europe/Berlin',
		workdays: 'Mon-Fri',
		dayStart: '07:30',
		dayEnd: '17:30',
		openMinute: 8 * 60,
		taxRates: ['0.19', '0.07'],
		regions: ['DACH', 'Benelux', 'Nordics'],
		carriers: ['DHL', 'DPD'],
		invoiceNumberBase: 20_000_000,
		creditMemoNumberBase: 80_000_000,
	},
};

export const ENTITY_KEYS: readonly EntityKey[] = ['US', 'DE'];

export interface Account {
	readonly account: string;
	readonly name: string;
	readonly class: string;
	/** Balance on 2026-01-01 in minor units, debit-positive. The openings of an entity add up to nothing. */
	readonly openingMinor: bigint;
}

/** One chart for both entities. Billing and revenue both run through deferred revenue, so that its roll-forward shows all of them. */
export const ACCOUNTS: readonly Account[] = [
	{ account: '1000', name: 'Cash at bank', class: 'cash', openingMinor: 184_250_317n },
	{ account: '1200', name: 'Trade receivables', class: 'receivable', openingMinor: 0n },
	{ account: '1300', name: 'Contract assets', class: 'contract_asset', openingMinor: 0n },
	{ account: '1500', name: 'Plant and equipment', class: 'other', openingMinor: 96_418_205n },
	{ account: '1590', name: 'Accumulated depreciation', class: 'other', openingMinor: -31_207_744n },
	{ account: '2100', name: 'Sales tax payable', class: 'tax', openingMinor: 0n },
	{ account: '2400', name: 'Deferred revenue', class: 'deferred_revenue', openingMinor: 0n },
	{ account: '2500', name: 'Refund liability', class: 'refund_liability', openingMinor: 0n },
	{ account: '2900', name: 'Accrued expenses', class: 'other', openingMinor: -12_084_911n },
	{ account: '3000', name: 'Share capital and reserves', class: 'other', openingMinor: -237_375_867n },
	{ account: '4000', name: 'Product revenue', class: 'revenue', openingMinor: 0n },
	{ account: '4100', name: 'Service revenue', class: 'revenue', openingMinor: 0n },
	{ account: '6100', name: 'Freight', class: 'other', openingMinor: 0n },
	{ account: '6200', name: 'Salaries', class: 'other', openingMinor: 0n },
	{ account: '6300', name: 'Depreciation', class: 'other', openingMinor: 0n },
	{ account: '6400', name: 'Rent', class: 'other', openingMinor: 0n },
	{ account: '6500', name: 'Bank charges', class: 'other', openingMinor: 0n },
];

export const entityRecord = (entity: Entity): Wire => ({
	currency: entity.currency,
	day_end: entity.dayEnd,
	day_start: entity.dayStart,
	entity_id: entity.entityId,
	jurisdiction: entity.jurisdiction,
	name: entity.name,
	timezone: entity.timezone,
	workdays: entity.workdays,
});

export const accountRecord = (entity: Entity, account: Account): Wire => ({
	account: account.account,
	class: account.class,
	entity_id: entity.entityId,
	name: account.name,
});

const CLOSING_BUSINESS_DAYS = 5;
const CLOSING_MINUTE = 360;

function periodBounds(period: string): { first: number; last: number } {
	const [year = 0, month = 0] = period.split('-').map(Number);
	return { first: dayOf(year, month, 1), last: dayOf(year, month + 1, 1) - 1 };
}

/** The instant a period was locked for posting; null for the one still open. */
function closedAt(entity: Entity, period: string): number | null {
	if (period === PERIODS.at(-1)) return null;
	return instantAt(businessDay(periodBounds(period).last + 1, CLOSING_BUSINESS_DAYS), entity.openMinute, CLOSING_MINUTE);
}

export function periodRecord(entity: Entity, period: string): Wire {
	const { first, last } = periodBounds(period);
	const closed = closedAt(entity, period);
	return {
		closed_at: closed === null ? null : timeText(closed),
		ends_on: timeText(instantAt(last, 0, 0)).slice(0, 10),
		entity_id: entity.entityId,
		period,
		starts_on: timeText(instantAt(first, 0, 0)).slice(0, 10),
	};
}
