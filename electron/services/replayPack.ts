/** Re-runs a pack's tests on the data it carries, and compares the hash of every result. */
import { type AuditResult, type AuditTest, CATALOGUE, type DocumentFacts, type Overrides, type TestResult } from '#audit';
import { parseVerifierKey } from '#evidence';
import { fromUtf8 } from '#kernel';
import { type CheckFinding, finding, type PackManifest, RESULT_NAME } from '#pack';
import { auditDrop } from './auditDrop.ts';
import { embeddedDrop } from './embeddedDrop.ts';

export interface ReplayReport {
	readonly tests: number;
	readonly matching: number;
	/** Tests whose result hash differs, with both hashes. */
	readonly different: readonly { readonly test: string; readonly stated: string; readonly found: string }[];
}

export interface ReplayAnswer {
	/** Null where the tests could not be re-run; the codes say why. */
	readonly replay: ReplayReport | null;
	readonly codes: readonly CheckFinding[];
}

/** Only files that the pack's own manifest vouches for are given. */
export async function replayPack(
	files: ReadonlyMap<string, Uint8Array>,
	manifest: PackManifest,
	onProgress?: (phase: string, done: number, total: number, unit: string) => void,
): Promise<ReplayAnswer> {
	const notPossible = (detail: string): ReplayAnswer => ({ replay: null, codes: [finding('replay_not_possible', detail)] });
	const stated = readResult(files.get(RESULT_NAME));
	const source = embeddedDrop(files, manifest);
	if (!stated || !source) return notPossible('the pack has no readable result or no drop');
	const tests = stated.tests.flatMap((result): AuditTest[] =>
		CATALOGUE.filter((test) => test.id === result.test && test.version === result.version),
	);
	const other = stated.tests.find((result) => !tests.some((test) => test.id === result.test));
	if (other) return notPossible(`this program does not run ${other.test} version ${other.version}, which the pack has results of`);
	const overrides: Overrides = Object.fromEntries(stated.tests.map(({ test, parameters }) => [test, parameters]));
	const audited = await auditDrop(source, {
		tests,
		overrides,
		trustedKeys: statedKeys(manifest),
		documents: documentFacts(stated),
		...(onProgress ? { onProgress } : {}),
	});
	if (!audited.ok) return notPossible(audited.error.message);
	return compare(stated.tests, audited.value.result.tests);
}

function compare(stated: readonly TestResult[], found: readonly TestResult[]): ReplayAnswer {
	const hashes = new Map(found.map(({ test, result_sha256: hash }) => [test, hash]));
	const different = stated
		.filter(({ test, result_sha256: hash }) => hashes.get(test) !== hash)
		.map(({ test, result_sha256: hash }) => ({ test, stated: hash, found: hashes.get(test) ?? '' }));
	return {
		replay: { tests: stated.length, matching: stated.length - different.length, different },
		codes: different.map(({ test, stated: was, found: is }) =>
			finding('replay_mismatch', `${test}: the pack states ${was}, the data give ${is}`),
		),
	};
}

function readResult(bytes: Uint8Array | undefined): AuditResult | null {
	try {
		const value = JSON.parse(fromUtf8(bytes ?? new Uint8Array()) ?? '') as Partial<AuditResult>;
		return value.format === 'tieout-result/1' && Array.isArray(value.tests) ? (value as AuditResult) : null;
	} catch {
		return null;
	}
}

/** Not every document travels with a pack, so what was found of them is taken as stated; those that do travel are hashed by the checker. */
const documentFacts = ({ documents }: AuditResult): DocumentFacts => documents;

/** The log key the pack was made with: needed for equal verdicts, not for trust, which `check --key` judges. */
function statedKeys(manifest: PackManifest) {
	const drop = manifest['drop'];
	const text = typeof drop === 'object' && drop !== null && 'log_key' in drop ? drop.log_key : null;
	const key = typeof text === 'string' ? parseVerifierKey(text) : null;
	return key?.ok ? [key.value] : [];
}
