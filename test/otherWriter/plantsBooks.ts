/** Anomalies of the ledger: T39–T48, T53, T55. */
import { journal } from './books.ts';
import { ENTITIES, type Entity, HOUR, workMoment } from './calendar.ts';
import { accountOf } from './masters.ts';
import { moved, type Spoiler, text } from './mischief.ts';
import type { Row } from './sealing.ts';

const [JP, KW, BR] = ENTITIES as unknown as readonly [Entity, Entity, Entity];
const noon = (day: string, entity: Entity) => workMoment(Date.parse(`${day}T00:00:00.000Z`), entity, 11);

export function plantBooks({ take, plant, rows, world, drop, only }: Spoiler): void {
	const { tables } = world;
	const lines = tables['journal_line'] ?? [];
	const system = { by: 'br:batch#1', text: 'ajuste', currency: 'BRL' };
	const manual = { manual: true, text: 'por mão', approved: 'br:approver#1' };

	journal(tables, BR, 'J/orphan-1', { ...system, at: noon('2026-07-14', BR) }, [
		{ account: 'unbilled', debit: 5_000 },
		{ account: 'revenue', credit: 5_000 },
	]);
	plant('T39', null, { journal_id: 'J/orphan-1' });
	journal(tables, KW, 'J/orphan-2', { ...system, by: 'kw:batch#1', currency: 'KWD', at: noon('2026-08-11', KW) }, [
		{ account: 'deferred', debit: 7_000, source: ['invoice', 'iv~none'] },
		{ account: 'accruals', credit: 7_000, source: ['invoice', 'iv~none'] },
	]);
	plant('T39', null, { journal_id: 'J/orphan-2' });
	plant('T41', null, { entity_id: BR.id, period: '2026-07' });
	plant('T42', null, { entity_id: KW.id, period: '2026-08' });

	const gone = take(['plain', 'ex_works', 'hold', 'backorder', 'on_shipment', 'acceptance'], ({ entity }) => entity.key === 'jp');
	const missing = text(rows('revenue_event', gone)[0]?.['revenue_id']);
	drop('journal_line', (row) => row['source_id'] === missing);
	plant('T40', gone, { revenue_id: missing });
	const short = take(['plain', 'ex_works', 'hold', 'backorder', 'on_shipment', 'acceptance'], ({ entity }) => entity.key === 'br');
	const revenue = rows('revenue_event', short)[0] as Row;
	for (const row of tables['journal_line'] ?? []) {
		if (row['source_id'] !== revenue['revenue_id']) continue;
		for (const column of ['debit_minor', 'credit_minor']) if (Number(row[column]) > 0) row[column] = Number(row[column]) - 900;
	}
	plant('T40', short, { revenue_id: text(revenue['revenue_id']) });
	plant('T41', null, { entity_id: BR.id, period: text(revenue['period']) });
	plant('T41', null, { entity_id: JP.id, period: text(rows('revenue_event', gone)[0]?.['period']) });

	const tilted = lines.find((row) => row['source'] === 'manual' && Number(row['debit_minor']) > 0) as Row;
	tilted['debit_minor'] = Number(tilted['debit_minor']) + 1;
	plant('T43', null, { journal_id: text(tilted['journal_id']) });
	for (const [entity, currency] of [
		[JP, 'JPY'],
		[BR, 'BRL'],
	] as const) {
		const id = `J/manual/${entity.key}`;
		journal(tables, entity, id, { ...manual, by: `${entity.key}:gl#1`, currency, at: noon('2026-09-15', entity) }, [
			{ account: 'unbilled', debit: 3_000 },
			{ account: 'revenue', credit: 3_000 },
		]);
		plant('T44', null, { journal_id: id });
	}
	journal(tables, JP, 'J/pair-1', { ...manual, by: 'jp:gl#1', currency: 'JPY', at: noon('2026-09-16', JP) }, [
		{ account: 'refunds', debit: 3_100 },
		{ account: 'rent', credit: 3_100 },
	]);
	journal(tables, BR, 'J/pair-2', { ...manual, by: 'br:gl#2', currency: 'BRL', at: noon('2026-09-16', BR) }, [
		{ account: 'freight', debit: 3_100 },
		{ account: 'bank', credit: 3_100 },
	]);
	for (const n of [1, 2]) plant('T45', null, { journal_id: `J/pair-${n}` });
	const usual = [
		{ account: 'rent', debit: 3_100 },
		{ account: 'accruals', credit: 3_100 },
	];
	journal(tables, BR, 'J/alone', { ...manual, by: 'br:gl#1', approved: 'br:gl#1', currency: 'BRL', at: noon('2026-09-17', BR) }, usual);
	journal(tables, KW, 'J/stranger', { ...manual, by: 'kw:it#1', currency: 'KWD', at: noon('2026-09-17', KW) }, usual);
	plant('T46', null, { journal_id: 'J/alone' });
	plant('T46', null, { journal_id: 'J/stranger' });
	// A Friday in Kuwait, at eleven; ten at night in Tokyo.
	journal(tables, KW, 'J/friday', { ...manual, by: 'kw:gl#1', currency: 'KWD', at: Date.parse('2026-09-18T08:00:00.000Z') }, usual);
	journal(tables, JP, 'J/night', { ...manual, by: 'jp:gl#1', currency: 'JPY', at: Date.parse('2026-09-16T13:00:00.000Z') }, usual);
	plant('T47', null, { journal_id: 'J/friday' });
	plant('T47', null, { journal_id: 'J/night' });
	for (const entity of [JP, KW]) {
		const id = `J/late/${entity.key}`;
		const closed = tables['period']?.find((row) => row['entity_id'] === entity.id && row['period'] === '2026-06')?.['closed_at'];
		journal(
			tables,
			entity,
			id,
			{ ...manual, by: `${entity.key}:gl#2`, currency: entity.currency, at: Date.parse(moved(closed, HOUR)), period: '2026-06' },
			usual,
		);
		plant('T48', null, { journal_id: id });
	}
	for (const words of ['', '   ']) {
		const id = `J/blank${words.length}`;
		journal(tables, BR, id, { ...manual, text: words, by: 'br:gl#1', currency: 'BRL', at: noon('2026-09-21', BR) }, usual);
		plant('T53', null, { journal_id: id });
	}
	const back = tables['journal_line']?.filter((row) => row['journal_id'] === '仕訳 kw/2026-06/取消') ?? [];
	for (const row of back)
		for (const column of ['debit_minor', 'credit_minor']) if (Number(row[column]) > 0) row[column] = Number(row[column]) - 100;
	plant('T55', null, { journal_id: '仕訳 kw/2026-06/取消' });
	const stray = only('order_event', 'type', 'order.corrected');
	stray['corrects_event_id'] = null;
	plant('T55', text(stray['order_id']), { event_id: text(stray['event_id']) });
}

export function plantReports({ plant, world }: Spoiler): void {
	const find = (entity: Entity, name: string, period: string) =>
		world.tables['trial_balance']?.find(
			(row) => row['entity_id'] === entity.id && row['account'] === accountOf(entity, name, entity.currency) && row['period'] === period,
		) as Row;
	const rent = find(BR, 'rent', '2026-08');
	rent['closing_minor'] = Number(rent['closing_minor']) + 77;
	plant('T43', null, { entity_id: BR.id, account: text(rent['account']), period: '2026-08' });
	const deferred = find(JP, 'deferred', '2026-10');
	deferred['closing_minor'] = Number(deferred['closing_minor']) - 500;
	plant('T42', null, { entity_id: JP.id, account: text(deferred['account']), period: '2026-10' });
}
