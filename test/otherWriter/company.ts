/** The whole of the other company: its tables, its drop, its key. */
import type { KeyObject } from 'node:crypto';
import { feed, keepBooks, trialBalances } from './books.ts';
import { AS_OF, ENTITIES, ts } from './calendar.ts';
import { type Header, keyFrom, numberSealed, type Row, seal, type Tampering, vkeyOf } from './sealing.ts';
import { FIRST_SEQ } from './telling.ts';
import { tradeYear } from './trading.ts';
import type { World } from './world.ts';

/** What a stranger does to the company, step by step; each step is optional. */
export type Mischief = {
	/** Before the books are kept: the ledger follows. */
	readonly trading?: (world: World) => void;
	/** After the books, before trial balances. */
	readonly books?: (world: World) => void;
	/** After trial balances, before numbering. */
	readonly reports?: (world: World) => void;
	/** After numbering and the feed. */
	readonly feed?: (world: World) => void;
	readonly sealing?: Tampering;
};

const LOG = 'nascente.example/基幹';
const KEY: KeyObject = keyFrom('the other company’s log key');
export const VKEY = vkeyOf('nascente.example', KEY);

/** A sealed row leaves its nulls out where its writer does. */
function shed(rows: Row[] | undefined, every: number): void {
	for (const [index, row] of (rows ?? []).entries())
		if (index % every === 0) for (const [key, value] of Object.entries(row)) if (value === null) Reflect.deleteProperty(row, key);
}

export function otherDrop(seed: number, count: number, without: readonly string[] = [], mischief: Mischief = {}): Map<string, Uint8Array> {
	const world = tradeYear(seed, count);
	const { tables } = world;
	mischief.trading?.(world);
	keepBooks(tables);
	mischief.books?.(world);
	trialBalances(tables);
	mischief.reports?.(world);
	for (const name of ['invoice', 'invoice_line', 'shipment', 'sales_order', 'contract', 'journal_line', 'revenue_event', 'dispute', 'hold'])
		shed(tables[name], 3);
	numberSealed(tables, FIRST_SEQ);
	feed(tables);
	mischief.feed?.(world);
	const header: Header = {
		dropId: `${seed}f0e-δ`, company: 'Grupo Nascente 日の出', entityIds: ENTITIES.map(({ id }) => id), from: '2026-04', to: '2026-12', asOf: ts(AS_OF), log: LOG,
		controlTotals: { invoice: ['total_minor'], invoice_line: ['amount_minor', 'quantity'], order_event: ['quantity'], revenue_event: ['amount_minor'], journal_line: ['debit_minor', 'credit_minor'], payment: ['amount_minor'], shipment: ['quantity'] },
		documents: world.documents,
		disclosures: { order_event: world.disclosures },
	}; // biome-ignore format: one record
	const kept = Object.fromEntries(Object.entries(tables).filter(([table]) => !without.includes(table)));
	return seal(kept, header, KEY, mischief.sealing);
}
