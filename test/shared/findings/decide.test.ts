import { describe, expect, it } from 'vitest';
import {
	type Act,
	type ActType,
	actSentence,
	can,
	decide,
	emptyWorkbook,
	openPacks,
	type Refusal,
	type Role,
	signBlockers,
	signoffStatus,
} from '#findings';
import type { Result } from '#kernel';
import { book, judged, KEY, PEOPLE, publicKeyOf, SHA, signed, staffedBook, TARGET, writeFinding } from './book.ts';

const codeOf = (result: Result<unknown, Refusal>): string => (result.ok ? 'ok' : result.error.code);

describe('who may do what', () => {
	const may = (role: Role, ...types: readonly ActType[]): readonly boolean[] => types.map((type) => can(role, type));

	it('the preparer imports, runs, judges and writes; members and settings are the partner’s', () => {
		expect(may('preparer', 'population.imported', 'run.recorded', 'exception.judged', 'finding.created')).toEqual([true, true, true, true]);
		expect(may('preparer', 'member.added', 'setting.changed', 'note.raised', 'note.cleared')).toEqual([false, false, false, false]);
		expect(may('partner', 'member.added', 'setting.changed', 'note.raised', 'exception.judged')).toEqual([true, true, true, true]);
	});

	it('the reviewer raises and clears notes and does not write findings', () => {
		expect(may('reviewer', 'note.raised', 'note.cleared', 'signoff.given')).toEqual([true, true, true]);
		expect(may('reviewer', 'finding.edited', 'exception.judged', 'run.recorded')).toEqual([false, false, false]);
	});

	it('compliance writes findings and makes packs, and neither imports nor judges exceptions', () => {
		expect(may('compliance', 'finding.created', 'signoff.given', 'pack.made')).toEqual([true, true, true]);
		expect(may('compliance', 'population.imported', 'exception.judged', 'member.added')).toEqual([false, false, false]);
	});

	it('who only reads does nothing at all', () => {
		const made = staffedBook();
		const acts: readonly Act[] = [
			judged([KEY('a')]),
			{ type: 'view.saved', viewId: 'v', screen: 'orders', name: 'Mine', definition: '{}' },
			{ type: 'act.undone', undoes: 3 },
		];
		for (const act of acts) expect(codeOf(decide(made.workbook(), act, 'ro'))).toBe('role');
	});

	it('neither a stranger nor a member who was taken out does anything', () => {
		const made = staffedBook();
		made.must('pat', { type: 'member.removed', memberId: 'pia', reason: 'left the team' });
		expect(codeOf(made.act('pia', judged([KEY('a')])))).toBe('unknown_member');
		expect(codeOf(made.act('mallory', judged([KEY('a')])))).toBe('unknown_member');
	});

	it('the only partner can neither leave nor step down', () => {
		const made = staffedBook();
		expect(codeOf(made.act('pat', { type: 'member.removed', memberId: 'pat', reason: 'tired' }))).toBe('invalid');
		expect(codeOf(made.act('pat', { type: 'member.role_changed', memberId: 'pat', role: 'reviewer' }))).toBe('invalid');
	});

	it('an engagement begins with its creation and the member who created it', () => {
		const made = book();
		const creation: Act = { type: 'engagement.created', name: 'A', client: 'B', organisation: '', deadline: null, isSample: false };
		expect(codeOf(decide(emptyWorkbook(), judged([KEY('a')]), 'pat'))).toBe('invalid');
		made.must('pat', creation);
		const other: Act = { type: 'member.added', memberId: 'eve', name: 'Eve', role: 'partner', publicKey: publicKeyOf('eve') };
		expect(codeOf(made.act('pat', other))).toBe('invalid');
		expect(codeOf(made.act('eve', other))).toBe('ok');
		expect(codeOf(made.act('eve', creation))).toBe('exists');
	});
});

describe('judging exceptions', () => {
	it('“explained” and “below trivial” need a note; “confirmed” does not', () => {
		const made = staffedBook();
		expect(codeOf(made.act('pia', judged([KEY('a')], { verdict: 'explained', note: '  ' })))).toBe('incomplete');
		expect(codeOf(made.act('pia', judged([KEY('a')], { verdict: 'below_trivial' })))).toBe('incomplete');
		expect(codeOf(made.act('pia', judged([KEY('a')])))).toBe('ok');
	});

	it('a duplicate points to another exception that is judged and no duplicate itself', () => {
		const made = staffedBook();
		const duplicate = (key: string, duplicateOf: string | null): Act => judged([key], { verdict: 'duplicate', duplicateOf });
		expect(codeOf(made.act('pia', duplicate(KEY('b'), null)))).toBe('incomplete');
		expect(codeOf(made.act('pia', duplicate(KEY('b'), KEY('a'))))).toBe('invalid');
		made.must('pia', judged([KEY('a')]));
		expect(codeOf(made.act('pia', duplicate(KEY('a'), KEY('a'))))).toBe('invalid');
		expect(codeOf(made.act('pia', duplicate(KEY('b'), KEY('a'))))).toBe('ok');
		expect(codeOf(made.act('pia', duplicate(KEY('c'), KEY('b'))))).toBe('invalid');
	});

	it('evidence of a signed finding is not judged anew until the sign-off is withdrawn', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		expect(codeOf(made.act('pia', judged([KEY('b'), KEY('a')])))).toBe('signed');
		made.must('pia', { type: 'signoff.withdrawn', signoffId: 's1', reason: 'found more' });
		expect(codeOf(made.act('pia', judged([KEY('b'), KEY('a')])))).toBe('ok');
	});
});

describe('the life of a finding', () => {
	it('is prepared only with condition, criteria, effect and evidence', () => {
		const made = staffedBook();
		made.must('pia', { type: 'finding.created', findingId: 'f1', title: 'T', severity: 'low' });
		const refused = made.act('pia', signed(made, 'prepared', 's1'));
		expect(refused).toEqual({ ok: false, error: { code: 'incomplete', message: 'Condition, criteria and effect are empty.' } });
		const pia = made.workbook().members.get('pia');
		const all = pia ? signBlockers(made.workbook(), TARGET('f1'), 'prepared', pia).map(({ message }) => message) : [];
		expect(all).toEqual(['Condition, criteria and effect are empty.', 'No evidence is linked.']);
	});

	it('becomes prepared and reviewed by sign-offs alone', () => {
		const made = staffedBook();
		writeFinding(made);
		expect(codeOf(made.act('pia', { type: 'finding.state_changed', findingId: 'f1', state: 'prepared', reason: '' }))).toBe('state');
		made.must('pia', signed(made, 'prepared', 's1'));
		expect(made.workbook().findings.get('f1')?.state).toBe('prepared');
		made.must('rob', signed(made, 'reviewed', 's2'));
		expect(made.workbook().findings.get('f1')?.state).toBe('reviewed');
	});

	it('refuses self-review, also by a partner who prepared it', () => {
		const made = staffedBook();
		writeFinding(made, 'pat');
		made.must('pat', signed(made, 'prepared', 's1'));
		expect(codeOf(made.act('pat', signed(made, 'reviewed', 's2')))).toBe('self_review');
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('ok');
	});

	it('is not reviewed while a note that blocks is open, nor before it is prepared', () => {
		const made = staffedBook();
		writeFinding(made);
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's0')))).toBe('state');
		made.must('pia', signed(made, 'prepared', 's1'));
		made.must('rob', { type: 'note.raised', noteId: 'n1', target: TARGET('f1'), text: 'Why no cut-off test?', blocksReview: true });
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('open_notes');
		made.must('pia', { type: 'note.answered', noteId: 'n1', text: 'T16 is the cut-off test' });
		expect(codeOf(made.act('pia', { type: 'note.cleared', noteId: 'n1' }))).toBe('role');
		made.must('rob', { type: 'note.cleared', noteId: 'n1' });
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('ok');
	});

	it('is signed only as it was shown', () => {
		const made = staffedBook();
		writeFinding(made);
		const stale = signed(made, 'prepared', 's1');
		made.must('pia', { type: 'finding.edited', findingId: 'f1', field: 'cause', value: 'Billing lag' });
		expect(codeOf(made.act('pia', stale))).toBe('content_changed');
	});

	it('shows what changed since it was signed, and is then neither reviewed nor issued', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		made.must('pia', { type: 'finding.edited', findingId: 'f1', field: 'effect', value: '90,000.00 EUR' });
		made.must('pia', {
			type: 'evidence.linked',
			findingId: 'f1',
			linkId: 'e2',
			link: { kind: 'result', test: 'T16', resultSha256: SHA('c'), label: 'Result of T16' },
		});
		const { prepared } = signoffStatus(made.workbook(), TARGET('f1'));
		expect([prepared.status, prepared.changed]).toEqual(['changed_since', ['effect', 'evidence']]);
		expect(made.workbook().findings.get('f1')?.state).toBe('prepared');
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('content_changed');
		made.must('pia', signed(made, 'prepared', 's3'));
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('ok');
	});

	it('reads as current again when the change is taken back', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		made.must('pia', { type: 'finding.edited', findingId: 'f1', field: 'effect', value: 'more' });
		made.must('pia', { type: 'act.undone', undoes: made.workbook().seq });
		expect(signoffStatus(made.workbook(), TARGET('f1')).prepared.status).toBe('current');
	});

	it('is issued by a partner, reviewed and unchanged, and then stays', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		const issue: Act = { type: 'finding.state_changed', findingId: 'f1', state: 'issued', reason: '' };
		expect(codeOf(made.act('pat', issue))).toBe('state');
		made.must('rob', signed(made, 'reviewed', 's2'));
		expect(codeOf(made.act('rob', issue))).toBe('role');
		made.must('pat', issue);
		expect(codeOf(made.act('pia', { type: 'finding.edited', findingId: 'f1', field: 'cause', value: 'x' }))).toBe('state');
		expect(codeOf(made.act('pia', { type: 'signoff.withdrawn', signoffId: 's1', reason: 'no' }))).toBe('state');
		expect(codeOf(made.act('pat', { type: 'act.undone', undoes: made.workbook().seq }))).toBe('cannot_undo');
		expect(
			codeOf(made.act('pat', { type: 'finding.state_changed', findingId: 'f1', state: 'withdrawn', reason: 'client proved it' })),
		).toBe('ok');
	});

	it('is returned by the reviewer with a reason, and then must be signed again', () => {
		const made = staffedBook();
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		const back = (reason: string): Act => ({ type: 'finding.state_changed', findingId: 'f1', state: 'draft', reason });
		expect(codeOf(made.act('rob', back('')))).toBe('incomplete');
		expect(codeOf(made.act('pia', back('mine')))).toBe('role');
		made.must('rob', back('criteria are thin'));
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('state');
		made.must('pia', signed(made, 'prepared', 's3'));
		expect(codeOf(made.act('rob', signed(made, 'reviewed', 's2')))).toBe('ok');
	});

	it('takes the same evidence once', () => {
		const made = staffedBook();
		writeFinding(made);
		const again: Act = {
			type: 'evidence.linked',
			findingId: 'f1',
			linkId: 'other',
			link: { kind: 'exception', exceptionKey: KEY('a'), label: 'by another name' },
		};
		expect(codeOf(made.act('pia', again))).toBe('exists');
	});

	it('gives labels in order of creation, and never one twice', () => {
		const made = staffedBook();
		for (const id of ['f1', 'f2']) made.must('pia', { type: 'finding.created', findingId: id, title: id, severity: 'low' });
		made.must('pia', { type: 'act.undone', undoes: made.workbook().seq });
		made.must('pia', { type: 'finding.created', findingId: 'f3', title: 'f3', severity: 'low' });
		expect([...made.workbook().findings.values()].map(({ label }) => label)).toEqual(['F-001', 'F-003']);
	});
});

it('every refusal says in a sentence what, where and how to mend it', () => {
	const made = staffedBook();
	for (const memberId of Object.keys(PEOPLE)) {
		const refused = made.act(memberId, {
			type: 'signoff.given',
			signoffId: 's',
			target: TARGET('none'),
			role: 'reviewed',
			contentSha256: SHA('0'),
		});
		if (!refused.ok) expect(refused.error.message).toMatch(/^[A-Z].+\.$/);
	}
});

describe('a pack', () => {
	const PACK = {
		packId: 'TP-1',
		sha256: SHA('a'),
		fileName: 'TP-1.pdf',
		pages: 3,
		findingIds: [],
		signer: 'CN=Ada',
		signerIsSelfMade: false,
	};
	const begun: Act = { type: 'pack.begun', ...PACK, unsignedSha256: SHA('b') };
	const completed: Act = { type: 'pack.made', ...PACK, verdict: 'VALID' };

	it('that was begun is open, and its act says so, until the very bytes are on record as checked', () => {
		const made = staffedBook();
		made.must('pia', begun);
		expect(openPacks(made.workbook()).map(({ packId }) => packId)).toEqual(['TP-1']);
		expect(actSentence(made.workbook(), begun)).toBe('Not completed: pack TP-1 signed, to be written as TP-1.pdf, by CN=Ada');
		expect(codeOf(made.act('pia', begun))).toBe('exists');
		expect(codeOf(made.act('pia', { ...completed, sha256: SHA('c') }))).toBe('invalid');
		made.must('pia', completed);
		expect(openPacks(made.workbook())).toEqual([]);
		expect(actSentence(made.workbook(), begun)).toMatch(/^Pack TP-1 signed/);
		expect(codeOf(made.act('pia', begun))).toBe('exists');
	});

	it('of a log that knows no beginnings is made as it was', () => {
		const made = staffedBook();
		made.must('pia', completed);
		expect([made.workbook().packs.length, openPacks(made.workbook())]).toEqual([1, []]);
	});
});
