export type { Order } from './order.ts';

export interface Invoice {
	readonly total: bigint;
}

export const none = null;
