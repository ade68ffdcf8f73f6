import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Act, foldLog, redoable, undoable, type Workbook } from '#findings';
import { type Book, judged, KEY, signed, staffedBook, TARGET, unsigned, writeFinding } from './book.ts';

/** The work papers without the log's own marks. */
const stateOf = ({ seq: _seq, head: _head, history: _history, ...state }: Workbook) => state;

function undo(made: Book, memberId: string): boolean {
	const found = undoable(made.workbook(), memberId);
	return found.ok && made.act(memberId, ...found.value.acts).ok;
}

function redo(made: Book, memberId: string): boolean {
	const found = redoable(made.workbook(), memberId);
	return found.ok && made.act(memberId, ...found.value.acts).ok;
}

/** Acts drawn at random; many are refused, and the log takes the others. */
const KEYS = ['a', 'b', 'c'].map(KEY);
const findingId = fc.constantFrom('f1', 'f2', 'f3');
const noteId = fc.constantFrom('n1', 'n2');
const text = fc.constantFrom('', 'one', 'two', 'three');
const anyAct: fc.Arbitrary<Act> = fc.oneof(
	fc.record({
		type: fc.constant('exception.judged' as const),
		keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
		verdict: fc.constantFrom('new' as const, 'confirmed' as const, 'explained' as const, 'waiting' as const),
		cause: fc.constantFrom(null, 'Billing lag'),
		note: text,
		duplicateOf: fc.constant(null),
		predicate: fc.constant(null),
	}),
	fc.record({
		type: fc.constant('exception.judged' as const),
		keys: fc.constantFrom(...KEYS).map((key) => [key]),
		verdict: fc.constant('duplicate' as const),
		cause: fc.constant(null),
		note: text,
		duplicateOf: fc.constantFrom(...KEYS),
		predicate: fc.constant(null),
	}),
	fc.record({ type: fc.constant('finding.created' as const), findingId, title: fc.constant('T'), severity: fc.constant('low' as const) }),
	fc.record({
		type: fc.constant('finding.edited' as const),
		findingId,
		field: fc.constantFrom('condition' as const, 'criteria' as const, 'effect' as const),
		value: text,
	}),
	fc.record({
		type: fc.constant('finding.state_changed' as const),
		findingId,
		state: fc.constantFrom('draft' as const, 'withdrawn' as const),
		reason: text,
	}),
	fc.record({
		type: fc.constant('evidence.linked' as const),
		findingId,
		linkId: fc.constantFrom('l1', 'l2'),
		link: fc.record({ kind: fc.constant('exception' as const), exceptionKey: fc.constantFrom(...KEYS), label: fc.constant('T16 SO-1') }),
	}),
	fc.record({ type: fc.constant('evidence.unlinked' as const), findingId, linkId: fc.constantFrom('l1', 'l2') }),
	fc.record({
		type: fc.constant('note.raised' as const),
		noteId,
		target: findingId.map(TARGET),
		text,
		blocksReview: fc.boolean(),
	}),
	fc.record({ type: fc.constant('note.answered' as const), noteId, text }),
	fc.record({ type: fc.constant('note.cleared' as const), noteId }),
	fc.record({
		type: fc.constant('parameter.changed' as const),
		test: fc.constant('T16'),
		name: fc.constantFrom('days', 'tolerance'),
		value: fc.constantFrom(null, 1, 2),
		reason: text,
	}),
	fc.record({
		type: fc.constant('view.saved' as const),
		viewId: fc.constantFrom('v1', 'v2'),
		screen: fc.constant('orders'),
		name: fc.constant('V'),
		definition: text,
	}),
	fc.record({ type: fc.constant('view.deleted' as const), viewId: fc.constantFrom('v1', 'v2') }),
);

type Move =
	| { readonly kind: 'act'; readonly by: string; readonly act: Act }
	| { readonly kind: 'undo' | 'redo' | 'sign'; readonly by: string };
const by = fc.constantFrom('pat', 'pia');
const anyMove: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('act' as const), by, act: anyAct }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const), by }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('sign' as const), by }) },
);

let signs = 0;
function play(made: Book, moves: readonly Move[]): void {
	for (const move of moves) {
		if (move.kind === 'act') made.act(move.by, move.act);
		else if (move.kind === 'undo') undo(made, move.by);
		else if (move.kind === 'redo') redo(made, move.by);
		else made.act(move.by, signed(made, 'prepared', `s${++signs}`));
	}
}

describe('undo', () => {
	it('after any act gives the state before, and redo gives the act back', () => {
		fc.assert(
			fc.property(fc.array(anyMove, { maxLength: 25 }), anyAct, by, (moves, act, memberId) => {
				const made = staffedBook(unsigned);
				writeFinding(made);
				play(made, moves);
				const before = stateOf(made.workbook());
				fc.pre(made.act(memberId, act).ok);
				const after = stateOf(made.workbook());
				expect(undo(made, memberId)).toBe(true);
				expect(stateOf(made.workbook())).toEqual(before);
				expect(redo(made, memberId)).toBe(true);
				expect(stateOf(made.workbook())).toEqual(after);
				expect(undo(made, memberId)).toBe(true);
				expect(stateOf(made.workbook())).toEqual(before);
			}),
			{ numRuns: 300 },
		);
	});

	it('survives a restart: the log folded anew is the same work papers, history and all', () => {
		fc.assert(
			fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
				const made = staffedBook(unsigned);
				writeFinding(made);
				play(made, moves);
				expect(foldLog(made.log())).toEqual(made.workbook());
			}),
			{ numRuns: 150 },
		);
	});

	it('of one member alone goes all the way back, and all the way forth again', () => {
		fc.assert(
			fc.property(fc.array(anyAct, { maxLength: 20 }), (acts) => {
				const made = staffedBook(unsigned);
				const states = [stateOf(made.workbook())];
				for (const act of acts) if (made.act('pat', act).ok) states.push(stateOf(made.workbook()));
				for (const state of states.slice(0, -1).toReversed()) {
					expect(undo(made, 'pat')).toBe(true);
					expect(stateOf(made.workbook())).toEqual(state);
				}
				expect(undo(made, 'pat')).toBe(false);
				for (const state of states.slice(1)) {
					expect(redo(made, 'pat')).toBe(true);
					expect(stateOf(made.workbook())).toEqual(state);
				}
				expect(redo(made, 'pat')).toBe(false);
			}),
			{ numRuns: 150 },
		);
	});

	it('a new act ends what could be redone', () => {
		const made = staffedBook(unsigned);
		made.must('pia', judged([KEY('a')]));
		undo(made, 'pia');
		made.must('pia', judged([KEY('b')]));
		expect(redo(made, 'pia')).toBe(false);
	});

	it('takes acts of one moment back as one, bulk or group', () => {
		const made = staffedBook(unsigned);
		const before = stateOf(made.workbook());
		writeFinding(made);
		expect(undo(made, 'pia')).toBe(true);
		expect(stateOf(made.workbook())).toEqual(before);
		made.must('pia', judged([KEY('a'), KEY('b'), KEY('c')], { predicate: 'test T16' }));
		expect(undo(made, 'pia')).toBe(true);
		expect(made.workbook().judgements.size).toBe(0);
	});

	it('leaves another member’s later work on another field of the same finding', () => {
		const made = staffedBook(unsigned);
		writeFinding(made);
		made.must('pia', { type: 'finding.edited', findingId: 'f1', field: 'cause', value: 'mine' });
		made.must('pat', { type: 'finding.edited', findingId: 'f1', field: 'effect', value: 'theirs' });
		expect(undo(made, 'pia')).toBe(true);
		const fields = made.workbook().findings.get('f1')?.fields;
		expect([fields?.cause, fields?.effect]).toEqual(['', 'theirs']);
	});

	it('is refused where somebody else has changed the same since', () => {
		const made = staffedBook(unsigned);
		made.must('pia', judged([KEY('a')]));
		made.must('pat', judged([KEY('a')], { verdict: 'waiting' }));
		const found = undoable(made.workbook(), 'pia');
		expect(found.ok ? 'ok' : found.error.code).toBe('cannot_undo');
	});

	it('does not reach signed work: a sign-off is withdrawn with a reason instead', () => {
		const made = staffedBook(unsigned);
		made.must('pia', { type: 'finding.created', findingId: 'f0', title: 'T', severity: 'low' });
		writeFinding(made);
		made.must('pia', signed(made, 'prepared', 's1'));
		const found = undoable(made.workbook(), 'pia');
		expect(found.ok ? 'ok' : found.error.code).toBe('signed');
		made.must('pia', { type: 'signoff.withdrawn', signoffId: 's1', reason: 'not ready' });
		expect(made.workbook().signoffs.get('s1')?.withdrawn?.reason).toBe('not ready');
		expect(undo(made, 'pia')).toBe(false);
		expect(made.workbook().findings.has('f1')).toBe(true);
	});

	it('is of one’s own acts only', () => {
		const made = staffedBook(unsigned);
		made.must('pia', judged([KEY('a')]));
		const refused = made.act('pat', { type: 'act.undone', undoes: made.workbook().seq });
		expect(refused.ok ? 'ok' : refused.error.code).toBe('cannot_undo');
	});

	it('does not undo members, and says so', () => {
		const made = staffedBook(unsigned);
		const refused = made.act('pat', { type: 'act.undone', undoes: 2 });
		expect(refused.ok ? 'ok' : refused.error.code).toBe('cannot_undo');
		const nothing = undoable(made.workbook(), 'pat');
		expect(nothing.ok ? 'ok' : nothing.error.message).toBe('There is nothing of yours to undo.');
	});
});
