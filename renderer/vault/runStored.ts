/** Tests run over evidence as it is stored, and their results with the hashes of the lines they cite. */
import { type TestResult, type TestRun, writeTestResult } from '#audit';
import { type AuditOptions, type DropSource, hashCitedRows, type IntakePorts, type LoadedDrop, runTests } from '#intake';
import { err, ok } from '#kernel';
import type { Answer } from './contract.ts';
import { dropErrorAsVault } from './loadedEvidence.ts';

export async function runStored(
	drop: LoadedDrop,
	source: DropSource,
	ports: IntakePorts,
	options: AuditOptions,
): Promise<Answer<{ readonly runs: readonly TestRun[]; readonly results: readonly TestResult[] }>> {
	const runs = await runTests(drop, ports, options);
	if (!runs.ok) return err(dropErrorAsVault(runs.error));
	const digests = await hashCitedRows(source, drop, runs.value, options);
	if (!digests.ok) return err(dropErrorAsVault(digests.error));
	return ok({ runs: runs.value, results: runs.value.map((run) => writeTestResult(run, drop.population, drop.evidence, digests.value)) });
}
