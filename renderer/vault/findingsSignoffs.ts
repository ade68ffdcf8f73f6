/** Sign-offs of a finding for the window: who signed what, and whether it stands. */
import {
	type Act,
	contentOf,
	contentSha256,
	decide,
	fieldWord,
	memberName,
	type SignoffState,
	signBlockers,
	signoffStatus,
	type Target,
} from '#findings';
import type { OpenEngagement } from './contract.ts';
import { keysBlockSigning } from './presentKeys.ts';

export interface SignoffSlot {
	readonly status: SignoffState['status'];
	readonly signoffId: string | null;
	readonly by: string;
	readonly at: string | null;
	readonly contentSha256: string | null;
	readonly withdrawnReason: string | null;
	/** Each field that is not as it was signed, before and now. */
	readonly changes: readonly { readonly field: string; readonly before: string; readonly now: string }[];
	/** What keeps this member from signing; empty: nothing. */
	readonly blockers: readonly string[];
	readonly withdrawBlocked: string | null;
}

export interface SignoffView {
	readonly target: Target;
	/** Of the content of now; null: nothing to sign. */
	readonly contentSha256: string | null;
	readonly prepared: SignoffSlot;
	readonly reviewed: SignoffSlot;
}

export function signoffView(engagement: OpenEngagement, target: Target): SignoffView {
	const workbook = engagement.workbook();
	const content = contentOf(workbook, target) ?? {};
	const status = signoffStatus(workbook, target);
	const byKeys = keysBlockSigning(engagement, target);
	const slot = (role: 'prepared' | 'reviewed'): SignoffSlot => {
		const { status: state, signoff, changed } = status[role];
		return {
			status: state,
			signoffId: signoff?.signoffId ?? null,
			by: signoff ? memberName(workbook, signoff.stamp.memberId) : '',
			at: signoff?.stamp.at ?? null,
			contentSha256: signoff?.contentSha256 ?? null,
			withdrawnReason: signoff?.withdrawn?.reason ?? null,
			changes: changed.map((name) => ({ field: fieldWord(name), before: plain(signoff?.content[name]), now: plain(content[name]) })),
			blockers: [
				...(byKeys === null ? [] : [byKeys]),
				...signBlockers(workbook, target, role, engagement.member()).map(({ message }) => message),
			],
			withdrawBlocked: signoff
				? refusalOf(engagement, { type: 'signoff.withdrawn', signoffId: signoff.signoffId, reason: 'reason' })
				: 'Nothing is signed.',
		};
	};
	return { target, contentSha256: contentSha256(workbook, target), prepared: slot('prepared'), reviewed: slot('reviewed') };
}

/** Why the open member can't do an act now; null: they can. */
export function refusalOf(engagement: OpenEngagement, act: Act): string | null {
	const decided = decide(engagement.workbook(), act, engagement.memberId, engagement.replica);
	return decided.ok ? null : decided.error.message;
}

/** A signed value as text to compare: lists line by line, evidence by its label. */
function plain(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (Array.isArray(value)) return value.map(plain).join('\n');
	if (typeof value !== 'object') return String(value);
	if ('label' in value && typeof value.label === 'string') return value.label;
	return Object.entries(value)
		.map(([name, inner]) => `${name}: ${plain(inner)}`)
		.join('\n');
}
