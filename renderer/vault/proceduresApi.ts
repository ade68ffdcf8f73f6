/** Audit tests for the window: the catalogue with what is known of each, running, results, comparison with the run before. */
import { type AuditResult, type AuditTest, CATALOGUE, checkOverrides, type ParameterValue, type TestResult } from '#audit';
import { can, exceptionKeys, type TestDigest } from '#findings';
import { type IntakePorts, resultOf } from '#intake';
import { ok } from '#kernel';
import type { Answer, JobControl, LoadedEvidence } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { overridesOf } from './examineGround.ts';
import { verifyStored } from './loadedEvidence.ts';
import { doActs, evidenceOf, onEngagement } from './onEngagement.ts';
import { areUnderPresentKeys, restsOnKeys } from './presentKeys.ts';
import { type CatalogueRow, catalogueRow, digestOf, digestsOf, merged, runsOf } from './proceduresCatalogue.ts';
import { differenceBetween, differencesAfter, type ExceptionDifference } from './runDifference.ts';
import { runStored } from './runStored.ts';
import { refuse } from './vaultError.ts';

export type { ExceptionDifference } from './runDifference.ts';

export interface TestDetail {
	readonly result: Omit<TestResult, 'exceptions'>;
	readonly exceptions: number;
}

export interface KeyedRow {
	readonly key: string;
	readonly exception: TestResult['exceptions'][number];
}

export interface RunComparison {
	readonly before: TestDigest | null;
	readonly now: TestDigest;
	readonly sameResult: boolean;
	/** Which exceptions came and went; null where only the digest of the run before is left, such as of an import that was taken away. */
	readonly exceptions: ExceptionDifference | null;
}

export function proceduresApi(context: CoreContext, ports: Promise<IntakePorts>) {
	return {
		/** The whole catalogue, in the order of its ids. */
		catalogue(): Promise<Answer<readonly CatalogueRow[]>> {
			return onEngagement(context, (engagement) => ok(CATALOGUE.map((test) => catalogueRow(test, engagement))));
		},

		/** Runs tests over every row, keeps their results, records the run. */
		run(ids: readonly string[] | 'all'): Promise<Answer<{ readonly runId: string; readonly tests: number; readonly exceptions: number }>> {
			return context.job(ids === 'all' ? 'All audit tests' : `Audit tests ${ids.join(', ')}`, (job) =>
				onEngagement(context, (engagement) => {
					if (!engagement.evidence())
						return refuse('no_evidence', 'No evidence is loaded, so there is nothing to test. Import a drop first.');
					const { role } = engagement.member();
					if (!can(role, 'run.recorded'))
						return refuse('not_allowed', `As ${role} you can’t run tests. Ask a preparer, a reviewer or a partner.`);
					const tests = ids === 'all' ? CATALOGUE : CATALOGUE.filter(({ id }) => ids.includes(id));
					if (tests.length === 0) return refuse('not_found', 'None of these tests is in the catalogue. Choose tests from the list.');
					return runUnderPresentKeys(engagement, tests, context.randomId(), ports, job);
				}),
			);
		},

		/** The last result of a test, without its exceptions; null where it was not run on this evidence. */
		result(id: string): Promise<Answer<TestDetail | null>> {
			return onEngagement(context, (engagement) => {
				const result = engagement.results()?.tests.find(({ test }) => test === id);
				if (!result) return ok(null);
				const { exceptions, ...rest } = result;
				return ok({ result: rest, exceptions: exceptions.length });
			});
		},

		/** Exceptions [from, to) of the last result of a test. */
		exceptions(id: string, from: number, to: number): Promise<Answer<readonly KeyedRow[]>> {
			return onEngagement(context, (engagement) => {
				const result = engagement.results()?.tests.find(({ test }) => test === id);
				const keys = result ? exceptionKeys(result) : [];
				return ok((result?.exceptions ?? []).slice(from, to).map((exception, at) => ({ key: keys[from + at] as string, exception })));
			});
		},

		/** What the last two recorded runs of a test say of each other. */
		compareWithLastRun(id: string): Promise<Answer<RunComparison | null>> {
			return onEngagement(context, (engagement) => {
				const [now, before] = digestsOf(engagement.workbook(), id);
				return ok(
					now
						? {
								now,
								before: before ?? null,
								sameResult: before?.resultSha256 === now.resultSha256,
								exceptions: before ? differenceBetween(engagement.differences(), id, before.resultSha256, now.resultSha256) : null,
							}
						: null,
				);
			});
		},

		/** @param value null: back to the default */
		setParameter(test: string, name: string, value: ParameterValue | null, reason: string): Promise<Answer<void>> {
			return onEngagement(context, async (engagement) => {
				if (value !== null) {
					const checked = checkOverrides({ [test]: { [name]: value } }, CATALOGUE);
					if (!checked.ok) return refuse('invalid', `${checked.error.detail}.`);
				}
				return await doActs(engagement, { type: 'parameter.changed', test, name, value, reason });
			});
		},
	};
}

/** Where a test rests on keys that have become others, the stored bytes are verified under those of now first. */
async function runUnderPresentKeys(
	engagement: VaultEngagement,
	tests: readonly AuditTest[],
	runId: string,
	intake: Promise<IntakePorts>,
	job: JobControl,
): Promise<Answer<{ runId: string; tests: number; exceptions: number }>> {
	const ports = await intake;
	const before = engagement.evidence();
	const isStale = before !== null && !areUnderPresentKeys(before.drop.evidence, engagement.workbook());
	if (isStale && tests.some((test) => restsOnKeys(test, before))) {
		const verified = await verifyStored(engagement, ports, job);
		if (!verified.ok) return verified;
	}
	const loaded = evidenceOf(engagement);
	return loaded.ok ? runAndKeep(engagement, loaded.value, tests, runId, ports, job) : loaded;
}

async function runAndKeep(
	engagement: VaultEngagement,
	loaded: LoadedEvidence,
	tests: readonly AuditTest[],
	runId: string,
	ports: IntakePorts,
	job: JobControl,
): Promise<Answer<{ runId: string; tests: number; exceptions: number }>> {
	const { drop, source, importId } = loaded;
	const options = {
		tests,
		overrides: overridesOf(engagement.workbook()),
		signal: job.signal,
		onProgress: (phase: string, done: number, total: number, unit: string) => job.progress(phase, done, total, unit),
	};
	const ran = await runStored(drop, source, ports, options);
	if (!ran.ok) return ran;
	const fresh = ran.value.results;
	if (engagement.evidence() !== loaded) return refuse('conflict', 'Other evidence was loaded while the tests ran. Run them again.');
	const last = await lastResults(engagement, fresh);
	const { keySet } = drop.evidence;
	const tested = { runId, importId, tests: fresh.map(digestOf) };
	const recorded = await engagement.act({ type: 'run.recorded', ...tested, ...(keySet === undefined ? {} : { keySet }) });
	if (!recorded.ok) return recorded;
	const kept = await engagement.saveResults(
		resultOf(drop, merged(engagement.results(), fresh)),
		differencesAfter(engagement.differences(), last, fresh),
	);
	if (!kept.ok) return kept;
	return ok({ runId, tests: fresh.length, exceptions: fresh.reduce((sum, { exceptions }) => sum + exceptions.length, 0) });
}

/** What the run before said of each test: kept with the evidence of now, or with the import that it ran on. */
async function lastResults(engagement: VaultEngagement, fresh: readonly TestResult[]): Promise<ReadonlyMap<string, TestResult>> {
	const found = new Map<string, TestResult>();
	const stored = new Map<string, AuditResult | null>([[engagement.evidence()?.importId ?? '', engagement.results()]]);
	for (const { test } of fresh) {
		const [last] = runsOf(engagement.workbook(), test);
		if (!last) continue;
		const [digest, { importId }] = last;
		// What does not open is not compared with: the digest stays on record.
		if (!stored.has(importId)) stored.set(importId, (await engagement.store.loadResults(importId).catch(() => null))?.result ?? null);
		const result = stored.get(importId)?.tests.find((one) => one.test === test && one.result_sha256 === digest.resultSha256);
		if (result) found.set(test, result);
	}
	return found;
}
