/** Which orders there are: when each comes in, from whom, and what kind of life it will have. */
import { type Customer, customerAt } from './customers.ts';
import { ENTITIES, type EntityKey } from './entities.ts';
import type { OrderBrief, OrderLife, Stage } from './orderBrief.ts';
import type { BillingTerm, TransferTerm } from './orderPlan.ts';
import { createRandom, type Random } from './random.ts';
import { businessDay, dayOf, FIRST_DAY, isWeekend, LAST_ORDER_DAY } from './workTime.ts';

/**
 * The first twenty cards of the deck: whatever touches rare pairs of accounts comes at least three times in them, so that
 * no lawful pair stays rare in a small company.
 */
const RARE_CARDS: readonly OrderLife[] = [
	'over_time',
	'return_part',
	'return_full',
	'dispute_customer',
	'dispute_company',
	'hold',
	'backorder',
	'partial',
	'cancelled',
	'credit_hold',
	'amended_catch_up',
	'manual',
	'partial',
	'bill_and_hold',
	...new Array<OrderLife>(6).fill('plain'),
];
const COMMON_CARDS: readonly OrderLife[] = [
	'over_time',
	'over_time',
	'return_part',
	'dispute_customer',
	'hold',
	'backorder',
	'cancelled',
	'amended_separate',
	'amended_prospective',
	'corrected',
	'fallback',
	...new Array<OrderLife>(6).fill('partial'),
	...new Array<OrderLife>(13).fill('plain'),
];

/** Deals lives to the orders of one entity: each run of a deck's length has every card once. */
class Deck {
	private cards: OrderLife[] = [];
	private readonly random: Random;

	constructor(seed: string) {
		this.random = createRandom(seed);
	}

	next(): OrderLife {
		if (this.cards.length === 0) this.cards = [...this.random.shuffle(COMMON_CARDS), ...this.random.shuffle(RARE_CARDS)];
		return this.cards.pop() ?? 'plain';
	}
}

/** From these days on an order of that life could not be closed before the as-of instant, or its month; it is a plain one instead. */
const LAST_DAY_OF: Partial<Record<OrderLife, number>> = {
	over_time: dayOf(2026, 7, 10),
	partial: dayOf(2026, 12, 4),
	backorder: dayOf(2026, 12, 18),
	return_part: dayOf(2026, 11, 20),
	return_full: dayOf(2026, 11, 20),
	dispute_company: dayOf(2026, 11, 20),
	dispute_customer: dayOf(2026, 11, 20),
};

/** Days on which stages of open orders begin, so that each was last heard of within two days of the as-of instant. */
const STAGES: readonly (readonly [Stage, number])[] = [
	['booked', dayOf(2027, 1, 14)],
	['released', dayOf(2027, 1, 13)],
	['held', dayOf(2027, 1, 13)],
	['backordered', dayOf(2027, 1, 13)],
	['picking', dayOf(2027, 1, 12)],
	['shipped', dayOf(2027, 1, 11)],
	['partially_shipped', dayOf(2027, 1, 8)],
	['delivered', dayOf(2027, 1, 11)],
	['disputed', dayOf(2027, 1, 8)],
];

const OPEN_PERCENT = 2;
const SMALLEST_WITH_OPEN = 20;

export interface Slot {
	readonly index: number;
	readonly day: number;
	readonly stage: Stage | null;
}

/** How many of the orders are still open at the as-of instant. */
const openOrders = (orders: number): number =>
	orders < SMALLEST_WITH_OPEN ? 0 : Math.max(STAGES.length, Math.floor((orders * OPEN_PERCENT) / 100));

/** The days of all orders, never falling: the closed ones over the year, then the open ones. */
export function* slots(orders: number): Generator<Slot> {
	const open = openOrders(orders);
	const days: number[] = [];
	for (let day = FIRST_DAY; day <= LAST_ORDER_DAY; day++) if (!isWeekend(day)) days.push(day);
	for (let index = 0; index < orders - open; index++) {
		yield { index, day: days[Math.floor((index * days.length) / (orders - open))] ?? LAST_ORDER_DAY, stage: null };
	}
	const stages = Array.from({ length: open }, (_, index) => STAGES[index % STAGES.length] as readonly [Stage, number]);
	stages.sort((a, b) => a[1] - b[1]);
	for (const [at, [stage, day]] of stages.entries()) yield { index: orders - open + at, day, stage };
}

const ENTITY_ROUND: readonly EntityKey[] = ['US', 'DE', 'US', 'DE', 'US'];
const ORDERS_PER_CUSTOMER = 25;
const CUSTOMERS_MIN = 8;
const WATCHED_CUSTOMERS = 4;

/** How many customers an entity has. */
export const customerCount = (orders: number): number => Math.max(CUSTOMERS_MIN, Math.ceil(orders / 2 / ORDERS_PER_CUSTOMER));
export const watchedCustomerCount = WATCHED_CUSTOMERS;

/** Turns slots into briefs. Each order draws from its own randomness, so that planting others beside it changes nothing in it. */
export class Schedule {
	private readonly decks: Readonly<Record<EntityKey, Deck>>;
	private readonly taken: Record<EntityKey, number> = { US: 0, DE: 0 };
	private readonly orders: number;
	private readonly seed: string;

	constructor(orders: number, seed: string) {
		this.orders = orders;
		this.seed = seed;
		this.decks = { US: new Deck(`${seed}/deck/US`), DE: new Deck(`${seed}/deck/DE`) };
	}

	brief({ index, day, stage }: Slot): OrderBrief {
		const key = ENTITY_ROUND[index % ENTITY_ROUND.length] as EntityKey;
		const entity = ENTITIES[key];
		const random = createRandom(`${this.seed}/order/${index}`);
		const life = stage ? 'plain' : this.lifeOf(key, day);
		const nth = this.taken[key]++;
		const customer = life === 'credit_hold' ? customerAt(entity, nth % WATCHED_CUSTOMERS, true) : this.customer(key, nth, life);
		return { number: orderNumber(index, 0), entity, customer, day: businessDay(day, 0), stage, random, ...shapeOf(life, stage, random) };
	}

	private lifeOf(key: EntityKey, day: number): OrderLife {
		const life = this.decks[key].next();
		return day > (LAST_DAY_OF[life] ?? LAST_ORDER_DAY) ? 'plain' : life;
	}

	/** Customers in turn; returns are credited with tax, so export customers leave those to their neighbour. */
	private customer(key: EntityKey, nth: number, life: OrderLife): Customer {
		const count = customerCount(this.orders);
		const customer = customerAt(ENTITIES[key], nth % count, false);
		return customer.export && CREDITED.has(life) ? customerAt(ENTITIES[key], (nth + 1) % count, false) : customer;
	}
}

const CREDITED: ReadonlySet<OrderLife> = new Set(['return_part', 'return_full', 'dispute_customer']);

/** Base orders are numbered in steps of a thousand; what is planted beside one takes the numbers in between. */
export const orderNumber = (index: number, beside: number): string => String((index + 1) * 1000 + beside).padStart(7, '0');

export type Shape = Pick<OrderBrief, 'life' | 'transfer' | 'billing' | 'podRequired' | 'lineCount' | 'consignments' | 'discountPercent'>;

const TRANSFERS: readonly TransferTerm[] = ['shipment', 'delivery', 'delivery', 'acceptance'];
const BILLINGS: readonly BillingTerm[] = ['on_shipment', 'on_shipment', 'on_delivery', 'on_delivery', 'advance', 'milestone'];
const LINE_COUNTS: readonly number[] = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4];
const DISCOUNTS: readonly number[] = [0, 0, 0, 0, 5, 5, 10, 15];

/** Terms that suit a life: goods that come back were billed ahead, so that what was delivered is never less than what was billed. */
function shapeOf(life: OrderLife, stage: Stage | null, random: Random): Shape {
	const shape: Shape = {
		life,
		transfer: random.pick(TRANSFERS),
		billing: random.pick(BILLINGS),
		podRequired: random.chance(40),
		lineCount: random.pick(LINE_COUNTS),
		consignments: 1,
		discountPercent: random.pick(DISCOUNTS),
	};
	if (stage === 'disputed') return { ...shape, transfer: 'delivery', billing: 'advance' };
	if (stage) return { ...shape, transfer: 'delivery', billing: 'on_delivery', consignments: stage === 'partially_shipped' ? 2 : 1 };
	if (life === 'over_time')
		return { ...shape, transfer: 'delivery', billing: 'on_delivery', lineCount: 1, consignments: random.between(3, 5) };
	if (life === 'partial') return { ...shape, consignments: random.between(2, 3) };
	if (life === 'bill_and_hold' || CREDITED.has(life)) return { ...shape, billing: 'advance' };
	if (life === 'fallback') return { ...shape, podRequired: true };
	return shape;
}
