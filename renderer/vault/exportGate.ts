/**
 * The one gate for whatever leaves the vault as a file or by the clipboard: the role says who may take evidence out, and what was written is put
 * on record afterwards. What was cancelled or failed left nothing, and so it stands nowhere.
 */
import { can, NAME_MAX, ROLE_NAMES } from '#findings';
import { ok } from '#kernel';
import type { Answer, OpenEngagement } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface Leaving {
	/** "Order list as CSV: state is shipped" */
	readonly what: string;
	/** 0 where it is no list, such as a backup. */
	readonly rows: number;
	/** Of its content; null: of the file, as it is read back. */
	readonly sha256: string | null;
}

/** What was let out of an open engagement and is not known to be written. */
export interface ExportGate {
	put(exportId: string, leaving: Leaving): void;
	/** Once. */
	take(exportId: string): Leaving | null;
}

/** Exports that nobody told the end of are forgotten, the oldest first. */
const HELD_MAX = 100;

export function exportGate(): ExportGate {
	const held = new Map<string, Leaving>();
	return {
		put: (exportId, leaving) => {
			held.set(exportId, leaving);
			for (const oldest of held.keys()) {
				if (held.size <= HELD_MAX) return;
				held.delete(oldest);
			}
		},
		take: (exportId) => {
			const leaving = held.get(exportId) ?? null;
			held.delete(exportId);
			return leaving;
		},
	};
}

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
