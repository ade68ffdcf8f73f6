/** What the checkpoints of a sealed table say about its lines as a whole: roots that differ, lines that are missing, histories that part. */
import { equalBytes, toBase64 } from '#kernel';
import type { ReadCheckpoint } from './judgeCheckpoint.ts';
import type { SealedLogReport } from './logKernelReport.ts';
import type { RestoredLines } from './restoredLines.ts';
import { countOf, type IntegrityProblem, shortHash } from './sealedVerdict.ts';

/** Which order a line belongs to and whether it is the order's last; null where that is not known. */
export interface LineOrders {
	orderIdOf(line: number): string | null;
	/** Lines in (after, upTo] that no later line of their order vouches for, in order; at most `limit`. */
	lastOfOrders(after: number, upTo: number, limit: number): readonly number[];
	/** Lines in (after, upTo] that are canonical but no sound records, such as an instant with a letter in it. */
	malformed(after: number, upTo: number): readonly number[];
}

const rootText = ({ checkpoint }: ReadCheckpoint): string => shortHash(toBase64(checkpoint.root));
const named = (one: ReadCheckpoint): string => `the checkpoint of ${countOf(one.checkpoint.size, 'line')} (${one.path})`;

/** Two validly signed checkpoints of one size with different roots. */
export function forkProblems(checkpoints: readonly ReadCheckpoint[]): IntegrityProblem[] {
	const bySize = new Map<number, ReadCheckpoint>();
	const problems: IntegrityProblem[] = [];
	for (const one of checkpoints) {
		const twin = bySize.get(one.checkpoint.size);
		bySize.set(one.checkpoint.size, twin ?? one);
		if (!twin || equalBytes(twin.checkpoint.root, one.checkpoint.root)) continue;
		problems.push({
			code: 'inconsistent',
			line: null,
			order_id: null,
			detail: `Two checkpoints of ${countOf(one.checkpoint.size, 'line')}, ${twin.path} and ${one.path}, are both validly signed by ${twin.key?.name ?? 'one key'} but have different roots (${rootText(twin)} and ${rootText(one)}): the log was shown in two histories.`,
		});
	}
	return problems;
}

/** Checkpoints of more lines than there are: one problem, said of the largest. */
export function truncationProblems(checkpoints: readonly ReadCheckpoint[], lines: number): IntegrityProblem[] {
	const beyond = checkpoints.filter(({ root }) => root === 'beyond_log');
	const largest = beyond.at(-1);
	if (!largest) return [];
	const others = beyond.length > 1 ? `, and ${countOf(beyond.length - 1, 'further checkpoint')} as well` : '';
	return [
		{
			code: 'beyond_log',
			line: lines + 1,
			order_id: null,
			detail: `The table ends after ${countOf(lines, 'line')}, but ${named(largest)} is signed${others}: ${countOf(largest.checkpoint.size - lines, 'line')} ${largest.checkpoint.size - lines === 1 ? 'is' : 'are'} missing.`,
		},
	];
}

/** The first checkpoint whose root the lines do not have, and how many lines before it have a signed root. */
export function firstBroken(checkpoints: readonly ReadCheckpoint[]): { readonly first: ReadCheckpoint | null; readonly good: number } {
	const first = checkpoints.find(({ root }) => root === 'differs') ?? null;
	const before = checkpoints.filter(({ root, checkpoint }) => root === 'matches' && (!first || checkpoint.size < first.checkpoint.size));
	return { first, good: before.at(-1)?.checkpoint.size ?? 0 };
}

/**
 * Roots that the lines do not have. The first one is the cause and names the lines as closely as the data allows; later ones follow from it.
 * @param checkpoints ascending by size
 * @param restored lines that `restoreLines` named
 * @param faultyLines lines that are faulty in themselves, whatever the roots say
 */
export function rootProblems(
	checkpoints: readonly ReadCheckpoint[],
	report: SealedLogReport,
	restored: RestoredLines | null,
	faultyLines: readonly number[],
	orders: LineOrders,
): IntegrityProblem[] {
	const { first, good } = firstBroken(checkpoints);
	if (!first) return [];
	const until = first.checkpoint.size;
	const confirming = checkpoints.find(({ root, checkpoint }) => root === 'matches' && checkpoint.size > until);
	const isWhole = faultyLines.length === 0 && checkpoints.every(({ root }) => root !== 'beyond_log');
	const place = confirming ? CONFIRMED : restored ? placeOfRestored(restored) : placeOfChange(until, good, faultyLines, isWhole, orders);
	const later = checkpoints.filter(({ root, checkpoint }) => root === 'differs' && checkpoint.size > until).length;
	const problems: IntegrityProblem[] = [
		{
			code: 'root_mismatch',
			line: place.line,
			order_id: place.line === null ? null : orders.orderIdOf(place.line),
			detail: `The first ${countOf(until, 'line')} do not have the root of ${named(first)}: expected ${rootText(first)}, found ${shortHash(toBase64(report.rootOf(until)))}; ${place.words}${later > 0 ? ` (${countOf(later, 'later checkpoint')} ${later === 1 ? 'differs' : 'differ'} as a consequence)` : ''}.`,
		},
	];
	if (confirming)
		problems.push({
			code: 'inconsistent',
			line: null,
			order_id: null,
			detail: `The lines agree with ${named(confirming)} but not with ${named(first)}, and both are signed: the two checkpoints can't be of one append-only log.`,
		});
	return problems;
}

interface Place {
	readonly line: number | null;
	readonly words: string;
}

const CONFIRMED: Place = { line: null, words: 'yet they have the root of a later one' };
const MAX_NAMED = 5;

/**
 * Where in (good, until] the change lies.
 * @param isWhole no line is missing and none is faulty in itself, so that at least one was changed without breaking a link
 */
function placeOfChange(until: number, good: number, faultyLines: readonly number[], isWhole: boolean, orders: LineOrders): Place {
	if (good + 1 === until) return { line: until, words: `line ${until} was changed` };
	const between = `between line ${good + 1} and line ${until}`;
	const malformed = orders.malformed(good, until);
	const [suspect] = [...faultyLines, ...malformed].filter((line) => line > good && line <= until).sort((a, b) => a - b);
	if (suspect !== undefined)
		return { line: suspect, words: `something ${between} was changed, beginning with line ${suspect}, which is faulty in itself` };
	const candidates = isWhole ? orders.lastOfOrders(good, until, MAX_NAMED + 1) : [];
	const [only] = candidates;
	if (candidates.length === 1 && only !== undefined)
		return {
			line: only,
			words: `the change lies ${between}: in line ${only}, the only one there that no later line of its order vouches for, unless links were recomputed`,
		};
	const some =
		candidates.length > 0 && candidates.length <= MAX_NAMED ? `in one of the lines ${listOf(candidates)}, which` : 'in lines which';
	return {
		line: null,
		words: `the change lies ${between}${isWhole ? `, ${some} no later line of their order vouches for, unless links were recomputed` : ''}`,
	};
}

function placeOfRestored(restored: RestoredLines): Place {
	const lines = [...new Set(restored.values())].sort((a, b) => a - b);
	const only = lines.length === 1 ? `line ${lines[0]} is the only one changed` : `lines ${listOf(lines)} are the only ones changed`;
	return { line: lines[0] ?? null, words: `with the hashes that later lines recorded, the signed root comes out, so ${only}` };
}

const listOf = (lines: readonly number[]): string => lines.slice(0, MAX_NAMED).join(', ') + (lines.length > MAX_NAMED ? ' …' : '');
