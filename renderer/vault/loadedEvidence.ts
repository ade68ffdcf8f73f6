/** Evidence in memory: as it was just imported, as a snapshot gives it back after an unlock, or read anew from the stored bytes. */
import {
	type DropError,
	type DropSource,
	dropSnapshot,
	type ImportedDrop,
	type ImportProgress,
	type IntakePorts,
	importDrop,
	type LoadedDrop,
	restoreDrop,
} from '#intake';
import { err, ok } from '#kernel';
import type { Answer, JobControl, LoadedEvidence, VaultError } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { evidenceOf } from './onEngagement.ts';
import { areUnderPresentKeys, trustedKeysOf } from './presentKeys.ts';
import { guarded } from './vaultError.ts';

export const dropErrorAsVault = ({ code, message }: DropError): VaultError => ({
	code: code === 'cancelled' ? 'cancelled' : 'unreadable_file',
	message,
});

const PHASES: Readonly<Record<ImportProgress['phase'], string>> = {
	manifest: 'Reading the manifest',
	tables: 'Reading',
	documents: 'Hashing documents',
	verification: 'Verifying logs',
};

/**
 * Imports a drop under the keys the engagement trusts and the heads it has seen, telling the job how far it is. The heads of what was read
 * are seen from then on, even where the import goes no further.
 */
export async function readDrop(
	source: DropSource,
	ports: IntakePorts,
	engagement: VaultEngagement,
	job: JobControl,
): Promise<Answer<ImportedDrop>> {
	const imported = await importDrop(source, ports, {
		trustedKeys: trustedKeysOf(engagement.workbook()),
		previousHeads: await engagement.heads.load(),
		signal: job.signal,
		onProgress: ({ phase, table, bytesDone, bytesTotal }) =>
			job.progress(table === null ? PHASES[phase] : `${PHASES[phase]} ${table}`, bytesDone, bytesTotal, 'bytes'),
	});
	if (!imported.ok) return err(dropErrorAsVault(imported.error));
	await engagement.heads.remember(imported.value);
	return imported;
}

/** @param whole the drop with its logs' trees, where it is at hand */
export function loadedEvidence(
	importId: string,
	drop: LoadedDrop,
	source: DropSource,
	engagement: VaultEngagement,
	ports: IntakePorts,
	whole: ImportedDrop | null,
): LoadedEvidence {
	let held: Promise<Answer<ImportedDrop>> | null = whole ? Promise.resolve(ok(whole)) : null;
	return {
		importId,
		drop,
		source,
		withLogs: async (job) => {
			const before = await held;
			// What was read under keys that are others now says nothing of trust any more.
			if (before?.ok && !areUnderPresentKeys(before.value.evidence, engagement.workbook())) held = null;
			held ??= guarded(() => readDrop(source, ports, engagement, job));
			const answer = await held;
			// A cancelled or broken reading is no answer for the next one who asks.
			if (!answer.ok) held = null;
			return answer;
		},
	};
}

/** Of the engagement's imports that stand in the store, the one imported last. */
async function lastImport(engagement: VaultEngagement): Promise<string | null> {
	const standing = new Set((await engagement.store.imports()).map(({ importId }) => importId));
	return [...engagement.workbook().imports.keys()].reverse().find((importId) => standing.has(importId)) ?? null;
}

/** Brings the evidence of an engagement that was just unlocked into memory: from its snapshot, else from the stored bytes. */
export function loadStored(engagement: VaultEngagement, ports: IntakePorts, job: JobControl): Promise<Answer<void>> {
	return guarded(async () => {
		const importId = await lastImport(engagement);
		const stored = importId === null ? null : await engagement.store.storedDrop(importId);
		if (importId === null || stored === null) return ok(undefined);
		const { source } = stored;
		job.progress('Loading columns', 0, 0, '');
		const parts = await engagement.store.loadSnapshot(importId);
		const drop = parts ? restoreDrop([...parts].map(([name, bytes]) => ({ name, bytes }))) : null;
		if (drop) {
			await engagement.setEvidence(loadedEvidence(importId, drop, source, engagement, ports, null));
			return ok(undefined);
		}
		return reread(engagement, importId, source, ports, job);
	});
}

/** Reads and verifies the stored bytes anew under the keys trusted now, and keeps what that gives. */
export function verifyStored(engagement: VaultEngagement, ports: IntakePorts, job: JobControl): Promise<Answer<void>> {
	return guarded(async () => {
		const loaded = evidenceOf(engagement);
		return loaded.ok ? await reread(engagement, loaded.value.importId, loaded.value.source, ports, job) : loaded;
	});
}

async function reread(
	engagement: VaultEngagement,
	importId: string,
	source: DropSource,
	ports: IntakePorts,
	job: JobControl,
): Promise<Answer<void>> {
	const read = await readDrop(source, ports, engagement, job);
	if (!read.ok) return read;
	await engagement.store.saveSnapshot(importId, dropSnapshot(read.value));
	await engagement.setEvidence(loadedEvidence(importId, read.value, source, engagement, ports, read.value));
	return ok(undefined);
}
