/** Events of orders, told by the system that knows them. */
import { ts } from './calendar.ts';
import { canonical, type Row, sha256 } from './sealing.ts';
import { addTo, type Order, type World } from './world.ts';

/** What is said of one event beyond the common fields. */
type Said = {
	readonly line?: string;
	readonly to?: string;
	readonly quantity?: string | null;
	readonly reason?: string;
	readonly lateBy?: number;
	readonly document?: string;
	readonly corrects?: string;
};

const SOURCES = {
	sales: 'OMS/東',
	credit: 'OMS/東',
	fulfilment: 'WMS-2',
	carrier: 'carrier gateway',
	service: 'CRM',
	system: 'OMS/東',
	billing: 'ERP',
} as const;

export const FIRST_SEQ = { 'OMS/東': 50_001, 'WMS-2': 1, 'carrier gateway': 900_000_001, CRM: 7, ERP: 1 } as const;

export function tell(
	world: World,
	order: Order,
	time: number,
	type: string,
	role: keyof typeof SOURCES,
	who: string,
	said: Said = {},
): string {
	const id = world.roll.uuid();
	const recorded = Math.max(order.told + 1, time + (said.lateBy ?? world.roll.between(1, 50) * 1000 + world.roll.whole(1000)));
	order.told = recorded;
	const row: Row = {
		event_id: id, order_id: order.id, type, occurred_at: ts(time), recorded_at: ts(recorded), actor_id: who, actor_role: role, source_system: SOURCES[role], schema_version: 1,
	}; // biome-ignore format: one record
	const optional: Row = {
		line_id: said.line ?? null, from_state: said.to === undefined ? null : order.state, to_state: said.to ?? null, trace_id: world.roll.whole(2) === 0 ? id.replaceAll('-', '') : null, span_id: null,
		quantity: said.quantity ?? null, reason_code: said.reason ?? null, corrects_event_id: said.corrects ?? null, document_id: said.document ?? null,
	}; // biome-ignore format: one record
	for (const [key, value] of Object.entries(optional)) if (value !== null || order.entity.writesNulls) row[key] = value;
	if (said.to !== undefined) {
		order.state = said.to;
		order.row['state'] = said.to;
	}
	if (type === 'line.delivered' && world.roll.whole(3) === 0) {
		const disclosure = Buffer.from(
			canonical([sha256(`salt/${id}`).subarray(0, 16).toString('base64url'), 'recipient_name', 'José 受取人']),
		).toString('base64url');
		row['sd'] = { recipient_name: sha256(disclosure).toString('base64url') };
		if (world.roll.whole(2) === 0) world.disclosures.push([id, disclosure]);
	}
	addTo(world, 'order_event', row);
	return id;
}
