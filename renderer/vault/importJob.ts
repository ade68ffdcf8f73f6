/** The import of a drop into an engagement: stored while it is read, verified, snapshotted, and only then part of the work. */
import { parseVerifierKey } from '#evidence';
import type { Act } from '#findings';
import { type DropSource, dropSnapshot, type ImportedDrop, type IntakePorts } from '#intake';
import { formatInstant, type Json, ok } from '#kernel';
import type { Answer, JobControl } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { loadedEvidence, readDrop } from './loadedEvidence.ts';
import { doActs } from './onEngagement.ts';
import type { DropStaging } from './storeDrop.ts';
import { refuse } from './vaultError.ts';

/** A log key from outside the drop, and where it came from. */
export interface OfferedKey {
	readonly vkey: string;
	readonly origin: string;
}

export interface ImportOutcome {
	readonly importId: string;
	readonly rows: number;
	readonly quarantined: number;
	readonly differing: number;
	/** Documents that whoever gave the drop no longer has. */
	readonly lost: number;
}

/** Adds keys that the engagement does not trust yet. They are part of the log before the first line is read. */
export async function trustKeys(engagement: VaultEngagement, offered: readonly OfferedKey[]): Promise<Answer<void>> {
	const acts: Act[] = [];
	for (const { vkey, origin } of offered) {
		const text = vkey.trim();
		if (!parseVerifierKey(text).ok)
			return refuse(
				'invalid',
				`“${text.slice(0, 60)}” is no verifier key. It reads name+hash+key, as the company’s log operator published it.`,
			);
		if (!engagement.workbook().trustedKeys.has(text)) acts.push({ type: 'trusted_key.added', vkey: text, origin: origin.trim() });
	}
	if (acts.length === 0) return ok(undefined);
	return await doActs(engagement, ...acts);
}

/** A last word on a drop that has been read whole, before it counts, and what is kept beside it. */
export interface ImportGate {
	judge(drop: ImportedDrop): Answer<void>;
	meta(drop: ImportedDrop): Readonly<Record<string, Json>>;
	/** Where it may be broken off and gone on with later. */
	readonly staging: DropStaging | null;
	/** Whether an error that was thrown passes by itself, so that what was stored is of use. */
	isPassing(error: unknown): boolean;
}

const OPEN_GATE: ImportGate = { judge: () => ok(undefined), meta: () => ({}), staging: null, isPassing: () => false };

export async function runImport(
	engagement: VaultEngagement,
	incoming: DropSource,
	importId: string,
	ports: IntakePorts,
	job: JobControl,
	gate = OPEN_GATE,
): Promise<Answer<ImportOutcome>> {
	let bytes = 0;
	for (const path of incoming.paths) bytes += await incoming.size(path);
	const room = await engagement.store.roomFor(bytes - (gate.staging?.resumed?.written.raw ?? 0));
	if (!room.ok) return room;
	const storing = engagement.store.storeDrop(incoming, importId, gate.staging);
	let isKept = false;
	let isSetAside = false;
	try {
		const read = await readDrop(storing.source, ports, engagement, job);
		if (!read.ok) {
			isSetAside = gate.staging !== null && read.error.code === 'cancelled';
			return read;
		}
		const drop = read.value;
		const judged = gate.judge(drop);
		if (!judged.ok) return judged;
		job.progress('Storing the rest', 0, 0, '');
		await storing.commit({ ...gate.meta(drop), dropId: drop.manifest.dropId });
		job.progress('Keeping the columns', 0, 0, '');
		await engagement.store.saveSnapshot(importId, dropSnapshot(drop));
		const outcome = outcomeOf(importId, drop);
		const done = await engagement.act(importedAct(drop, outcome, bytes));
		if (!done.ok) return done;
		isKept = true;
		const stored = await engagement.store.storedDrop(importId);
		if (stored) await engagement.setEvidence(loadedEvidence(importId, drop, stored.source, engagement, ports, drop));
		return ok(outcome);
	} catch (error) {
		isSetAside = gate.staging !== null && gate.isPassing(error);
		throw error;
	} finally {
		if (isSetAside) await storing.setAside();
		else if (!isKept) await storing.rollback();
		await incoming.close();
	}
}

function outcomeOf(importId: string, { population, quarantine, evidence, documents }: ImportedDrop): ImportOutcome {
	let rows = 0;
	for (const table of population.tables()) rows += table.rows;
	let quarantined = 0;
	for (const lines of quarantine.values()) quarantined += lines.length;
	const differing = evidence.ipe.filter(({ verdict }) => verdict !== 'as_declared').length;
	return { importId, rows, quarantined, differing, lost: documents.lost.length };
}

const importedAct = ({ manifest, manifestSha256 }: ImportedDrop, outcome: ImportOutcome, bytes: number): Act => ({
	type: 'population.imported',
	importId: outcome.importId,
	dropId: manifest.dropId,
	manifestSha256,
	company: manifest.company,
	asOf: formatInstant(manifest.asOf),
	rows: outcome.rows,
	bytes,
	quarantined: outcome.quarantined,
	differing: outcome.differing,
});
