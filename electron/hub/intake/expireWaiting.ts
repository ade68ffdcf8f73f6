/** Ends the waiting of events whose predecessor did not arrive within the window. */
import type { Database } from '../database/databasePort.ts';
import { amountConcerned } from './amounts.ts';
import { cause } from './causes.ts';
import { keepDeadLetters } from './deadLetterStore.ts';
import { payloadOf } from './decideBatch.ts';
import type { FieldVault } from './fieldVault.ts';
import { orderFacts } from './orderFacts.ts';
import { readRows } from './tableRows.ts';
import { dropWaiting, expiredEvents } from './waitingStore.ts';

interface ExpiryPorts {
	readonly database: Database;
	readonly vault: FieldVault;
	readonly now: () => number;
}

/** Must be called while no batch of the tenant is decided. @returns how many events were set aside */
export async function expireWaiting({ database, vault, now }: ExpiryPorts, tenant: string, before: number): Promise<number> {
	const events = await expiredEvents(database, vault, tenant, before);
	if (events.length === 0) return 0;
	const orders = orderFacts(await readRows(database, vault, tenant, 'sales_order', [...new Set(events.map(({ orderId }) => orderId))]));
	const letters = events.map((event) => ({
		batchId: event.batchId,
		line: event.line,
		channel: event.channel,
		sourceSystem: String(event.record['source_system'] ?? '') || null,
		table: event.table,
		cause: cause('predecessor_missing', `order_seq ${String(event.record['order_seq'])} of order ${event.orderId}`),
		payload: payloadOf(event),
		amount: amountConcerned(event.table, event.record, orders.amountOf(event.orderId)),
		at: now(),
	}));
	await database.transaction(async (tx) => {
		await dropWaiting(
			tx,
			tenant,
			events.map(({ eventId }) => eventId),
		);
		await keepDeadLetters(tx, vault, tenant, letters);
	});
	return events.length;
}
