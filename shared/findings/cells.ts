/**
 * The cells of the work papers: the smallest things that two members can change against each other. Which cells an act touches and with what
 * value, what stands in a cell now, and the edit that puts a value into it.
 */
import { unreachable } from '#kernel';
import type { Act, CellValue, FindingField, TriageVerdict } from './acts.ts';
import type { Judgement, Workbook } from './workbook.ts';

export type Cell =
	| { readonly kind: 'finding'; readonly findingId: string; readonly field: FindingField | 'state' }
	| { readonly kind: 'evidence'; readonly findingId: string; readonly linkId: string }
	| { readonly kind: 'exception'; readonly key: string }
	| { readonly kind: 'parameter'; readonly test: string; readonly name: string }
	| { readonly kind: 'setting'; readonly key: string }
	| { readonly kind: 'engagement'; readonly field: 'name' | 'client' | 'organisation' | 'deadline' }
	| { readonly kind: 'role' | 'membership'; readonly memberId: string }
	| { readonly kind: 'view'; readonly viewId: string }
	| { readonly kind: 'trusted_key'; readonly vkey: string }
	| { readonly kind: 'note'; readonly noteId: string };

/** A cell that an act changes, and to what. */
export interface Touch {
	readonly cell: string;
	readonly value: CellValue;
}

const EXCEPTION = 'exception/';

export const exceptionCell = (key: string): string => EXCEPTION + key;

/** The key of the exception that a cell is about, or null. */
export const keyOfCell = (cell: string): string | null => (cell.startsWith(EXCEPTION) ? cell.slice(EXCEPTION.length) : null);

/** The inverse of the names below; null for a name of another kind. Ids hold no slash, only a verifier key may. */
export function parseCell(name: string): Cell | null {
	const slash = name.indexOf('/');
	const [kind, rest] = [name.slice(0, slash), name.slice(slash + 1)];
	const [first = '', second = '', third = ''] = rest.split('/');
	switch (kind) {
		case 'finding':
			return second === 'evidence'
				? { kind: 'evidence', findingId: first, linkId: third }
				: { kind, findingId: first, field: second as FindingField | 'state' };
		case 'exception':
			return { kind, key: rest };
		case 'parameter':
			return { kind, test: first, name: second };
		case 'setting':
			return { kind, key: rest };
		case 'engagement':
			return { kind, field: rest as 'name' };
		case 'member':
			return { kind: second === 'role' ? 'role' : 'membership', memberId: first };
		case 'view':
			return { kind, viewId: rest };
		case 'trusted_key':
			return { kind, vkey: rest };
		case 'note':
			return { kind, noteId: first };
		default:
			return null;
	}
}

/**
 * The cells that an act changes, and to what. None for what only adds (runs, imports, packs, notes, new findings) and for sign-offs and
 * undo: those are judged by `decide` alone, since they name the content they stand on.
 */
export function touchesOf(workbook: Workbook, act: Act): readonly Touch[] {
	switch (act.type) {
		case 'engagement.edited':
			return [{ cell: `engagement/${act.field}`, value: act.field === 'deadline' && act.value === '' ? null : act.value }];
		case 'member.role_changed':
			return [{ cell: `member/${act.memberId}/role`, value: act.role }];
		case 'member.removed':
			return [{ cell: `member/${act.memberId}/membership`, value: false }];
		case 'setting.changed':
			return [{ cell: `setting/${act.key}`, value: act.value }];
		case 'trusted_key.added':
			return [{ cell: `trusted_key/${act.vkey}`, value: act.origin }];
		case 'trusted_key.removed':
			return [{ cell: `trusted_key/${act.vkey}`, value: null }];
		case 'parameter.changed':
			return [{ cell: `parameter/${act.test}/${act.name}`, value: act.value }];
		case 'exception.judged': {
			const value = act.verdict === 'new' ? null : judgementValue(act);
			return act.keys.map((key) => ({ cell: exceptionCell(key), value }));
		}
		case 'finding.edited':
			return [{ cell: `finding/${act.findingId}/${act.field}`, value: act.value }];
		case 'finding.state_changed':
			return [{ cell: `finding/${act.findingId}/state`, value: act.state }];
		case 'evidence.linked':
			return [{ cell: `finding/${act.findingId}/evidence/${act.linkId}`, value: act.link }];
		case 'evidence.unlinked':
			return [{ cell: `finding/${act.findingId}/evidence/${act.linkId}`, value: null }];
		case 'note.cleared':
			return [{ cell: `note/${act.noteId}/cleared`, value: true }];
		case 'view.saved': {
			const { viewId, screen, name, definition } = act;
			return [{ cell: `view/${viewId}`, value: { screen, name, definition } }];
		}
		case 'view.deleted':
			return [{ cell: `view/${act.viewId}`, value: null }];
		case 'conflict.settled': {
			const conflict = workbook.conflicts.get(act.conflictId);
			return conflict ? [{ cell: conflict.cell, value: act.value }] : [];
		}
		default:
			return [];
	}
}

const judgementValue = ({ verdict, cause, note, duplicateOf }: Omit<Judgement, 'stamp'>): CellValue => ({
	verdict,
	cause,
	note,
	duplicateOf,
});

/** What stands in a cell. */
export function cellValue(workbook: Workbook, name: string): CellValue {
	const cell = parseCell(name);
	if (cell === null) return null;
	switch (cell.kind) {
		case 'finding': {
			const finding = workbook.findings.get(cell.findingId);
			return finding ? (cell.field === 'state' ? finding.state : finding.fields[cell.field]) : null;
		}
		case 'evidence':
			return workbook.findings.get(cell.findingId)?.evidence.find(({ linkId }) => linkId === cell.linkId)?.link ?? null;
		case 'exception': {
			const judgement = workbook.judgements.get(cell.key);
			return judgement ? judgementValue(judgement) : null;
		}
		case 'parameter':
			return workbook.parameters.get(cell.test)?.get(cell.name)?.value ?? null;
		case 'setting':
			return workbook.settings.get(cell.key)?.value ?? null;
		case 'engagement':
			return workbook.engagement[cell.field];
		case 'role':
			return workbook.members.get(cell.memberId)?.role ?? null;
		case 'membership':
			return workbook.members.get(cell.memberId)?.isActive ?? null;
		case 'view': {
			const view = workbook.views.get(cell.viewId);
			return view ? { screen: view.screen, name: view.name, definition: view.definition } : null;
		}
		case 'trusted_key':
			return workbook.trustedKeys.get(cell.vkey)?.origin ?? null;
		case 'note':
			return (workbook.notes.get(cell.noteId)?.cleared ?? null) !== null;
		default:
			return unreachable(cell);
	}
}

/** The reason that an edit bears which settles a conflict. */
const REASON = 'Conflict settled';

/** The edit that puts a value into a cell, or null where there is no such edit. It is judged like any other. */
export function editOf(name: string, value: CellValue): Act | null {
	const cell = parseCell(name);
	if (cell === null) return null;
	const text = typeof value === 'string' ? value : null;
	switch (cell.kind) {
		case 'finding':
			if (text === null) return null;
			return cell.field === 'state'
				? { type: 'finding.state_changed', findingId: cell.findingId, state: text as 'draft', reason: REASON }
				: { type: 'finding.edited', findingId: cell.findingId, field: cell.field, value: text };
		case 'evidence':
			if (value === null) return { type: 'evidence.unlinked', findingId: cell.findingId, linkId: cell.linkId };
			return typeof value === 'object' && 'kind' in value
				? { type: 'evidence.linked', findingId: cell.findingId, linkId: cell.linkId, link: value }
				: null;
		case 'exception':
			return judgingOf(cell.key, value);
		case 'parameter':
			if (typeof value === 'boolean' || (typeof value === 'object' && value !== null)) return null;
			return { type: 'parameter.changed', test: cell.test, name: cell.name, value, reason: REASON };
		case 'setting':
			return text === null ? null : { type: 'setting.changed', key: cell.key, value: text, reason: REASON };
		case 'engagement':
			if (text === null && (value !== null || cell.field !== 'deadline')) return null;
			return { type: 'engagement.edited', field: cell.field, value: text ?? '' };
		case 'role':
			return text === null ? null : { type: 'member.role_changed', memberId: cell.memberId, role: text as 'partner' };
		case 'membership':
			return value === false ? { type: 'member.removed', memberId: cell.memberId, reason: REASON } : null;
		case 'view':
			if (value === null) return { type: 'view.deleted', viewId: cell.viewId };
			return typeof value === 'object' && 'screen' in value ? { type: 'view.saved', viewId: cell.viewId, ...value } : null;
		case 'trusted_key':
			if (value === null) return { type: 'trusted_key.removed', vkey: cell.vkey, reason: REASON };
			return text === null ? null : { type: 'trusted_key.added', vkey: cell.vkey, origin: text };
		case 'note':
			return value === true ? { type: 'note.cleared', noteId: cell.noteId } : null;
		default:
			return unreachable(cell);
	}
}

function judgingOf(key: string, value: CellValue): Act | null {
	const keys = [key];
	const empty = { verdict: 'new' as TriageVerdict, cause: null, note: '', duplicateOf: null };
	if (value === null) return { type: 'exception.judged', keys, ...empty, predicate: null };
	return typeof value === 'object' && 'verdict' in value ? { type: 'exception.judged', keys, ...value, predicate: null } : null;
}
