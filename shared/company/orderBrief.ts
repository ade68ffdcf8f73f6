/** What is asked of the planner for one order: the shape of its life, who buys, and when it starts. */
import type { Customer } from './customers.ts';
import type { Entity } from './entities.ts';
import type { BillingTerm, TransferTerm } from './orderPlan.ts';
import type { Random } from './random.ts';

/** The life an order of the clean company can have. `open` ones are still on their way at the as-of instant. */
export type OrderLife =
	| 'plain'
	| 'partial'
	| 'over_time'
	| 'credit_hold'
	| 'backorder'
	| 'hold'
	| 'amended_separate'
	| 'amended_prospective'
	| 'amended_catch_up'
	| 'corrected'
	| 'cancelled'
	| 'bill_and_hold'
	| 'manual'
	| 'fallback'
	| 'dispute_company'
	| 'dispute_customer'
	| 'return_part'
	| 'return_full';

/** Where an open order has got to. */
export type Stage = 'booked' | 'released' | 'held' | 'backordered' | 'picking' | 'shipped' | 'partially_shipped' | 'delivered' | 'disputed';

export interface OrderBrief {
	readonly number: string;
	readonly entity: Entity;
	readonly customer: Customer;
	/** A business day, in days since 1970-01-01. */
	readonly day: number;
	readonly life: OrderLife;
	readonly stage: Stage | null;
	readonly transfer: TransferTerm;
	readonly billing: BillingTerm;
	readonly podRequired: boolean;
	readonly lineCount: number;
	/** How many consignments (visits, for a service) the order is fulfilled in. */
	readonly consignments: number;
	readonly discountPercent: number;
	readonly random: Random;
}
