/** Events that are decided and durable, but not yet in their log: what is known of an order while its last events are being sealed. */
import type { RecordJson } from './checkRecord.ts';
import type { PlacedEvent, SealedTable } from './planEvents.ts';

export class PendingEvents {
	readonly #records = new Map<string, RecordJson>();
	/** Events of the order up to the last pending one. */
	readonly #ends = new Map<string, number>();

	get isEmpty(): boolean {
		return this.#records.size === 0;
	}

	record(table: SealedTable, eventId: string): RecordJson | null {
		return this.#records.get(`${table}/${eventId}`) ?? null;
	}

	/** How many events the order has with the pending ones; null where none is pending. */
	count(table: SealedTable, orderId: string): number | null {
		return this.#ends.get(`${table}/${orderId}`) ?? null;
	}

	add({ table, eventId, orderId, record, n }: PlacedEvent): void {
		this.#records.set(`${table}/${eventId}`, record);
		this.#ends.set(`${table}/${orderId}`, n);
	}

	/** Takes out what its log has by now. */
	remove({ table, eventId, orderId, n }: PlacedEvent): void {
		this.#records.delete(`${table}/${eventId}`);
		if (this.#ends.get(`${table}/${orderId}`) === n) this.#ends.delete(`${table}/${orderId}`);
	}

	clear(): void {
		this.#records.clear();
		this.#ends.clear();
	}
}
