/** Packs in the work papers: begun once signed, made once the written file was read back and checked. */
import { ok, type Result } from '#kernel';
import type { Act } from './acts.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Workbook } from './workbook.ts';

type PackAct = Extract<Act, { type: 'pack.begun' | 'pack.made' }>;

/** Packs that were signed and never put on record as checked: a signed file of each may exist. In order of signing. */
export const openPacks = ({ packs, packsBegun }: Workbook): Workbook['packsBegun'] =>
	packsBegun.filter(({ sha256 }) => !packs.some((made) => made.sha256 === sha256));

/** Logs of earlier versions have packs that were never begun; what was begun is completed by its own bytes only. */
export function decidePack({ packs, packsBegun }: Workbook, act: PackAct): Result<Act, Refusal> {
	if (packs.some(({ packId }) => packId === act.packId)) return refuse('exists', 'This pack is recorded already.');
	const begun = packsBegun.filter(({ packId }) => packId === act.packId);
	const isKnown = begun.some(({ sha256 }) => sha256 === act.sha256);
	if (act.type === 'pack.begun') return isKnown ? refuse('exists', 'This pack is begun already.') : ok(act);
	return begun.length === 0 || isKnown
		? ok(act)
		: refuse('invalid', 'The file has other bytes than those that were signed for this pack. Make the pack anew.');
}
