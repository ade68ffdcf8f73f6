import { describe, expect, it } from 'vitest';
import { type AuditResult, CATALOGUE, type ExceptionResult } from '#audit';
import { exceptionKey } from '#findings';
import { ok } from '#kernel';
import { activityApi } from '../../../renderer/vault/activityApi.ts';
import { confirmations } from '../../../renderer/vault/confirmations.ts';
import type { Answer, OpenEngagement, VaultContext } from '../../../renderer/vault/contract.ts';
import { exceptionsApi } from '../../../renderer/vault/exceptionsApi.ts';
import { exportGate } from '../../../renderer/vault/exportGate.ts';
import { findingsApi } from '../../../renderer/vault/findingsApi.ts';
import { workbookApi } from '../../../renderer/vault/workbookApi.ts';
import { type Book, REPLICA, SHA, staffedBook } from '../../shared/findings/book.ts';
import { createOpen, openTestVault } from './testVault.ts';

const exception = (order: string, amount: number): ExceptionResult => ({
	order_id: order,
	keys: { order_id: order },
	amount_minor: amount,
	currency: 'EUR',
	reason: `${order} was delivered and not invoiced.`,
	rows: [{ table: 'sales_order', key: order, sha256: SHA('b') }],
});

const ORDERS = Array.from({ length: 30 }, (_, at) => `SO-${String(at + 1).padStart(2, '0')}`);

const RESULT: AuditResult = {
	format: 'tieout-result/1',
	drop: { drop_id: 'D', as_of: '2026-12-31T00:00:00.000Z', manifest_sha256: SHA('e') },
	integrity: {},
	ipe: [],
	documents: { present: 0, missing: [], altered: [] },
	quarantine: [],
	tests: [
		{
			test: 'T01',
			version: 1,
			title: 'Fulfilled, not invoiced',
			verdict: 'exception',
			why: null,
			population: { rows: 100, sha256: SHA('d') },
			parameters: {},
			exceptions: ORDERS.map((order, at) => exception(order, 1000 - at)),
			result_sha256: SHA('c'),
		},
	],
};

const keyOf = (order: string): string => exceptionKey('T01', { order_id: order, keys: { order_id: order } });

/** The vault's part over a book: whoever acts is who is unlocked. */
function opened(results: AuditResult | null = RESULT) {
	const made: Book = staffedBook();
	let memberId = 'pia';
	let ids = 0;
	const clock = { at: Date.UTC(2027, 2, 1, 12) };
	const confirmed = confirmations(() => clock.at);
	const engagement = (): OpenEngagement => ({
		engagementId: 'e1',
		replica: REPLICA,
		memberId,
		confirmations: confirmed,
		exports: exportGate(),
		member: () => {
			const member = made.workbook().members.get(memberId);
			if (!member) throw new Error(`no member ${memberId}`);
			return member;
		},
		workbook: made.workbook,
		log: made.log,
		act: (...acts) => {
			const before = made.log().length;
			const done = made.act(memberId, ...acts);
			return Promise.resolve(
				done.ok ? ok(made.log().slice(before)) : { ok: false, error: { code: 'conflict', message: done.error.message } },
			);
		},
		evidence: () => null,
		results: () => results,
		saveResults: () => Promise.resolve(ok(undefined)),
	});
	const context: VaultContext = {
		open: () => ok(engagement()),
		job: (_label, work) => work({ signal: new AbortController().signal, progress: () => undefined }),
		changed: () => undefined,
		now: () => Date.UTC(2027, 2, 1, 12),
		randomId: () => `id${++ids}`,
	};
	return {
		made,
		clock,
		/** The passphrase of whoever is unlocked, typed once more. */
		confirm: () => confirmed.give(memberId),
		as: (next: string) => {
			memberId = next;
		},
		exceptions: exceptionsApi(context),
		findings: findingsApi(context),
		workbook: workbookApi(context),
		activity: activityApi(context),
	};
}

function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(answer.error.message);
	return answer.value;
}

const CONFIRMED = { verdict: 'confirmed', cause: null, note: '', duplicateOf: null } as const;

describe('triage', () => {
	it('tells where one exception stands in a list, and why it stands in none', async () => {
		const { exceptions } = opened();
		must(await exceptions.judge([keyOf('SO-01')], CONFIRMED));
		const all = must(exceptions.open({ queue: 'all' }, [])).listId;
		expect(must(exceptions.place(all, keyOf('SO-04')))).toBe(3);
		const fresh = must(exceptions.open({ queue: 'new' }, [])).listId;
		expect(exceptions.place(fresh, keyOf('SO-01'))).toMatchObject({ ok: false, error: { message: expect.stringMatching(/leave it out/) } });
		expect(exceptions.place(all, 'f'.repeat(64))).toMatchObject({
			ok: false,
			error: { message: expect.stringMatching(/not among the results/) },
		});
	});

	it('rows keep their places while they are judged, and leave the queue when it is fetched anew', async () => {
		const { exceptions } = opened();
		const list = must(exceptions.open({ queue: 'new' }, []));
		expect(list.count).toBe(30);
		must(await exceptions.judge([keyOf('SO-01')], CONFIRMED));
		const rows = must(exceptions.page(list.listId, 0, 3));
		expect(rows.map(({ orderId, verdict, judgedBy }) => [orderId, verdict, judgedBy])).toEqual([
			['SO-01', 'confirmed', 'pia'],
			['SO-02', 'new', ''],
			['SO-03', 'new', ''],
		]);
		expect(must(exceptions.counts({ queue: 'new' }, list.listId))).toMatchObject({ done: 1, last: 'T01 SO-01 → Confirmed' });
		expect(must(exceptions.open({ queue: 'new' }, [])).count).toBe(29);
	});

	it('explains why: the rule with its values, the rows with their hashes, what to point a duplicate to', async () => {
		const { exceptions } = opened();
		must(await exceptions.judge([keyOf('SO-02')], CONFIRMED));
		const detail = must(exceptions.get(keyOf('SO-01')));
		expect(detail.rule.text).not.toMatch(/[{}]/);
		expect(detail.row.rows).toEqual([{ table: 'sales_order', key: 'SO-01', sha256: SHA('b') }]);
		expect(detail.originals.map(({ key }) => key)).toEqual([keyOf('SO-02')]);
	});

	it('judges all that match only as the preview said, and one undo takes all back', async () => {
		const { exceptions, workbook, made } = opened();
		const filter = { queue: 'new', amountFrom: 990n, currency: 'EUR' } as const;
		const preview = must(exceptions.previewMatching(filter, false));
		expect(preview).toMatchObject({ matching: 11, changes: 11, words: 'queue new, currency EUR, amount from 9.90 EUR' });
		const explained = { ...CONFIRMED, verdict: 'explained', note: 'Timing' } as const;
		expect((await exceptions.judgeMatching(filter, false, explained, 10)).ok).toBe(false);
		must(await exceptions.judgeMatching(filter, false, explained, 11));
		expect(made.workbook().judgements.size).toBe(11);
		expect(must(await workbook.undo()).sentence).toMatch(/^11 exceptions → Explained/);
		expect(made.workbook().judgements.size).toBe(0);
		expect(must(await workbook.redo()).acts).toBe(1);
		expect(made.workbook().judgements.size).toBe(11);
	});

	it('copies the last judgement of the member', async () => {
		const { exceptions } = opened();
		expect(must(exceptions.previous())).toBeNull();
		const waiting = { verdict: 'waiting', cause: 'Billing lag', note: 'asked on Monday', duplicateOf: null } as const;
		must(await exceptions.judge([keyOf('SO-05')], waiting));
		expect(must(exceptions.previous())).toEqual(waiting);
	});

	it('says what is missing where nothing was imported or run', () => {
		const answer = opened(null).exceptions.open({}, []);
		expect(answer.ok ? '' : answer.error.code).toBe('no_evidence');
	});
});

describe('findings', () => {
	const input = { title: 'Not invoiced', severity: 'high', exceptionKeys: [keyOf('SO-01'), keyOf('SO-02')] } as const;

	it('one is begun from exceptions in one step: condition, evidence, and what was new is confirmed', async () => {
		const { findings, workbook, made } = opened();
		const id = must(await findings.create(input));
		const view = must(await findings.get(id));
		expect(view.fields.condition).toBe('SO-01 was delivered and not invoiced.\nSO-02 was delivered and not invoiced.');
		expect(view.evidence.map(({ tag, standing, verdict, orderId }) => [tag, standing, verdict, orderId])).toEqual([
			['E1', 'as_linked', 'confirmed', 'SO-01'],
			['E2', 'as_linked', 'confirmed', 'SO-02'],
		]);
		must(await workbook.undo());
		expect(made.workbook().findings.size + made.workbook().judgements.size).toBe(0);
	});

	it('is prepared by one, refused to the same as reviewer, reviewed by another, and shows Δ with both texts after a change', async () => {
		const { findings, as, confirm } = opened();
		const id = must(await findings.create(input));
		must(await findings.edit(id, 'criteria', 'ASC 606-10-25-30'));
		expect(must(await findings.get(id)).signoff.prepared.blockers).toEqual(['Effect is empty.']);
		must(await findings.edit(id, 'effect', '20.00 EUR'));
		const target = { kind: 'finding', id } as const;
		const hash = (await findings.get(id)).ok ? must(await findings.get(id)).signoff.contentSha256 : null;
		must(await findings.sign(target, 'prepared', hash ?? '', confirm()));
		expect((await findings.sign(target, 'reviewed', hash ?? '', confirm())).ok).toBe(false);
		expect(must(await findings.get(id)).signoff.reviewed.blockers).toContain(
			'You prepared this, so you cannot review it. Another member must.',
		);
		as('rob');
		must(await findings.sign(target, 'reviewed', hash ?? '', confirm()));
		expect(must(await findings.get(id)).state).toBe('reviewed');
		as('pia');
		must(await findings.edit(id, 'effect', '30.00 EUR'));
		const { prepared, reviewed } = must(await findings.get(id)).signoff;
		expect([prepared.status, reviewed.status]).toEqual(['changed_since', 'changed_since']);
		expect(prepared.changes).toEqual([{ field: 'Effect', before: '20.00 EUR', now: '30.00 EUR' }]);
		expect(must(await findings.list())[0]).toMatchObject({
			label: 'F-001',
			prepared: 'changed_since',
			preparedBy: 'pia',
			reviewedBy: 'rob',
		});
	});

	it('is signed only with a passphrase typed for this signature, by this member, just now', async () => {
		const { findings, as, confirm, clock } = opened();
		const id = must(await findings.create(input));
		must(await findings.edit(id, 'criteria', 'ASC 606-10-25-30'));
		must(await findings.edit(id, 'effect', '20.00 EUR'));
		const target = { kind: 'finding', id } as const;
		const hash = must(await findings.get(id)).signoff.contentSha256 ?? '';
		const refused = { error: { code: 'not_allowed' } };
		expect(await findings.sign(target, 'prepared', hash, '')).toMatchObject(refused);
		const late = confirm();
		clock.at += 120_001;
		expect(await findings.sign(target, 'prepared', hash, late)).toMatchObject(refused);
		const word = confirm();
		must(await findings.sign(target, 'prepared', hash, word));
		expect(await findings.sign(target, 'prepared', hash, word)).toMatchObject(refused);
		const ofPia = confirm();
		as('rob');
		expect(await findings.sign(target, 'reviewed', hash, ofPia)).toMatchObject(refused);
		must(await findings.sign(target, 'reviewed', hash, confirm()));
	});

	it('writes no act where nothing was changed', async () => {
		const { findings, made } = opened();
		const id = must(await findings.create(input));
		const before = made.workbook().seq;
		must(await findings.edit(id, 'title', 'Not invoiced'));
		expect(made.workbook().seq).toBe(before);
	});

	it('finds evidence of each kind, and marks what other findings rest on as well', async () => {
		const { findings } = opened();
		const id = must(await findings.create(input));
		expect(must(await findings.candidates('exception', 'so-07')).map(({ link }) => link.label)).toEqual(['T01 SO-07']);
		const [result] = must(await findings.candidates('result', 'fulfilled'));
		expect(result?.link).toMatchObject({ kind: 'result', test: 'T01', resultSha256: SHA('c') });
		if (result) must(await findings.link(id, [result.link]));
		const other = must(await findings.create({ ...input, exceptionKeys: [keyOf('SO-01')] }));
		expect(must(await findings.get(other)).evidence[0]?.alsoIn).toEqual(['F-001']);
		expect((await findings.candidates('document', '')).ok).toBe(false);
	});

	it('a reviewer’s note blocks the review until it is answered and cleared', async () => {
		const { findings, as } = opened();
		const id = must(await findings.create(input));
		const target = { kind: 'finding', id } as const;
		as('rob');
		must(await findings.raiseNote(target, 'Why no cut-off test?', true));
		as('pia');
		const [note] = must(await findings.get(id)).notes;
		expect([note?.tag, note?.by, note?.clearBlocked === null]).toEqual(['R1', 'rob', false]);
		must(await findings.answerNote(note?.noteId ?? '', 'T16 covers it'));
		as('rob');
		must(await findings.clearNote(note?.noteId ?? ''));
		expect(must(await findings.get(id)).notes[0]?.cleared?.by).toBe('rob');
	});
});

describe('activity', () => {
	it('is verified act by act, and says so row by row', async () => {
		const { activity, exceptions } = opened();
		expect(must(activity.page({}, 0, 1))[0]?.state).toBe('unchecked');
		const verdict = must(await activity.verify());
		expect(verdict).toMatchObject({ isIntact: true, acts: 6 });
		expect(must(activity.page({}, 0, 1))[0]?.state).toBe('verified');
		must(await exceptions.judge([keyOf('SO-01')], CONFIRMED));
		expect(must(activity.page({}, 0, 2)).map(({ seq, state }) => [seq, state])).toEqual([
			[7, 'unchecked'],
			[6, 'verified'],
		]);
	});

	it('is narrowed by member, kind and words, newest first, and keeps undone acts', async () => {
		const { activity, exceptions, workbook } = opened();
		must(await exceptions.judge([keyOf('SO-01')], CONFIRMED));
		must(await workbook.undo());
		expect(must(activity.page({ memberId: 'pia' }, 0, 9)).map(({ sentence, isUndone }) => [sentence, isUndone])).toEqual([
			['Undone: 1 exception → Confirmed', false],
			['1 exception → Confirmed', true],
		]);
		expect(must(activity.open({ type: 'member.added' })).count).toBe(5);
		expect(must(activity.page({ text: 'ROB' }, 0, 9)).map(({ sentence }) => sentence)).toEqual(['rob added as Reviewer']);
		expect(must(activity.recent(1))[0]).toMatchObject({ member: 'pia', sentence: 'Undone: 1 exception → Confirmed' });
	});
});

describe('the summary', () => {
	it('counts what is open, tells the member their own work, and the deadline with its paragraph’s day', async () => {
		const { workbook, findings } = opened();
		must(await findings.create({ title: 'A', severity: 'low', exceptionKeys: [keyOf('SO-01')] }));
		const summary = must(workbook.summary());
		expect(summary).toMatchObject({
			memberName: 'pia',
			role: 'preparer',
			deadline: { day: '2027-03-31', daysLeft: 30, archiveBy: '2027-04-14' },
			triage: { fresh: 29, judged: 1, waiting: 0 },
			findings: { total: 1, draft: 1 },
			open: { exceptions: 29, findings: 1 },
			signed: '0 of 1 finding',
			evidence: null,
		});
	});

	it('keeps views and engagement data, and lists what undo and redo would take, the next one first', async () => {
		const { workbook, as } = opened();
		const id = must(await workbook.saveView(null, 'exceptions', 'High first', '{}'));
		expect(must(workbook.views('exceptions')).map(({ viewId, name }) => [viewId, name])).toEqual([[id, 'High first']]);
		expect(must(workbook.views('orders'))).toEqual([]);
		must(await workbook.saveView(null, 'exceptions', 'Mine', '{}'));
		expect(must(workbook.steps(5)).undo.map(({ sentence }) => sentence)).toEqual(['View “Mine” saved', 'View “High first” saved']);
		expect(must(workbook.steps(1))).toMatchObject({ undoTotal: 2, undoBlocked: null, redo: [], redoTotal: 0 });
		const next = must(workbook.steps(1)).undo[0]?.sentence;
		expect(must(await workbook.undo()).sentence).toBe(next);
		expect(must(workbook.steps(5))).toMatchObject({ undoTotal: 1, redo: [{ sentence: next }], redoBlocked: null });
		expect((await workbook.editEngagement('name', 'Mine')).ok).toBe(false);
		as('pat');
		expect((await workbook.editEngagement('deadline', 'soon')).ok).toBe(false);
		must(await workbook.editEngagement('deadline', ''));
		expect(must(workbook.summary()).deadline).toBeNull();
	});
});

describe('controls', () => {
	it('say value, default, and who set it, when and why; what nobody set stands at its default', () => {
		const { workbook, made } = opened();
		const before = must(workbook.controls());
		expect(before.rows.map(({ id, value, standard, set }) => [id, value === standard, set])).toEqual([
			['reconciliation.tolerance_minor', true, null],
			['reconciliation.tolerance_percent', true, null],
			['sync.policy', true, null],
		]);
		const test = CATALOGUE.find(({ parameters }) => typeof parameters[0]?.default === 'number');
		const parameter = test?.parameters[0];
		if (!test || !parameter) throw new Error('no test has a number');
		const standard = String(parameter.default);
		made.act('pat', { type: 'setting.changed', key: 'reconciliation.tolerance_minor', value: '500', reason: 'Below trivial' });
		made.act('pat', { type: 'parameter.changed', test: test.id, name: parameter.name, value: 77, reason: 'Policy of the client' });
		const after = must(workbook.controls());
		expect(after.rows[0]).toMatchObject({ value: '500', standard: '0', set: { member: 'Pat', reason: 'Below trivial' } });
		expect(after.rows.at(-1)).toMatchObject({ value: '77', standard, set: { reason: 'Policy of the client' }, place: { test: test.id } });
		expect(after.parametersAtDefault).toBe(before.parametersAtDefault - 1);
	});
});

describe('a clock that was set back', () => {
	it('neither puts an act before the one it follows, nor makes two steps one', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const papers = workbookApi(vault.context);
		vault.clock.at -= 86_400_000;
		for (const name of ['One', 'Two']) must(await papers.saveView(null, 'orders', name, '{}'));
		const at = vault
			.inside()
			.log()
			.map((logged) => logged.at);
		expect(at.toSorted()).toEqual(at);
		expect(must(await papers.undo()).sentence).toBe('View “Two” saved');
		expect(must(papers.views('orders')).map(({ name }) => name)).toEqual(['One']);
	});
});
