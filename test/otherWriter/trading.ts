/** One agenda for the whole group: orders, deliveries, invoices, disputes and payments happen on it in time, and stop at the as-of instant. */
import { AS_OF, DAY, dice, ENTITIES, type Entity, find, HOUR, localMonth, masters, person, ts } from './masters.ts';
import { canonical, decimal, micro, type Row, sha256, type Tables } from './sealing.ts';

const MINUTE = 60_000;
const ONE = 1_000_000n;
const half = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

const SCENARIOS = [
	'plain', 'three_parts', 'on_shipment', 'ex_works', 'acceptance', 'two_lines', 'advance', 'credit_hold', 'backorder', 'hold', 'customer_wins', 'company_wins', 'reversed_then_reinstated',
	'partial_return', 'full_return', 'cancelled', 'advance_cancelled', 'service', 'service_advance', 'catch_up', 'separate', 'prospective', 'bill_and_hold', 'manual', 'fallback', 'consolidated',
	'wrong_tax', 'rebooked', 'discounted', 'partial_parts_return', 'acceptance_parts', 'dollars',
] as const; // biome-ignore format: names only
export type Scenario = (typeof SCENARIOS)[number];

type Line = {
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

type Part = { readonly order: Order; readonly line: Line; readonly quantity: bigint; readonly shipment: string | null };

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

const addTo = (world: World, table: string, row: Row): Row => {
	world.tables[table]?.push(row);
	return row;
};

function agenda(): Pick<World, 'at' | 'run'> {
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

function tell(world: World, order: Order, time: number, type: string, role: keyof typeof SOURCES, who: string, said: Said = {}): string {
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

const qty = (order: Order, quantity: bigint): string => decimal(quantity, order.entity.padded);
const ruleVersion = (time: number): number => (time >= Date.parse('2026-08-01T00:00:00.000Z') ? 2 : 1);
const isService = (order: Order): boolean => order.scenario === 'service' || order.scenario === 'service_advance';

type Post = {
	readonly trigger?: string | null;
	readonly manual?: boolean;
	readonly fallback?: boolean;
	readonly reverses?: string | null;
	readonly postedAfter?: number;
};

function post(
	world: World,
	order: Order,
	line: Line,
	time: number,
	kind: 'recognise' | 'reverse' | 'reinstate',
	amount: number,
	how: Post = {},
): Row {
	line.recognised += kind === 'reverse' ? -amount : amount;
	return addTo(world, 'revenue_event', {
		revenue_id: `R:${world.roll.uuid()}`, obligation_id: line.obligation, order_id: order.id, line_id: line.id, kind, recognised_at: ts(time), posted_at: ts(time + (how.postedAfter ?? 20 * MINUTE)),
		period: localMonth(time, order.entity), amount_minor: amount, currency: order.currency, trigger_event_id: how.trigger ?? null, rule_id: isService(order) ? 'progress/ot' : 'transfer/pit',
		rule_version: ruleVersion(time), manual: how.manual ?? false, reverses_revenue_id: how.reverses ?? null, fallback: how.fallback ?? false,
	}); // biome-ignore format: one record
}

function approve(world: World, kind: string, subject: string, entity: Entity, before: number, count = 2): void {
	for (let n = 1; n <= count; n++)
		addTo(world, 'approval', {
			approval_id: `AP/${world.tables['approval']?.length ?? 0}/${n}`, subject_kind: kind, subject_id: subject, requested_by: person(entity, 'revenue'), requested_at: ts(before - 5 * HOUR),
			approver_id: person(entity, 'approver', n), approved_at: ts(before - n * HOUR),
		}); // biome-ignore format: one record
}

/** Revenue of a line up to what has been transferred and kept. */
function catchUpTo(world: World, order: Order, line: Line, time: number, how: Post = {}): void {
	const target = Number(half(BigInt(line.allocated) * (line.transferred - line.returned), line.ordered));
	const delta = target - line.recognised;
	if (delta === 0 || (Math.abs(delta) === 1 && line.returned > 0n)) return;
	const row = post(world, order, line, time, delta > 0 ? 'recognise' : 'reverse', Math.abs(delta), how);
	if (how.manual) approve(world, 'revenue_event', String(row['revenue_id']), order.entity, time);
	if (how.fallback && order.entity.key !== 'jp') approve(world, 'revenue_event', String(row['revenue_id']), order.entity, time, 1);
}

function transfer(world: World, order: Order, line: Line, quantity: bigint, time: number, trigger: string): void {
	line.transferred += quantity;
	const last = line.transferred === line.ordered;
	if (order.scenario === 'bill_and_hold') return;
	if (order.scenario === 'rebooked') {
		const wrong = Math.floor(line.allocated * 0.9);
		const first = post(world, order, line, time, 'recognise', wrong, { trigger });
		post(world, order, line, time, 'reverse', wrong, { trigger, reverses: String(first['revenue_id']), postedAfter: 3 * HOUR });
		post(world, order, line, time, 'recognise', line.allocated, { trigger, postedAfter: 3 * HOUR + 1000 });
		return;
	}
	catchUpTo(world, order, line, time, {
		trigger,
		manual: order.scenario === 'manual' && last,
		fallback: order.scenario === 'fallback' && last,
	});
}

function bill(
	world: World,
	parts: readonly Part[],
	time: number,
	kind: 'invoice' | 'credit_memo' = 'invoice',
	how: { readonly corrects?: string; readonly tax?: string; readonly again?: boolean } = {},
): Row {
	const order = parts[0]?.order as Order;
	const { entity } = order;
	const memo = kind === 'credit_memo';
	const series =
		entity.key === 'jp'
			? localMonth(time, entity).replace('-', '').slice(2)
			: entity.key === 'kw'
				? memo
					? 'CR'
					: 'INV'
				: memo
					? 'série NC'
					: 'série 1';
	const counter = `${entity.id}/${series}/${memo && entity.key === 'jp' ? 'memo' : ''}`;
	const number = (world.numbers.get(counter) ?? 0) + 1;
	world.numbers.set(counter, number);
	const text = {
		jp: `請${memo ? '返' : ''}${series}-${String(number).padStart(4, '0')}`,
		kw: `${series}/${String(number).padStart(5, '0')}/2026`,
		br: `NF${memo ? 'C' : 'E'}-${String(number).padStart(7, '0')}`,
	}[entity.key];
	const id = `${memo ? 'cm' : 'iv'}~${world.roll.uuid()}`;
	const taxRate = how.tax ?? (order.currency === 'USD' ? null : entity.tax);
	let total = 0;
	for (const [index, part] of parts.entries()) {
		const amount = Number(half(BigInt(part.line.unit) * part.quantity, ONE));
		const tax = taxRate === null ? 0 : Number(half(BigInt(amount) * micro(taxRate), ONE));
		total += amount + tax;
		if (!how.again) part.line.billed += memo ? -part.quantity : part.quantity;
		addTo(world, 'invoice_line', {
			invoice_id: id, line_no: (index + 1) * 10, order_id: part.order.id, line_id: part.line.id, shipment_id: part.shipment, sku: part.line.sku, quantity: qty(order, part.quantity),
			unit_price_minor: part.line.unit, amount_minor: amount, tax_rate: taxRate, tax_minor: tax,
		}); // biome-ignore format: one record
	}
	if (!memo && entity.key === 'br' && order.scenario === 'two_lines') {
		addTo(world, 'invoice_line', {
			invoice_id: id,
			line_no: 990,
			order_id: order.id,
			line_id: null,
			shipment_id: null,
			sku: 'br-品/6',
			quantity: '1',
			unit_price_minor: 990,
			amount_minor: 990,
			tax_rate: '0',
			tax_minor: 0,
		});
		total += 990;
	}
	const row = addTo(world, 'invoice', {
		invoice_id: id, invoice_no: text, series: memo && entity.key === 'jp' ? `${series}返` : series, entity_id: entity.id, customer_id: order.customer, kind, issued_at: ts(time), due_at: memo ? null : ts(time + entity.termDays * DAY),
		currency: order.currency, total_minor: total, corrects_invoice_id: how.corrects ?? null, purchase_order: order.purchaseOrder, entered_by: person(entity, 'billing', memo ? 2 : 1), approved_by: memo ? person(entity, 'approver', 1) : null,
	}); // biome-ignore format: one record
	const owed = `${order.customer}/${order.currency}`;
	world.receivable.set(owed, (world.receivable.get(owed) ?? 0) + (memo ? -total : total));
	if (memo || how.tax !== undefined) return row;
	const pay = (amount: number, when: number) =>
		world.at(when, () => {
			if (amount <= 0) return;
			addTo(world, 'payment', {
				payment_id: `入金 ${world.roll.uuid()}`,
				invoice_id: id,
				received_at: ts(when),
				amount_minor: amount,
				currency: order.currency,
			});
			world.receivable.set(owed, (world.receivable.get(owed) ?? 0) - amount);
		});
	if (order.scenario.includes('return') || order.scenario === 'customer_wins' || order.scenario === 'advance_cancelled') return row;
	const first = world.roll.whole(3) === 0 ? Math.floor(total / 3) : total;
	pay(first, time + world.roll.between(5, 40) * DAY);
	pay(total - first, time + world.roll.between(41, 70) * DAY);
	return row;
}

/** Bills now, pools for the customer's weekly invoice, or waits for the order's last part: as the order's terms say. */
function billLater(world: World, order: Order, part: Part, time: number, last: boolean): void {
	if (order.billing === 'advance' || order.billing === 'milestone' || order.scenario === 'bill_and_hold') return;
	if (order.scenario === 'consolidated') {
		const key = `${order.customer}/${order.currency}`;
		const waiting = world.pool.get(key) ?? [];
		waiting.push(part);
		world.pool.set(key, waiting);
		if (waiting.length > 1) return;
		world.at(time + 60 * HOUR, () => {
			bill(world, world.pool.get(key) ?? [], time + 60 * HOUR);
			world.pool.set(key, []);
		});
		return;
	}
	if (order.scenario === 'two_lines' || order.scenario === 'acceptance_parts') {
		if (!last) return;
		const when = time + 9 * HOUR;
		world.at(when, () => {
			const shipments = (world.tables['shipment'] ?? []).filter((row) => row['order_id'] === order.id);
			bill(
				world,
				shipments.map((row) => ({
					order,
					line: order.lines.find(({ id }) => id === row['line_id']) as Line,
					quantity: micro(String(row['quantity'])),
					shipment: String(row['shipment_id']),
				})),
				when,
			);
		});
		return;
	}
	const when = time + world.roll.between(60, 400) * MINUTE;
	world.at(when, () => {
		if (order.scenario !== 'wrong_tax') {
			bill(world, [part], when);
			return;
		}
		const wrong = String(bill(world, [part], when, 'invoice', { tax: '0.25' })['invoice_id']);
		world.at(when + 5 * HOUR, () => {
			bill(world, [part], when + 5 * HOUR, 'credit_memo', { corrects: wrong, tax: '0.25' });
			bill(world, [part], when + 6 * HOUR, 'invoice', { corrects: wrong });
		});
	});
}

function finish(world: World, order: Order, time: number): void {
	const { entity } = order;
	world.at(time, () => tell(world, order, time, 'order.fulfilled', 'system', person(entity, 'batch'), { to: 'fulfilled' }));
	const close = (when: number) =>
		world.at(when, () => {
			if (order.lines.some((line) => line.billed !== line.ordered - line.returned)) close(when + 11 * HOUR);
			else tell(world, order, when, 'order.closed', 'system', person(entity, 'batch'), { to: 'closed' });
		});
	close(time + world.roll.between(20, 50) * HOUR);
}

function takeBack(world: World, order: Order, line: Line, quantity: bigint, time: number, to: 'partially_returned' | 'returned'): void {
	const { entity } = order;
	tell(world, order, time, 'line.return_requested', 'service', person(entity, 'service', 2), {
		line: line.id,
		quantity: qty(order, quantity),
		to: 'return_requested',
		reason: 'defeito',
	});
	const back = time + 26 * HOUR;
	world.at(back, () => {
		tell(world, order, back, 'line.returned', 'service', person(entity, 'service', 2), {
			line: line.id,
			quantity: qty(order, quantity),
			to,
		});
		line.returned += quantity;
		catchUpTo(world, order, line, back, {});
		world.at(back + 20 * HOUR, () => bill(world, [{ order, line, quantity, shipment: null }], back + 20 * HOUR, 'credit_memo'));
		if (to === 'partially_returned') finish(world, order, back + 30 * HOUR);
	});
}

function disputeIt(world: World, order: Order, line: Line, time: number): void {
	const { entity, scenario } = order;
	const n = world.tables['dispute']?.length ?? 0;
	const quantity = line.ordered / 4n;
	const amount = Number(half(BigInt(line.allocated) * quantity, line.ordered));
	const escalates = n % 3 === 0;
	const lasts = escalates ? 100 * HOUR : world.roll.between(20, 60) * HOUR;
	const forCustomer = scenario === 'customer_wins';
	const dispute = addTo(world, 'dispute', {
		dispute_id: `争/${n}`, order_id: order.id, line_id: line.id, logged_at: ts(time), channel: 'e-mail', status: 'open', closed_at: null, root_cause_code: null, escalated_at: null,
		disputed_quantity: qty(order, quantity), amount_minor: amount, evidence_score: 60 + (n % 30), evidence_threshold: 60,
	}); // biome-ignore format: one record
	const hold = addTo(world, 'hold', {
		hold_id: `H-${dispute['dispute_id']}`, order_id: order.id, line_id: line.id, kind: 'dispute', dispute_id: dispute['dispute_id'] ?? null, opened_at: ts(time + 8 * MINUTE), opened_by: person(entity, 'service'), closed_at: null,
		closed_by: null, reason_code: 'qualidade', quantity: qty(order, quantity), amount_minor: amount,
	}); // biome-ignore format: one record
	const before = order.state;
	const disputed = tell(world, order, time, 'order.disputed', 'service', person(entity, 'service'), { to: 'disputed', line: line.id });
	let reversed: Row | undefined;
	if (scenario === 'reversed_then_reinstated' || (forCustomer && n % 2 === 0)) {
		if (forCustomer) line.returned += quantity;
		reversed = post(world, order, line, time + HOUR, 'reverse', amount, { trigger: disputed });
	}
	if (escalates)
		world.at(time + 50 * HOUR, () => {
			tell(world, order, time + 50 * HOUR, 'order.escalated', 'service', person(entity, 'service'), {});
			dispute['escalated_at'] = ts(time + 50 * HOUR);
		});
	const end = time + lasts;
	world.at(end, () => {
		dispute['status'] = forCustomer ? 'resolved_customer' : 'resolved_company';
		dispute['closed_at'] = ts(end);
		dispute['root_cause_code'] = 'RC-7';
		hold['closed_at'] = ts(end);
		hold['closed_by'] = person(entity, 'service', 2);
		approve(world, 'hold_release', String(hold['hold_id']), entity, end);
		const event = tell(world, order, end, 'order.dispute_resolved', 'service', person(entity, 'service', 2), { to: before, line: line.id });
		if (scenario === 'reversed_then_reinstated' && reversed) {
			const row = post(world, order, line, end + HOUR, 'reinstate', amount, { trigger: event, reverses: String(reversed['revenue_id']) });
			approve(world, 'revenue_event', String(row['revenue_id']), entity, end + HOUR);
		}
		if (!forCustomer) return finish(world, order, end + 30 * HOUR);
		if (reversed) line.returned -= quantity;
		world.at(end + 3 * HOUR, () => takeBack(world, order, line, quantity, end + 3 * HOUR, 'partially_returned'));
	});
}

function afterTransfer(world: World, order: Order, time: number): void {
	const line = order.lines[0] as Line;
	const next = time + 33 * HOUR;
	switch (order.scenario) {
		case 'customer_wins':
		case 'company_wins':
		case 'reversed_then_reinstated':
			world.at(next, () => disputeIt(world, order, line, next));
			break;
		case 'partial_return':
		case 'partial_parts_return':
			world.at(next, () => takeBack(world, order, line, line.ordered / 5n, next, 'partially_returned'));
			break;
		case 'full_return':
			world.at(next, () => takeBack(world, order, line, line.ordered, next, 'returned'));
			break;
		default:
			finish(world, order, time + 30 * HOUR);
	}
}

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

function ship(world: World, order: Order, line: Line, quantity: bigint, time: number): void {
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

function splitOf(line: Line, parts: number): bigint[] {
	const each = line.ordered / BigInt(parts);
	return Array.from({ length: parts }, (_, index) => (index === parts - 1 ? line.ordered - each * BigInt(parts - 1) : each));
}

function amend(world: World, order: Order, time: number): void {
	const { entity, scenario } = order;
	const n = world.tables['contract_amendment']?.length ?? 0;
	const line = order.lines[0] as Line;
	const row: Row = {
		amendment_id: `adt ${n}/26`, contract_id: order.contract, order_id: order.id, effective_at: ts(time), signed_at: ts(time - 5 * HOUR), approved_by: person(entity, 'approver', 2), approved_at: ts(time - 4 * HOUR),
		adds_distinct: scenario === 'separate', at_ssp: scenario === 'separate', remaining_distinct: scenario === 'prospective', delta_price_minor: 0, treatment: scenario, catch_up_minor: null,
	}; // biome-ignore format: one record
	const revise = (changed: Line, unit: number) => {
		const revised = Number(half(BigInt(unit) * changed.ordered, ONE));
		const delta = revised - changed.amount;
		Object.assign(changed, { unit, amount: revised, allocated: changed.allocated + delta });
		const orderLine = world.tables['sales_order_line']?.find((known) => known['order_id'] === order.id && known['line_id'] === changed.id);
		if (orderLine) Object.assign(orderLine, { unit_price_minor: unit, amount_minor: revised });
		find(world.tables['obligation'], 'obligation_id', changed.obligation)['allocated_minor'] = changed.allocated;
		return delta;
	};
	if (scenario === 'separate') {
		const extra = newLine(world, order, 2, 3_000_000n, 0);
		row['delta_price_minor'] = extra.amount;
	} else {
		let delta = 0;
		for (const each of order.lines) delta += revise(each, each.unit + (n % 2 === 0 ? 100 : -100));
		row['delta_price_minor'] = delta;
	}
	order.row['total_minor'] = order.lines.reduce((sum, { amount }) => sum + amount, 0);
	order.row['revision'] = 2;
	tell(world, order, time, 'order.amended', 'sales', person(entity, 'sales'), {});
	if (scenario === 'catch_up') {
		const target = Number(half(BigInt(line.allocated) * line.transferred, line.ordered));
		row['catch_up_minor'] = target - line.recognised;
		catchUpTo(world, order, line, time + MINUTE, {});
	}
	addTo(world, 'contract_amendment', row);
}

function newLine(world: World, order: Order, n: number, ordered: bigint, discount: number): Line {
	const product = world.tables['product']?.filter((row) => String(row['sku']).startsWith(order.entity.key))[world.roll.whole(6)] as Row;
	const list = order.currency === product['currency'] ? Number(product['list_price_minor']) : 100 * world.roll.between(20, 90);
	const unit = (list * (100 - discount)) / 100;
	const amount = Number(half(BigInt(unit) * ordered, ONE));
	const line: Line = {
		id: `${n * 10}`, sku: String(product['sku']), ordered, unit, amount, ssp: Number(half(BigInt(list) * ordered, ONE)), allocated: amount, obligation: `OB|${order.id}|${n}`, transferred: 0n, returned: 0n, recognised: 0, billed: 0n,
	}; // biome-ignore format: one record
	order.lines.push(line);
	addTo(world, 'sales_order_line', {
		order_id: order.id,
		line_id: line.id,
		sku: line.sku,
		quantity: qty(order, ordered),
		unit_price_minor: unit,
		amount_minor: amount,
		obligation_id: line.obligation,
	});
	addTo(world, 'obligation', {
		obligation_id: line.obligation, contract_id: order.contract, order_id: order.id, line_id: line.id, description: '義務', ssp_minor: line.ssp, allocated_minor: line.allocated,
		method: isService(order) ? 'over_time' : order.scenario === 'three_parts' || order.scenario === 'catch_up' ? 'units_delivered' : 'point_in_time',
	}); // biome-ignore format: one record
	return line;
}

function serve(world: World, order: Order, time: number): void {
	const { entity } = order;
	const line = order.lines[0] as Line;
	tell(world, order, time, 'order.picking', 'service', person(entity, 'service'), { to: 'in_service' });
	const steps = Number(line.ordered / ONE);
	for (let n = 1; n <= steps; n++) {
		const when = time + n * 55 * HOUR;
		world.at(when, () => {
			const event = tell(world, order, when, 'line.delivered', 'carrier', person(entity, 'carrier'), {
				line: line.id,
				quantity: qty(order, ONE),
			});
			transfer(world, order, line, ONE, when, event);
			if (n < steps) return;
			if (order.billing === 'milestone')
				world.at(when + 2 * HOUR, () => bill(world, [{ order, line, quantity: line.ordered, shipment: null }], when + 2 * HOUR));
			finish(world, order, when + 20 * HOUR);
		});
	}
}

/** In how many shipments a line goes out. */
function partsOf(scenario: Scenario): number {
	if (scenario === 'two_lines' || scenario === 'dollars') return 2;
	return scenario === 'three_parts' || scenario === 'catch_up' || scenario === 'partial_parts_return' || scenario === 'acceptance_parts'
		? 3
		: 1;
}

function work(world: World, order: Order, time: number): void {
	const { entity, scenario } = order;
	if (isService(order)) {
		world.at(time + 5 * HOUR, () => serve(world, order, time + 5 * HOUR));
		return;
	}
	const pick = time + world.roll.between(5, 20) * HOUR;
	const pack = pick + world.roll.between(2, 9) * HOUR;
	world.at(pick, () => tell(world, order, pick, 'order.picking', 'fulfilment', person(entity, 'fulfilment'), { to: 'picking' }));
	world.at(pack, () => tell(world, order, pack, 'order.picking', 'fulfilment', person(entity, 'fulfilment', 2), { to: 'packed' }));
	let first = pack + world.roll.between(2, 20) * HOUR;
	if (scenario === 'bill_and_hold') {
		const line = order.lines[0] as Line;
		world.at(pack + HOUR, () => {
			post(world, order, line, pack + HOUR, 'recognise', line.allocated);
			bill(world, [{ order, line, quantity: line.ordered, shipment: null }], pack + 2 * HOUR);
		});
		first = pack + 12 * DAY;
	}
	let when = first;
	const queue = order.lines.flatMap((line) => splitOf(line, partsOf(scenario)).map((quantity) => ({ line, quantity })));
	order.parts = queue.length;
	for (const { line, quantity } of queue) {
		const at = when;
		world.at(at, () => ship(world, order, line, quantity, at));
		when += world.roll.between(14, 40) * HOUR;
	}
	if (scenario === 'catch_up') world.at(first + 66 * HOUR, () => amend(world, order, first + 66 * HOUR));
	if (scenario === 'catch_up') {
		const done = () => {
			const line = order.lines[0] as Line;
			if (line.transferred < line.ordered) {
				clock += 12 * HOUR;
				world.at(clock, done);
			} else bill(world, [{ order, line, quantity: line.ordered, shipment: null }], clock);
		};
		let clock = first + 4 * DAY;
		world.at(clock, done);
	}
}

function trade(world: World, order: Order): void {
	const { entity, scenario, start } = order;
	const limit = find(world.tables['customer'], 'customer_id', order.customer)['credit_limit_minor'];
	const open = (world.receivable.get(`${order.customer}/${order.currency}`) ?? 0) + Number(order.row['total_minor']);
	const checked = scenario === 'credit_hold' || (typeof limit === 'number' && open > limit);
	tell(world, order, start, 'order.booked', 'sales', person(entity, 'sales', 1 + world.roll.whole(2)), { to: 'booked' });
	if (order.billing === 'advance')
		world.at(start + 3 * HOUR, () =>
			bill(
				world,
				order.lines.map((line) => ({ order, line, quantity: line.ordered, shipment: null })),
				start + 3 * HOUR,
			),
		);
	let released = start + world.roll.between(4, 30) * HOUR;
	if (checked) {
		world.at(start + HOUR, () =>
			tell(world, order, start + HOUR, 'order.credit_held', 'credit', person(entity, 'credit'), { to: 'credit_hold' }),
		);
		if (world.roll.whole(3) === 0) {
			world.at(start + 40 * HOUR, () => tell(world, order, start + 40 * HOUR, 'order.escalated', 'credit', person(entity, 'credit'), {}));
			released = start + 95 * HOUR;
		}
	}
	if (scenario === 'cancelled' || scenario === 'advance_cancelled') {
		const when = checked ? released : start + 33 * HOUR;
		world.at(when, () => {
			tell(world, order, when, 'order.cancelled', 'sales', person(entity, 'sales', 1), { to: 'cancelled', reason: 'desistência' });
			if (order.billing === 'advance')
				bill(
					world,
					order.lines.map((line) => ({ order, line, quantity: line.ordered, shipment: null })),
					when + HOUR,
					'credit_memo',
				);
		});
		return;
	}
	world.at(released, () => {
		tell(world, order, released, 'order.released', 'credit', person(entity, 'credit'), { to: 'released' });
		let time = released;
		if (scenario === 'backorder') {
			world.at(released + 4 * HOUR, () =>
				tell(world, order, released + 4 * HOUR, 'order.backordered', 'fulfilment', person(entity, 'fulfilment'), { to: 'backordered' }),
			);
			time = released + 30 * HOUR;
		}
		if (scenario === 'hold') {
			const begin = released + 2 * HOUR;
			const end = begin + 40 * HOUR;
			world.at(begin, () => {
				const hold = addTo(world, 'hold', {
					hold_id: `hd/${world.roll.uuid()}`,
					order_id: order.id,
					line_id: null,
					kind: 'hold',
					dispute_id: null,
					opened_at: ts(begin),
					opened_by: person(entity, 'service'),
					closed_at: null,
					closed_by: null,
					reason_code: 'ENDEREÇO',
					quantity: null,
					amount_minor: null,
				});
				tell(world, order, begin, 'order.held', 'service', person(entity, 'service'), { to: 'on_hold' });
				world.at(end, () => {
					Object.assign(hold, { closed_at: ts(end), closed_by: person(entity, 'service', 2) });
					tell(world, order, end, 'order.hold_released', 'service', person(entity, 'service', 2), { to: 'released' });
				});
			});
			time = end + HOUR;
		}
		if (scenario === 'plain' && world.roll.whole(4) === 0) {
			const typo = tell(world, order, released + 1.5 * HOUR, 'order.escalated', 'sales', person(entity, 'sales'), { reason: 'wrong desk' });
			world.at(released + 2 * HOUR, () =>
				tell(world, order, released + 2 * HOUR, 'order.corrected', 'sales', person(entity, 'sales', 2), { corrects: typo, reason: 'typo' }),
			);
		}
		if (scenario === 'separate' || scenario === 'prospective')
			world.at(released + 4 * HOUR, () => amend(world, order, released + 4 * HOUR));
		world.at(time + 4.5 * HOUR, () => work(world, order, time + 4.5 * HOUR));
	});
}

function place(world: World, n: number, count: number): void {
	const span = AS_OF - 2 * HOUR - Date.parse('2026-03-31T23:30:00.000Z');
	const entity = ENTITIES[n % 3] as Entity;
	let start =
		n === 0
			? Date.parse('2026-03-31T23:30:00.000Z')
			: Date.parse('2026-04-01T12:00:00.000Z') + Math.floor((span - 13 * HOUR) * (n / count));
	let scenario = SCENARIOS[Math.floor(n / 3) % SCENARIOS.length] as Scenario;
	const late = start > AS_OF - 30 * DAY;
	if (
		late &&
		['bill_and_hold', 'consolidated', 'catch_up', 'wrong_tax', 'two_lines', 'acceptance_parts', 'prospective', 'separate'].includes(
			scenario,
		)
	)
		scenario = 'plain';
	if (scenario === 'dollars' && entity.key !== 'jp') scenario = 'on_shipment';
	if (n > 0) start += world.roll.whole(10) * MINUTE * 6;
	const customer = `${entity.key.toUpperCase()}/000${scenario === 'dollars' ? 6 + world.roll.whole(2) : entity.key === 'jp' ? [1, 2, 3, 4, 5, 8][world.roll.whole(6)] : 1 + world.roll.whole(8)}`;
	const id =
		entity.key === 'jp' ? `受注/2026/${n}` : entity.key === 'kw' ? `KW-${world.roll.uuid()}` : `PV ${String(n).padStart(6, '0')}-${n % 7}`;
	const contract =
		entity.key === 'br' && ['plain', 'manual', 'hold', 'backorder', 'consolidated'].includes(scenario) ? `quadro ${customer}` : `K/${id}`;
	const currency = scenario === 'dollars' ? 'USD' : entity.currency;
	const acceptance = scenario.startsWith('acceptance');
	const shipmentTerm = scenario === 'on_shipment' || scenario === 'ex_works' || scenario === 'dollars';
	const advance = scenario === 'advance' || scenario === 'advance_cancelled' || scenario === 'service_advance';
	const order: Order = {
		id, scenario, entity, customer, currency, contract, start, lines: [], state: 'draft', shipped: 0, delivered: 0, accepted: 0, told: 0,
		parts: 1,
		term: acceptance ? 'acceptance' : shipmentTerm ? 'shipment' : 'delivery',
		billing: advance ? 'advance' : scenario === 'service' || scenario === 'catch_up' ? 'milestone' : shipmentTerm ? 'on_shipment' : 'on_delivery',
		pod: !shipmentTerm && scenario !== 'bill_and_hold' && (n % 2 === 0 || scenario === 'fallback') && !isServiceName(scenario),
		purchaseOrder: n % 4 === 0 ? `注文書 ${customer}` : n % 4 === 1 ? `PO-${n}` : null,
		row: { order_id: id, entity_id: entity.id, customer_id: customer, contract_id: contract, ordered_at: ts(start), currency, total_minor: 0, state: 'draft', schema_version: 1, revision: 1, region: 'Ásia' },
	}; // biome-ignore format: one record
	const terms: Row = {
		contract_id: contract, entity_id: entity.id, customer_id: customer, signed_at: ts(start - 3 * DAY), approved_by: person(entity, 'approver', 3), approved_at: ts(start - 2 * DAY), currency, price_minor: 0, transfer_term: order.term,
		billing_term: order.billing, pod_required: order.pod, bill_and_hold: scenario === 'bill_and_hold', bill_and_hold_criteria: scenario === 'bill_and_hold' ? 'no_redirect,reason,ready,identified' : '',
	}; // biome-ignore format: one record
	world.at(start, () => {
		let signed = world.tables['contract']?.find((row) => row['contract_id'] === contract);
		if (signed === undefined) signed = addTo(world, 'contract', terms);
		else Object.assign(order, { pod: signed['pod_required'] });
		const discount =
			scenario === 'discounted'
				? 30
				: ['separate', 'prospective', 'catch_up'].includes(scenario)
					? 0
					: ([0, 5, 12, 20][world.roll.whole(4)] ?? 0);
		const whole = BigInt(world.roll.between(4, 40));
		const fraction =
			isServiceName(scenario) || scenario === 'catch_up' ? 0n : BigInt([0, 0, 500_000, 333_333, 1][world.roll.whole(5)] ?? 0);
		newLine(world, order, 1, isServiceName(scenario) ? BigInt(world.roll.between(6, 10)) * ONE : whole * ONE + fraction, discount);
		if (scenario === 'two_lines' || scenario === 'advance') newLine(world, order, 2, BigInt(world.roll.between(2, 9)) * ONE, discount);
		const total = order.lines.reduce((sum, { amount }) => sum + amount, 0);
		order.row['total_minor'] = total;
		signed['price_minor'] = Number(signed['price_minor']) + total;
		if (discount > 20) approve(world, 'discount', id, entity, start, 1);
		addTo(world, 'sales_order', order.row);
		world.orders.push(order);
		trade(world, order);
	});
}

const isServiceName = (scenario: Scenario): boolean => scenario === 'service' || scenario === 'service_advance';

/** The group's trading from April to the as-of instant: everything but the books. */
export function tradeYear(seed: number, count: number): World {
	const world: World = {
		seed, tables: masters(seed), documents: new Map(), disclosures: [], orders: [], roll: dice(`trade/${seed}`), receivable: new Map(), numbers: new Map(), pool: new Map(), ...agenda(),
	}; // biome-ignore format: one record
	for (let n = 0; n < count; n++) place(world, n, count);
	world.run();
	return world;
}
