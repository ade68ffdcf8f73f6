/** Checks the evidence embedded in a pack against itself and against a log key from outside. It believes nothing the pack says about it. */
import { resultSha256, type TestResult } from '#audit';
import { type Checkpoint, parseCheckpoint, parseVerifierKey, type VerifierKey, verifyMultiproof, verifyNote } from '#evidence';
import { concatBytes, fromBase64, fromUtf8, sha256, sha256Hex } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import type { EvidenceAnswer } from './checkEvidence.ts';
import { DROP_MANIFEST_NAME, DROP_PREFIX, LINES_FORMAT, LINES_INDEX_NAME, MULTIPROOF_FORMAT, RESULT_NAME } from './evidenceFiles.ts';

type Files = ReadonlyMap<string, Uint8Array>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * @param trustedKeys log keys from outside the pack; with none, the log's trust is not judged and only agreement is checked
 */
export function checkPackEvidence(files: Files, trustedKeys: readonly VerifierKey[]): EvidenceAnswer {
	const codes: CheckFinding[] = [];
	const result = readJson(files, RESULT_NAME, codes);
	const index = readJson(files, LINES_INDEX_NAME, codes);
	const manifest = readJson(files, DROP_MANIFEST_NAME, codes);
	if (!result || !index || !manifest) return { codes, checked: 0, failed: 0, logTrust: 'not_judged' };
	codes.push(...resultProblems(result, files));
	const lines = citedLines(files, index, codes);
	codes.push(...uncitedRows(result, lines));
	const keys = { trusted: trustedKeys, claimed: claimedKey(manifest) };
	const proofs = checkProofs(files, result, lines, keys, codes);
	return { codes, ...proofs };
}

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

function parseObject(bytes: Uint8Array): Fields | null {
	try {
		const value: unknown = JSON.parse(fromUtf8(bytes) ?? '');
		return isFields(value) ? value : null;
	} catch {
		return null;
	}
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each test's hash must be that of its own result, and the result must speak of the drop whose manifest is embedded. */
function resultProblems(result: Fields, files: Files): CheckFinding[] {
	const problems: CheckFinding[] = [];
	const drop = result['drop'];
	const manifestSha256 = sha256Hex(files.get(DROP_MANIFEST_NAME) ?? new Uint8Array());
	if (!isFields(drop) || drop['manifest_sha256'] !== manifestSha256) {
		problems.push(
			finding('result_mismatch', `${RESULT_NAME} speaks of another manifest than the embedded one, whose SHA-256 is ${manifestSha256}`),
		);
	}
	const tests = Array.isArray(result['tests']) ? result['tests'] : [];
	for (const test of tests) {
		if (isFields(test) && hashOf(test) === test['result_sha256']) continue;
		problems.push(finding('result_mismatch', `test ${isFields(test) ? String(test['test']) : '?'}: its hash is not that of its result`));
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

interface ShownLine {
	readonly key: string;
	readonly sha256: string;
	readonly bytes: Uint8Array;
}

/** Cited lines by table and line number, each hashed anew. */
function citedLines(files: Files, index: Fields, codes: CheckFinding[]): Map<string, Map<number, ShownLine>> {
	const byTable = new Map<string, Map<number, ShownLine>>();
	const tables = index['tables'];
	if (index['format'] !== LINES_FORMAT || !isFields(tables)) {
		codes.push(finding('evidence_unreadable', `${LINES_INDEX_NAME} is not of the format ${LINES_FORMAT}`));
		return byTable;
	}
	for (const [table, entry] of Object.entries(tables)) {
		const listed = isFields(entry) && Array.isArray(entry['lines']) ? entry['lines'] : null;
		const bytes = isFields(entry) ? files.get(String(entry['file'])) : undefined;
		if (!listed || !bytes) {
			codes.push(finding('evidence_missing', `lines of ${table}`));
			continue;
		}
		byTable.set(table, matchLines(table, listed, splitLines(bytes), codes));
	}
	return byTable;
}

function matchLines(
	table: string,
	listed: readonly unknown[],
	stored: readonly Uint8Array[],
	codes: CheckFinding[],
): Map<number, ShownLine> {
	const lines = new Map<number, ShownLine>();
	if (listed.length !== stored.length)
		codes.push(finding('line_mismatch', `${table}: ${stored.length} lines stored, ${listed.length} listed`));
	listed.forEach((entry, i) => {
		const bytes = stored[i];
		if (!bytes || !isFields(entry)) return;
		const [line, key, declared] = [entry['line'], entry['key'], entry['sha256']];
		const found = sha256Hex(bytes);
		if (typeof line !== 'number' || found !== declared) {
			codes.push(finding('line_mismatch', `${table} line ${String(line)} (${String(key)}): expected ${String(declared)}, found ${found}`));
			return;
		}
		lines.set(line, { key: String(key), sha256: found, bytes });
	});
	return lines;
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	let from = 0;
	for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
		lines.push(bytes.subarray(from, at));
		from = at + 1;
	}
	return lines;
}

/** Every row an exception cites must be among the lines, under its hash. Withheld tables are listed by the pack and counted as missing. */
function uncitedRows(result: Fields, lines: ReadonlyMap<string, ReadonlyMap<number, ShownLine>>): CheckFinding[] {
	const hashes = new Map([...lines].map(([table, shown]) => [table, new Set([...shown.values()].map(({ sha256: hash }) => hash))]));
	const absent = new Map<string, number>();
	const cited = arrayOf(result['tests']).flatMap((test) => arrayOf(test['exceptions']).flatMap((exception) => arrayOf(exception['rows'])));
	for (const row of cited) {
		const table = String(row['table']);
		if (!hashes.get(table)?.has(String(row['sha256']))) absent.set(table, (absent.get(table) ?? 0) + 1);
	}
	return [...absent].map(([table, count]) => finding('evidence_missing', `${count} cited ${count === 1 ? 'line' : 'lines'} of ${table}`));
}

const arrayOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

function claimedKey(manifest: Fields): VerifierKey | null {
	const parsed = parseVerifierKey(typeof manifest['log_key'] === 'string' ? manifest['log_key'] : '');
	return parsed.ok ? parsed.value : null;
}

interface LogKeys {
	readonly trusted: readonly VerifierKey[];
	/** The key the drop itself names: good for finding forgeries, never for trust. */
	readonly claimed: VerifierKey | null;
}

interface EmbeddedCheckpoint {
	readonly checkpoint: Checkpoint;
	readonly signature: 'trusted' | 'claimed' | 'invalid' | 'unknown';
}

/**
 * Proofs must lead to checkpoints that are soundly signed, under the given key where one is given. A drop may hold checkpoints
 * that are not: a pack that says so is honest, one that does not is not.
 */
function checkProofs(
	files: Files,
	result: Fields,
	lines: ReadonlyMap<string, ReadonlyMap<number, ShownLine>>,
	keys: LogKeys,
	codes: CheckFinding[],
): Pick<EvidenceAnswer, 'checked' | 'failed' | 'logTrust'> {
	const checkpoints = readCheckpoints(files, result, keys, codes);
	const reliedOn = new Set<EmbeddedCheckpoint>();
	let checked = 0;
	let failed = 0;
	for (const [name, bytes] of files) {
		if (!/^proof__[a-z_]+\.json$/.test(name)) continue;
		const proof = parseObject(bytes);
		const checkpoint = checkpoints.get(String(proof?.['checkpoint']));
		if (checkpoint) reliedOn.add(checkpoint);
		const problem = proof ? proofProblem(proof, lines, checkpoint) : `${name} is no JSON object`;
		const count = Array.isArray(proof?.['lines']) ? proof['lines'].length : 1;
		checked += count;
		if (problem === null) continue;
		failed += count;
		codes.push(finding('proof_invalid', `${name}: ${problem}`));
	}
	return { checked, failed, logTrust: logTrustOf(keys, reliedOn.size > 0 ? [...reliedOn] : [...checkpoints.values()], codes) };
}

/** Judged over the checkpoints that proofs rest on; where there are none, over all. */
function logTrustOf(keys: LogKeys, checkpoints: readonly EmbeddedCheckpoint[], codes: CheckFinding[]): EvidenceAnswer['logTrust'] {
	if (keys.trusted.length === 0) return 'not_judged';
	const stranger = checkpoints.find(({ signature }) => signature !== 'trusted');
	if (checkpoints.length > 0 && !stranger) return 'trusted';
	codes.push(
		finding(
			'log_key_untrusted',
			stranger
				? `the checkpoint of ${stranger.checkpoint.size} lines of ${stranger.checkpoint.origin} is not signed with the given key`
				: 'the pack has no checkpoint',
		),
	);
	return 'untrusted';
}

function readCheckpoints(files: Files, result: Fields, keys: LogKeys, codes: CheckFinding[]): Map<string, EmbeddedCheckpoint> {
	const checkpoints = new Map<string, EmbeddedCheckpoint>();
	for (const [name, bytes] of files) {
		const [, table] = new RegExp(`^${DROP_PREFIX}checkpoints__([a-z_]+)__`).exec(name) ?? [];
		if (table === undefined) continue;
		const parsed = parseCheckpoint(bytes);
		const signature = parsed.ok ? signatureOf(parsed.value, keys) : 'invalid';
		if (signature === 'invalid' && !statesProblem(result, table, 'bad_signature')) {
			codes.push(
				finding(
					'checkpoint_invalid',
					`${name}: ${parsed.ok ? 'the signature does not verify' : parsed.error}, and the results do not say so`,
				),
			);
		}
		if (parsed.ok) checkpoints.set(name, { checkpoint: parsed.value, signature });
	}
	return checkpoints;
}

function signatureOf({ note }: Checkpoint, { trusted, claimed }: LogKeys): EmbeddedCheckpoint['signature'] {
	const states = [...trusted, ...(claimed ? [claimed] : [])].map((key) => verifyNote(note, key));
	if (states.includes('invalid')) return 'invalid';
	return states.slice(0, trusted.length).includes('valid') ? 'trusted' : states.includes('valid') ? 'claimed' : 'unknown';
}

/** Whether the results themselves report such a problem of the table. */
function statesProblem(result: Fields, table: string, code: string): boolean {
	const integrity = result['integrity'];
	const own = isFields(integrity) ? integrity[table] : null;
	return isFields(own) && arrayOf(own['problems']).some((problem) => problem['code'] === code);
}

const LEAF_PREFIX = new Uint8Array([0]);

/** Why a multiproof does not lead from its lines to its checkpoint, or null. */
function proofProblem(
	proof: Fields,
	lines: ReadonlyMap<string, ReadonlyMap<number, ShownLine>>,
	embedded: EmbeddedCheckpoint | undefined,
): string | null {
	const { format, table, checkpoint: checkpointName, size, lines: numbers, proof: nodes } = proof;
	if (format !== MULTIPROOF_FORMAT || typeof table !== 'string' || !Array.isArray(numbers) || !Array.isArray(nodes))
		return `not of the format ${MULTIPROOF_FORMAT}`;
	if (!embedded) return `its checkpoint ${String(checkpointName)} is not in the pack`;
	if (embedded.signature === 'invalid') return `the signature of its checkpoint ${String(checkpointName)} does not verify`;
	const { checkpoint } = embedded;
	if (checkpoint.size !== size || !checkpoint.origin.endsWith(`/${table}`))
		return `its checkpoint is of ${checkpoint.origin} with ${checkpoint.size} lines`;
	const shown = numbers.map((number) => lines.get(table)?.get(number as number));
	const path = nodes.map((node) => fromBase64(String(node)));
	if (shown.some((line) => !line) || path.some((node) => !node)) return 'it speaks of lines that are not in the pack';
	const leaves = shown.map((line) => sha256(concatBytes(LEAF_PREFIX, (line as ShownLine).bytes)));
	const indexes = numbers.map((number) => Number(number) - 1);
	const leads = verifyMultiproof(indexes, leaves, checkpoint.size, path as Uint8Array[], checkpoint.root);
	return leads ? null : `the ${numbers.length} lines do not lead to the root of ${String(checkpointName)}`;
}
