/** Other histories under the same keys, as a dishonest hub could sign them: tenants of the same hub that bear the honest one's log and its key. */
import { createTenant } from '../../electron/hub/database/tenants.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, rowsOf, TENANT } from './hubWorld.ts';

type Row = Readonly<Record<string, unknown>>;
type History = (events: readonly Row[]) => readonly Row[];

/** Histories that begin as the honest one does. */
export const IMPOSTORS = {
	/** The last event says something else. */
	altered: (events) => [...events.slice(0, -1), { ...events.at(-1), reason_code: 'ANOTHER' }],
	/** That, and it has gone on since. */
	grown: (events) => [
		...events.slice(0, -1),
		{ ...events.at(-1), reason_code: 'ANOTHER' },
		...[1, 2, 3, 4, 5].map((n) => eventAfter(events.at(-1) ?? {}, `EV-GROWN-${n}`)),
	],
	shorter: (events) => events.slice(0, -2),
	/** An order's last event was never there; others came. */
	tailless: (events) => [...events.filter((_, at) => at !== lastOfAnOrder(events)), ...lateEvents(events)],
	/** One in the middle of an order was never there; others came. */
	dropped: (events) => [...events.filter((_, at) => at !== middleOfAnOrder(events)), ...lateEvents(events)],
} satisfies Record<string, History>;
export type Impostor = keyof typeof IMPOSTORS | 'stranger' | 'other';

type Events = readonly Row[];
const lateEvents = (events: Events): Events => [1, 2, 3, 4].map((n) => eventAfter(events.at(-1) ?? {}, `EV-LATE-${n}`));
const lastOfAnOrder = (events: Events): number => events.findLastIndex(({ order_id }) => order_id === events[0]?.['order_id']);
const middleOfAnOrder = (events: Events): number => events.findIndex(({ order_id }, at) => at > 0 && order_id === events[0]?.['order_id']);

const PUBLICATIONS = 5;

/** Adds a tenant with the honest log's name and key. */
async function addImpostor({ hub, clock }: HubWorld, name: string): Promise<void> {
	await createTenant(hub.database, { tenant: name, company: 'Zephyrine Trading', log: LOG, entityIds: ['NW-US'], createdAt: clock.at });
	const [key] = await hub.database.query<{ vkey: string; sealed_private: Uint8Array; from_size: unknown }>(
		'SELECT vkey, sealed_private, from_size FROM log_key WHERE tenant = $1',
		[TENANT],
	);
	const secret = key && hub.keys.openPrivateKey(TENANT, key.vkey, key.sealed_private);
	if (!key || !secret) throw new Error('the honest tenant has a key');
	await hub.database.query('INSERT INTO log_key (tenant, key_no, vkey, sealed_private, from_size) VALUES ($1, 1, $2, $3, $4)', [
		name,
		key.vkey,
		hub.keys.sealPrivateKey(name, key.vkey, secret),
		JSON.stringify(key.from_size),
	]);
	await hub.log.addTenant(name);
}

/** Sends the honest company's rows and a history made of its events. @param hasRevenue whether its revenue events come with it */
export async function tellHistory(world: HubWorld, name: string, history: History, hasRevenue: boolean): Promise<void> {
	await addImpostor(world, name);
	for (const table of ['customer', 'sales_order'] as const)
		await world.send(
			name,
			(await rowsOf(world, TENANT, table)).map((row) => [table, row] as const),
		);
	await sendEvents(world, name, 'order_event', history(await eventsOf(world, TENANT, 'order_event')));
	if (hasRevenue) await sendEvents(world, name, 'revenue_event', await eventsOf(world, TENANT, 'revenue_event'));
	await publishOften(world, name);
}

/** More publications than the honest hub has, so that numbers alone give nobody away. */
async function publishOften(world: HubWorld, tenant: string): Promise<void> {
	const [customer] = await rowsOf(world, tenant, 'customer');
	for (let number = 1; number <= PUBLICATIONS; number++) {
		await world.send(tenant, [['customer', { ...customer, name: `Name ${number}` }]]);
		await world.hub.publications.latest(tenant);
	}
}

async function sendEvents(world: HubWorld, tenant: string, table: 'order_event' | 'revenue_event', events: readonly Row[]): Promise<void> {
	await world.send(
		tenant,
		events.map(({ prev: _, order_seq: __, ...event }) => [table, event] as const),
	);
}
