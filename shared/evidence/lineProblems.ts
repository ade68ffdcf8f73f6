/** Faults of a sealed table's lines as problems: one for each cause, at the line the evidence points to, in an auditor's words. */
import { unreachable } from '#kernel';
import type { LineFault, LineFaultCode, NotCanonicalWhy, SealedLogReport } from './logKernelReport.ts';
import type { RestoredLines } from './restoredLines.ts';
import { type IntegrityProblem, shortHash } from './sealedVerdict.ts';

/**
 * Turns faults into problems. What only follows from an unreadable or re-spelled line is folded under that line: its bytes changed,
 * so whoever names its hash no longer finds it, and if it can't be read, its number is missing as well.
 * @param proven lines 1 to this one have a root that a valid checkpoint signed, so none of them is the one that changed
 * @param restored lines known to have had a recorded hash: they are what changed, and the gaps behind them follow
 */
export function lineProblems(
	faults: readonly LineFault[],
	proven: number,
	restored: RestoredLines | null,
): (IntegrityProblem & { readonly line: number })[] {
	const followers = new Map<number, number[]>();
	for (const fault of faults) if (fault.code === 'not_canonical') followers.set(fault.line, []);
	const folded = new Set<number>();
	for (const fault of faults) {
		if (fault.code !== 'chain_break' || fault.suspectLine === fault.line) continue;
		const cause = followers.get(fault.suspectLine ?? 0);
		cause?.push(fault.line);
		if (cause) folded.add(fault.line);
	}
	const explained = new Set(faults.filter((fault) => restoredLine(fault, restored) !== null).map(({ line }) => line));
	const isConsequence = (fault: LineFault): boolean =>
		(fault.code === 'chain_break' && folded.has(fault.line)) ||
		(fault.why === 'seq_gap' && (folded.has(fault.line) || explained.has(fault.line)));
	return faults
		.filter((fault) => !isConsequence(fault))
		.map((fault) => ({
			code: fault.code,
			line: restoredLine(fault, restored) ?? accusedLine(fault, proven),
			order_id: fault.orderId,
			detail: `${sentence(fault)}${consequence(fault.code === 'not_canonical' ? (followers.get(fault.line) ?? []) : [])}.`,
		}))
		.sort((a, b) => a.line - b.line);
}

/** Of each kind of fault more than are kept: said once, so that a count is never mistaken for all. */
export function unlistedProblems({ faults, faultCounts }: Pick<SealedLogReport, 'faults' | 'faultCounts'>): IntegrityProblem[] {
	const kept = new Map<LineFaultCode, number>();
	for (const { code } of faults) kept.set(code, (kept.get(code) ?? 0) + 1);
	return (Object.keys(faultCounts) as LineFaultCode[]).flatMap((code) => {
		const unlisted = faultCounts[code] - (kept.get(code) ?? 0);
		if (unlisted <= 0) return [];
		return [{ code, line: null, order_id: null, detail: `${unlisted} further faults of this kind were counted and are not listed.` }];
	});
}

const restoredLine = (fault: LineFault, restored: RestoredLines | null): number | null =>
	fault.code === 'chain_break' ? (restored?.get(fault.found ?? '') ?? null) : null;

/** The line that changed, as far as the evidence tells: of a doubled one the second, of a link's two ends the one not proven. */
function accusedLine(fault: LineFault, proven: number): number {
	const { suspectLine, line } = fault;
	if (suspectLine === null || suspectLine <= proven) return line;
	return fault.code === 'duplicate' || fault.why === 'prev_of_later_line' ? line : suspectLine;
}

const consequence = (lines: readonly number[]): string =>
	lines.length === 0
		? ''
		: `; line ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ' …' : ''} of the order, which names its hash, breaks with it`;

function sentence(fault: LineFault): string {
	switch (fault.code) {
		case 'not_canonical':
			return `Line ${fault.line} is not in canonical form: ${NOT_CANONICAL[fault.why]}${expectedFound(fault)}`;
		case 'chain_break':
			return chainSentence(fault);
		case 'sequence_gap':
			return sequenceSentence(fault);
		case 'duplicate':
			return fault.why === 'line_repeat'
				? `Line ${fault.line} repeats an earlier line${ofOrder(fault)} byte for byte`
				: `Line ${fault.line}${ofOrder(fault)} repeats order_seq ${fault.found ?? 'of an earlier line'}; expected ${fault.expected ?? 'the next number'}`;
		default:
			return unreachable(fault);
	}
}

const NOT_CANONICAL: Readonly<Record<NotCanonicalWhy, string>> = {
	line_too_long: 'it is longer than a record may be, and was hashed but not read',
	blank_line: 'it is empty',
	bom: 'it begins with a byte order mark',
	nul: 'it holds a NUL byte',
	bad_utf8: 'it is not valid UTF-8',
	not_json: 'it is not JSON',
	too_deep: 'it nests deeper than 32 levels',
	not_object: 'it is JSON but not a record',
	carriage_return: 'it holds a carriage return',
	whitespace: 'it holds white space between its values',
	duplicate_key: 'it names a key twice',
	key_order: 'its keys are not in order',
	escape: 'a text is spelled with an escape that canonical form does not use',
	lone_surrogate: 'a text holds half of a surrogate pair',
	number_not_integer: 'a number is not a whole number',
	unsafe_integer: 'a number is beyond ±(2^53−1)',
	number_form: 'a number is not spelled in its shortest form',
};

type ChainBreak = Extract<LineFault, { code: 'chain_break' }>;

function chainSentence(fault: ChainBreak): string {
	const who = `Line ${fault.line}${ofOrder(fault)}`;
	const suspect = fault.suspectLine !== null && fault.suspectLine !== fault.line ? `line ${fault.suspectLine}` : 'the line before it';
	switch (fault.why) {
		case 'no_order_id':
			return `${who} names no order, so it belongs to no chain`;
		case 'too_many_orders':
			return `${who} comes after more orders than are followed, so its link could not be judged`;
		case 'prev_missing':
			return `${who} says that it is its order's first line, yet the order has an earlier one; expected prev ${hash(fault.expected)}, found none`;
		case 'prev_malformed':
			return `${who} has a prev that is no hash; expected ${hash(fault.expected)}, found ${hash(fault.found)}`;
		case 'prev_not_null':
			return `${who} is its order's first line here, yet names an earlier one (${hash(fault.found)}) that the table does not hold`;
		case 'prev_mismatch':
			return `${who} recorded ${hash(fault.found)} as the hash of its order's line before, but ${suspect} hashes to ${hash(fault.expected)}: ${suspect} was changed afterwards, or this link was`;
		case 'prev_of_missing_line':
			return `${who} follows a line of its order (${hash(fault.found)}) that the table does not hold; the last one it holds is ${hash(fault.expected)}`;
		case 'prev_of_other_order':
			return `${who} names a line of another order as its predecessor; expected ${hash(fault.expected)}, found ${hash(fault.found)}`;
		case 'prev_of_earlier_line':
			return `${who} follows an earlier line of its order than the last: two lines claim one place, or lines were moved; expected ${hash(fault.expected)}, found ${hash(fault.found)}`;
		case 'prev_of_later_line':
			return `${who} names a later line as its predecessor, so lines were moved; expected ${hash(fault.expected)}, found ${hash(fault.found)}`;
		case 'prev_of_unreadable_line':
			return `${who} follows a line that can no longer be read; expected ${hash(fault.expected)}, found ${hash(fault.found)}`;
		default:
			return unreachable(fault.why);
	}
}

function sequenceSentence(fault: Extract<LineFault, { code: 'sequence_gap' }>): string {
	const who = `Line ${fault.line}${ofOrder(fault)}`;
	switch (fault.why) {
		case 'seq_gap':
			return `${who} has order_seq ${fault.found}, expected ${fault.expected}: what lies between is missing`;
		case 'seq_missing':
			return `${who} has no whole number as order_seq; expected ${fault.expected}, found ${fault.found ?? 'none'}`;
		case 'seq_below_one':
			return `${who} has order_seq ${fault.found}, below 1; expected ${fault.expected}`;
		case 'seq_out_of_order':
			return `${who} has order_seq ${fault.found} after a higher one, so lines were moved; expected ${fault.expected}`;
		default:
			return unreachable(fault.why);
	}
}

const ofOrder = (fault: LineFault): string => (fault.orderId === null ? '' : ` (order ${fault.orderId})`);

const hash = (text: string | null): string => (text === null ? 'null' : shortHash(text));

const expectedFound = ({ expected, found }: LineFault): string =>
	`${expected === null ? '' : `; expected ${shortHash(expected)}`}${found === null ? '' : `, found ${shortHash(found)}`}`;
