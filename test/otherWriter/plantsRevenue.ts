/** Anomalies of revenue, amendments and disputes: T03, T16–T28, T31–T35, T60, T63–T65, T87. */
import { DAY, HOUR, localMonth } from './calendar.ts';
import { moved, type Spoiler, text } from './mischief.ts';
import type { Row } from './sealing.ts';
import type { Order } from './world.ts';

const lineKeys = (order: Order) => ({ order_id: order.id, line_id: '10' });
const revenueKeys = (row: Row) => ({ revenue_id: text(row['revenue_id']) });
const monthDay = (instant: unknown) => new Date(text(instant)).getUTCDate();

function redate(row: Row, order: Order, instant: string): void {
	const lag = Date.parse(text(row['posted_at'])) - Date.parse(text(row['recognised_at']));
	Object.assign(row, { recognised_at: instant, posted_at: moved(instant, lag), period: localMonth(Date.parse(instant), order.entity) });
}

export function plantCutOff(spoil: Spoiler): void {
	const { take, plant, rows, drop, world } = spoil;
	const silent = take(['plain', 'backorder', 'discounted']);
	drop('revenue_event', (row) => row['order_id'] === silent.id);
	plant('T03', silent, lineKeys(silent));
	const tail = take(['three_parts']);
	const last = rows('revenue_event', tail)[2];
	drop('revenue_event', (row) => row === last);
	plant('T03', tail, lineKeys(tail));
	for (const days of [2, 40]) {
		const order = take(
			['plain', 'three_parts', 'acceptance', 'hold'],
			(one) =>
				one.parts === 1 &&
				one.start > Date.parse('2026-06-01T00:00:00.000Z') &&
				monthDay(rows('revenue_event', one)[0]?.['recognised_at']) > 5,
		);
		const revenue = rows('revenue_event', order)[0] as Row;
		redate(revenue, order, moved(revenue['recognised_at'], -days * DAY));
		plant('T16', order, revenueKeys(revenue));
	}
	for (const days of [33, 8]) {
		const order = take(
			['plain', 'ex_works', 'acceptance', 'backorder', 'on_shipment'],
			(one) =>
				one.start < Date.parse('2026-09-15T00:00:00.000Z') &&
				(days > 30 || monthDay(rows('revenue_event', one)[0]?.['recognised_at']) > 25),
		);
		const revenue = rows('revenue_event', order)[0] as Row;
		redate(revenue, order, moved(revenue['recognised_at'], days * DAY));
		plant('T17', order, revenueKeys(revenue));
		plant('T03', order, lineKeys(order));
	}
	const held = take(['plain', 'ex_works', 'acceptance']);
	const heldRevenue = rows('revenue_event', held)[0] as Row;
	world.tables['hold']?.push({
		hold_id: 'hd/manual', order_id: held.id, line_id: null, kind: 'hold', dispute_id: null, opened_at: moved(heldRevenue['posted_at'], -HOUR), opened_by: 'jp:service#1', closed_at: moved(heldRevenue['posted_at'], 5 * HOUR), closed_by: 'jp:service#2',
		reason_code: 'X', quantity: null, amount_minor: null,
	}); // biome-ignore format: one record
	plant('T18', held, revenueKeys(heldRevenue));
	const hasty = take(['reversed_then_reinstated']);
	const reinstated = rows('revenue_event', hasty).find((row) => row['kind'] === 'reinstate') as Row;
	const hold = rows('hold', hasty)[0] as Row;
	reinstated['posted_at'] = moved(hold['closed_at'], -60_000);
	plant('T18', hasty, revenueKeys(reinstated));
	const kept = take(['full_return']);
	drop('revenue_event', (row) => row['order_id'] === kept.id && row['kind'] === 'reverse');
	plant('T19', kept, lineKeys(kept));
	const cancelled = take(['cancelled', 'advance_cancelled'], (one) => one.lines.length === 1);
	const when = moved(rows('order_event', cancelled).at(-1)?.['occurred_at'], -2 * HOUR);
	const sample = { ...(world.tables['revenue_event']?.[0] as Row) };
	world.tables['revenue_event']?.push({
		...sample, revenue_id: 'R:cancelled', order_id: cancelled.id, line_id: '10', obligation_id: `OB|${cancelled.id}|1`, recognised_at: when, posted_at: when, currency: cancelled.currency, amount_minor: 900, period: localMonth(Date.parse(when), cancelled.entity), trigger_event_id: null,
		rule_version: Date.parse(when) < Date.parse('2026-08-01T00:00:00.000Z') ? 1 : 2, rule_id: 'transfer/pit',
	}); // biome-ignore format: one record
	plant('T19', cancelled, lineKeys(cancelled));
}

export function plantContracts(spoil: Spoiler): void {
	const { take, plant, rows, only, drop, world } = spoil;
	for (const column of ['approved_at', 'signed_at']) {
		const order = take(['plain', 'three_parts', 'ex_works', 'acceptance', 'on_shipment'], (one) => one.contract.startsWith('K/'));
		const revenue = rows('revenue_event', order)[0] as Row;
		only('contract', 'contract_id', order.contract)[column] = column === 'signed_at' ? null : moved(revenue['recognised_at'], 3 * DAY);
		plant('T20', order, { contract_id: order.contract });
	}
	const lost = take(['plain', 'hold', 'backorder', 'acceptance', 'manual', 'fallback'], (one) => one.pod);
	const shipment = rows('shipment', lost)[0] as Row;
	const paper = only('document', 'document_id', shipment['pod_document_id']);
	world.documents.delete(text(paper['sha256']));
	plant('T21', lost, { shipment_id: text(shipment['shipment_id']) });
	plant('T73', lost, { document_id: text(paper['document_id']) });
	const withPod = (one: Order) => one.pod && one.term === 'delivery';
	const dated = take(['plain', 'hold', 'backorder', 'manual', 'company_wins', 'three_parts', 'credit_hold'], withPod);
	const first = rows('document', dated)[0] as Row;
	first['dated_at'] = moved(first['dated_at'], -5 * DAY);
	plant('T22', dated, { document_id: text(first['document_id']) });
	const made = take(['plain', 'hold', 'backorder', 'manual', 'company_wins', 'three_parts', 'credit_hold'], withPod);
	const second = rows('document', made)[0] as Row;
	second['created_at'] = moved(second['created_at'], 9 * DAY);
	plant('T22', made, { document_id: text(second['document_id']) });
	const shared = take(['plain', 'hold', 'backorder', 'manual', 'company_wins', 'three_parts', 'credit_hold'], withPod);
	const third = rows('document', shared)[0] as Row;
	world.documents.delete(text(third['sha256']));
	Object.assign(third, { sha256: second['sha256'], bytes: second['bytes'] });
	plant('T22', shared, { document_id: text(third['document_id']) });
	for (const off of [400, -300]) {
		const order = take(['three_parts', 'partial_parts_return', 'acceptance_parts']);
		const recognised = rows('revenue_event', order).filter((row) => row['kind'] === 'recognise');
		const [one, two] = [recognised[0] as Row, recognised[1] as Row];
		one['amount_minor'] = Number(one['amount_minor']) + off;
		two['amount_minor'] = Number(two['amount_minor']) - off;
		plant('T23', order, revenueKeys(one));
	}
	for (const factor of [2, 1.1]) {
		const order = take(['ex_works', 'plain', 'discounted', 'dollars']);
		const revenue = rows('revenue_event', order)[0] as Row;
		revenue['amount_minor'] = Math.round(Number(revenue['amount_minor']) * factor) + 5000;
		plant('T24', order, { obligation_id: text(revenue['obligation_id']) });
	}
	for (let n = 0; n < 2; n++) {
		const order = take(['two_lines', 'advance']);
		const [one, two] = rows('obligation', order) as [Row, Row];
		const shift = Math.round(Number(one['allocated_minor']) * 0.2);
		one['allocated_minor'] = Number(one['allocated_minor']) - shift;
		two['allocated_minor'] = Number(two['allocated_minor']) + shift;
		plant('T25', order, { obligation_id: text(one['obligation_id']) });
	}
	const paced = take(['service', 'service_advance']);
	const steps = rows('revenue_event', paced);
	const [third3, fourth] = [steps[2] as Row, steps[3] as Row];
	third3['amount_minor'] = Number(third3['amount_minor']) + 3000;
	fourth['amount_minor'] = Number(fourth['amount_minor']) - 3000;
	plant('T26', paced, { obligation_id: text(third3['obligation_id']) });
	const beyond = take(['service', 'service_advance']);
	const served = rows('order_event', beyond).findLast((row) => row['type'] === 'line.delivered') as Row;
	served['quantity'] = '4.5';
	plant('T26', beyond, { obligation_id: `OB|${beyond.id}|1` });
	for (const criteria of ['reason,ready,identified', '']) {
		const order = take(['bill_and_hold']);
		only('contract', 'contract_id', order.contract)['bill_and_hold_criteria'] = criteria;
		plant('T28', order, revenueKeys(rows('revenue_event', order)[0] as Row));
	}
	const amendmentKeys = (order: Order) => ({ amendment_id: text(rows('contract_amendment', order)[0]?.['amendment_id']) });
	const spread = take(['separate']);
	Object.assign(rows('contract_amendment', spread)[0] as Row, { treatment: 'prospective' });
	plant('T31', spread, amendmentKeys(spread));
	const caught = take(['catch_up']);
	const catchUp = rows('contract_amendment', caught)[0] as Row;
	catchUp['catch_up_minor'] = Number(catchUp['catch_up_minor']) + 4321;
	plant('T31', caught, amendmentKeys(caught));
	const unsigned = take(['prospective', 'separate']);
	Object.assign(rows('contract_amendment', unsigned)[0] as Row, { approved_at: null, approved_by: null });
	plant('T32', unsigned, amendmentKeys(unsigned));
	const backdated = take(['prospective', 'separate']);
	const early = rows('contract_amendment', backdated)[0] as Row;
	early['signed_at'] = moved(early['effective_at'], 11 * DAY);
	plant('T32', backdated, amendmentKeys(backdated));
	const alone = take(['manual']);
	const subject = rows('revenue_event', alone)[0] as Row;
	const lone = only('approval', 'subject_id', subject['revenue_id']);
	drop('approval', (row) => row === lone);
	plant('T60', alone, revenueKeys(subject));
	const after = take(['manual']);
	const late = rows('revenue_event', after)[0] as Row;
	for (const row of world.tables['approval'] ?? [])
		if (row['subject_id'] === late['revenue_id']) row['approved_at'] = moved(late['posted_at'], HOUR);
	plant('T60', after, revenueKeys(late));
	const unknown = take(['plain', 'hold', 'ex_works', 'dollars', 'on_shipment', 'backorder']);
	const odd = rows('revenue_event', unknown)[0] as Row;
	odd['rule_version'] = 9;
	plant('T87', unknown, revenueKeys(odd));
	const own = take(['plain', 'hold', 'ex_works', 'dollars', 'on_shipment', 'backorder']);
	const self = rows('revenue_event', own)[0] as Row;
	Object.assign(self, { rule_id: 'transfer/novo', rule_version: 1 });
	world.tables['change_ticket']?.push({
		ticket_id: 'CHG novo',
		system: 'x',
		kind: 'rule',
		requested_by: 'jp:it#3',
		approved_by: 'jp:approver#1',
		deployed_by: 'jp:it#3',
		deployed_at: '2026-01-05T00:00:00.000Z',
		tested: true,
		rule_id: 'transfer/novo',
		rule_version: 1,
	});
	plant('T87', undefined, { ticket_id: 'CHG novo' });
}

export function plantDisputes(spoil: Spoiler): void {
	const { take, plant, rows, drop, only } = spoil;
	const disputeOf = (order: Order) => rows('dispute', order)[0] as Row;
	const keys = (order: Order) => ({ dispute_id: text(disputeOf(order)['dispute_id']) });
	for (const part of [0.5, 3]) {
		const order = take(['customer_wins']);
		const reversal = rows('revenue_event', order).find((row) => row['kind'] === 'reverse') as Row;
		reversal['amount_minor'] = Math.round(Number(reversal['amount_minor']) * part);
		plant('T34', order, keys(order));
	}
	const weak = take(['company_wins', 'customer_wins']);
	disputeOf(weak)['evidence_score'] = 12;
	plant('T35', weak, { hold_id: text(rows('hold', weak)[0]?.['hold_id']) });
	const unapproved = take(['reversed_then_reinstated']);
	const back = rows('revenue_event', unapproved).find((row) => row['kind'] === 'reinstate') as Row;
	drop('approval', (row) => row['subject_id'] === back['revenue_id']);
	plant('T35', unapproved, revenueKeys(back));
	const open = take(['company_wins'], (order) => typeof disputeOf(order)['escalated_at'] !== 'string');
	Object.assign(disputeOf(open), { status: 'open', closed_at: null });
	plant('T35', open, { hold_id: text(rows('hold', open)[0]?.['hold_id']) });
	plant('T63', open, keys(open));
	const long = take(
		['company_wins', 'reversed_then_reinstated', 'customer_wins'],
		(order) => typeof disputeOf(order)['escalated_at'] === 'string',
	);
	disputeOf(long)['escalated_at'] = null;
	drop('order_event', (row) => row['order_id'] === long.id && row['type'] === 'order.escalated');
	plant('T63', long, keys(long));
	const waits = take(['credit_hold'], (order) => rows('order_event', order).some((row) => row['type'] === 'order.escalated'));
	drop('order_event', (row) => row['order_id'] === waits.id && row['type'] === 'order.escalated');
	plant('T63', waits, {});
	for (let n = 0; n < 2; n++) {
		const order = take(['company_wins', 'customer_wins', 'reversed_then_reinstated']);
		disputeOf(order)['root_cause_code'] = null;
		plant('T64', order, keys(order));
	}
	const slow = take(['company_wins', 'reversed_then_reinstated', 'customer_wins']);
	(rows('hold', slow)[0] as Row)['opened_at'] = moved(disputeOf(slow)['logged_at'], 3 * HOUR);
	plant('T65', slow, keys(slow));
	const never = take(['company_wins', 'customer_wins', 'reversed_then_reinstated']);
	const hold = only('hold', 'hold_id', rows('hold', never)[0]?.['hold_id']);
	drop('hold', (row) => row === hold);
	plant('T65', never, keys(never));
}
