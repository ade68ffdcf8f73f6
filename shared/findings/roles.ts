/** Who may do what. Enforced by `decide` in the vault; screens ask the same table to say why a button is off. */
import type { ActType, Role } from './acts.ts';

const EVERY_WRITER: readonly ActType[] = [
	'note.answered',
	'signoff.withdrawn',
	'view.saved',
	'view.deleted',
	'evidence.exported',
	// What a conflict is settled with is judged like the edit that it is.
	'conflict.settled',
	'refusal.dismissed',
	'act.undone',
	'act.redone',
];

const WRITES_FINDINGS: readonly ActType[] = [
	'finding.created',
	'finding.edited',
	'finding.state_changed',
	'evidence.linked',
	'evidence.unlinked',
	'signoff.given',
	'pack.begun',
	'pack.made',
];

const MAY: Readonly<Record<Role, ReadonlySet<ActType> | 'everything'>> = {
	partner: 'everything',
	preparer: new Set([
		...EVERY_WRITER,
		...WRITES_FINDINGS,
		'population.imported',
		'trusted_key.added',
		'trusted_key.removed',
		'parameter.changed',
		'run.recorded',
		'exception.judged',
	]),
	reviewer: new Set([...EVERY_WRITER, 'note.raised', 'note.cleared', 'signoff.given', 'finding.state_changed', 'pack.begun', 'pack.made']),
	compliance: new Set([...EVERY_WRITER, ...WRITES_FINDINGS, 'note.raised']),
	readonly: new Set<ActType>(),
};

/** Whether a role may do such an act at all. What the act says (which state, which sign-off) is judged by `decide`. */
export function can(role: Role, type: ActType): boolean {
	const may = MAY[role];
	return may === 'everything' || may.has(type);
}

/** Which sign-offs a role may give. */
export function canSign(role: Role, as: 'prepared' | 'reviewed'): boolean {
	if (role === 'partner') return true;
	return as === 'prepared' ? role === 'preparer' || role === 'compliance' : role === 'reviewer';
}

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
	preparer: 'Preparer',
	reviewer: 'Reviewer',
	partner: 'Partner',
	compliance: 'Compliance',
	readonly: 'Read only',
};
