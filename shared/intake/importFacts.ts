/** What an import established, as the facts that results are written from. */
import type { CheckpointFact, EvidenceFacts, IpeTable, KeyTrust, TableIntegrity } from '#audit';
import { compareDeclared, type JudgedCheckpoint, type Manifest, type SealedVerification } from '#evidence';
import { toBase64 } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { totalOf } from './controlTotals.ts';
import type { ImportedDocuments } from './importDocuments.ts';
import type { PlannedFile } from './importPlan.ts';
import type { ImportedFile, ImportedTable } from './importTable.ts';

/** Every file under data/ against its declaration, in the manifest's order; the documents last, where they differ. */
export function compareFiles(
	plan: readonly PlannedFile[],
	found: ReadonlyMap<string, ImportedFile>,
	population: Population,
	manifest: Manifest,
	documents: ImportedDocuments,
): IpeTable[] {
	return [...plan.map((file) => compareFile(file, found.get(file.path), population)), ...compareDocuments(manifest, documents)];
}

function compareFile({ name, table, declared }: PlannedFile, found: ImportedFile | undefined, population: Population): IpeTable {
	if (!declared) return { table: name, verdict: 'not_declared', differences: [] };
	if (!found) return { table: name, verdict: 'missing', differences: [] };
	const columns = table ? population.table(table) : null;
	return compareDeclared(declared, {
		sha256: found.sha256,
		bytes: found.bytes,
		lines: found.lines,
		quarantined: columns?.quarantine.length ?? 0,
		total: (column) => (columns ? totalOf(columns, column) : { kind: 'unread' }),
	});
}

/** Documents are declared by count and bytes; listed only where that is not what lies there. */
function compareDocuments({ documents: declared }: Manifest, found: ImportedDocuments): IpeTable[] {
	if (!declared) return found.count === 0 ? [] : [{ table: 'documents', verdict: 'not_declared', differences: [] }];
	const differences = [
		{ what: 'rows', declared: String(declared.count), found: String(found.count) } as const,
		{ what: 'bytes', declared: String(declared.bytes), found: String(found.bytes) } as const,
	].filter((one) => one.declared !== one.found);
	return differences.length === 0 ? [] : [{ table: 'documents', verdict: 'differs', differences }];
}

export function factsOf(
	manifest: Manifest,
	tables: readonly ImportedTable[],
	sealed: ReadonlyMap<TableName, { readonly verification: SealedVerification }>,
	ipe: readonly IpeTable[],
	documents: ImportedDocuments,
): EvidenceFacts {
	const integrity: Partial<Record<TableName, TableIntegrity>> = {};
	for (const [table, { verification }] of sealed)
		integrity[table] = { rows: verification.rows, verdict: verification.verdict, problems: verification.problems };
	const keyTrust: Partial<Record<TableName, KeyTrust>> = {};
	const checkpoints: Partial<Record<TableName, readonly CheckpointFact[]>> = {};
	for (const [table, { verification }] of sealed) {
		keyTrust[table] = verification.trust;
		checkpoints[table] = verification.checkpoints.map(checkpointFact);
	}
	const hashes: Partial<Record<TableName, { readonly rows: number; readonly sha256: string }>> = {};
	for (const { table, lines, sha256: hash } of tables) hashes[table] = { rows: lines, sha256: hash };
	return {
		integrity,
		keyTrust,
		checkpoints,
		ipe,
		documents: { present: documents.present, missing: documents.missing, altered: documents.altered },
		periodFrom: manifest.periodFrom,
		periodTo: manifest.periodTo,
		entityIds: manifest.entityIds,
		tables: hashes,
	};
}

function checkpointFact(judged: JudgedCheckpoint): CheckpointFact {
	if (judged.kind === 'unreadable') return { size: null, signature: 'invalid', root: null, stated: '' };
	const { checkpoint, signature, root, isOfThisLog } = judged;
	return { size: checkpoint.size, signature, root: isOfThisLog ? root : null, stated: toBase64(checkpoint.root) };
}
