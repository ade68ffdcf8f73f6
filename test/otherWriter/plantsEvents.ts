/** Anomalies of the order history, its clocks, feeds, people, references, and of the drop itself: T56–T62, T66–T71, T73–T78, T90. */

import { DAY, HOUR } from './calendar.ts';
import { person } from './masters.ts';
import { moved, type Planted, type Spoiler, text } from './mischief.ts';
import { canonical, keyFrom, type Row, sha256, type Tampering } from './sealing.ts';
import type { Order } from './world.ts';

const MINUTE = 60_000;
const PLAIN = [
	'plain',
	'hold',
	'backorder',
	'ex_works',
	'on_shipment',
	'discounted',
	'fallback',
	'three_parts',
	'acceptance',
	'dollars',
	'two_lines',
	'acceptance_parts',
	'consolidated',
	'wrong_tax',
	'rebooked',
	'advance',
	'manual',
] as const;

export function plantEvents(spoil: Spoiler): void {
	const { take, plant, rows, drop, only, world } = spoil;
	const { tables } = world;
	const eventOf = (order: Order, to: string) => rows('order_event', order).find((row) => row['to_state'] === to) as Row;
	const keys = (row: Row) => ({ event_id: text(row['event_id']) });

	const leap = take(PLAIN);
	const released = eventOf(leap, 'released');
	Object.assign(released, { from_state: 'draft' });
	plant('T56', leap, keys(released));
	const odd = take(PLAIN);
	const closed = eventOf(odd, 'closed');
	closed['to_state'] = 'arquivado';
	plant('T56', odd, keys(closed));
	for (let n = 0; n < 2; n++) {
		const order = take(PLAIN);
		drop('order_event', (row) => row['order_id'] === order.id && row['to_state'] === 'packed');
		plant('T57', order, { order_id: order.id });
	}
	for (let n = 0; n < 2; n++) {
		const order = take(PLAIN);
		drop(
			'order_event',
			(row) => row['order_id'] === order.id && (row['to_state'] === 'closed' || (n === 1 && row['to_state'] === 'fulfilled')),
		);
		order.row['state'] =
			n === 1 ? text(rows('order_event', order).findLast((row) => typeof row['to_state'] === 'string')?.['to_state']) : 'fulfilled';
		plant('T58', order, { order_id: order.id });
	}
	const wrongRole = take(PLAIN);
	const picked = eventOf(wrongRole, 'picking');
	Object.assign(picked, { actor_id: person(wrongRole.entity, 'sales'), actor_role: 'sales' });
	plant('T59', wrongRole, keys(picked));
	const notHeld = take(PLAIN);
	const packed = eventOf(notHeld, 'packed');
	packed['actor_id'] = person(notHeld.entity, 'billing');
	plant('T59', notHeld, keys(packed));
	const both = take(['credit_hold']);
	const booked = eventOf(both, 'booked');
	eventOf(both, 'released')['actor_id'] = text(booked['actor_id']);
	tables['user_role']?.push({ user_id: text(booked['actor_id']), role: 'credit', valid_from: '2026-01-01T00:00:00.000Z', valid_to: null });
	plant('T61', both, {});
	const shipper = take(PLAIN, (order) => order.scenario !== 'consolidated');
	spoil.invoiceOf(shipper).row['entered_by'] = text(
		rows('order_event', shipper).find((row) => row['type'] === 'line.shipped')?.['actor_id'],
	);
	plant('T61', shipper, {});
	const crediting = take(['partial_return', 'full_return']);
	const bills = rows('invoice_line', crediting).map((line) => only('invoice', 'invoice_id', line['invoice_id']));
	for (const bill of bills) bill['entered_by'] = person(crediting.entity, 'billing', 2);
	plant('T61', crediting, {});
	const unknown = take(PLAIN);
	const first = eventOf(unknown, 'booked');
	first['actor_id'] = 'ninguém';
	plant('T62', unknown, keys(first));
	const left = take(PLAIN, (order) => order.scenario !== 'consolidated');
	const bill = spoil.invoiceOf(left).row;
	bill['entered_by'] = 'jp:gone';
	plant('T62', undefined, { invoice_id: text(bill['invoice_id']) });
	for (const back of [3 * DAY, 26 * HOUR]) {
		const order = take(PLAIN);
		const event = eventOf(order, 'closed');
		event['occurred_at'] = moved(event['recorded_at'], -back);
		plant('T70', order, keys(event));
	}
	const future = take(PLAIN);
	const ahead = eventOf(future, 'closed');
	ahead['occurred_at'] = moved(ahead['recorded_at'], 11 * MINUTE);
	plant('T71', future, keys(ahead));
	for (const row of tables['order_event'] ?? [])
		if (row['source_system'] === 'CRM') row['occurred_at'] = moved(row['recorded_at'], 1.5 * MINUTE);
	plant('T71', null, { source_system: 'CRM' });
	const version = take(PLAIN);
	const strange = eventOf(version, 'fulfilled');
	strange['schema_version'] = 99;
	plant('T75', version, keys(strange));
	const extra = take(PLAIN);
	extra.row['desconto_oculto'] = 5;
	plant('T75', extra, { order_id: extra.id });
	const nobody = take(PLAIN);
	nobody.row['customer_id'] = 'JP/4040';
	plant('T76', nobody, { order_id: nobody.id });
	const parcel = rows('shipment', take(['three_parts', 'two_lines', 'on_shipment', 'ex_works']))[0] as Row;
	parcel['line_id'] = '99';
	plant('T76', undefined, { shipment_id: text(parcel['shipment_id']) });
	const payment = tables['payment']?.[7] as Row;
	const twin = { ...payment, payment_id: '入金 órfão', invoice_id: 'iv~vazio' };
	tables['payment']?.push(twin);
	plant('T76', undefined, { payment_id: '入金 órfão' });
	const late = { ...payment, payment_id: '入金 futuro', received_at: '2026-12-17T23:30:00.000Z' };
	tables['payment']?.push(late);
	plant('T77', undefined, { payment_id: '入金 futuro' });
	const stray = take(PLAIN);
	stray.row['ordered_at'] = '2026-02-11T10:00:00.000Z';
	plant('T77', stray, { order_id: stray.id });
	for (const times of [2, 3]) {
		const order = take(['plain', 'hold', 'backorder', 'discounted', 'fallback', 'three_parts']);
		const delivered = eventOf(order, 'delivered');
		const step = times === 3 ? 5 * MINUTE : 60 * MINUTE;
		for (let n = 1; n <= 2 * (times === 3 ? 3 : 4); n++) {
			const enters = n % 2 === 1;
			const at = moved(delivered['recorded_at'], n * step);
			tables['order_event']?.push({
				...delivered, event_id: `pp/${order.id}/${n}`, type: enters ? 'order.disputed' : 'order.dispute_resolved', from_state: enters ? 'delivered' : 'disputed', to_state: enters ? 'disputed' : 'delivered', occurred_at: at, recorded_at: moved(at, 5000),
				actor_id: person(order.entity, 'service'), actor_role: 'service', source_system: 'CRM', quantity: null, document_id: null, sd: { none: sha256(at).toString('base64url') },
			}); // biome-ignore format: one record
		}
		plant('T90', order, { order_id: order.id });
	}
}

export function plantFeed({ plant, world }: Spoiler): void {
	const feed = world.tables['feed_message'] ?? [];
	const keys = (row: Row) => ({ source_system: text(row['source_system']), source_seq: text(row['source_seq']) });
	const [dead, slow] = [feed[333] as Row, feed[444] as Row];
	Object.assign(dead, { status: 'dead_letter', received_at: null });
	Object.assign(slow, { latency_ms: 61_000, received_at: moved(slow['sent_at'], 61_000) });
	plant('T78', undefined, keys(dead));
	plant('T78', undefined, keys(slow));
}

/** What is done to the sealed drop; the expected findings are added to `planted` as they arise. */
export function sealTampering(planted: Planted[], documents: ReadonlyMap<string, Uint8Array>): Tampering {
	const forger = keyFrom('a forger');
	return {
		rows: (table, rows) => {
			if (table !== 'order_event') return;
			const gap = rows[700] as Row;
			for (const row of rows)
				if (row['order_id'] === gap['order_id'] && Number(row['order_seq']) >= Number(gap['order_seq']))
					row['order_seq'] = Number(row['order_seq']) + 1;
			planted.push({ test: 'T67', order: text(gap['order_id']), keys: { event_id: text(gap['event_id']) } });
			const broken = rows.find((row, index) => index > 900 && row['order_seq'] === 2) as Row;
			broken['prev'] = sha256('something else').toString('hex');
			planted.push({ test: 'T67', order: text(broken['order_id']), keys: { event_id: text(broken['event_id']) } });
		},
		lines: (table, lines) => {
			if (table !== 'revenue_event') return;
			const row = JSON.parse(lines[40] ?? '') as Row;
			lines[40] = (lines[40] ?? '').replace('{"amount_minor"', '{ "amount_minor"');
			planted.push({ test: 'T67', order: text(row['order_id']), keys: { revenue_id: text(row['revenue_id']) } });
		},
		manifest: (manifest) => {
			const entry = (name: string) => manifest.tables.find(({ table }) => table === name) as { [key: string]: unknown };
			entry('fx_rate')['sha256'] = sha256('other').toString('hex');
			entry('approval')['rows'] = Number(entry('approval')['rows']) + 3;
			entry('payment')['control_totals'] = { amount_minor: 12 };
			planted.push({ test: 'T66', order: null, keys: {} }, { test: 'T77', order: null, keys: {} }, { test: 'T77', order: null, keys: {} });
		},
		files: (files, signNote) => {
			files.set(
				'data/product.ndjson',
				Buffer.concat([
					files.get('data/product.ndjson') as Uint8Array,
					Buffer.from(`${canonical({ sku: 'novo', description: 'x', list_price_minor: 5, currency: 'BRL', owner_system: 'PIM' })}\n`),
				]),
			);
			planted.push({ test: 'T66', order: null, keys: {} });
			files.set('checkpoints/order_event/999999.txt', Buffer.from(signNote('order_event', 999_999, sha256('later'))));
			files.set('checkpoints/revenue_event/77.txt', Buffer.from(signNote('revenue_event', 77, sha256('rewritten'))));
			planted.push({ test: 'T68', order: null, keys: {} }, { test: 'T68', order: null, keys: {} });
			for (const table of ['order_event', 'revenue_event']) {
				files.set(`checkpoints/${table}/050.txt`, Buffer.from(signNote(table, 50, sha256('one'))));
				files.set(`checkpoints/${table}/50.txt`, Buffer.from(signNote(table, 50, sha256('other'))));
				planted.push({ test: 'T69', order: null, keys: {} });
				files.set(`checkpoints/${table}/60.txt`, Buffer.from(signNote(table, 60, sha256(table), forger)));
				planted.push({ test: 'T74', order: null, keys: {} });
			}
			const hash = [...documents.keys()].find((name) => files.has(`documents/${name}`)) as string;
			files.set(`documents/${hash}`, Buffer.from('adulterado'));
			planted.push({ test: 'T73', keys: {} });
		},
	};
}
