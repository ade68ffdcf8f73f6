/** What a batch needs to know of the orders it is about: their region, and the amount that is at stake. */
import { isCurrency, type Json } from '#kernel';
import type { Queryable } from '../database/databasePort.ts';
import { type AmountConcerned, orderOf } from './amounts.ts';
import type { FieldVault } from './fieldVault.ts';
import type { BatchLine } from './readBatch.ts';
import { readRows } from './tableRows.ts';

export interface OrderFacts {
	/** '' where there is no order, or none the hub knows. */
	regionOf(orderId: string | null): string;
	amountOf(orderId: string | null): AmountConcerned | null;
}

type Order = Readonly<Record<string, Json>>;

/** The orders named in the batch: its own order rows before those that are stored. */
export async function loadOrders(db: Queryable, vault: FieldVault, tenant: string, lines: readonly BatchLine[]): Promise<OrderFacts> {
	const ids = new Set<string>();
	const own = new Map<string, Order>();
	for (const { read } of lines) {
		const record = read.ok ? read.value.record : read.record;
		const id = orderOf(record);
		if (id === null) continue;
		ids.add(id);
		if (read.ok && read.value.table === 'sales_order') own.set(id, read.value.record);
	}
	return orderFacts(new Map([...(await readRows(db, vault, tenant, 'sales_order', [...ids])), ...own]));
}

export function orderFacts(orders: ReadonlyMap<string, Order>): OrderFacts {
	const orderAt = (id: string | null): Order | undefined => (id === null ? undefined : orders.get(id));
	return {
		regionOf: (id) => String(orderAt(id)?.['region'] ?? ''),
		amountOf(id) {
			const order = orderAt(id);
			const [minor, currency] = [order?.['total_minor'], order?.['currency']];
			if (typeof minor !== 'number' || typeof currency !== 'string' || !isCurrency(currency)) return null;
			return { minor: BigInt(minor), currency };
		},
	};
}
