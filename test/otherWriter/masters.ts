/** Who trades: three entities in three currencies and time zones, their people, customers, goods, calendars and rules. */

import { AS_OF, DAY, dice, ENTITIES, type Entity, MONTHS, ts, workMoment } from './calendar.ts';
import type { Row, Tables } from './sealing.ts';

const CUSTOMER_NAMES: { readonly [key: string]: readonly string[] } = {
	jp: ['株式会社山田製作所', '有限会社鈴木商店', '佐藤電機株式会社', '株式会社 北の光', '合同会社みなと', 'Pacific Rim Traders Inc.', 'Harbour & Sons Ltd', '伊藤忠実株式会社'],
	kw: ['شركة الخليج للتجارة', 'مؤسسة النور', 'Al-Noor General Trading W.L.L.', 'Gulf Crane Co.', 'شركة البحر', 'Al Sabah Labs KSC', 'Desert Rose Est.', 'مصنع الكويت'],
	br: ['Padaria São João Ltda', 'Comércio Açaí & Cia', 'Gulf Crane Co.', 'Metalúrgica Ipê S.A.', 'Café do Sul ME', 'Móveis Três Irmãos', 'Açúcar União SA', 'Transportes Jaú'],
}; // biome-ignore format: one country a line

export const person = (entity: Entity, role: string, n = 1): string => `${entity.key}:${role}#${n}`;

const PEOPLE: readonly (readonly [string, number, readonly string[]])[] = [
	['sales', 2, ['sales']],
	['credit', 1, ['credit']],
	['fulfilment', 2, ['fulfilment']],
	['carrier', 1, ['carrier', 'system']],
	['billing', 2, ['billing']],
	['revenue', 1, ['revenue']],
	['service', 2, ['service']],
	['approver', 3, ['approver', 'legal']],
	['gl', 2, ['gl']],
	['it', 3, ['it']],
	['batch', 1, ['system']],
];

/** The state table of the group: the default one with two states of its own (`packed`, `in_service`). */
const TRANSITIONS: readonly (readonly [string, string, string, boolean?])[] = [
	['draft', 'booked', 'sales,system', true],
	['booked', 'credit_hold', 'credit,system'],
	['credit_hold', 'released', 'credit'],
	['credit_hold', 'cancelled', 'credit,sales'],
	['booked', 'released', 'credit,system'],
	['booked', 'cancelled', 'sales'],
	['released', 'cancelled', 'sales'],
	['released', 'backordered', 'fulfilment'],
	['backordered', 'picking', 'fulfilment'],
	['released', 'picking', 'fulfilment,system'],
	['released', 'on_hold', 'service,legal'],
	['on_hold', 'released', 'service,legal'],
	['released', 'in_service', 'service'],
	['in_service', 'fulfilled', 'service,system'],
	['picking', 'packed', 'fulfilment', true],
	['packed', 'partially_shipped', 'fulfilment'],
	['partially_shipped', 'partially_shipped', 'fulfilment'],
	['packed', 'shipped', 'fulfilment'],
	['partially_shipped', 'shipped', 'fulfilment'],
	['shipped', 'partially_delivered', 'carrier'],
	['partially_delivered', 'partially_delivered', 'carrier'],
	['shipped', 'delivered', 'carrier,fulfilment'],
	['partially_delivered', 'delivered', 'carrier,fulfilment'],
	['delivered', 'accepted', 'service,sales'],
	['delivered', 'disputed', 'service'],
	['disputed', 'delivered', 'service'],
	['accepted', 'disputed', 'service'],
	['disputed', 'accepted', 'service'],
	['shipped', 'fulfilled', 'system,fulfilment'],
	['delivered', 'return_requested', 'service'],
	['return_requested', 'partially_returned', 'service'],
	['return_requested', 'returned', 'service'],
	['partially_returned', 'fulfilled', 'system'],
	['delivered', 'fulfilled', 'system,fulfilment'],
	['accepted', 'fulfilled', 'system,fulfilment'],
	['fulfilled', 'closed', 'system', true],
];

const ACCOUNTS: readonly (readonly [string, string])[] = [
	['revenue', 'revenue'],
	['deferred', 'deferred_revenue'],
	['receivable', 'receivable'],
	['unbilled', 'contract_asset'],
	['refunds', 'refund_liability'],
	['bank', 'cash'],
	['vat', 'tax'],
	['freight', 'other'],
	['rent', 'other'],
	['accruals', 'other'],
];

export const accountOf = (entity: Entity, name: string, currency: string): string => {
	const number = `${4 + ACCOUNTS.findIndex(([known]) => known === name)}0.10/${name}`;
	return currency === entity.currency ? `${entity.key}-${number}` : `${entity.key}-${number}.${currency}`;
};

export const accountsOf = (
	entity: Entity,
): readonly { readonly account: string; readonly currency: string; readonly class: string; readonly name: string }[] =>
	(entity.key === 'jp' ? ['JPY', 'USD'] : [entity.currency]).flatMap((currency) =>
		ACCOUNTS.map(([name, kind]) => ({ account: accountOf(entity, name, currency), currency, class: kind, name: `${name} ${currency}` })),
	);

function people(tables: Tables): void {
	for (const entity of ENTITIES)
		for (const [role, count, roles] of PEOPLE)
			for (let n = 1; n <= count; n++) {
				const user = person(entity, role, n);
				tables['user_account']?.push({ user_id: user, name: `Ñandú ${user}`, active_from: '2019-01-01T00:00:00.000Z', active_to: null });
				for (const held of roles)
					tables['user_role']?.push({ user_id: user, role: held, valid_from: '2020-01-01T00:00:00.000Z', valid_to: null });
			}
	// Somebody who left before the year, and a role that ended: lawful, as long as nothing is done with them.
	tables['user_account']?.push({
		user_id: 'jp:gone',
		name: '田中',
		active_from: '2018-01-01T00:00:00.000Z',
		active_to: '2026-03-01T00:00:00.000Z',
	});
	tables['user_role']?.push({
		user_id: person(ENTITIES[0] as Entity, 'sales', 2),
		role: 'approver',
		valid_from: '2020-01-01T00:00:00.000Z',
		valid_to: '2021-01-01T00:00:00.000Z',
	});
}

/** Every record that is no transaction. */
export function masters(seed: number): Tables {
	const tables: Tables = {
		entity: [], period: [], account: [], trial_balance: [], user_account: [], user_role: [], customer: [], product: [], master_change: [], contract: [],
		contract_amendment: [], obligation: [], sales_order: [], sales_order_line: [], order_event: [], state_transition: [], shipment: [], carrier_event: [], document: [], invoice: [],
		invoice_line: [], payment: [], revenue_event: [], approval: [], hold: [], dispute: [], journal_line: [], change_ticket: [], feed_message: [],
	}; // biome-ignore format: names only
	const roll = dice(`masters/${seed}`);
	people(tables);
	for (const entity of ENTITIES) {
		tables['entity']?.push({
			entity_id: entity.id, name: entity.name, jurisdiction: entity.country, currency: entity.currency, timezone: entity.zone, workdays: entity.workdays, day_start: entity.open, day_end: entity.close,
		}); // biome-ignore format: one record
		for (const [index, month] of MONTHS.entries()) {
			const next = MONTHS[index + 1] ?? '2027-01';
			const end = Date.parse(`${next}-01T00:00:00.000Z`);
			const closed = end + 7 * DAY < AS_OF ? ts(workMoment(end + 6 * DAY, entity, 12)) : null;
			tables['period']?.push({
				entity_id: entity.id,
				period: month,
				starts_on: `${month}-01`,
				ends_on: ts(end - DAY).slice(0, 10),
				closed_at: closed,
			});
		}
		for (const { account, class: kind, name } of accountsOf(entity))
			tables['account']?.push({ entity_id: entity.id, account, name, class: kind });
		for (const [index, name] of (CUSTOMER_NAMES[entity.key] ?? []).entries()) {
			const abroad = entity.key === 'jp' && (index === 5 || index === 6);
			tables['customer']?.push({
				customer_id: `${entity.key.toUpperCase()}/${String(index + 1).padStart(4, '0')}`,
				name,
				...(index === 3 ? {} : { tin: index === 4 ? null : `${entity.country}${roll.whole(900_000_000) + 100_000_000}` }),
				country: abroad ? 'US' : entity.country,
				currency: abroad ? 'USD' : entity.currency,
				credit_limit_minor: index === 2 ? 1_500_000 : index === 3 ? null : 4_000_000_000,
				owner_system: 'CRM',
				active_from: '2015-01-01',
				active_to: null,
			});
		}
		for (let n = 1; n <= 6; n++)
			tables['product']?.push({
				sku: `${entity.key}-品/${n}`, description: `Peça nº ${n} “長い名前”`, list_price_minor: roll.between(20, 400) * 100, currency: entity.currency, owner_system: 'PIM',
			}); // biome-ignore format: one record
	}
	for (const [from, to, roles, mandatory] of TRANSITIONS)
		tables['state_transition']?.push({
			version: 'v7/2026',
			from_state: from,
			to_state: to,
			valid_from: '2025-01-01T00:00:00.000Z',
			valid_to: null,
			roles,
			mandatory: mandatory ?? false,
		});
	// A row of an older table, no longer valid.
	tables['state_transition']?.push({
		version: 'v6',
		from_state: 'draft',
		to_state: 'shipped',
		valid_from: '2020-01-01T00:00:00.000Z',
		valid_to: '2025-01-01T00:00:00.000Z',
		roles: 'sales',
		mandatory: false,
	});
	for (const [index, entity] of ENTITIES.entries()) {
		const customer = `${entity.key.toUpperCase()}/0001`;
		tables['master_change']?.push(
			{
				change_id: `mc-${index}-a`,
				table_name: 'customer',
				record_id: customer,
				field: 'credit_limit_minor',
				old_value: null,
				new_value: '4000000000',
				changed_at: '2026-05-05T06:00:00.000Z',
				changed_by: person(entity, 'it', 1),
				system: 'CRM',
			},
			{
				change_id: `mc-${index}-b`,
				table_name: 'product',
				record_id: `${entity.key}-品/1`,
				field: 'description',
				old_value: 'x',
				new_value: 'y',
				changed_at: '2026-06-05T06:00:00.000Z',
				changed_by: person(entity, 'it', 2),
				system: 'PIM',
			},
		);
	}
	for (const version of [1, 2])
		for (const rule of ['transfer/pit', 'progress/ot'])
			tables['change_ticket']?.push({
				ticket_id: `CHG ${rule} ${version}`, system: 'revenue-engine', kind: 'rule', requested_by: 'br:revenue#1', approved_by: 'jp:approver#1', deployed_by: 'jp:it#3',
				deployed_at: version === 1 ? '2025-02-01T00:00:00.000Z' : '2026-08-01T00:00:00.000Z', tested: true, rule_id: rule, rule_version: version,
			}); // biome-ignore format: one record
	tables['change_ticket']?.push({
		ticket_id: 'CHG net',
		system: 'network',
		kind: 'config',
		requested_by: 'jp:it#1',
		approved_by: null,
		deployed_by: 'jp:it#1',
		deployed_at: '2026-06-01T00:00:00.000Z',
		tested: false,
		rule_id: null,
		rule_version: null,
	});
	return tables;
}

export const find = (rows: readonly Row[] | undefined, key: string, value: unknown): Row => {
	const row = rows?.find((candidate) => candidate[key] === value);
	if (row === undefined) throw new Error(`no ${key} ${String(value)}`);
	return row;
};
