import { describe, expect, it } from 'vitest';
import { type Act, type Conflict, type LoggedAct, outcomeOf, type RefusedAct, sealAct, type Workbook } from '#findings';
import {
	confirmByAppointment,
	emptyPapers,
	isSequencer,
	type MergeRejectCode,
	merge,
	type PapersPayload,
	payloadOfPull,
	pullAnswer,
	pushOf,
} from '#sync';
import { judged, KEY, signed, writtenFinding } from '../findings/book.ts';
import {
	act,
	cheapVerify,
	copyOf,
	everythingOf,
	must,
	receive,
	reopened,
	replicaId,
	type Station,
	serve,
	signerOf,
	synchronise,
	type World,
	workbookOf,
	world,
} from './papersWorld.ts';

const two = (): { made: World; a: Station; b: Station } => {
	const made = world(['pat', 'paul']);
	const [a, b] = made.stations;
	if (!a || !b) throw new Error('two stations');
	return { made, a, b };
};

const setting = (key: string, value: string): Act => ({ type: 'setting.changed', key, value, reason: 'plan' });
const edit = (value: string, findingId = 'f1'): Act => ({ type: 'finding.edited', findingId, field: 'condition', value });
const conflicts = (workbook: Workbook): Conflict[] => [...workbook.conflicts.values()];
const refused = (workbook: Workbook): RefusedAct[] => [...workbook.refused.values()];
const prepared = (station: Station): Act => signed({ workbook: () => workbookOf(station) }, 'prepared', 's1');
const kindOf = (outcome: { readonly kind: string }): string => outcome.kind;

/** Both with a finding that can be signed, all of it confirmed. */
function withFinding(): { made: World; a: Station; b: Station } {
	const all = two();
	must(all.made, all.a, ...writtenFinding('f1'));
	synchronise(all.made, all.a);
	synchronise(all.made, all.b);
	return all;
}

describe('the order', () => {
	it('of the founding copy confirms its acts as they are done; those of another copy stay pending until the hub has them', () => {
		const alone = world(['pat'], false).stations[0];
		expect(alone?.state.pending).toEqual([]);
		expect(alone?.state.order.length).toBe(5);
		const { made, b } = two();
		must(made, b, setting('k', '1'));
		expect(b.state.pending.length).toBe(1);
		expect(kindOf(synchronise(made, b))).toBe('advance');
		expect(b.state.pending).toEqual([]);
		expect(b.state.order.at(-1)).toMatchObject({ replica: b.replica, seq: 1, position: 7 });
	});

	it('leaves the label of a finding as it was given on its copy, whatever another copy sends first', () => {
		const { made, a, b } = two();
		must(made, a, ...writtenFinding('f1'));
		must(made, b, ...writtenFinding('g1'));
		const labelOf = (station: Station, id: string) => workbookOf(station).findings.get(id)?.label;
		const before = labelOf(b, 'g1');
		synchronise(made, a);
		expect(kindOf(synchronise(made, b))).toBe('rebase');
		synchronise(made, a);
		expect([labelOf(b, 'g1'), labelOf(a, 'g1')]).toEqual([before, before]);
		expect(new Set([labelOf(a, 'f1'), labelOf(a, 'g1')]).size).toBe(2);
		expect(before).toMatch(/^F-001(\.[0-9a-f]{4})?$/);
	});

	it('puts what another sent first before what is pending here: judged anew on top, with the signatures it had', () => {
		const { made, a, b } = two();
		const [late] = must(made, b, setting('b', '1'));
		must(made, a, setting('a', '1'));
		synchronise(made, a);
		expect(kindOf(receive(b, payloadOfPull(pullAnswer(made.hub, b.state.order.length, signerOf('hub')))))).toBe('rebase');
		expect(b.state.pending.map(({ logged }) => logged)).toEqual([late]);
		synchronise(made, b);
		synchronise(made, a);
		expect(workbookOf(a)).toEqual(workbookOf(b));
		expect(workbookOf(a).settings.get('b')?.stamp.seq).toBe(8);
	});

	it('given again after an answer was lost is the same, and brings the answer again', () => {
		const { made, b } = two();
		must(made, b, setting('k', '1'));
		const request = pushOf(b.state, made.hub.order.length, signerOf('paul'));
		const first = serve(made, request);
		const again = serve(made, request);
		expect(again.pull).toEqual(first.pull);
		expect(made.hub.order.length).toBe(7);
		if (again.pull) receive(b, payloadOfPull(again.pull));
		expect(b.state.pending).toEqual([]);
	});

	it('is taken over by a partner where the copy that gave it is lost, and others take it from there', () => {
		const made = world(['pat', 'paul', 'rob'], false);
		const [a, b, c] = made.stations as [Station, Station, Station];
		must(made, b, setting('k', '1'));
		expect(kindOf(receive(b, everythingOf(a)))).toBe('advance');
		expect(b.state.pending.length).toBe(1);
		expect(isSequencer(b.state)).toBe(false);
		must(made, b, { type: 'sequencer.appointed', sequencer: b.state.self });
		b.state = confirmByAppointment(b.state);
		expect(isSequencer(b.state)).toBe(true);
		must(made, b, setting('k', '2'));
		expect(b.state.pending).toEqual([]);
		expect(kindOf(receive(c, everythingOf(b)))).toBe('advance');
		expect(workbookOf(c)).toEqual(workbookOf(b));
		expect(c.state.order).toEqual(b.state.order);
	});
});

describe('a conflict', () => {
	it('of one field changed by two who had not seen each other: the first stands, both are kept', () => {
		const { made, a, b } = withFinding();
		must(made, a, edit('by a'));
		must(made, b, edit('by b'));
		synchronise(made, a);
		synchronise(made, b);
		synchronise(made, a);
		expect(workbookOf(a)).toEqual(workbookOf(b));
		expect(workbookOf(a).findings.get('f1')?.fields.condition).toBe('by a');
		expect(conflicts(workbookOf(a))).toMatchObject([
			{
				cell: 'finding/f1/condition',
				first: { value: 'by a', memberId: 'pat' },
				second: { value: 'by b', memberId: 'paul', ref: { replica: b.replica, seq: 1 } },
				settled: null,
			},
		]);
		expect(outcomeOf(workbookOf(a), { replica: b.replica, seq: 1 }).kind).toBe('conflicting');
	});

	it('is none where both wrote the same, or changed different things, or one had seen the other', () => {
		const { made, a, b } = withFinding();
		must(made, a, edit('same'), setting('a', '1'));
		must(made, b, edit('same'), setting('b', '1'));
		synchronise(made, a);
		synchronise(made, b);
		must(made, b, setting('a', '2'));
		synchronise(made, b);
		expect(conflicts(workbookOf(b))).toEqual([]);
		expect(refused(workbookOf(b))).toEqual([]);
		expect(workbookOf(b).settings.get('a')?.value).toBe('2');
	});

	it('over many exceptions is one for each that both judged; the others are judged', () => {
		const { made, a, b } = two();
		must(made, a, judged([KEY('a'), KEY('b')]));
		must(made, b, judged([KEY('b'), KEY('c')], { verdict: 'waiting' }));
		synchronise(made, a);
		synchronise(made, b);
		const workbook = workbookOf(b);
		expect(conflicts(workbook).map(({ cell }) => cell)).toEqual([`exception/${KEY('b')}`]);
		expect(workbook.judgements.get(KEY('b'))?.verdict).toBe('confirmed');
		expect(workbook.judgements.get(KEY('c'))?.verdict).toBe('waiting');
	});

	it('keeps what the same copy wrote on top: the last is the second side, those before are listed', () => {
		const { made, a, b } = withFinding();
		must(made, a, edit('by a'));
		must(made, b, edit('b1'));
		must(made, b, edit('b2'));
		synchronise(made, a);
		synchronise(made, b);
		expect(conflicts(workbookOf(b))).toMatchObject([{ second: { value: 'b2' }, earlier: [{ value: 'b1' }] }]);
	});

	it.each([
		['first', 'by a'],
		['second', 'by b'],
		['new', 'both'],
	] as const)('settled with the %s reads so everywhere, and is closed', (choice, value) => {
		const { made, a, b } = withFinding();
		must(made, a, edit('by a'));
		must(made, b, edit('by b'));
		for (const station of [a, b, a]) synchronise(made, station);
		const conflictId = conflicts(workbookOf(a))[0]?.conflictId ?? '';
		must(made, a, { type: 'conflict.settled', conflictId, choice, value });
		for (const station of [a, b]) synchronise(made, station);
		expect(workbookOf(b)).toEqual(workbookOf(a));
		expect(workbookOf(b).findings.get('f1')?.fields.condition).toBe(value);
		expect(workbookOf(b).conflicts.get(conflictId)?.settled).toMatchObject({ choice, value });
		expect(act(made, a, { type: 'conflict.settled', conflictId, choice: 'new', value: 'again' })).toBeNull();
	});

	it('is settled under the rules of an edit: by who may edit, with a value that fits, of the side that was shown', () => {
		const { made, a, b } = withFinding();
		must(made, a, edit('by a'));
		must(made, b, edit('by b'));
		for (const station of [a, b, a]) synchronise(made, station);
		const conflictId = conflicts(workbookOf(a))[0]?.conflictId ?? '';
		expect(act(made, a, { type: 'conflict.settled', conflictId, choice: 'second', value: 'another' })).toBeNull();
		expect(act(made, a, { type: 'conflict.settled', conflictId, choice: 'new', value: 7 })).toBeNull();
		a.memberId = 'rob';
		expect(act(made, a, { type: 'conflict.settled', conflictId, choice: 'second', value: 'by b' })).toBeNull();
	});

	it('goes away where the author of the second had undone it', () => {
		const { made, a, b } = withFinding();
		must(made, a, edit('by a'));
		const [logged] = must(made, b, edit('by b'));
		must(made, b, { type: 'act.undone', undoes: logged?.seq ?? 0 });
		for (const station of [a, b, a]) synchronise(made, station);
		expect(conflicts(workbookOf(a))).toMatchObject([{ settled: { choice: 'withdrawn' } }]);
		expect(refused(workbookOf(a))).toEqual([]);
		expect(workbookOf(a).findings.get('f1')?.fields.condition).toBe('by a');
	});
});

describe('a refused act', () => {
	it('is one that the rules refuse at its place: it is listed with its reason, and its author dismisses it', () => {
		const { made, a, b } = two();
		a.memberId = 'pat';
		b.memberId = 'rob';
		must(made, a, { type: 'member.role_changed', memberId: 'rob', role: 'readonly' });
		must(made, b, { type: 'note.raised', noteId: 'n1', target: { kind: 'procedure', id: 'T01' }, text: 'Why?', blocksReview: false });
		for (const station of [a, b, a]) synchronise(made, station);
		expect(refused(workbookOf(a))).toMatchObject([{ code: 'role', act: { noteId: 'n1' }, dismissed: null }]);
		expect(workbookOf(a).notes.size).toBe(0);
		must(made, a, { type: 'refusal.dismissed', replica: b.replica, seq: 1, reason: 'Role was changed' });
		for (const station of [a, b]) synchronise(made, station);
		expect(refused(workbookOf(b))).toMatchObject([{ dismissed: { reason: 'Role was changed' } }]);
	});

	it('is a sign-off over content that had changed unseen', () => {
		const { made, a, b } = withFinding();
		must(made, b, setting('x', '1'));
		const late = prepared(b);
		must(made, a, edit('changed'));
		synchronise(made, a);
		must(made, b, late);
		synchronise(made, b);
		expect(refused(workbookOf(b))).toMatchObject([{ code: 'content_changed' }]);
		expect(workbookOf(b).findings.get('f1')?.state).toBe('draft');
	});

	it('is a late change of what was issued meanwhile', () => {
		const { made, a, b } = withFinding();
		must(made, a, prepared(a));
		a.memberId = 'rob';
		must(made, a, signed({ workbook: () => workbookOf(a) }, 'reviewed', 's2'));
		a.memberId = 'pat';
		must(made, a, { type: 'finding.state_changed', findingId: 'f1', state: 'issued', reason: '' });
		must(made, b, edit('late'));
		for (const station of [a, b]) synchronise(made, station);
		expect(refused(workbookOf(b))).toMatchObject([{ code: 'state', act: { value: 'late' } }]);
		expect(workbookOf(b).findings.get('f1')?.fields.condition).toBe('Booked in December');
	});

	it('of somebody taken out meanwhile changes nothing', () => {
		const { made, a, b } = two();
		a.memberId = 'pat';
		must(made, a, { type: 'member.removed', memberId: 'paul', reason: 'left' });
		must(made, b, setting('k', '1'));
		for (const station of [a, b]) synchronise(made, station);
		expect(refused(workbookOf(b))).toMatchObject([{ code: 'unknown_member' }]);
	});
});

describe('what is not merged', () => {
	/** A merge that must be rejected, whole: the state it had is the state it has. */
	function codeOf(station: Station, payload: PapersPayload): MergeRejectCode | string {
		const outcome = merge(station.state, payload, cheapVerify);
		return outcome.kind === 'reject' ? outcome.reason.code : outcome.kind;
	}
	const ready = () => {
		const all = two();
		must(all.made, all.b, setting('b1', '1'));
		must(all.made, all.b, setting('b2', '1'));
		must(all.made, all.b, setting('b3', '1'));
		return { ...all, payload: everythingOf(all.b) };
	};
	const change = (payload: PapersPayload, seq: number, edited: (logged: LoggedAct) => LoggedAct): PapersPayload => ({
		...payload,
		acts: payload.acts.map((logged) => (logged.replica === replicaId('2') && logged.seq === seq ? edited(logged) : logged)),
	});
	const resealed = (logged: LoggedAct, by = logged.memberId): LoggedAct => sealAct(logged, signerOf(by).sign);

	it('is told by a code of its own for each fault of an act', () => {
		const { a, payload } = ready();
		const from = (seq: number): PapersPayload => ({
			...payload,
			acts: payload.acts.filter((logged) => logged.replica !== replicaId('2') || logged.seq !== seq),
		});
		expect(codeOf(a, payload)).toBe('advance');
		expect(codeOf(a, { ...payload, engagementId: 'd'.repeat(32) })).toBe('wrong_engagement');
		expect(codeOf(a, from(2))).toBe('gap');
		expect(
			codeOf(
				a,
				change(payload, 1, (logged) => resealed({ ...logged, seen: { ...logged.seen, [replicaId('9')]: 4 } })),
			),
		).toBe('gap');
		expect(
			codeOf(
				a,
				change(payload, 2, (logged) => ({ ...logged, at: '2020-01-01T00:00:00.000Z' })),
			),
		).toBe('altered');
		expect(
			codeOf(
				a,
				change(payload, 2, (logged) => resealed({ ...logged, prev: '1'.repeat(64) })),
			),
		).toBe('broken_link');
		expect(
			codeOf(
				a,
				change(payload, 1, (logged) => resealed({ ...logged, seen: { ...logged.seen, [logged.replica]: 1 } })),
			),
		).toBe('bad_vector');
		expect(
			codeOf(
				a,
				change(payload, 2, (logged) => resealed({ ...logged, seen: {} })),
			),
		).toBe('bad_vector');
		expect(
			codeOf(
				a,
				change(payload, 1, (logged) => resealed(logged, 'mallory')),
			),
		).toBe('bad_signature');
		expect(
			codeOf(
				a,
				change(payload, 1, (logged) => resealed({ ...logged, memberId: 'mallory' }, 'mallory')),
			),
		).toBe('unknown_member');
		const nothing: Station = { ...a, state: emptyPapers(a.state.engagementId, a.state.self) };
		const [first] = payload.acts;
		if (!first) throw new Error('an act');
		const otherBeginning = resealed({ ...first, act: setting('k', '1') });
		expect(codeOf(nothing, { ...payload, order: [], checkpoint: null, acts: [otherBeginning] })).toBe('bad_beginning');
	});

	it('is a fork where a copy was copied behind the program’s back', () => {
		const { made, a, b } = two();
		const twin: Station = { ...b };
		must(made, b, setting('k', 'one'));
		must(made, twin, setting('k', 'other'));
		expect(kindOf(receive(a, everythingOf(b)))).toBe('advance');
		expect(codeOf(a, everythingOf(twin))).toBe('fork');
		expect(codeOf(a, { ...everythingOf(b), acts: [...everythingOf(b).acts, ...everythingOf(twin).acts] })).toBe('fork');
	});

	it('is told by a code of its own for each fault of the order', () => {
		const { made, a, b } = two();
		must(made, b, setting('b1', '1'));
		must(made, b, setting('b2', '1'));
		must(made, a, setting('a1', '1'));
		synchronise(made, b);
		synchronise(made, a);
		const behind: Station = { ...b, state: copyOf(world(['pat', 'paul']).stations[0]?.state ?? b.state, replicaId('3')) };
		const held = behind.state.order.length;
		const pull = payloadOfPull(pullAnswer(made.hub, held, signerOf('hub')));
		const order = [...pull.order];
		const [first, second, third] = order;
		if (!first || !second || !third) throw new Error('three positions');
		expect(codeOf(behind, pull)).toBe('advance');
		expect(codeOf(behind, { ...pull, order: order.slice(1) })).toBe('order_gap');
		expect(codeOf(behind, { ...pull, order: [first, third] })).toBe('order_gap');
		expect(codeOf(behind, { ...pull, order: order.slice(0, 2) })).toBe('order_gap');
		expect(codeOf(behind, { ...pull, order: [{ ...first, hash: '0'.repeat(64) }, second, third] })).toBe('altered');
		expect(codeOf(behind, { ...pull, order: [{ ...first, seq: 9 }, second, third] })).toBe('unknown_act');
		expect(codeOf(behind, { ...pull, order: [first, { ...first, position: second.position }, third] })).toBe('ordered_twice');
		expect(codeOf(behind, { ...pull, order: [{ ...second, position: first.position }, second, third] })).toBe('order_not_causal');
		const taken = made.hub.order.map((record) => (record.position === 6 ? { ...record, hash: '0'.repeat(64) } : record));
		expect(codeOf(behind, { ...pull, order: taken })).toBe('position_taken');
		expect(codeOf(behind, { ...pull, checkpoint: null })).toBe('no_checkpoint');
		expect(codeOf(behind, { ...pull, checkpoint: 'nonsense' })).toBe('bad_checkpoint');
		expect(codeOf(behind, { ...pull, checkpoint: pull.checkpoint?.replace('workpapers', 'other') ?? null })).toBe('wrong_origin');
		const forged = pullAnswer(made.hub, held, { ...signerOf('hub'), sign: signerOf('mallory').sign });
		expect(codeOf(behind, payloadOfPull(forged))).toBe('unknown_sequencer');
		expect(codeOf(behind, { ...pull, proof: pull.proof.slice(1) })).toBe('inconsistent');
	});

	it('is an order that goes back, or another history of it', () => {
		const { made, a, b } = two();
		const before = made.hub;
		must(made, b, setting('b1', '1'));
		synchronise(made, b);
		expect(codeOf(b, payloadOfPull(pullAnswer(before, before.order.length, signerOf('hub'))))).toBe('rollback');
		// The hub's disk was set back, and it went on otherwise.
		const after = made.hub;
		made.hub = before;
		must(made, a, setting('a1', '1'));
		synchronise(made, a);
		expect(codeOf(b, payloadOfPull(pullAnswer(made.hub, made.hub.order.length, signerOf('hub'))))).toBe('root_differs');
		expect(codeOf(b, everythingOf(a))).toBe('position_taken');
		made.hub = after;
	});

	it('is an order that somebody else gave where this copy gives it', () => {
		const made = world(['pat', 'paul'], false);
		const [a, b] = made.stations as [Station, Station];
		const usurper: Station = { ...b, replica: a.replica, state: reopened(a.state) };
		must(made, usurper, setting('k', '1'));
		expect(codeOf(a, everythingOf(usurper))).toBe('foreign_order');
	});

	it('on a hub leaves positions beyond a checkpoint out', () => {
		const { made, a, b } = two();
		must(made, b, setting('b1', '1'));
		const before = pullAnswer(made.hub, 0, signerOf('hub'));
		synchronise(made, b);
		const now = payloadOfPull(pullAnswer(made.hub, a.state.order.length, signerOf('hub')));
		expect(codeOf(a, { ...now, checkpoint: before.checkpoint, from: 'peer' })).toBe('no_checkpoint');
	});
});
