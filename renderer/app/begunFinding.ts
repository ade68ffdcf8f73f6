/** Where a screen leads to once it has begun a finding. */
import { useNav } from '../state/nav.ts';
import type { Answer } from '../vault/contract.ts';
import { notify } from './notify.ts';

/** Opens the finding, or says why there is none. @param message what it was begun with */
export function openBegun(made: Answer<{ readonly findingId: string }>, message: string): void {
	if (!made.ok) notify({ tone: 'failed', message: made.error.message });
	else {
		notify({ tone: 'done', message, undo: 'finding.created' });
		useNav.getState().go('findings', { finding: made.value.findingId });
	}
}
