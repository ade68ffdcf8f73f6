/** Checks the inclusion proofs of a pack and the checkpoints they rest on, under a key from outside where one is given. */
import { type Checkpoint, parseCheckpoint, type VerifierKey, verifyMultiproof, verifyNote } from '#evidence';
import { concatBytes, fromBase64, sha256 } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import type { EvidenceAnswer } from './checkEvidence.ts';
import { MULTIPROOF_FORMAT } from './evidenceFiles.ts';
import type { ShownLine, ShownLines } from './evidenceLines.ts';
import { type Fields, type Files, isFields, listOf, parseObject } from './evidenceRead.ts';

export interface LogKeys {
	readonly trusted: readonly VerifierKey[];
	/** The key the drop itself names: good for finding forgeries, never for trust. */
	readonly claimed: VerifierKey | null;
}

interface EmbeddedCheckpoint {
	readonly table: string;
	readonly checkpoint: Checkpoint;
	readonly signature: 'trusted' | 'claimed' | 'invalid' | 'unknown';
}

type Checkpoints = ReadonlyMap<string, EmbeddedCheckpoint>;

/**
 * Proofs must lead to checkpoints that are soundly signed, under the given key where one is given. A drop may hold checkpoints
 * that are not: a pack that says so is honest, one that does not is not.
 * @param tableOf the sealed table that an attachment is a checkpoint of, or null
 */
export function checkProofs(
	files: Files,
	tableOf: (name: string) => string | null,
	result: Fields,
	lines: ShownLines,
	keys: LogKeys,
	codes: CheckFinding[],
): Pick<EvidenceAnswer, 'checked' | 'failed' | 'logTrust'> {
	const checkpoints = readCheckpoints(files, tableOf, result, keys, codes);
	const reliedOn = new Set<EmbeddedCheckpoint>();
	const proved = new Map<string, Set<number>>();
	let checked = 0;
	let failed = 0;
	for (const [name, bytes] of files) {
		if (!/^proof__[a-z_]+\.json$/.test(name)) continue;
		const proof = parseObject(bytes);
		const checkpoint = checkpoints.get(String(proof?.['checkpoint']));
		if (checkpoint) reliedOn.add(checkpoint);
		const problem = proof ? proofProblem(proof, lines, checkpoint) : `${name} is no JSON object`;
		const numbers = Array.isArray(proof?.['lines']) ? (proof['lines'] as readonly number[]) : [];
		const count = Math.max(1, numbers.length);
		checked += count;
		if (problem === null) proved.set(String(proof?.['table']), new Set(numbers));
		else {
			failed += count;
			codes.push(finding('proof_invalid', `${name}: ${problem}`));
		}
	}
	if (failed === 0) codes.push(...unprovedLines(result, lines, [...checkpoints.values()], proved));
	return { checked, failed, logTrust: logTrustOf(keys, reliedOn.size > 0 ? [...reliedOn] : [...checkpoints.values()], codes) };
}

/**
 * Taking a proof away must not be cheaper than forging it: a line that a sound checkpoint covers needs its proof, unless the results
 * themselves say that the lines and the checkpoint disagree. And what they call verified needs a checkpoint.
 */
function unprovedLines(
	result: Fields,
	lines: ShownLines,
	checkpoints: readonly EmbeddedCheckpoint[],
	proved: ReadonlyMap<string, ReadonlySet<number>>,
): CheckFinding[] {
	const integrity = isFields(result['integrity']) ? result['integrity'] : {};
	return Object.entries(integrity).flatMap(([table, stated]) => {
		if (!isFields(stated)) return [finding('evidence_unreadable', `integrity of ${table}`)];
		const own = checkpoints.filter((one) => one.table === table && one.signature !== 'invalid');
		if (stated['verdict'] === 'verified' && own.length === 0)
			return [finding('evidence_missing', `${table} is called verified, and no checkpoint of it is in the pack`)];
		if (listOf(stated['problems']).some(({ code }) => code !== 'untrusted_key' && code !== 'sequence_gap' && code !== 'duplicate'))
			return [];
		const rank = own.some(({ signature }) => signature === 'trusted') ? 'trusted' : null;
		const covered = Math.max(
			0,
			...own.filter(({ signature }) => rank === null || signature === rank).map(({ checkpoint }) => checkpoint.size),
		);
		const unproved = [...(lines.get(table)?.keys() ?? [])].filter((line) => line <= covered && !proved.get(table)?.has(line));
		return unproved.length === 0 ? [] : [finding('evidence_missing', `proofs of ${unproved.length} cited lines of ${table}`)];
	});
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

function readCheckpoints(
	files: Files,
	tableOf: (name: string) => string | null,
	result: Fields,
	keys: LogKeys,
	codes: CheckFinding[],
): Checkpoints {
	const checkpoints = new Map<string, EmbeddedCheckpoint>();
	for (const [name, bytes] of files) {
		const table = tableOf(name);
		if (table === null) continue;
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
		if (parsed.ok) checkpoints.set(name, { table, checkpoint: parsed.value, signature });
	}
	return checkpoints;
}

/** Whose signature a checkpoint has: a trusted key's before a claimed one's. */
export function signatureOf({ note }: Checkpoint, { trusted, claimed }: LogKeys): EmbeddedCheckpoint['signature'] {
	const states = [...trusted, ...(claimed ? [claimed] : [])].map((key) => verifyNote(note, key));
	if (states.includes('invalid')) return 'invalid';
	return states.slice(0, trusted.length).includes('valid') ? 'trusted' : states.includes('valid') ? 'claimed' : 'unknown';
}

/** Whether the results themselves report such a problem of the table. */
function statesProblem(result: Fields, table: string, code: string): boolean {
	const integrity = result['integrity'];
	const own = isFields(integrity) ? integrity[table] : null;
	return isFields(own) && listOf(own['problems']).some((problem) => problem['code'] === code);
}

const LEAF_PREFIX = new Uint8Array([0]);

/** Why a multiproof does not lead from its lines to its checkpoint, or null. */
function proofProblem(proof: Fields, lines: ShownLines, embedded: EmbeddedCheckpoint | undefined): string | null {
	const { format, table, checkpoint: checkpointName, size, lines: numbers, proof: nodes } = proof;
	if (format !== MULTIPROOF_FORMAT || typeof table !== 'string' || !Array.isArray(numbers) || !Array.isArray(nodes))
		return `not of the format ${MULTIPROOF_FORMAT}`;
	if (!embedded) return `its checkpoint ${String(checkpointName)} is not in the pack`;
	if (embedded.signature === 'invalid') return `the signature of its checkpoint ${String(checkpointName)} does not verify`;
	const { checkpoint } = embedded;
	if (checkpoint.size !== size || embedded.table !== table || !checkpoint.origin.endsWith(`/${table}`))
		return `its checkpoint is of ${checkpoint.origin} with ${checkpoint.size} lines`;
	const shown = numbers.map((number) => lines.get(table)?.get(number as number));
	const path = nodes.map((node) => fromBase64(String(node)));
	if (shown.some((line) => !line) || path.some((node) => !node)) return 'it speaks of lines that are not in the pack';
	const leaves = shown.map((line) => sha256(concatBytes(LEAF_PREFIX, (line as ShownLine).bytes)));
	const indexes = numbers.map((number) => Number(number) - 1);
	const leads = verifyMultiproof(indexes, leaves, checkpoint.size, path as Uint8Array[], checkpoint.root);
	return leads ? null : `the ${numbers.length} lines do not lead to the root of ${String(checkpointName)}`;
}
