/** Which duty an event is, and whose account is no person's. */
import { PairIndex, type Population } from '#population';

export const BOOK = 1;
export const SHIP = 2;
export const RELEASE = 3;

export function dutiesOfEvents(population: Population): Uint8Array {
	const events = population.table('order_event');
	const type = (name: string) => events.dictionary('type').codeOf(name);
	const [booked, shipped, released] = [type('order.booked'), type('line.shipped'), type('order.released')];
	const state = (name: string) => population.dictionary('state').codeOf(name);
	const [hold, free] = [state('credit_hold'), state('released')];
	const credit = population.dictionary('role').codeOf('credit');
	const [types, from, to, roles] = [events.codes('type'), events.codes('from_state'), events.codes('to_state'), events.codes('actor_role')];
	const duties = new Uint8Array(events.rows);
	for (let row = 0; row < duties.length; row++) {
		const name = types[row] as number;
		if (name < 0) continue;
		const fromHold = hold >= 0 && from[row] === hold;
		if (name === booked) duties[row] = BOOK;
		else if (name === shipped) duties[row] = SHIP;
		else if (name === released ? fromHold || (credit >= 0 && roles[row] === credit) : fromHold && to[row] === free) duties[row] = RELEASE;
	}
	return duties;
}

/** 1 by user code for accounts that ever had the role `system`. */
export function serviceAccounts(population: Population): Uint8Array {
	const services = new Uint8Array(population.dictionary('user').size);
	const system = population.dictionary('role').codeOf('system');
	if (!population.has('user_role') || system < 0) return services;
	const grants = population.table('user_role');
	const [users, roles] = [grants.codes('user_id'), grants.codes('role')];
	for (let row = 0; row < grants.rows; row++) if (roles[row] === system) services[users[row] as number] = 1;
	return services;
}

/** Changes of customers by (record id, user); null where nothing was supplied to find them by. */
export function customerChanges(population: Population): PairIndex | null {
	if (!population.has('master_change') || !population.has('sales_order')) return null;
	const changes = population.table('master_change');
	const tables = changes.codes('table_name');
	const customer = changes.dictionary('table_name').codeOf('customer');
	const records = changes.codes('record_id').map((code, row) => (tables[row] === customer ? code : -1));
	return new PairIndex(records, changes.codes('changed_by'));
}
