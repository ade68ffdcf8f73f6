/** Goods that leave in parts and arrive. */

import { HOUR, ts } from './calendar.ts';
import { afterTransfer } from './disputing.ts';
import { billLater, finish } from './invoicing.ts';
import { person } from './masters.ts';
import { transfer } from './recognising.ts';
import { type Row, sha256 } from './sealing.ts';
import { tell } from './telling.ts';
import { addTo, type Line, type Order, qty, type World } from './world.ts';

function deliver(world: World, order: Order, line: Line, shipment: Row, quantity: bigint, time: number): void {
	const { entity } = order;
	shipment['delivered_at'] = ts(time);
	order.delivered++;
	const all = order.delivered === order.parts;
	let document: string | undefined;
	if (order.pod) {
		const bytes = Buffer.from(`Comprovante de entrega 受領書 ${String(shipment['shipment_id'])} ${order.id}`);
		const hash = sha256(bytes).toString('hex');
		document = `doc ${world.roll.uuid()}`;
		addTo(world, 'document', {
			document_id: document, kind: 'pod', sha256: hash, media_type: 'text/plain', file_name: `POD ${String(shipment['tracking_no'])}.txt`, bytes: bytes.length, order_id: order.id, dated_at: ts(time), created_at: ts(time + 30_000),
		}); // biome-ignore format: one record
		world.documents.set(hash, bytes);
		shipment['pod_document_id'] = document;
	}
	addTo(world, 'carrier_event', {
		tracking_no: shipment['tracking_no'] ?? '',
		at: ts(time),
		status: 'delivered',
		raw_sha256: sha256(`raw/${String(shipment['shipment_id'])}`).toString('hex'),
	});
	const to = order.shipped < order.parts ? undefined : all ? 'delivered' : 'partially_delivered';
	const late = order.parts === 1 && world.roll.whole(9) === 0 ? { lateBy: 5 * HOUR } : {};
	const event = tell(world, order, time, 'line.delivered', 'carrier', person(entity, 'carrier'), {
		line: line.id, quantity: qty(order, quantity), ...(to ? { to } : {}), ...(document ? { document } : {}), ...late,
	}); // biome-ignore format: one record
	if (order.term === 'delivery') transfer(world, order, line, quantity, time, event);
	if (order.billing === 'on_delivery')
		billLater(world, order, { order, line, quantity, shipment: String(shipment['shipment_id']) }, time, all);
	if (order.term === 'acceptance') {
		const when = time + (all ? 30 : 8) * HOUR;
		world.at(when, () => {
			order.accepted++;
			const whole = order.parts === 1;
			const done = order.accepted === order.parts;
			const accepted = tell(world, order, when, 'line.accepted', 'service', person(entity, 'service'), {
				line: line.id, quantity: whole ? null : qty(order, quantity), ...(done ? { to: 'accepted' } : {}),
			}); // biome-ignore format: one record
			transfer(world, order, line, quantity, when, accepted);
			if (done) afterTransfer(world, order, when);
		});
	} else if (all) afterTransfer(world, order, time);
}

export function ship(world: World, order: Order, line: Line, quantity: bigint, time: number): void {
	const { entity } = order;
	order.shipped++;
	const tracking = `${entity.key.toUpperCase()}·${world.roll.uuid().slice(0, 13)}`;
	const shipment = addTo(world, 'shipment', {
		shipment_id: `出荷/${world.roll.uuid()}`, order_id: order.id, line_id: line.id, quantity: qty(order, quantity), carrier: '大和', tracking_no: tracking, shipped_at: ts(time), delivered_at: null, pod_document_id: null,
	}); // biome-ignore format: one record
	addTo(world, 'carrier_event', {
		tracking_no: tracking,
		at: ts(time + HOUR),
		status: 'accepted',
		raw_sha256: sha256(tracking).toString('hex'),
	});
	const done = order.shipped === order.parts;
	const event = tell(world, order, time, 'line.shipped', 'fulfilment', person(entity, 'fulfilment', 1 + (order.shipped % 2)), {
		line: line.id, quantity: qty(order, quantity), to: done ? 'shipped' : 'partially_shipped',
	}); // biome-ignore format: one record
	if (order.term === 'shipment') transfer(world, order, line, quantity, time, event);
	if (order.billing === 'on_shipment')
		billLater(world, order, { order, line, quantity, shipment: String(shipment['shipment_id']) }, time, done);
	if (order.scenario === 'ex_works') {
		finish(world, order, time + 20 * HOUR);
		return;
	}
	const transit = time + world.roll.between(46, 64) * HOUR;
	world.at(transit, () => deliver(world, order, line, shipment, quantity, transit));
}

export function splitOf(line: Line, parts: number): bigint[] {
	const each = line.ordered / BigInt(parts);
	return Array.from({ length: parts }, (_, index) => (index === parts - 1 ? line.ordered - each * BigInt(parts - 1) : each));
}
