/** An act in words, as the activity log, the toasts and Home say it: what, on what, to what. Who and when stand beside it. */
import { unreachable } from '#kernel';
import { type Act, type ActRef, type EvidenceLink, refKey, type Target } from './acts.ts';
import { parseCell } from './cells.ts';
import { openPacks } from './packs.ts';
import { ROLE_NAMES } from './roles.ts';
import { counted, FIELD_WORDS, STATE_WORDS, VERDICT_WORDS } from './words.ts';
import type { Workbook } from './workbook.ts';

const MAX = 160;

/**
 * One phrase without a full stop. `workbook` gives names to ids; the one of now will do.
 * @param replica of the act: an undo names another of the same chain
 */
export function actSentence(workbook: Workbook, act: Act, replica = workbook.founder): string {
	const words = sentence(workbook, act, replica);
	return words.length <= MAX ? words : `${words.slice(0, MAX - 1)}…`;
}

const isOpenPack = (workbook: Workbook, sha256: string): boolean => openPacks(workbook).some((pack) => pack.sha256 === sha256);

function sentence(workbook: Workbook, act: Act, replica: string): string {
	switch (act.type) {
		case 'engagement.created':
			return `Engagement ${act.name} created`;
		case 'engagement.edited':
			return `Engagement's ${act.field} set to ${quoted(act.value)}`;
		case 'member.added':
			return `${act.name} added as ${ROLE_NAMES[act.role]}`;
		case 'member.role_changed':
			return `${memberName(workbook, act.memberId)} made ${ROLE_NAMES[act.role]}`;
		case 'member.removed':
			return `${memberName(workbook, act.memberId)} taken out: ${quoted(act.reason)}`;
		case 'setting.changed':
			return `Setting ${act.key} set to ${quoted(act.value)}`;
		case 'trusted_key.added':
			return `Key ${keyName(act.vkey)} trusted; from ${quoted(act.origin)}`;
		case 'trusted_key.removed':
			return `Key ${keyName(act.vkey)} no longer trusted: ${quoted(act.reason)}`;
		case 'population.imported':
			return `Drop ${act.dropId} of ${act.company} imported: ${counted(act.rows, 'row')}, ${act.quarantined} set aside, ${counted(act.differing, 'table')} not as declared`;
		case 'parameter.changed':
			return `${act.test} ${act.name} ${act.value === null ? 'back to its default' : `set to ${act.value}`}`;
		case 'run.recorded':
			return `${counted(act.tests.length, 'test')} run: ${counted(sum(act.tests.map(({ exceptions }) => exceptions)), 'exception')}`;
		case 'exception.judged':
			return `${counted(act.keys.length, 'exception')} → ${VERDICT_WORDS[act.verdict]}${act.predicate === null ? '' : ` (all with ${act.predicate})`}`;
		case 'finding.created':
			return `Finding ${findingName(workbook, act.findingId)} created: ${quoted(act.title)}`;
		case 'finding.edited':
			return `${findingName(workbook, act.findingId)}: ${FIELD_WORDS[act.field]} ${act.field === 'severity' ? `set to ${act.value}` : 'edited'}`;
		case 'finding.state_changed':
			return `${findingName(workbook, act.findingId)} ${act.state === 'draft' ? 'back to Draft' : STATE_WORDS[act.state].toLowerCase()}${because(act.reason)}`;
		case 'evidence.linked':
			return `${findingName(workbook, act.findingId)}: evidence added, ${linkWords(act.link)}`;
		case 'evidence.unlinked':
			return `${findingName(workbook, act.findingId)}: evidence taken off`;
		case 'note.raised':
			return `Review note on ${targetName(workbook, act.target)}: ${quoted(act.text)}`;
		case 'note.answered':
			return `Review note on ${noteTarget(workbook, act.noteId)} answered: ${quoted(act.text)}`;
		case 'note.cleared':
			return `Review note on ${noteTarget(workbook, act.noteId)} cleared`;
		case 'signoff.given':
			return `${targetName(workbook, act.target)} signed as ${act.role}, content ${act.contentSha256.slice(0, 8)}`;
		case 'signoff.withdrawn':
			return `Sign-off of ${signoffTarget(workbook, act.signoffId)} withdrawn${because(act.reason)}`;
		case 'view.saved':
			return `View ${quoted(act.name)} saved`;
		case 'view.deleted':
			return 'A saved view deleted';
		case 'pack.begun':
			return `${isOpenPack(workbook, act.sha256) ? 'Not completed: pack' : 'Pack'} ${act.packId} signed, to be written as ${act.fileName}, by ${act.signer}`;
		case 'pack.made':
			return `Pack ${act.fileName} made: ${counted(act.pages, 'page')}, ${counted(act.findingIds.length, 'finding')}, signed by ${act.signer}`;
		case 'recovery_key.issued':
			return `New recovery key ${act.fingerprint} issued; the one before opens nothing any more`;
		case 'evidence.exported':
			return act.rows === 0 ? `${act.what} exported` : `${act.what} exported: ${counted(act.rows, 'row')}`;
		case 'conflict.settled':
			return `Conflict over ${conflictWords(workbook, act.conflictId)} settled: ${SETTLED_WORDS[act.choice]}`;
		case 'refusal.dismissed':
			return `Refused act dismissed: ${refusedWords(workbook, act)}${because(act.reason)}`;
		case 'sequencer.appointed':
			return act.sequencer.kind === 'hub'
				? `Hub ${keyName(act.sequencer.vkey)} made to order the acts`
				: `Copy ${act.sequencer.replica.slice(0, 8)} made to order the acts`;
		case 'act.undone':
			return `Undone: ${nested(workbook, replica, act.undoes)}`;
		case 'act.redone':
			return `Done again: ${nested(workbook, replica, act.redoes)}`;
		default:
			return unreachable(act);
	}
}

/** Several acts of one step: the first in words, the others counted. */
export function stepSentence(workbook: Workbook, acts: readonly Act[]): string {
	const [first, ...others] = acts;
	if (!first) return 'nothing';
	return `${actSentence(workbook, first)}${others.length > 0 ? `, and ${counted(others.length, 'act')} with it` : ''}`;
}

function nested(workbook: Workbook, replica: string, seq: number): string {
	const key = refKey({ replica, seq });
	const act = workbook.history.acts.get(workbook.history.places.get(key) ?? 0)?.act ?? workbook.refused.get(key)?.act;
	return act ? sentence(workbook, act, replica) : `act ${seq}`;
}

const SETTLED_WORDS = { first: 'the first stands', second: 'the second stands', new: 'written anew' } as const;

const conflictWords = (workbook: Workbook, conflictId: string): string => {
	const conflict = workbook.conflicts.get(conflictId);
	return conflict ? cellWords(workbook, conflict.cell) : 'something';
};

function refusedWords(workbook: Workbook, { replica, seq }: ActRef): string {
	const refused = workbook.refused.get(refKey({ replica, seq }));
	return refused ? sentence(workbook, refused.act, replica) : `act ${seq}`;
}

/** What a cell is, as a person says it. */
export function cellWords(workbook: Workbook, name: string): string {
	const cell = parseCell(name);
	if (cell === null) return name;
	switch (cell.kind) {
		case 'finding':
			return `${findingName(workbook, cell.findingId)}, ${cell.field === 'state' ? 'state' : FIELD_WORDS[cell.field]}`;
		case 'evidence':
			return `${findingName(workbook, cell.findingId)}, evidence`;
		case 'exception':
			return `exception ${cell.key.slice(0, 8)}`;
		case 'parameter':
			return `${cell.test} ${cell.name}`;
		case 'setting':
			return `setting ${cell.key}`;
		case 'engagement':
			return `the engagement’s ${cell.field}`;
		case 'role':
			return `the role of ${memberName(workbook, cell.memberId)}`;
		case 'membership':
			return `the membership of ${memberName(workbook, cell.memberId)}`;
		case 'view':
			return `view ${quoted(workbook.views.get(cell.viewId)?.name ?? cell.viewId)}`;
		case 'trusted_key':
			return `trusted key ${keyName(cell.vkey)}`;
		case 'note':
			return `review note on ${noteTarget(workbook, cell.noteId)}`;
		default:
			return unreachable(cell);
	}
}

const quoted = (text: string): string => `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
const because = (reason: string): string => (reason === '' ? '' : `: ${quoted(reason)}`);
const keyName = (vkey: string): string => vkey.split('+')[0] ?? vkey;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export const memberName = (workbook: Workbook, memberId: string): string => workbook.members.get(memberId)?.name ?? 'Unknown member';

/** Also of an undone finding: its creation is in the history. */
function findingName(workbook: Workbook, findingId: string): string {
	const finding = workbook.findings.get(findingId);
	if (finding) return finding.label;
	for (const { act } of workbook.history.acts.values())
		if (act.type === 'finding.created' && act.findingId === findingId) return quoted(act.title);
	return 'a finding';
}

export function targetName(workbook: Workbook, { kind, id }: Target): string {
	switch (kind) {
		case 'finding':
			return findingName(workbook, id);
		case 'procedure':
			return `test ${id}`;
		case 'exception':
			return `exception ${id.slice(0, 8)}`;
		case 'dispute':
			return `dispute ${id}`;
		default:
			return kind;
	}
}

function noteTarget(workbook: Workbook, noteId: string): string {
	const note = workbook.notes.get(noteId);
	return note ? targetName(workbook, note.target) : 'something';
}

function signoffTarget(workbook: Workbook, signoffId: string): string {
	const signoff = workbook.signoffs.get(signoffId);
	return signoff ? `${targetName(workbook, signoff.target)} (${signoff.role})` : 'something';
}

export function linkWords(link: EvidenceLink): string {
	switch (link.kind) {
		case 'row':
			return `${link.table} ${link.key}`;
		case 'exception':
			return `exception ${link.label}`;
		case 'document':
			return link.fileName;
		case 'result':
			return `result of ${link.test}`;
		default:
			return unreachable(link);
	}
}
