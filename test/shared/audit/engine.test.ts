import { describe, expect, it } from 'vitest';
import {
	type AuditResult,
	type AuditTest,
	CATALOGUE,
	checkOverrides,
	citedRows,
	type ExceptionDraft,
	isAdverse,
	resultSha256,
	runTest,
	type TestResult,
	writeTestResult,
} from '#audit';
import { canonicalize, type Instant, sha256HexOfText, utf8 } from '#kernel';
import { PopulationBuilder } from '#population';
import { facts, populate } from './populate.ts';

const PAYMENT = { payment_id: 'P-1', invoice_id: 'I-1', received_at: '2026-01-01T00:00:00.000Z', amount_minor: 100, currency: 'USD' };

function testOf(exceptions: readonly ExceptionDraft[] = [], more: Partial<AuditTest> = {}, open = 0): AuditTest {
	return {
		id: 'T00',
		version: 1,
		title: 'A test',
		severity: 'high',
		why: 'because',
		rule: 'a rule',
		source: '',
		parameters: [
			{ name: 'days', default: 5, unit: 'days', doc: '' },
			{ name: 'pct', default: '0.1', unit: 'percent', doc: '' },
		],
		needs: [{ table: 'payment', columns: ['payment_id', 'amount_minor'] }],
		run: ({ number }) => ({ tested: number('days'), exceptions, open }),
		...more,
	};
}

const draft = (orderId: string | null, id: string): ExceptionDraft => ({
	orderId,
	keys: { payment_id: id },
	amountMinor: 100n,
	currency: 'USD',
	reason: 'r',
	rows: [
		{ table: 'payment', row: 0 },
		{ table: 'payment', row: 0 },
	],
});

describe('a verdict', () => {
	const population = populate({ tables: { payment: [PAYMENT] } });
	it('is pass only without exceptions, on complete data', () => {
		expect(runTest(testOf(), population, facts())).toMatchObject({ verdict: 'pass', why: null });
	});
	it('is exception as soon as there is one', () => {
		expect(runTest(testOf([draft('SO', 'P-1')]), population, facts()).verdict).toBe('exception');
	});
	it('is incomplete while subjects are open', () => {
		expect(runTest(testOf([], {}, 3), population, facts())).toMatchObject({ verdict: 'incomplete', why: '3 subjects still open at as-of' });
	});
	it('is not_testable when a table or column was not supplied, and says which', () => {
		const lacking = testOf([], { needs: [{ table: 'hold', columns: ['hold_id'] }] });
		expect(runTest(lacking, population, facts())).toMatchObject({ verdict: 'not_testable', why: 'not supplied: table hold' });
		const { amount_minor: _, ...bare } = PAYMENT;
		expect(runTest(testOf(), populate({ tables: { payment: [bare] } }), facts()).why).toBe('not supplied: column payment.amount_minor');
	});
	it('is incomplete when a table it reads had malformed lines', () => {
		const torn = populate({ tables: { payment: [PAYMENT, { ...PAYMENT, payment_id: 'P-2', currency: 'usd' }] } });
		expect(runTest(testOf(), torn, facts())).toMatchObject({ verdict: 'incomplete', why: '1 malformed line of payment set aside' });
	});
	it('is incomplete when a column it reads is withheld', () => {
		const builder = new PopulationBuilder();
		const event = {
			event_id: 'E',
			order_id: 'O',
			order_seq: 1,
			type: 't',
			occurred_at: PAYMENT.received_at,
			recorded_at: PAYMENT.received_at,
			actor_role: 'r',
			source_system: 's',
			source_seq: 1,
			schema_version: 1,
			sd: { actor_id: 'A'.repeat(43) },
		};
		builder.table('order_event').push(utf8(`${canonicalize(event)}\n`));
		const reads = testOf([], { needs: [{ table: 'order_event', columns: ['actor_id'] }] });
		expect(runTest(reads, builder.finish(0 as Instant), facts())).toMatchObject({
			verdict: 'incomplete',
			why: 'order_event.actor_id withheld in 1 row',
		});
	});
});

describe('a written result', () => {
	const population = populate({ tables: { payment: [PAYMENT] } });
	const write = (test: AuditTest, evidence = facts()): TestResult =>
		writeTestResult(runTest(test, population, evidence), population, evidence, () => 'h');

	it('orders exceptions by order and keys, and cites every row once', () => {
		const result = write(testOf([draft('SO-2', 'P-1'), draft('SO-10', 'P-2'), draft('SO-10', 'P-1'), draft(null, 'P-9')]));
		expect(result.exceptions.map(({ order_id, keys }) => [order_id, keys['payment_id']])).toEqual([
			[null, 'P-9'],
			['SO-10', 'P-1'],
			['SO-10', 'P-2'],
			['SO-2', 'P-1'],
		]);
		expect(result.exceptions[0]?.rows).toEqual([{ table: 'payment', key: 'P-1', sha256: 'h' }]);
	});
	it('hashes the canonical form of all but the hash', () => {
		const { result_sha256: hash, ...body } = write(testOf([draft('SO', 'P-1')]));
		expect(hash).toBe(sha256HexOfText(canonicalize(body)));
		expect(resultSha256({ ...body, version: 2 })).not.toBe(hash);
	});
	it('names the data it ran on', () => {
		const other = facts({ tables: { payment: { rows: 1, sha256: 'b'.repeat(64) } } });
		expect(write(testOf(), other).population.sha256).not.toBe(write(testOf()).population.sha256);
	});
	it('lists each cited row of a table once, ascending', () => {
		const run = runTest(testOf([draft('SO', 'P-1'), draft('SO', 'P-2')]), population, facts());
		expect([...citedRows([run])].map(([table, rows]) => [table, [...rows]])).toEqual([['payment', [0]]]);
	});
});

describe('parameters', () => {
	const tests = [testOf()];
	it('override defaults', () => {
		expect(runTest(testOf(), populate({ tables: { payment: [PAYMENT] } }), facts(), { T00: { days: 7 } })).toMatchObject({
			tested: 7,
			parameters: { days: 7, pct: '0.1' },
		});
	});
	it.each([
		['unknown_test', { T99: { days: 1 } }],
		['unknown_parameter', { T00: { hours: 1 } }],
		['bad_parameter', { T00: { days: 1.5 } }],
		['bad_parameter', { T00: { days: -1 } }],
		['bad_parameter', { T00: { pct: 'a lot' } }],
		['bad_parameter', { T00: { pct: Number.NaN } }],
		['bad_parameter', { T00: { pct: -0.5 } }],
	])('%s is refused', (code, overrides) => {
		expect(checkOverrides(overrides as never, tests)).toMatchObject({ ok: false, error: { code } });
	});
});

describe('what is adverse', () => {
	const clean: AuditResult = {
		format: 'tieout-result/1',
		drop: { drop_id: 'd', as_of: '', manifest_sha256: '' },
		integrity: {},
		ipe: [],
		documents: { present: 1, missing: [], altered: [] },
		quarantine: [],
		tests: [],
	};
	const integrity = (verdict: string, code: string) =>
		({
			...clean,
			integrity: { order_event: { rows: 1, verdict, problems: [{ code, line: null, order_id: null, detail: '' }] } },
		}) as unknown as AuditResult;
	it('a missing key is something not known, not something found', () => {
		expect(isAdverse(integrity('not_verifiable', 'untrusted_key'), false)).toBe(false);
		expect(isAdverse(integrity('not_verifiable', 'untrusted_key'), true)).toBe(true);
		expect(isAdverse(clean, true)).toBe(false);
	});
	it.each([
		['an altered log', integrity('altered', 'chain_break')],
		['a bad signature', integrity('not_verifiable', 'bad_signature')],
		['a missing document', { ...clean, documents: { present: 0, missing: ['a'], altered: [] } }],
		['a table that differs from its declaration', { ...clean, ipe: [{ table: 'payment', verdict: 'differs' as const, differences: [] }] }],
		['a line set aside', { ...clean, quarantine: [{ table: 'payment', file: '', line: 1, offset: 0, code: '', detail: '' }] }],
	])('%s', (_, result) => {
		expect(isAdverse(result, false)).toBe(true);
	});
});

describe('the catalogue', () => {
	it('has every test from T01 to T90 once, in order', () => {
		expect(CATALOGUE.map((test) => test.id)).toEqual(Array.from({ length: 90 }, (_, i) => `T${String(i + 1).padStart(2, '0')}`));
	});
	it('says why each test matters, by which rule, and what each parameter is', () => {
		for (const test of CATALOGUE.filter((candidate) => candidate.version > 0)) {
			expect([test.id, test.why.length > 20, test.rule.length > 20, test.title.length > 0]).toEqual([test.id, true, true, true]);
			for (const parameter of test.parameters)
				expect([test.id, parameter.unit !== '', parameter.doc !== '']).toEqual([test.id, true, true]);
		}
	});
	it('lists what this version does not run as not testable', () => {
		const population = populate({ tables: {} });
		const absent = CATALOGUE.filter((test) => test.version === 0);
		expect(absent.map((test) => test.id)).toEqual([
			'T27',
			'T29',
			'T30',
			'T36',
			'T37',
			'T49',
			'T51',
			'T52',
			'T54',
			'T72',
			'T85',
			'T86',
			'T88',
			'T89',
		]);
		for (const test of absent)
			expect(runTest(test, population, facts())).toMatchObject({ verdict: 'not_testable', why: 'not in this version' });
	});
});
