/** Where a thing of the work papers is edited: the screen that a refused act or a conflict leads to. */
import { type Act, parseCell } from '#findings';
import type { ScreenId } from '../../app/screen.ts';

export interface Place {
	readonly screen: ScreenId;
	readonly params: Readonly<Record<string, string>>;
}

const at = (screen: ScreenId, params: Place['params'] = {}): Place => ({ screen, params });

/** Null where it is edited nowhere else. */
export function placeOfCell(cell: string): Place | null {
	const parsed = parseCell(cell);
	switch (parsed?.kind) {
		case 'finding':
		case 'evidence':
			return at('findings', { finding: parsed.findingId });
		case 'note':
			return at('findings');
		case 'exception':
			return at('exceptions');
		case 'parameter':
			return at('procedures', { test: parsed.test });
		case 'engagement':
		case 'role':
		case 'membership':
			return at('settings');
		case 'trusted_key':
			return at('data', { tab: 'keys' });
		default:
			return null;
	}
}

/** Null where the act is of no single place, such as an undo. */
export function placeOfAct(act: Act): Place | null {
	if ('findingId' in act) return at('findings', { finding: act.findingId });
	switch (act.type) {
		case 'exception.judged':
			return at('exceptions');
		case 'parameter.changed':
			return at('procedures', { test: act.test });
		case 'run.recorded':
			return at('procedures');
		case 'population.imported':
			return at('data');
		case 'trusted_key.added':
		case 'trusted_key.removed':
			return at('data', { tab: 'keys' });
		case 'engagement.edited':
		case 'member.added':
		case 'member.role_changed':
		case 'member.removed':
			return at('settings');
		case 'signoff.given':
		case 'note.raised':
			return act.target.kind === 'finding'
				? at('findings', { finding: act.target.id })
				: act.target.kind === 'procedure'
					? at('procedures', { test: act.target.id })
					: null;
		case 'note.answered':
		case 'note.cleared':
			return at('findings');
		case 'pack.begun':
		case 'pack.made':
			return at('packs');
		default:
			return null;
	}
}
