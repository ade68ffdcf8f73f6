/**
 * The one gate for whatever leaves the vault as a file or by the clipboard: the role says who may take evidence out, and what was written is put
 * on record afterwards. What was cancelled or failed left nothing, and so it stands nowhere.
 */
import { can, NAME_MAX, ROLE_NAMES } from '#findings';
import { ok } from '#kernel';
import type { Answer, OpenEngagement } from './contract.ts';
import type { Leaving } from './exportGate.ts';
import { refuse } from './vaultError.ts';

/** Whether the open member may take evidence out at all: asked before anything is made. */
export function mayExport(engagement: OpenEngagement): Answer<void> {
	const { role } = engagement.member();
	if (can(role, 'evidence.exported')) return ok(undefined);
	return refuse('not_allowed', `The role ${ROLE_NAMES[role]} looks at evidence and takes none out. Ask another member for it.`);
}

/** Lets something out; answers the id by which it is put on record once it is written. */
export function letOut(engagement: OpenEngagement, exportId: string, leaving: Leaving): Answer<string> {
	const may = mayExport(engagement);
	if (!may.ok) return may;
	engagement.exports.put(exportId, { ...leaving, what: leaving.what.slice(0, NAME_MAX) });
	return ok(exportId);
}
