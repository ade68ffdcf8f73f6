/** What the group trades with: its orders, its lines, and the agenda on which everything happens in time. */
import { AS_OF, type dice, type Entity, HOUR } from './calendar.ts';
import { decimal, type Row, type Tables } from './sealing.ts';

export const MINUTE = 60_000;
export const ONE = 1_000_000n;
export const half = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

export const SCENARIOS = [
	'plain', 'three_parts', 'on_shipment', 'ex_works', 'acceptance', 'two_lines', 'advance', 'credit_hold', 'backorder', 'hold', 'customer_wins', 'company_wins', 'reversed_then_reinstated',
	'partial_return', 'full_return', 'cancelled', 'advance_cancelled', 'service', 'service_advance', 'catch_up', 'separate', 'prospective', 'bill_and_hold', 'manual', 'fallback', 'consolidated',
	'wrong_tax', 'rebooked', 'discounted', 'partial_parts_return', 'acceptance_parts', 'dollars',
] as const; // biome-ignore format: names only

export type Scenario = (typeof SCENARIOS)[number];

export type Line = {
	readonly id: string;
	readonly sku: string;
	readonly ordered: bigint;
	readonly unit: number;
	readonly amount: number;
	readonly ssp: number;
	allocated: number;
	readonly obligation: string;
	transferred: bigint;
	returned: bigint;
	recognised: number;
	billed: bigint;
};

export type Order = {
	readonly id: string;
	readonly scenario: Scenario;
	readonly entity: Entity;
	readonly customer: string;
	readonly currency: string;
	readonly contract: string;
	readonly start: number;
	readonly lines: Line[];
	readonly row: Row;
	parts: number;
	readonly term: 'shipment' | 'delivery' | 'acceptance';
	readonly billing: 'on_shipment' | 'on_delivery' | 'advance' | 'milestone';
	readonly pod: boolean;
	readonly purchaseOrder: string | null;
	state: string;
	shipped: number;
	delivered: number;
	accepted: number;
	/** When the last event was recorded: the chain is written in that order. */
	told: number;
};

export type Part = { readonly order: Order; readonly line: Line; readonly quantity: bigint; readonly shipment: string | null };

export type World = {
	readonly seed: number;
	readonly tables: Tables;
	readonly documents: Map<string, Uint8Array>;
	readonly disclosures: (readonly [string, string])[];
	readonly orders: Order[];
	readonly at: (time: number, act: () => void) => void;
	readonly run: () => void;
	readonly roll: ReturnType<typeof dice>;
	readonly receivable: Map<string, number>;
	readonly numbers: Map<string, number>;
	readonly pool: Map<string, Part[]>;
};

export const addTo = (world: World, table: string, row: Row): Row => {
	world.tables[table]?.push(row);
	return row;
};

export function agenda(): Pick<World, 'at' | 'run'> {
	const due: { readonly time: number; readonly act: () => void }[] = [];
	return {
		at: (time, act) => {
			let low = 0;
			let high = due.length;
			while (low < high) {
				const mid = (low + high) >> 1;
				if ((due[mid]?.time ?? 0) > time) low = mid + 1;
				else high = mid;
			}
			due.splice(low, 0, { time, act });
		},
		run: () => {
			for (let next = due.pop(); next !== undefined; next = due.pop()) if (next.time <= AS_OF - 2 * HOUR) next.act();
		},
	};
}

export const qty = (order: Order, quantity: bigint): string => decimal(quantity, order.entity.padded);
export const ruleVersion = (time: number): number => (time >= Date.parse('2026-08-01T00:00:00.000Z') ? 2 : 1);
export const isService = (order: Order): boolean => order.scenario === 'service' || order.scenario === 'service_advance';
