import { describe, expect, it } from 'vitest';
import { type Act, applyAct, cellValue, cellWords, emptyWorkbook, parseCell, sealAct, type Workbook } from '#findings';
import { editOf, touchesOf } from '../../../shared/findings/cells.ts';
import { book, judged, KEY, REPLICA, SHA, staffedBook, unsigned, writeFinding } from './book.ts';

const LINK = { kind: 'exception', exceptionKey: KEY('b'), label: 'T16 SO-2' } as const;

/** One act of every kind that touches cells. */
const ACTS: readonly Act[] = [
	{ type: 'engagement.edited', field: 'client', value: 'Südwind' },
	{ type: 'engagement.edited', field: 'deadline', value: '' },
	{ type: 'member.role_changed', memberId: 'rob', role: 'preparer' },
	{ type: 'member.removed', memberId: 'rob', reason: 'left' },
	{ type: 'setting.changed', key: 'a.b:c', value: 'on', reason: '' },
	{ type: 'trusted_key.added', vkey: 'acme.example/o2c+0a1b2c3d+AbC/d+E=', origin: 'letter' },
	{ type: 'trusted_key.removed', vkey: 'acme.example/o2c+0a1b2c3d+AbC/d+E=', reason: 'wrong' },
	{ type: 'parameter.changed', test: 'T16', name: 'days', value: 5, reason: '' },
	{ type: 'parameter.changed', test: 'T16', name: 'days', value: null, reason: '' },
	judged([KEY('a'), KEY('c')], { verdict: 'explained', note: 'timing' }),
	judged([KEY('a')], { verdict: 'new' }),
	{ type: 'finding.edited', findingId: 'f1', field: 'cause', value: 'cut-off' },
	{ type: 'finding.state_changed', findingId: 'f1', state: 'withdrawn', reason: 'wrong' },
	{ type: 'finding.state_changed', findingId: 'f1', state: 'draft', reason: 'right after all' },
	{ type: 'evidence.linked', findingId: 'f1', linkId: 'l2', link: LINK },
	{ type: 'evidence.unlinked', findingId: 'f1', linkId: 'l2' },
	{ type: 'note.cleared', noteId: 'n1' },
	{ type: 'view.saved', viewId: 'v1', screen: 'orders', name: 'Late', definition: '{}' },
	{ type: 'view.deleted', viewId: 'v1' },
];

function written() {
	const made = staffedBook(unsigned);
	writeFinding(made, 'pat');
	made.must('pat', { type: 'note.raised', noteId: 'n1', target: { kind: 'finding', id: 'f1' }, text: 'Why?', blocksReview: true });
	return made;
}

describe('a cell', () => {
	it('holds after an act what the act says, for every kind of act that touches cells', () => {
		const made = written();
		for (const act of ACTS) {
			const touches = touchesOf(made.workbook(), act);
			expect(touches.length).toBeGreaterThan(0);
			made.must('pat', act);
			for (const { cell, value } of touches) expect(cellValue(made.workbook(), cell), cell).toEqual(value);
		}
	});

	it('is set by an edit of its own to whatever can stand in it', () => {
		const made = written();
		for (const act of ACTS) {
			for (const { cell, value } of touchesOf(made.workbook(), act)) {
				const edit = editOf(cell, value);
				if (edit === null) throw new Error(`no edit of ${cell}`);
				const before = made.workbook();
				const sealed = sealAct(
					{
						replica: REPLICA,
						seq: before.seq + 1,
						at: '2026-12-01T00:00:00.000Z',
						memberId: 'pat',
						act: edit,
						seen: {},
						prev: before.head,
					},
					() => new Uint8Array(64),
				);
				expect(cellValue(applyAct(before, sealed), cell), cell).toEqual(value);
			}
			made.must('pat', act);
		}
	});

	it('takes no value that does not fit it', () => {
		for (const [cell, value] of [
			['finding/f1/cause', 7],
			['exception/a', 'confirmed'],
			['parameter/T16/days', true],
			['setting/k', null],
			['engagement/name', null],
			['member/rob/role', null],
			['member/rob/membership', true],
			['view/v1', 'name'],
			['trusted_key/k', 1],
			['note/n1/cleared', null],
			['finding/f1/evidence/l1', 'link'],
			['unheard/of', 'x'],
		] as const)
			expect(editOf(cell, value), cell).toBeNull();
		expect(parseCell('unheard/of')).toBeNull();
		expect(cellValue(emptyWorkbook(), 'unheard/of')).toBeNull();
	});

	it('has a name that a person understands', () => {
		const made = written();
		const words = (workbook: Workbook) => ACTS.flatMap((act) => touchesOf(workbook, act)).map(({ cell }) => cellWords(workbook, cell));
		expect([...new Set(words(made.workbook()))]).toEqual([
			'the engagement’s client',
			'the engagement’s deadline',
			'the role of rob',
			'the membership of rob',
			'setting a.b:c',
			'trusted key acme.example/o2c',
			'T16 days',
			'exception aaaaaaaa',
			'exception cccccccc',
			'F-001, Cause',
			'F-001, state',
			'F-001, evidence',
			'review note on F-001',
			'view “v1”',
		]);
	});

	it('is none for what only adds', () => {
		const made = book(unsigned);
		expect(touchesOf(made.workbook(), { type: 'finding.created', findingId: 'f', title: 't', severity: 'low' })).toEqual([]);
		expect(touchesOf(made.workbook(), { type: 'evidence.exported', what: 'w', rows: 1, sha256: SHA('a') })).toEqual([]);
		expect(touchesOf(made.workbook(), { type: 'act.undone', undoes: 1 })).toEqual([]);
	});
});
