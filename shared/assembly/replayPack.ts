/** Re-runs a pack's tests on the data it carries, and compares the hash of every result. */
import {
	type AuditResult,
	type AuditTest,
	CATALOGUE,
	checkOverrides,
	type DocumentFacts,
	type GivenOverrides,
	type TestResult,
} from '#audit';
import { isLogHead, type LogHead, parseVerifierKey } from '#evidence';
import { type AuditOptions, auditDrop, type IntakePorts } from '#intake';
import { canonicalize } from '#kernel';
import { type CheckFinding, type Fields, type Files, finding, isFields, type PackManifest, parseObject, RESULT_NAME } from '#pack';
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

/** What is read of a stated result; everything else of it is only compared. */
interface Stated {
	readonly tests: readonly Pick<TestResult, 'test' | 'version' | 'result_sha256'>[];
	readonly parameters: GivenOverrides;
	readonly documents: DocumentFacts;
	readonly whole: Fields;
}

/** Only files that the pack's own manifest vouches for are given. */
export async function replayPack(
	files: Files,
	manifest: PackManifest,
	ports: IntakePorts,
	options: Pick<AuditOptions, 'signal' | 'onProgress'> = {},
): Promise<ReplayAnswer> {
	const stated = readStated(files.get(RESULT_NAME));
	const source = embeddedDrop(files, manifest);
	if (!stated || !source) return notPossible('the pack has no readable result or no drop');
	if (!manifest.files.some(({ path }) => path.startsWith('drop/data/')))
		return notPossible('the pack carries the lines it cites, and not its whole tables');
	const tests = stated.tests.flatMap((result): AuditTest[] =>
		CATALOGUE.filter((test) => test.id === result.test && test.version === result.version),
	);
	const other = stated.tests.find((result) => !tests.some((test) => test.id === result.test));
	if (other) return notPossible(`this program does not run ${other.test} version ${other.version}, which the pack has results of`);
	const overrides = checkOverrides(stated.parameters, CATALOGUE);
	if (!overrides.ok) return notPossible(overrides.error.detail);
	const audited = await auditDrop(source, ports, {
		...options,
		tests,
		overrides: overrides.value,
		trustedKeys: statedKeys(manifest),
		previousHeads: statedHeads(manifest),
		documents: stated.documents,
	});
	return audited.ok ? compare(stated, audited.value.result) : notPossible(audited.error.message);
}

const notPossible = (detail: string): ReplayAnswer => ({ replay: null, codes: [finding('replay_not_possible', detail)] });

function compare(stated: Stated, found: AuditResult): ReplayAnswer {
	const hashes = new Map(found.tests.map(({ test, result_sha256: hash }) => [test, hash]));
	const different = stated.tests
		.filter(({ test, result_sha256: hash }) => hashes.get(test) !== hash)
		.map(({ test, result_sha256: hash }) => ({ test, stated: hash, found: hashes.get(test) ?? '' }));
	const codes = different.map(({ test, stated: was, found: is }) =>
		finding('replay_mismatch', `${test}: the pack states ${was}, the data give ${is}`),
	);
	return {
		replay: { tests: stated.tests.length, matching: stated.tests.length - different.length, different },
		codes: [...codes, ...verificationMismatches(stated.whole, found)],
	};
}

/** The verification is repeated with the tests: what the pack states of logs, tables and lines set aside must come out again. */
function verificationMismatches(stated: Fields, found: AuditResult): CheckFinding[] {
	// Documents travel only in part, so that what was found of them as a whole can't be found again.
	const ipeOf = (ipe: unknown): unknown => (Array.isArray(ipe) ? ipe.filter((one) => !isFields(one) || one['table'] !== 'documents') : ipe);
	const parts = [
		['integrity', stated['integrity'], found.integrity],
		['ipe', ipeOf(stated['ipe']), ipeOf(found.ipe)],
		['quarantine', stated['quarantine'], found.quarantine],
		['drop', stated['drop'], found.drop],
	] as const;
	return parts
		.filter(([, was, is]) => jcs(was) !== jcs(is))
		.map(([part]) => finding('replay_mismatch', `${part}: the data give another answer than the pack states`));
}

function jcs(value: unknown): string | null {
	try {
		return canonicalize(value);
	} catch {
		return null;
	}
}

/** A result of any bytes: null unless everything that a replay reads of it is of its kind. */
function readStated(bytes: Uint8Array | undefined): Stated | null {
	const whole = parseObject(bytes ?? new Uint8Array());
	if (whole?.['format'] !== 'tieout-result/1' || !Array.isArray(whole['tests']) || !whole['tests'].every(isFields)) return null;
	const tests = whole['tests'] as readonly Fields[];
	const { present, missing, altered } = isFields(whole['documents']) ? whole['documents'] : {};
	const isReadable =
		tests.every(
			({ test, version, parameters, result_sha256: hash }) =>
				typeof test === 'string' && typeof version === 'number' && isFields(parameters) && typeof hash === 'string',
		) &&
		typeof present === 'number' &&
		[missing, altered].every((list) => Array.isArray(list) && list.every((one) => typeof one === 'string'));
	if (!isReadable) return null;
	return {
		tests: tests as unknown as Stated['tests'],
		parameters: Object.fromEntries(tests.map(({ test, parameters }) => [String(test), parameters as Fields])),
		documents: { present, missing, altered } as DocumentFacts,
		whole,
	};
}

const SEEN_HEADS_MAX = 16;

/** The log key the pack was made with: needed for equal verdicts, not for trust, which `check --key` judges. */
function statedKeys(manifest: PackManifest) {
	const drop = manifest['drop'];
	const text = isFields(drop) ? drop['log_key'] : null;
	const key = typeof text === 'string' ? parseVerifierKey(text) : null;
	return key?.ok ? [key.value] : [];
}

/** The heads seen outside the drop that the pack's verdicts rest on: for equal verdicts too. Bounded by what a drop has of logs. */
function statedHeads(manifest: PackManifest): readonly LogHead[] {
	const drop = manifest['drop'];
	const heads = isFields(drop) ? drop['seen_heads'] : null;
	return Array.isArray(heads) ? heads.filter(isLogHead).slice(0, SEEN_HEADS_MAX) : [];
}
