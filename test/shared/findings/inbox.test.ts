import { describe, expect, it } from 'vitest';
import type { AuditResult, ExceptionResult, TestResult } from '#audit';
import {
	type Act,
	actSentence,
	archiveDeadline,
	as1215Rule,
	bulkPreview,
	daysUntil,
	describeFilter,
	exceptionKey,
	exceptionKeys,
	inbox,
	openWork,
} from '#findings';
import { judged, SHA, signed, staffedBook, TARGET, writeFinding } from './book.ts';

const exception = (order: string, amount: number | string | null, currency: string | null = 'EUR'): ExceptionResult => ({
	order_id: order,
	keys: { invoice_id: `I-${order}` },
	amount_minor: amount,
	currency,
	reason: `order ${order} has no invoice`,
	rows: [{ table: 'invoice', key: `I-${order}`, sha256: SHA('b') }],
});

const test = (id: string, exceptions: readonly ExceptionResult[], hash = 'c'): TestResult => ({
	test: id,
	version: 1,
	title: `Title of ${id}`,
	verdict: exceptions.length > 0 ? 'exception' : 'pass',
	why: null,
	population: { rows: 10, sha256: SHA('d') },
	parameters: {},
	exceptions,
	result_sha256: SHA(hash),
});

const resultOf = (...tests: readonly TestResult[]): AuditResult => ({
	format: 'tieout-result/1',
	drop: { drop_id: 'D', as_of: '2026-12-31T00:00:00.000Z', manifest_sha256: SHA('e') },
	integrity: {},
	ipe: [],
	documents: { present: 0, missing: [], altered: [] },
	quarantine: [],
	tests,
});

// T01 is high, T86 high, T49 low in the catalogue; what matters here is that low comes last.
const RESULT = resultOf(
	test('T49', [exception('SO-9', 900_000_000)]),
	test('T01', [
		exception('SO-1', 100),
		exception('SO-2', 5000, 'JPY'),
		exception('SO-3', '-9007199254740993'),
		exception('SO-4', null, null),
	]),
);
const keyOf = (order: string, id = 'T01'): string => exceptionKey(id, { order_id: order, keys: { invoice_id: `I-${order}` } });
const orders = (rows: readonly { readonly orderId: string | null }[]): (string | null)[] => rows.map(({ orderId }) => orderId);

const digest = (hash: string): Act => ({
	type: 'run.recorded',
	runId: `run ${hash}`,
	importId: 'i1',
	tests: [{ test: 'T01', version: 1, verdict: 'exception', why: null, rows: 10, exceptions: 4, parameters: {}, resultSha256: SHA(hash) }],
});
const IMPORT: Act = {
	type: 'population.imported',
	importId: 'i1',
	dropId: 'D',
	manifestSha256: SHA('e'),
	company: 'Nordwind',
	asOf: '2026-12-31T00:00:00.000Z',
	rows: 10,
	bytes: 1000,
	quarantined: 0,
	differing: 0,
};

describe('the inbox', () => {
	it('has the worst first: by severity, then by amount whatever its currency and sign; what has no amount last', () => {
		const { rows, of } = inbox(RESULT, staffedBook().workbook(), 'pia');
		expect(of).toBe(5);
		expect(orders(rows)).toEqual(['SO-3', 'SO-2', 'SO-1', 'SO-4', 'SO-9']);
	});

	it('keeps amounts exactly that no float could', () => {
		expect(inbox(RESULT, staffedBook().workbook(), 'pia').rows[0]?.amountMinor).toBe(-9_007_199_254_740_993n);
	});

	it('an exception has one key over runs, whatever its wording and amount', () => {
		const other = { ...exception('SO-1', 777), reason: 'worded otherwise' };
		expect(exceptionKey('T01', other)).toBe(keyOf('SO-1'));
		expect(exceptionKey('T02', other)).not.toBe(keyOf('SO-1'));
		expect(keyOf('SO-1')).toMatch(/^[0-9a-f]{32}$/);
	});

	it('puts each in its queues', () => {
		const made = staffedBook();
		made.must('pat', IMPORT, digest('1'));
		made.must('pia', judged([keyOf('SO-1')]));
		made.must('pat', judged([keyOf('SO-2')], { verdict: 'waiting' }));
		made.must('pia', digest('2'));
		made.must('pia', judged([keyOf('SO-3')]));
		const { queues } = inbox(RESULT, made.workbook(), 'pia');
		expect(queues).toEqual({ new: 2, mine: 2, waiting: 1, changed: 2, all: 5 });
		expect(orders(inbox(RESULT, made.workbook(), 'pia', { queue: 'changed' }).rows)).toEqual(['SO-2', 'SO-1']);
	});

	it('narrows by test, severity, verdict, currency, amount, text and order, together', () => {
		const made = staffedBook();
		made.must('pia', judged([keyOf('SO-1')]));
		const found = (filter: Parameters<typeof inbox>[3]) => orders(inbox(RESULT, made.workbook(), 'pia', filter).rows);
		expect(found({ tests: ['T49'] })).toEqual(['SO-9']);
		expect(found({ verdicts: ['confirmed'] })).toEqual(['SO-1']);
		expect(found({ currency: 'JPY' })).toEqual(['SO-2']);
		expect(found({ currency: 'EUR', amountFrom: 100n, amountTo: 900_000_000n })).toEqual(['SO-1', 'SO-9']);
		expect(found({ text: 'so-4' })).toEqual(['SO-4']);
		expect(found({ orderId: 'SO-2', tests: ['T49'] })).toEqual([]);
	});

	it('counts each facet with the other conditions on', () => {
		const { facets } = inbox(RESULT, staffedBook().workbook(), 'pia', { tests: ['T01'], currency: 'EUR' });
		expect(facets.test.map(({ value, count }) => [value, count])).toEqual([
			['T01', 2],
			['T49', 1],
		]);
		expect(facets.currency.map(({ value, count }) => [value, count])).toEqual([
			['EUR', 2],
			['JPY', 1],
		]);
	});

	it('says how many judged exceptions the results no longer name', () => {
		const made = staffedBook();
		made.must('pia', judged([keyOf('SO-1'), keyOf('SO-77')]));
		expect(inbox(RESULT, made.workbook(), 'pia').gone).toBe(1);
	});

	it('keeps exceptions about one subject apart: who judges one has not judged the others', () => {
		const alike = [exception('SO-1', 1), { ...exception('SO-1', 2), reason: 'another reason' }, exception('SO-1', 3), exception('SO-2', 4)];
		const several = test('T01', alike);
		const made = staffedBook();
		const keys = exceptionKeys(several);
		made.must('pia', judged([keys[1] as string]));
		const { rows } = inbox(resultOf(several), made.workbook(), 'pia');
		expect(new Set(keys).size).toBe(4);
		expect(rows.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
		expect(rows.filter(({ verdict }) => verdict === 'confirmed').map(({ reason }) => reason)).toEqual(['another reason']);
		expect(keys[3]).toBe(keyOf('SO-2'));
	});

	it('asks anew about a subject when a second exception comes to it', () => {
		const made = staffedBook();
		made.must('pia', judged([keyOf('SO-1')]));
		const twice = resultOf(test('T01', [exception('SO-1', 1), { ...exception('SO-1', 2), reason: 'another reason' }]));
		expect(inbox(twice, made.workbook(), 'pia').rows.map(({ verdict }) => verdict)).toEqual(['new', 'new']);
	});
});

describe('judging all that match', () => {
	it('says before what changes, what is judged already, and what a signed finding keeps', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', {
			type: 'evidence.linked',
			findingId: 'f1',
			linkId: 'e9',
			link: { kind: 'exception', exceptionKey: keyOf('SO-3'), label: 'T01 SO-3' },
		});
		made.must('pia', judged([keyOf('SO-1')]));
		made.must('pia', signed(made, 'prepared', 's1'));
		const { rows } = inbox(RESULT, made.workbook(), 'pia', { tests: ['T01'] });
		expect(bulkPreview(rows, false)).toMatchObject({ matching: 4, changes: 2, overwrites: 0, kept: 1, tied: 1 });
		const all = bulkPreview(rows, true);
		expect(all).toMatchObject({ matching: 4, changes: 3, overwrites: 1, kept: 0, tied: 1 });
		expect(all.sums).toEqual([
			{ currency: 'EUR', minor: 100n },
			{ currency: 'JPY', minor: 5000n },
		]);
		expect(made.act('pia', judged(all.keys, { verdict: 'waiting', predicate: describeFilter({ tests: ['T01'] }) })).ok).toBe(true);
	});

	it('is recorded with its condition in words', () => {
		expect(describeFilter({ queue: 'new', tests: ['T01', 'T49'], currency: 'EUR', amountFrom: 100_000n })).toBe(
			'queue new, test T01 or T49, currency EUR, amount from 1,000.00 EUR',
		);
		expect(describeFilter({})).toBe('no condition');
		expect(actSentence(staffedBook().workbook(), judged([keyOf('SO-1'), keyOf('SO-2')], { predicate: 'test T01' }))).toBe(
			'2 exceptions → Confirmed (all with test T01)',
		);
	});
});

describe('open work', () => {
	it('tells each member what waits for them', () => {
		const made = staffedBook();
		const mine = (memberId: string): readonly string[] => openWork(made.workbook(), RESULT, memberId).mine.map(({ sentence }) => sentence);
		expect(mine('pia')).toEqual(['Import the evidence drop']);
		made.must('pia', IMPORT, digest('1'));
		writeFinding(made);
		expect(mine('pia')).toEqual(['5 exceptions to judge', 'F-001 is a draft']);
		made.must('pia', signed(made, 'prepared', 's1'));
		expect(mine('rob')).toEqual(['F-001 is ready for your review']);
		made.must('rob', { type: 'note.raised', noteId: 'n1', target: TARGET('f1'), text: 'Why?', blocksReview: true });
		expect(mine('pia')).toContain('Review note on F-001 to answer');
		made.must('pia', { type: 'note.answered', noteId: 'n1', text: 'Because' });
		expect(mine('rob')).toEqual(['Your note on F-001 is answered']);
		made.must('rob', { type: 'note.cleared', noteId: 'n1' });
		made.must('rob', signed(made, 'reviewed', 's2'));
		expect(mine('pat')).toContain('F-001 can be issued');
		made.must('pia', { type: 'finding.edited', findingId: 'f1', field: 'cause', value: 'x' });
		expect(mine('pia')).toContain('Δ F-001 changed since sign-off');
		expect(openWork(made.workbook(), RESULT, 'pia').findings).toMatchObject({ total: 1, reviewed: 1, changedSinceSignoff: 1, signed: 0 });
	});
});

describe('deadlines', () => {
	it('AS 1215.15: 14 days after release, 45 before the change; ISA 230.A21: 60 days', () => {
		expect(archiveDeadline('2027-02-20', 'as1215')).toEqual({ ok: true, value: '2027-03-06' });
		expect(archiveDeadline('2024-02-20', 'as1215_before')).toEqual({ ok: true, value: '2024-04-05' });
		expect(archiveDeadline('2027-02-20', 'isa230')).toEqual({ ok: true, value: '2027-04-21' });
		expect(archiveDeadline('2027-02-30', 'isa230').ok).toBe(false);
	});

	it('which of the two holds depends on the fiscal year and on the firm', () => {
		expect([as1215Rule('2024-12-15', true), as1215Rule('2024-12-15', false), as1215Rule('2025-12-15', false)]).toEqual([
			'as1215',
			'as1215_before',
			'as1215',
		]);
	});

	it('days are counted over the change of clocks and leap days', () => {
		expect(daysUntil('2028-02-28', '2028-03-01')).toEqual({ ok: true, value: 2 });
		expect(daysUntil('2027-03-31', '2027-03-01')).toEqual({ ok: true, value: -30 });
	});
});
