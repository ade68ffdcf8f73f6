import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateCompany } from '#company';
import {
	canonicalFault,
	canonicalize,
	compareText,
	isCurrency,
	isPeriod,
	isSha256Hex,
	parseDay,
	parseDecimal,
	parseInstant,
	parseQuantity,
} from '#kernel';
import { type Column, FOREIGN_KEYS, TABLE_LIST, TABLES } from '#model';
import { companyTables, groupBy } from './companyRows.ts';

const clean = companyTables({ orders: 120, seed: 11, anomalies: 'none' });

const isIn = (parse: (text: string) => { readonly ok: boolean }) => (value: unknown) => typeof value === 'string' && parse(value).ok;
const isText = (value: unknown) => typeof value === 'string';
const is = (test: (text: string) => boolean) => (value: unknown) => typeof value === 'string' && test(value);

/** The types of the data model, by its words. */
const FORMS: Readonly<Record<Column['type'], (value: unknown) => boolean>> = {
	id: is((text) => text !== ''),
	text: isText,
	label: (value) => isText(value) || Number.isSafeInteger(value),
	int: Number.isSafeInteger,
	minor: Number.isSafeInteger,
	bool: (value) => typeof value === 'boolean',
	qty: isIn(parseQuantity),
	decimal: isIn(parseDecimal),
	ts: isIn(parseInstant),
	date: isIn(parseDay),
	period: is(isPeriod),
	cur: is(isCurrency),
	sha: is(isSha256Hex),
};

const fits = (value: unknown, { type, nullable, values }: Column): boolean =>
	value === null ? nullable : FORMS[type](value) && (values?.includes(String(value)) ?? true);

describe('the clean company', () => {
	it('fills every table of the data model', () => {
		expect(TABLE_LIST.filter(({ name }) => clean.of(name).length === 0).map(({ name }) => name)).toEqual([]);
	});

	it('writes only records that conform to it', () => {
		const misfits = clean.rows.flatMap(({ table, record }) => {
			const committed = (record['sd'] ?? {}) as Record<string, unknown>;
			const wrong = TABLES[table].columns.filter((column) => !(column.name in committed) && !fits(record[column.name], column));
			const known = [...TABLES[table].columns.map(({ name }) => name), 'sd'];
			const unknown = Object.keys(record).filter((key) => !known.includes(key));
			return [...wrong.map(({ name }) => `${table}.${name}`), ...unknown.map((key) => `${table}.${key}?`)];
		});
		expect(misfits).toEqual([]);
	});

	it('writes keys in canonical order, so that plain JSON text is the canonical line', () => {
		for (const { record, sealed } of clean.rows) {
			const line = sealed?.line ?? JSON.stringify(record);
			expect(line).toBe(canonicalize(record));
		}
	});

	it('has no primary key twice', () => {
		for (const { name, primaryKey } of TABLE_LIST) {
			expect([name, groupBy(clean.of(name), ...primaryKey).size]).toEqual([name, clean.of(name).length]);
		}
	});

	it('has no reference that resolves to nothing', () => {
		const broken = FOREIGN_KEYS.flatMap(({ from, columns, to, targetColumns }) => {
			const targets = groupBy(clean.of(to), ...targetColumns);
			const rows = clean.of(from).filter((row) => columns.every((column) => row[column] !== null && row[column] !== undefined));
			return rows
				.filter((row) => !targets.has(columns.map((column) => String(row[column])).join('/')))
				.map(() => `${from}.${columns.join()}`);
		});
		expect(broken).toEqual([]);
	});

	it('chains every order’s sealed lines by leaf hash, hashed here with node:crypto', () => {
		for (const table of ['order_event', 'revenue_event'] as const) {
			const last = new Map<string, string>();
			for (const { record, sealed } of clean.rows.filter((row) => row.table === table)) {
				const orderId = String(record['order_id']);
				expect(record['prev']).toBe(last.get(orderId) ?? null);
				const leaf = createHash('sha256')
					.update(Buffer.from([0]))
					.update(Buffer.from(sealed?.line ?? '', 'utf8'))
					.digest('hex');
				expect(sealed?.leaf).toBe(leaf);
				expect(canonicalFault(Buffer.from(sealed?.line ?? '', 'utf8'))).toBeNull();
				last.set(orderId, leaf);
			}
			expect(last.size).toBeGreaterThan(50);
		}
	});

	it('numbers the messages of every source without gaps, in the order of the log', () => {
		for (const rows of groupBy(clean.of('order_event'), 'source_system').values()) {
			expect(rows.map((row) => row['source_seq'])).toEqual(rows.map((_, index) => index + 1));
		}
	});

	it('keeps the log in the order of recording', () => {
		const recorded = clean.of('order_event').map((row) => String(row['recorded_at']));
		expect([...recorded].sort(compareText)).toEqual(recorded);
	});

	it('commits to what names a person, and discloses it apart', () => {
		const committed = clean.rows.filter(({ record }) => record['sd']);
		expect(committed.length).toBeGreaterThan(5);
		for (const { record, disclosure } of committed) {
			const { disclosure: text, line } = JSON.parse(disclosure ?? '{}') as { disclosure: string; line: number };
			expect(createHash('sha256').update(text).digest('base64url')).toBe((record['sd'] as Record<string, string>)['reason_code']);
			const [salt, name] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as string[];
			expect(Buffer.from(salt ?? '', 'base64url')).toHaveLength(16);
			expect(name).toBe('reason_code');
			expect(clean.of('order_event')[line - 1]).toBe(record);
			expect('reason_code' in record).toBe(false);
		}
	});

	it('balances every journal and rolls every trial balance forward exactly', () => {
		const moved = new Map<string, bigint>();
		for (const lines of groupBy(clean.of('journal_line'), 'journal_id').values()) {
			let sum = 0n;
			for (const line of lines) {
				const by = BigInt(Number(line['debit_minor'])) - BigInt(Number(line['credit_minor']));
				const key = `${line['entity_id']}/${line['account']}/${line['period']}`;
				moved.set(key, (moved.get(key) ?? 0n) + by);
				sum += by;
			}
			expect(sum).toBe(0n);
		}
		for (const rows of groupBy(clean.of('trial_balance'), 'entity_id', 'account').values()) {
			let opening: unknown = rows[0]?.['opening_minor'];
			for (const row of rows) {
				const by = moved.get(`${row['entity_id']}/${row['account']}/${row['period']}`) ?? 0n;
				expect(row['opening_minor']).toBe(opening);
				expect(Number(row['closing_minor'])).toBe(Number(opening) + Number(by));
				opening = row['closing_minor'];
			}
		}
	});

	it('plants nothing', () => {
		expect(clean.company).toEqual({
			answers: { format: 'tieout-answers/1', seed: 11, planted: [], consequences: [] },
			flaws: [],
		});
	});

	it('has both entities, both currencies, all terms, and every side state', () => {
		const values = (table: 'contract' | 'sales_order' | 'contract_amendment' | 'dispute' | 'revenue_event', column: string) =>
			new Set(clean.of(table).map((row) => row[column]));
		expect(values('sales_order', 'currency')).toEqual(new Set(['USD', 'EUR']));
		expect(values('contract', 'transfer_term').size).toBe(3);
		expect(values('contract', 'billing_term').size).toBe(4);
		expect(values('contract_amendment', 'treatment').size).toBe(3);
		expect(values('dispute', 'status').size).toBe(3);
		expect(values('revenue_event', 'kind').size).toBe(3);
		const reached = new Set(clean.of('order_event').map((row) => row['to_state']));
		for (const state of [
			'credit_hold',
			'backordered',
			'on_hold',
			'disputed',
			'partially_shipped',
			'partially_returned',
			'returned',
			'cancelled',
		]) {
			expect(reached).toContain(state);
		}
	});

	it('gives the same rows again, and with the portable hash too', () => {
		const portable = [...generateCompany({ orders: 3, seed: 5, anomalies: 'all' })].flat();
		expect(portable).toEqual(companyTables({ orders: 3, seed: 5, anomalies: 'all' }).rows);
	});

	it('gives other rows for another seed', () => {
		expect(companyTables({ orders: 3, seed: 6, anomalies: 'none' }).rows).not.toEqual(
			companyTables({ orders: 3, seed: 5, anomalies: 'none' }).rows,
		);
	});
});
