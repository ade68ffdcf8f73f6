/** A hub in a process of its own, on a folder; told what to do by its parent. */
import { addCompany, endDay, openFaultHub } from './hubSetting.ts';

export type Order =
	| { readonly id: number; readonly op: 'company'; readonly tenant: string; readonly log: string }
	| { readonly id: number; readonly op: 'day'; readonly tenant: string }
	| { readonly id: number; readonly op: 'clock'; readonly ms: number };

const [folder = '', port = '0'] = process.argv.slice(2);
let offset = 0;
const now = (): number => Date.now() + offset;
const hub = await openFaultHub({ folder, database: null, port: Number(port), now });

async function done(order: Order): Promise<unknown> {
	switch (order.op) {
		case 'company':
			return await addCompany(hub, order.tenant, order.log, now());
		case 'day':
			return await endDay(hub, order.tenant, now);
		case 'clock':
			offset = order.ms;
			return null;
	}
}

process.on('message', (order: Order) => {
	done(order).then(
		(value) => process.send?.({ id: order.id, value: value ?? null }),
		(error: Error) => process.send?.({ id: order.id, error: error.message }),
	);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: -1, value: hub.url });
