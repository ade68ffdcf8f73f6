/** A second stranger's ways: the same tests, spoiled at their edges. */
import { journal } from './books.ts';
import { ENTITIES, type Entity, HOUR, workMoment } from './calendar.ts';
import { person } from './masters.ts';
import { moved, type Spoiler, text } from './mischief.ts';
import type { Row } from './sealing.ts';
import type { Order } from './world.ts';

const [JP, , BR] = ENTITIES as unknown as readonly [Entity, Entity, Entity];
const SOLD = ['plain', 'hold', 'backorder', 'discounted', 'on_shipment', 'ex_works', 'acceptance', 'dollars', 'fallback'] as const;
const lineKeys = (order: Order) => ({ order_id: order.id, line_id: '10' });
const revenueKeys = (row: Row) => ({ revenue_id: text(row['revenue_id']) });

export function plantTradingAgain(spoil: Spoiler): void {
	const { take, plant, rows, only, drop, invoiceOf, world } = spoil;
	const { tables } = world;
	const eventOf = (order: Order, to: string) => rows('order_event', order).find((row) => row['to_state'] === to) as Row;
	const firstRevenue = (order: Order) => rows('revenue_event', order)[0] as Row;

	const minute = take(SOLD, (order) => order.lines.length === 1 && order.parts === 1);
	const early = firstRevenue(minute);
	early['recognised_at'] = moved(early['recognised_at'], -60_000);
	plant('T16', minute, revenueKeys(early));
	const little = take(SOLD);
	const over = firstRevenue(little);
	over['amount_minor'] = Number(over['amount_minor']) + 2;
	plant('T24', little, { obligation_id: text(over['obligation_id']) });
	const neverClosed = take(SOLD);
	const held = firstRevenue(neverClosed);
	tables['hold']?.push({
		hold_id: 'hd/open',
		order_id: neverClosed.id,
		line_id: '10',
		kind: 'hold',
		opened_at: text(held['posted_at']),
		opened_by: 'br:service#1',
		closed_at: null,
		closed_by: null,
		reason_code: 'fraude',
	});
	plant('T18', neverClosed, revenueKeys(held));
	const wrongTwice = take(['rebooked']);
	const reversal = rows('revenue_event', wrongTwice).find((row) => row['kind'] === 'reverse') as Row;
	reversal['amount_minor'] = Number(reversal['amount_minor']) - 700;
	plant('T24', wrongTwice, { obligation_id: text(reversal['obligation_id']) });
	const twoFaced = take(['manual']);
	const [one, two] = (tables['approval'] ?? []).filter((row) => row['subject_id'] === firstRevenue(twoFaced)['revenue_id']) as [Row, Row];
	two['approver_id'] = text(one['approver_id']);
	plant('T60', twoFaced, revenueKeys(firstRevenue(twoFaced)));
	const ownApproval = take(['manual']);
	for (const row of tables['approval'] ?? [])
		if (row['subject_id'] === firstRevenue(ownApproval)['revenue_id']) row['requested_by'] = text(row['approver_id']);
	plant('T60', ownApproval, revenueKeys(firstRevenue(ownApproval)));
	const blank = take(['company_wins', 'customer_wins']);
	Object.assign(rows('dispute', blank)[0] as Row, { root_cause_code: '' });
	plant('T64', blank, { dispute_id: text(rows('dispute', blank)[0]?.['dispute_id']) });
	const singly = take(['company_wins', 'reversed_then_reinstated']);
	const release = text(rows('hold', singly)[0]?.['hold_id']);
	for (const row of tables['approval'] ?? []) if (row['subject_id'] === release) row['approver_id'] = person(singly.entity, 'approver', 1);
	plant('T35', singly, { hold_id: release });
	const remaining = take(['prospective']);
	Object.assign(rows('contract_amendment', remaining)[0] as Row, { treatment: 'catch_up', catch_up_minor: 0 });
	plant('T31', remaining, { amendment_id: text(rows('contract_amendment', remaining)[0]?.['amendment_id']) });
	const undelivered = take(['plain', 'hold', 'backorder', 'discounted', 'fallback'], (order) => order.lines.length === 1);
	(rows('shipment', undelivered)[0] as Row)['delivered_at'] = null;
	drop('order_event', (row) => row['order_id'] === undelivered.id && row['type'] === 'line.delivered');
	plant('T09', undelivered, lineKeys(undelivered));
	plant('T16', undelivered, revenueKeys(firstRevenue(undelivered)));
	const freeCredit = take(['ex_works', 'on_shipment', 'acceptance', 'plain', 'hold']);
	const { row, line } = invoiceOf(freeCredit);
	tables['invoice']?.push({
		...row,
		invoice_id: 'cm~free',
		invoice_no: 'NFX-1',
		series: 'X',
		kind: 'credit_memo',
		entered_by: person(freeCredit.entity, 'billing', 2),
		due_at: null,
		purchase_order: null,
	});
	tables['invoice_line']?.push({ ...line, invoice_id: 'cm~free' }, { ...line, invoice_id: 'cm~free', line_no: 20, quantity: '0.5' });
	plant('T33', freeCredit, lineKeys(freeCredit));
	const nowhere = take(SOLD);
	firstRevenue(nowhere)['line_id'] = '990';
	plant('T76', nowhere, revenueKeys(firstRevenue(nowhere)));
	const entityless = take(SOLD);
	only('contract', 'contract_id', entityless.contract)['customer_id'] = 'JP/4041';
	plant('T76', undefined, { contract_id: entityless.contract });
	const customer = take(SOLD);
	const booker = text(eventOf(customer, 'booked')['actor_id']);
	only('master_change', 'change_id', `mc-${customer.entity.key === 'jp' ? 0 : customer.entity.key === 'kw' ? 1 : 2}-a`)['changed_by'] =
		booker;
	only('master_change', 'change_id', `mc-${customer.entity.key === 'jp' ? 0 : customer.entity.key === 'kw' ? 1 : 2}-a`)['record_id'] =
		customer.customer;
	plant('T61', customer, {});
	const expired = take(SOLD);
	const picking = eventOf(expired, 'picking');
	picking['actor_id'] = `${expired.entity.key}:former`;
	tables['user_account']?.push({
		user_id: `${expired.entity.key}:former`,
		name: 'ex',
		active_from: '2020-01-01T00:00:00.000Z',
		active_to: null,
	});
	tables['user_role']?.push({
		user_id: `${expired.entity.key}:former`,
		role: 'fulfilment',
		valid_from: '2020-01-01T00:00:00.000Z',
		valid_to: moved(picking['occurred_at'], -HOUR),
	});
	plant('T59', expired, { event_id: text(picking['event_id']) });
	const stuck = take(['cancelled'], (order) => order.lines.length === 1);
	drop('order_event', (other) => other['order_id'] === stuck.id && other['to_state'] !== 'booked');
	stuck.row['state'] = 'booked';
	plant('T58', stuck, { order_id: stuck.id });
	plant('T63', stuck, {});
	const strange = take(SOLD);
	eventOf(strange, 'closed')['operador'] = 'x';
	plant('T75', strange, { event_id: text(eventOf(strange, 'closed')['event_id']) });
	const clock = take(SOLD);
	const late = eventOf(clock, 'booked');
	late['occurred_at'] = moved(late['recorded_at'], -24 * HOUR - 1);
	plant('T70', clock, { event_id: text(late['event_id']) });
	const tooSoon = take(SOLD, (order) => order.start < Date.parse('2026-07-20T00:00:00.000Z'));
	firstRevenue(tooSoon)['rule_version'] = 2;
	plant('T87', tooSoon, revenueKeys(firstRevenue(tooSoon)));
	const gulf = only('customer', 'name', 'Al-Noor General Trading W.L.L.');
	tables['customer']?.push({ ...gulf, customer_id: 'KW/0977', name: 'AL NOOR GENERAL TRADING', tin: null });
	plant('T81', null, { customer_id: 'KW/0977' });
	tables['shipment']?.push({
		...(rows('shipment', little)[0] as Row),
		shipment_id: 'S/after',
		shipped_at: '2026-12-17T22:00:00.000Z',
		delivered_at: null,
		pod_document_id: null,
	});
	plant('T77', little, { shipment_id: 'S/after' });
}

export function plantBooksAgain({ take, plant, rows, world, drop }: Spoiler): void {
	const { tables } = world;
	const noon = (day: string, entity: Entity) => workMoment(Date.parse(`${day}T00:00:00.000Z`), entity, 11);
	const usual = [
		{ account: 'rent', debit: 900 },
		{ account: 'accruals', credit: 900 },
	];
	const linesOf = (order: Order) => {
		const id = rows('revenue_event', order)[0]?.['revenue_id'];
		return { id: text(id), lines: (tables['journal_line'] ?? []).filter((row) => row['source_id'] === id) };
	};
	const isOwn = (order: Order) => order.entity.key !== 'kw';
	const wrongAccount = linesOf(take(SOLD, isOwn));
	for (const row of wrongAccount.lines) row['account'] = text(row['account']).replace('40.10/revenue', '120.10/freight');
	plant('T40', undefined, { revenue_id: wrongAccount.id });
	const wrongPeriod = linesOf(take(SOLD, isOwn));
	for (const row of wrongPeriod.lines) row['period'] = row['period'] === '2026-10' ? '2026-11' : '2026-10';
	plant('T40', undefined, { revenue_id: wrongPeriod.id });
	const halved = linesOf(take(SOLD, isOwn));
	drop('journal_line', (row) => row === halved.lines[0]);
	plant('T43', undefined, { journal_id: text(halved.lines[0]?.['journal_id']) });
	journal(
		tables,
		JP,
		'J/sunday',
		{ manual: true, by: 'jp:gl#1', approved: 'jp:approver#1', text: 'x', currency: 'JPY', at: Date.parse('2026-09-20T02:00:00.000Z') },
		usual,
	);
	plant('T47', null, { journal_id: 'J/sunday' });
	journal(tables, BR, 'J/nobody', { by: 'br:ghost', text: 'x', currency: 'BRL', at: noon('2026-09-15', BR) }, usual);
	plant('T62', null, { journal_id: 'J/nobody' });
	const closed = tables['period']?.find((row) => row['entity_id'] === BR.id && row['period'] === '2026-05')?.['closed_at'];
	journal(
		tables,
		BR,
		'J/late-system',
		{ by: 'br:batch#1', text: 'x', currency: 'BRL', at: Date.parse(moved(closed, 1)), period: '2026-05' },
		usual,
	);
	plant('T48', null, { journal_id: 'J/late-system' });
}
