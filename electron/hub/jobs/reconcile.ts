/**
 * The nightly reconciliation order ↔ billing ↔ revenue of one day, as a sealed record: what was moved at its price, what was invoiced, what
 * was recognised, cumulatively up to the end of the day, and how many orders do not agree. A day's own movement is the difference of two records.
 *
 * *Reading.* Billing is compared where the contract bills on shipment or delivery; advance and milestone billing follow no quantity, so they are
 * not testable here. Revenue is compared with the allocated price prorated by the quantity whose control has passed. Orders that were amended or
 * corrected, and obligations over time, are not testable by quantity: the audit tests look into them.
 */
import { invariant } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { LogTable, LogWriter, SignedHead } from '../log/logPort.ts';
import { RECONCILE_SQL, UNREADABLE_SQL } from './reconcileSql.ts';

export interface ReconcilePorts {
	readonly database: Database;
	readonly log: LogWriter & { head(tenant: string, table: LogTable): SignedHead };
	/** Milliseconds since 1970. */
	now(): number;
}

/** Orders of one comparison; amounts in minor units, as decimal text. */
interface Comparison {
	readonly matched: number;
	readonly not_testable: number;
	/** Less was invoiced, or recognised, than what moved stands for. */
	readonly short: number;
	readonly short_minor: string;
	/** More was. */
	readonly over: number;
	readonly over_minor: string;
}

interface CurrencyReconciliation {
	readonly currency: string;
	readonly orders: number;
	/** Orders that break in at least one comparison. */
	readonly orders_with_breaks: number;
	/** Quantities at their unit prices. */
	readonly shipped_minor: string;
	readonly delivered_minor: string;
	readonly invoiced_minor: string;
	readonly recognised_minor: string;
	readonly billing: Comparison;
	readonly revenue: Comparison;
	/** Invoiced and recognised for no order of this currency that the hub knows. */
	readonly unassigned: { readonly invoiced_minor: string; readonly recognised_minor: string };
}

export interface Reconciliation {
	readonly kind: 'reconciliation';
	readonly record_id: string;
	/** `YYYY-MM-DD`, UTC. */
	readonly day: string;
	readonly currencies: readonly CurrencyReconciliation[];
	/** Rows that could not be looked into. */
	readonly unreadable_rows: number;
	/** Lines of the logs when it was made. */
	readonly sizes: Readonly<Record<'order_event' | 'revenue_event', number>>;
}

/** Reconciles a day, once: a day that has its record keeps it, whatever came later. */
export async function reconcileDay(ports: ReconcilePorts, tenant: string, day: string): Promise<Reconciliation> {
	const kept = await readReconciliation(ports.database, tenant, day);
	if (kept) return kept;
	const record = await reconcile(ports, tenant, day);
	try {
		await ports.log.append(tenant, 'hub_record', [
			{ record: { ...record }, region: '', batchId: '', receivedAt: ports.now(), disclosures: [] },
		]);
		return record;
	} catch (error) {
		// Another run was quicker: then its record is the day's.
		const other = await readReconciliation(ports.database, tenant, day);
		if (other) return other;
		throw error;
	}
}

const recordId = (day: string): string => `reconciliation-${day}`;

/** The sealed record of a day; null if there is none. */
export async function readReconciliation(database: Database, tenant: string, day: string): Promise<Reconciliation | null> {
	const [key] = await database.query<{ idx: bigint }>(
		"SELECT idx FROM event_key WHERE tenant = $1 AND log_table = 'hub_record' AND event_id = $2",
		[tenant, recordId(day)],
	);
	if (!key) return null;
	const [row] = await database.query<{ line: string }>(
		"SELECT line FROM sealed_line WHERE tenant = $1 AND log_table = 'hub_record' AND idx = $2::bigint",
		[tenant, String(key.idx)],
	);
	invariant(row, 'a sealed record has its line');
	const { prev: _, ...record } = JSON.parse(row.line) as Reconciliation & { readonly prev: unknown };
	return record;
}

async function reconcile({ database, log }: ReconcilePorts, tenant: string, day: string): Promise<Reconciliation> {
	const sizes = { order_event: log.head(tenant, 'order_event').size, revenue_event: log.head(tenant, 'revenue_event').size };
	const end = new Date(Date.parse(`${day}T00:00:00.000Z`) + 86_400_000).toISOString();
	const [rows, [unreadable]] = await database.transaction(
		async (tx) =>
			[
				await tx.query<Readonly<Record<string, string>>>(RECONCILE_SQL, [tenant, end]),
				await tx.query<{ count: bigint }>(UNREADABLE_SQL, [tenant]),
			] as const,
	);
	return {
		kind: 'reconciliation',
		record_id: recordId(day),
		day,
		currencies: rows.map(currencyOf),
		unreadable_rows: Number(unreadable?.count ?? 0n),
		sizes,
	};
}

function currencyOf(row: Readonly<Record<string, string>>): CurrencyReconciliation {
	const text = (name: string): string => {
		const value = row[name];
		invariant(value !== undefined, `the reconciliation has a column ${name}`);
		return value;
	};
	// Sums of whole numbers: a fraction would be a fault of the statement.
	const minor = (name: string): string => BigInt(text(name)).toString();
	const orders = Number(text('orders'));
	const comparison = (name: 'bill' | 'book'): Comparison => {
		const counts = {
			matched: Number(text(`${name}_matched`)),
			not_testable: Number(text(`${name}_not_testable`)),
			short: Number(text(`${name}_short`)),
			over: Number(text(`${name}_over`)),
		};
		const told = counts.matched + counts.not_testable + counts.short + counts.over;
		invariant(told === orders, 'every order has one outcome');
		return { ...counts, short_minor: minor(`${name}_short_minor`), over_minor: minor(`${name}_over_minor`) };
	};
	return {
		currency: text('currency'),
		orders,
		orders_with_breaks: Number(text('broken')),
		shipped_minor: minor('shipped'),
		delivered_minor: minor('delivered'),
		invoiced_minor: minor('invoiced'),
		recognised_minor: minor('recognised'),
		billing: comparison('bill'),
		revenue: comparison('book'),
		unassigned: { invoiced_minor: minor('stray_invoiced'), recognised_minor: minor('stray_recognised') },
	};
}
