/** The catalogue of audit tests for the window: each with what is known of it from runs. */
import { type AuditResult, type AuditTest, CATALOGUE, type ParameterSpec, type ParameterValue, type TestResult } from '#audit';
import type { RecordedRun, Stamp, TestDigest, Workbook } from '#findings';
import type { LoadedEvidence } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { presentKeySet, restsOnKeys } from './presentKeys.ts';

export interface CatalogueParameter extends ParameterSpec {
	/** What the next run uses. */
	readonly value: ParameterValue;
	readonly changed: { readonly reason: string; readonly stamp: Stamp } | null;
}

export interface CatalogueRow extends Pick<AuditTest, 'id' | 'version' | 'title' | 'severity' | 'why' | 'rule' | 'source' | 'needs'> {
	/** Needed tables and columns that the loaded evidence does not have. */
	readonly lacking: readonly string[];
	readonly isInThisVersion: boolean;
	readonly parameters: readonly CatalogueParameter[];
	readonly last: (TestDigest & { readonly at: string; readonly memberId: string }) | null;
	/** The last run was on other evidence, with other parameters, under other trusted keys, or an older version of the rule. */
	readonly isStale: boolean;
	/** The result differs from that of the run before. */
	readonly hasChanged: boolean;
}

/** Results of before with the new ones in their places, in the order of the catalogue. */
export function merged(before: AuditResult | null, fresh: readonly TestResult[]): TestResult[] {
	const byId = new Map([...(before?.tests ?? []), ...fresh].map((result) => [result.test, result]));
	return CATALOGUE.flatMap(({ id }) => byId.get(id) ?? []);
}

export const digestOf = ({ test, version, verdict, why, population, exceptions, parameters, result_sha256 }: TestResult): TestDigest => ({
	test,
	version,
	verdict,
	why,
	rows: population.rows,
	exceptions: exceptions.length,
	parameters,
	resultSha256: result_sha256,
});

/** Runs that a test was part of, the last one first. */
export const runsOf = (workbook: Workbook, id: string): readonly (readonly [TestDigest, RecordedRun])[] =>
	[...workbook.runs].reverse().flatMap((run) => {
		const digest = run.tests.find(({ test }) => test === id);
		return digest ? [[digest, run] as const] : [];
	});

export const digestsOf = (workbook: Workbook, id: string): readonly TestDigest[] => runsOf(workbook, id).map(([digest]) => digest);

export function catalogueRow(test: AuditTest, engagement: VaultEngagement): CatalogueRow {
	const workbook = engagement.workbook();
	const loaded = engagement.evidence();
	const [last, before] = runsOf(workbook, test.id);
	const own = workbook.parameters.get(test.id);
	const parameters = test.parameters.map((spec): CatalogueParameter => {
		const changed = own?.get(spec.name);
		return { ...spec, value: changed?.value ?? spec.default, changed: changed ? { reason: changed.reason, stamp: changed.stamp } : null };
	});
	const isStale = last !== undefined && isOutdated(last, test, parameters, engagement);
	const { id, version, title, severity, why, rule, source, needs } = test;
	return {
		id,
		version,
		title,
		severity,
		why,
		rule,
		source,
		needs,
		lacking: loaded ? lackingIn(loaded, test) : [],
		isInThisVersion: version > 0,
		parameters,
		last: last ? { ...last[0], at: last[1].stamp.at, memberId: last[1].stamp.memberId } : null,
		isStale,
		hasChanged: last !== undefined && before !== undefined && last[0].resultSha256 !== before[0].resultSha256,
	};
}

function isOutdated(
	[digest, run]: readonly [TestDigest, RecordedRun],
	test: AuditTest,
	parameters: readonly CatalogueParameter[],
	engagement: VaultEngagement,
): boolean {
	const loaded = engagement.evidence();
	return (
		digest.version !== test.version ||
		(loaded !== null && run.importId !== loaded.importId) ||
		(restsOnKeys(test, loaded) && run.keySet !== presentKeySet(engagement.workbook())) ||
		parameters.some(({ name, value }) => digest.parameters[name] !== undefined && String(digest.parameters[name]) !== String(value))
	);
}

const lackingIn = ({ drop: { population } }: LoadedEvidence, { needs }: AuditTest): string[] =>
	needs.flatMap(({ table, columns }) =>
		population.has(table)
			? columns.filter((column) => !population.table(table).has(column)).map((column) => `column ${table}.${column}`)
			: [`table ${table}`],
	);
