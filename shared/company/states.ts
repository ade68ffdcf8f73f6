/** The company's state table: the canonical one, with the rows its side states need, and who may do what. */
import type { Role } from './people.ts';
import type { Wire } from './wire.ts';
import { dayOf, instantAt, timeText } from './workTime.ts';

type Row = readonly [from: string, to: string, roles: readonly Role[], mandatory?: boolean];

const MAIN: readonly Row[] = [
	['draft', 'booked', ['sales'], true],
	['booked', 'credit_hold', ['credit', 'system']],
	['credit_hold', 'released', ['credit']],
	['booked', 'released', ['credit', 'system']],
	['released', 'picking', ['fulfilment'], true],
	['released', 'backordered', ['fulfilment']],
	['picking', 'backordered', ['fulfilment']],
	['backordered', 'released', ['fulfilment']],
	// Drop shipments leave the supplier's dock without being picked; the house has made none so far.
	['released', 'shipped', ['fulfilment']],
	['picking', 'partially_shipped', ['fulfilment']],
	['picking', 'shipped', ['fulfilment']],
	['partially_shipped', 'shipped', ['fulfilment']],
	['shipped', 'partially_delivered', ['carrier']],
	['shipped', 'delivered', ['carrier']],
	['partially_delivered', 'delivered', ['carrier']],
	// A consignment lost by the carrier and settled with it ends an order without a full delivery.
	['partially_delivered', 'fulfilled', ['system']],
	['delivered', 'accepted', ['service']],
	['delivered', 'fulfilled', ['system']],
	['accepted', 'fulfilled', ['system']],
	['fulfilled', 'closed', ['system']],
	['delivered', 'return_requested', ['service']],
	['accepted', 'return_requested', ['service']],
	['fulfilled', 'return_requested', ['service']],
	['return_requested', 'partially_returned', ['fulfilment']],
	['return_requested', 'returned', ['fulfilment']],
	['partially_returned', 'returned', ['fulfilment']],
	['partially_returned', 'closed', ['system']],
	['draft', 'cancelled', ['sales']],
	['booked', 'cancelled', ['sales']],
	['credit_hold', 'cancelled', ['sales', 'credit']],
	['released', 'cancelled', ['sales']],
	['picking', 'cancelled', ['sales']],
	['backordered', 'cancelled', ['sales']],
];

/** Any open state can be frozen, and goes back to where it was. */
const FREEZABLE: readonly string[] = [
	'booked',
	'credit_hold',
	'released',
	'backordered',
	'picking',
	'partially_shipped',
	'shipped',
	'partially_delivered',
	'delivered',
	'accepted',
	'fulfilled',
	'partially_returned',
];
const SIDE: readonly Row[] = FREEZABLE.flatMap((state): Row[] => [
	[state, 'on_hold', ['service', 'fulfilment', 'credit']],
	['on_hold', state, ['service', 'fulfilment', 'credit']],
	[state, 'disputed', ['service']],
	['disputed', state, ['service', 'legal']],
]);

const STATE_TABLE_VERSION = 1;
const VALID_FROM = instantAt(dayOf(2025, 7, 1), 0, 0);

export const transitionRecords = (): Wire[] =>
	[...MAIN, ...SIDE].map(([from, to, roles, mandatory = false]) => ({
		from_state: from,
		mandatory,
		roles: roles.join(','),
		to_state: to,
		valid_from: timeText(VALID_FROM),
		valid_to: null,
		version: STATE_TABLE_VERSION,
	}));
