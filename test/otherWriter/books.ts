/** The general ledger, trial balances and message feed that follow from the trading. */

import { AS_OF, DAY, ENTITIES, type Entity, localDay, localMonth, MONTHS, ts, workMoment } from './calendar.ts';
import { accountOf, accountsOf, find, person } from './masters.ts';
import type { Row, Tables } from './sealing.ts';

type Entry = {
	readonly account: string;
	readonly debit?: number;
	readonly credit?: number;
	readonly source?: readonly [kind: string, id: string];
};
type Heading = {
	readonly at: number;
	readonly by: string;
	readonly manual?: boolean;
	readonly text: string;
	readonly currency: string;
	readonly reverses?: string;
	readonly period?: string;
	readonly approved?: string;
};

/** Writes one journal; lines of nothing are left out. */
export function journal(tables: Tables, entity: Entity, id: string, heading: Heading, entries: readonly Entry[]): void {
	let line = 0;
	for (const { account, debit = 0, credit = 0, source } of entries) {
		if (debit === 0 && credit === 0) continue;
		tables['journal_line']?.push({
			journal_id: id, line_no: ++line, entity_id: entity.id, account: accountOf(entity, account, heading.currency), debit_minor: debit, credit_minor: credit, currency: heading.currency, effective_on: localDay(heading.at, entity),
			period: heading.period ?? localMonth(heading.at, entity), entered_at: ts(heading.at), entered_by: heading.by, approved_by: heading.approved ?? null, source: heading.manual ? 'manual' : 'system',
			...(source ? { source_kind: source[0], source_id: source[1] } : entity.writesNulls ? { source_kind: null, source_id: null } : {}), reversal_of_journal_id: heading.reverses ?? null, description: heading.text,
		}); // biome-ignore format: one record
	}
}

function revenueEntries(billing: ReadonlyMap<string, string>): (row: Row) => Entry[] {
	return (row) => {
		const contra = billing.get(String(row['order_id'])) === 'advance' ? 'deferred' : 'unbilled';
		const amount = Number(row['amount_minor']);
		const source = ['revenue_event', String(row['revenue_id'])] as const;
		const forward: readonly Entry[] = [
			{ account: contra, debit: amount, source },
			{ account: 'revenue', credit: amount, source },
		];
		if (row['kind'] !== 'reverse') return [...forward];
		return forward.map(({ account, debit, credit }) => ({ account, debit: credit ?? 0, credit: debit ?? 0, source }));
	};
}

/** Revenue: one journal an event, but one journal a day in Kuwait. */
function revenueJournals(tables: Tables, entityOf: ReadonlyMap<string, Entity>, billing: ReadonlyMap<string, string>): void {
	const entriesOf = revenueEntries(billing);
	const days = new Map<string, Row[]>();
	for (const row of tables['revenue_event'] ?? []) {
		const entity = entityOf.get(String(row['order_id'])) as Entity;
		const key =
			entity.key === 'kw'
				? `GL/${entity.key}/${localDay(Date.parse(String(row['posted_at'])), entity)}/${String(row['period'])}`
				: `GL/${String(row['revenue_id'])}`;
		days.set(key, [...(days.get(key) ?? []), row]);
	}
	for (const [id, rows] of days) {
		const first = rows[0] as Row;
		const entity = entityOf.get(String(first['order_id'])) as Entity;
		const heading = {
			at: Math.max(...rows.map((row) => Date.parse(String(row['posted_at'])))) + 60_000,
			by: person(entity, 'batch'),
			text: '売上 receita',
			currency: String(first['currency']),
			period: String(first['period']),
		};
		journal(tables, entity, id, heading, rows.flatMap(entriesOf));
	}
}

function billingJournals(tables: Tables, billing: ReadonlyMap<string, string>): void {
	const lines = new Map<string, Row[]>();
	for (const row of tables['invoice_line'] ?? [])
		lines.set(String(row['invoice_id']), [...(lines.get(String(row['invoice_id'])) ?? []), row]);
	const invoices = new Map((tables['invoice'] ?? []).map((row) => [String(row['invoice_id']), row]));
	for (const [id, row] of invoices) {
		const entity = find(ENTITIES as unknown as Row[], 'id', row['entity_id']) as unknown as Entity;
		const own = lines.get(id) ?? [];
		const sum = (column: string, only: (line: Row) => boolean = () => true) =>
			own.filter(only).reduce((total, line) => total + Number(line[column]), 0);
		const advance = own.some((line) => billing.get(String(line['order_id'])) === 'advance');
		const source = ['invoice', id] as const;
		const goods = sum('amount_minor', (line) => line['line_id'] !== null);
		const freight = sum('amount_minor', (line) => line['line_id'] === null);
		const tax = sum('tax_minor');
		const contra = advance ? 'deferred' : 'unbilled';
		const entries: Entry[] = [
			{ account: 'receivable', debit: goods + freight + tax, source },
			{ account: contra, credit: goods, source },
			{ account: 'vat', credit: tax, source },
			{ account: 'freight', credit: freight, source },
		];
		const memo = row['kind'] === 'credit_memo';
		const turned = memo
			? entries.map(({ account, debit, credit }) => ({ account, debit: credit ?? 0, credit: debit ?? 0, source }))
			: entries;
		journal(
			tables,
			entity,
			`GL/${id}`,
			{
				at: Date.parse(String(row['issued_at'])) + 90_000,
				by: person(entity, 'batch'),
				text: memo ? 'nota de crédito' : 'fatura',
				currency: String(row['currency']),
			},
			turned,
		);
	}
	for (const row of tables['payment'] ?? []) {
		const invoice = invoices.get(String(row['invoice_id'])) as Row;
		const entity = find(ENTITIES as unknown as Row[], 'id', invoice['entity_id']) as unknown as Entity;
		const amount = Number(row['amount_minor']);
		const source = ['payment', String(row['payment_id'])] as const;
		const heading = {
			at: Date.parse(String(row['received_at'])) + 30_000,
			by: person(entity, 'batch'),
			text: 'recebimento',
			currency: String(row['currency']),
		};
		journal(tables, entity, `GL/${String(row['payment_id'])}`, heading, [
			{ account: 'bank', debit: amount, source },
			{ account: 'receivable', credit: amount, source },
		]);
	}
}

/** Each month's rent accrual by hand, taken back by hand the month after. */
function manualJournals(tables: Tables): void {
	for (const entity of ENTITIES)
		for (const [index, month] of MONTHS.entries()) {
			const at = workMoment(Date.parse(`${month}-24T00:00:00.000Z`), entity, 10.5);
			if (at > AS_OF) continue;
			const by = person(entity, 'gl', 1 + (index % 2));
			const approved = person(entity, 'approver', 1);
			const amount = 700_000 + index * 1313;
			journal(
				tables,
				entity,
				`仕訳 ${entity.key}/${month}`,
				{ at, by, approved, manual: true, text: `aluguel ${month}`, currency: entity.currency },
				[
					{ account: 'rent', debit: amount },
					{ account: 'accruals', credit: amount },
				],
			);
			const back = workMoment(at + 12 * DAY, entity, 14);
			if (back > AS_OF) continue;
			journal(
				tables,
				entity,
				`仕訳 ${entity.key}/${month}/取消`,
				{
					at: back,
					by,
					approved,
					manual: true,
					text: `estorno ${month}`,
					currency: entity.currency,
					reverses: `仕訳 ${entity.key}/${month}`,
				},
				[
					{ account: 'accruals', debit: amount },
					{ account: 'rent', credit: amount },
				],
			);
		}
}

/** Trial balances from the journals, every account, every month. */
export function trialBalances(tables: Tables): void {
	const moved = new Map<string, { debit: number; credit: number }>();
	for (const row of tables['journal_line'] ?? []) {
		const key = `${String(row['entity_id'])}|${String(row['account'])}|${String(row['period'])}`;
		const sum = moved.get(key) ?? { debit: 0, credit: 0 };
		sum.debit += Number(row['debit_minor']);
		sum.credit += Number(row['credit_minor']);
		moved.set(key, sum);
	}
	for (const entity of ENTITIES)
		for (const { account, currency, class: kind } of accountsOf(entity)) {
			let balance = kind === 'cash' ? 91_000_000 : kind === 'tax' ? -1_000_000 : 0;
			for (const period of MONTHS) {
				const { debit, credit } = moved.get(`${entity.id}|${account}|${period}`) ?? { debit: 0, credit: 0 };
				tables['trial_balance']?.push({
					entity_id: entity.id,
					account,
					period,
					currency,
					opening_minor: balance,
					debit_minor: debit,
					credit_minor: credit,
					closing_minor: balance + debit - credit,
				});
				balance += debit - credit;
			}
		}
}

export function keepBooks(tables: Tables): void {
	const contracts = new Map((tables['contract'] ?? []).map((row) => [row['contract_id'], String(row['billing_term'])]));
	const billing = new Map<string, string>();
	const entityOf = new Map<string, Entity>();
	for (const row of tables['sales_order'] ?? []) {
		billing.set(String(row['order_id']), contracts.get(row['contract_id'] ?? '') ?? '');
		entityOf.set(String(row['order_id']), find(ENTITIES as unknown as Row[], 'id', row['entity_id']) as unknown as Entity);
	}
	revenueJournals(tables, entityOf, billing);
	billingJournals(tables, billing);
	manualJournals(tables);
}

/** One message an event; a few were retried, a few replayed after a dead letter. */
export function feed(tables: Tables): void {
	for (const [index, row] of (tables['order_event'] ?? []).entries()) {
		const at = Date.parse(String(row['recorded_at']));
		const latency = 300 + ((index * 7919) % 9000);
		tables['feed_message']?.push({
			source_system: row['source_system'] ?? '', source_seq: row['source_seq'] ?? 0, endpoint: '/eventos', sent_at: ts(at - latency), received_at: ts(at), status: index % 97 === 5 ? 'replayed' : index % 41 === 3 ? 'retried' : 'ok', latency_ms: latency,
			order_id: index % 2 === 0 ? (row['order_id'] ?? null) : null,
		}); // biome-ignore format: one record
	}
}
