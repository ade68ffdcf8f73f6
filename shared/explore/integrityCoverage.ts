/** How many lines of a sealed table are vouched for, and by what. */
import type { CheckpointFact, IntegrityCode, IntegrityProblem } from '#audit';

/** Lines of a sealed table by what is known of them; they add up to `expected`. */
export interface IntegrityCoverage {
	/** The most of what lies there, what the manifest declares, and what the checkpoints are signed over. */
	readonly expected: number;
	/** Under a checkpoint of a trusted key whose root the lines have. */
	readonly verified: number;
	/** A problem names the line as changed. */
	readonly altered: number;
	/** Expected, and not there. */
	readonly missing: number;
	/** In another place of its order's count than it should be, or twice. */
	readonly outOfOrder: number;
	/** There, and nothing signed by a trusted key vouches for it. */
	readonly notVerifiable: number;
	/** Changes that the evidence proves and cannot place: the lines they lie in are among the not verifiable. */
	readonly unplaced: number;
}

const DISPLACED: readonly IntegrityCode[] = ['sequence_gap', 'duplicate'];
const CHANGED: readonly IntegrityCode[] = ['not_canonical', 'chain_break', 'root_mismatch'];

export function coverageOf(
	rows: number,
	declared: number | null,
	sealed: number,
	checkpoints: readonly CheckpointFact[],
	problems: readonly IntegrityProblem[],
): IntegrityCoverage {
	const altered = linesOf(problems, CHANGED, rows);
	const displaced = linesOf(problems, DISPLACED, rows);
	for (const line of altered) displaced.delete(line);
	const signed = checkpoints.filter(({ signature, root }) => root === 'beyond_log' && signature !== 'invalid').map(({ size }) => size ?? 0);
	// A log that this workstation has seen longer says so in a problem of its own, one line behind the last.
	const expected = Math.max(rows, declared ?? 0, ...signed);
	const isSound = (line: number): boolean => line <= sealed;
	const faulty = [...altered, ...displaced].filter(isSound).length;
	const verified = sealed - faulty;
	return {
		expected,
		verified,
		altered: altered.size,
		missing: expected - rows,
		outOfOrder: displaced.size,
		notVerifiable: rows - verified - altered.size - displaced.size,
		unplaced: problems.filter(({ code, line }) => code === 'root_mismatch' && line === null).length,
	};
}

function linesOf(problems: readonly IntegrityProblem[], codes: readonly IntegrityCode[], rows: number): Set<number> {
	const lines = new Set<number>();
	for (const { code, line } of problems) if (line !== null && line <= rows && codes.includes(code)) lines.add(line);
	return lines;
}
