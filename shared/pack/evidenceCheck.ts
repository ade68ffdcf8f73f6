/** Checks the evidence embedded in a pack against itself and against a log key from outside. It believes nothing the pack says about it. */
import { resultSha256, type TestResult } from '#audit';
import { parseVerifierKey, type VerifierKey } from '#evidence';
import { sha256Hex } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import type { EvidenceAnswer } from './checkEvidence.ts';
import { DROP_MANIFEST_NAME, LINES_INDEX_NAME, RESULT_NAME } from './evidenceFiles.ts';
import { citedLines, linesNotInTables, missingLines, withheldLines } from './evidenceLines.ts';
import { checkProofs } from './evidenceProofs.ts';
import { type Fields, type Files, isFields, listOf, parseObject } from './evidenceRead.ts';
import { checkHeads } from './headsCheck.ts';
import type { PackManifest } from './packManifest.ts';

/**
 * @param files the embedded files that are what the pack's manifest says, by attachment name
 * @param trustedKeys log keys from outside the pack; with none, the log's trust is not judged and only agreement is checked
 */
export function checkPackEvidence(files: Files, manifest: PackManifest, trustedKeys: readonly VerifierKey[]): EvidenceAnswer {
	const codes: CheckFinding[] = [];
	const result = readJson(files, RESULT_NAME, codes);
	const index = readJson(files, LINES_INDEX_NAME, codes);
	const dropManifest = readJson(files, DROP_MANIFEST_NAME, codes);
	if (!result || !index || !dropManifest) return { codes, checked: 0, failed: 0, logTrust: 'not_judged' };
	const paths = new Map(manifest.files.map(({ name, path }) => [name, path]));
	codes.push(...resultProblems(result, manifest, files), ...documentProblems(files, paths, result));
	const lines = citedLines(files, index, codes);
	const whole = wholeTables(files, paths, dropManifest, result, codes);
	codes.push(...missingLines(result, lines, withheldLines(files)), ...linesNotInTables(lines, whole));
	const keys = { trusted: trustedKeys, claimed: claimedKey(dropManifest) };
	const proofs = checkProofs(files, (name) => CHECKPOINT_PATH.exec(paths.get(name) ?? '')?.[1] ?? null, result, lines, keys, codes);
	const log = typeof dropManifest['log'] === 'string' ? dropManifest['log'] : null;
	const heads = checkHeads(files, log, lines, keys, codes);
	const logTrust = heads.isTrusted ? proofs.logTrust : 'untrusted';
	return { codes, ...proofs, logTrust, ...(heads.answer ? { orderHeads: heads.answer } : {}) };
}

const CHECKPOINT_PATH = /^drop\/checkpoints\/([a-z_]+)\//;
const DOCUMENT_PATH = /^drop\/documents\/(.*)$/s;

function readJson(files: Files, name: string, codes: CheckFinding[]): Fields | null {
	const bytes = files.get(name);
	if (!bytes) {
		codes.push(finding('evidence_missing', name));
		return null;
	}
	const value = parseObject(bytes);
	if (!value) codes.push(finding('evidence_unreadable', `${name} is no JSON object`));
	return value;
}

/** Each test stands once and under the hash of its own result, and all of it speaks of the drop whose manifest is embedded. */
function resultProblems(result: Fields, manifest: PackManifest, files: Files): CheckFinding[] {
	const problems: CheckFinding[] = [];
	const embedded = sha256Hex(files.get(DROP_MANIFEST_NAME) ?? new Uint8Array());
	for (const [name, drop] of [
		[RESULT_NAME, result['drop']],
		['manifest.json', manifest['drop']],
	] as const) {
		if (isFields(drop) && drop['manifest_sha256'] === embedded) continue;
		problems.push(finding('result_mismatch', `${name} speaks of another manifest than the embedded one, whose SHA-256 is ${embedded}`));
	}
	const seen = new Set<string>();
	for (const test of Array.isArray(result['tests']) ? result['tests'] : []) {
		const id = isFields(test) ? String(test['test']) : '?';
		if (seen.has(id)) problems.push(finding('result_mismatch', `test ${id} stands twice`));
		seen.add(id);
		if (isFields(test) && hashOf(test) === test['result_sha256']) continue;
		problems.push(finding('result_mismatch', `test ${id}: its hash is not that of its result`));
	}
	return problems;
}

function hashOf(test: Fields): string | null {
	const { result_sha256: _, ...body } = test;
	try {
		return resultSha256(body as unknown as Omit<TestResult, 'result_sha256'>);
	} catch {
		return null;
	}
}

/** A document lies under the hash of its bytes, and the results do not call it missing. */
function documentProblems(files: Files, paths: ReadonlyMap<string, string>, result: Fields): CheckFinding[] {
	const { missing } = isFields(result['documents']) ? result['documents'] : {};
	const stated = new Set(Array.isArray(missing) ? missing : []);
	return [...files].flatMap(([name, bytes]) => {
		const hash = DOCUMENT_PATH.exec(paths.get(name) ?? '')?.[1];
		if (hash === undefined) return [];
		if (sha256Hex(bytes) !== hash) return [finding('result_mismatch', `${name} is not the document of the hash ${hash}`)];
		return stated.has(hash) ? [finding('result_mismatch', `${name} is in the pack, and the results call it missing`)] : [];
	});
}

/** Tables the pack carries whole, each as the drop's manifest declares it, or the results say that it is not. */
function wholeTables(
	files: Files,
	paths: ReadonlyMap<string, string>,
	dropManifest: Fields,
	result: Fields,
	codes: CheckFinding[],
): Map<string, Uint8Array> {
	const byPath = new Map([...files].map(([name, bytes]) => [paths.get(name) ?? '', bytes]));
	const differing = new Set(listOf(result['ipe']).flatMap(({ table, verdict }) => (verdict === 'as_declared' ? [] : [table])));
	const tables = new Map<string, Uint8Array>();
	for (const [path, bytes] of byPath) {
		const [, table] = /^drop\/data\/([a-z_]+)\.ndjson$/.exec(path) ?? [];
		if (table !== undefined) tables.set(table, bytes);
	}
	for (const { table, file, sha256 } of listOf(dropManifest['tables'])) {
		const bytes = byPath.get(`drop/${String(file)}`);
		if (!bytes) continue;
		tables.set(String(table), bytes);
		if (sha256Hex(bytes) !== sha256 && !differing.has(table))
			codes.push(finding('result_mismatch', `${String(file)} is not what the drop declares, and the results do not say so`));
	}
	return tables;
}

function claimedKey(manifest: Fields): VerifierKey | null {
	const parsed = parseVerifierKey(typeof manifest['log_key'] === 'string' ? manifest['log_key'] : '');
	return parsed.ok ? parsed.value : null;
}
