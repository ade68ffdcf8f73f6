/** What a line whose `prev` is not its predecessor's leaf hash tells: the cause named, its consequences folded. */
import { toHex } from '#kernel';
import type { ChainBreakWhy, DuplicateWhy, LineFault } from './logKernelReport.ts';
import { HASH_BYTES } from './merkleHash.ts';

/** A line whose `prev` and whose order's last line disagree. Lines are 1-based. */
export interface BrokenLink {
	readonly line: number;
	readonly order: number;
	readonly orderId: string;
	/** Leaf hash and line of the order's last line; null on its first. */
	readonly expected: string | null;
	readonly lastLine: number | null;
	/** `prev` as text; null where it is null or absent. */
	readonly prev: string | null;
	/** Whether `order_seq` leaves numbers out here as well. */
	readonly jumps: boolean;
}

/** The order of lines that have none. */
export const NO_ORDER = 0xffff_ffff;

/** All lines of a log, for questions about the few that are broken. */
export interface LoggedLines {
	readonly leafHashes: Uint8Array;
	/** Per line the number of its order, or `NO_ORDER`. */
	readonly orders: Uint32Array;
}

type Verdict = { readonly suspectLine: number | null } & (
	| { readonly code: 'chain_break'; readonly why: ChainBreakWhy }
	| { readonly code: 'duplicate'; readonly why: DuplicateWhy }
);

const isHashHex = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/**
 * Judges all broken links of a log together, in line order.
 * @param strays lines that belong to no order, ascending
 */
export function judgeLinks(breaks: readonly BrokenLink[], strays: readonly number[], lines: LoggedLines): readonly LineFault[] {
	const leafOf = (line: number): string => toHex(lines.leafHashes.subarray((line - 1) * HASH_BYTES, line * HASH_BYTES));
	const orderOf = (line: number): number => lines.orders[line - 1] ?? NO_ORDER;
	const lineOf = firstLinesOf(new Set(breaks.flatMap(({ line, prev }) => [leafOf(line), prev ?? ''])), lines.leafHashes);
	const followed = followedLines(breaks, lines.orders);
	const alteredBySuccessor = new Set(
		breaks.flatMap(({ lastLine, prev }) => (lastLine !== null && prev !== null && !lineOf.has(prev) ? [lastLine] : [])),
	);
	/** Predecessor → the line of another order that claims it. */
	const displaced = new Map<number, number>();
	const brokenOrders = new Set<number>();

	/** The verdict on one broken link, or null where it only follows from an earlier one. */
	const judge = ({ line, order, expected, lastLine, prev, jumps }: BrokenLink): Verdict | null => {
		const broken = (why: ChainBreakWhy, suspectLine: number | null): Verdict => ({ code: 'chain_break', why, suspectLine });
		const first = lineOf.get(leafOf(line));
		if (first !== undefined && first < line && orderOf(first) === order)
			return { code: 'duplicate', why: 'line_repeat', suspectLine: first };
		if (prev === null) return broken('prev_missing', line);
		if (!isHashHex(prev)) return broken('prev_malformed', line);
		const target = lineOf.get(prev);
		if (target === undefined) {
			if (lastLine === null || expected === null) return broken('prev_not_null', null);
			const lost = displaced.get(lastLine) ?? firstBetween(strays, lastLine, line);
			if (jumps) return broken('prev_of_missing_line', lost);
			// The successor's `prev` disagrees as well: then this very line was altered, and its `prev` says nothing about the one before.
			return broken('prev_mismatch', lost ?? (alteredBySuccessor.has(line) ? line : lastLine));
		}
		if (orderOf(target) === NO_ORDER) return broken('prev_of_unreadable_line', target);
		if (orderOf(target) !== order) {
			displaced.set(target, line);
			return broken('prev_of_other_order', line);
		}
		// Two lines on one predecessor are a fork, each time. A predecessor of its own, but not the last line: lines out of order, told once.
		if (!followed.has(target)) {
			followed.add(target);
			if (brokenOrders.has(order)) return null;
		}
		return target < line ? broken('prev_of_earlier_line', lastLine) : broken('prev_of_later_line', target);
	};

	const faults: LineFault[] = [];
	for (const link of breaks) {
		const verdict = judge(link);
		if (verdict === null) continue;
		brokenOrders.add(link.order);
		const isRepeat = verdict.code === 'duplicate';
		const found = isRepeat ? leafOf(link.line) : link.prev;
		faults.push({ line: link.line, orderId: link.orderId, expected: isRepeat ? null : link.expected, found, ...verdict });
	}
	return faults;
}

/** For each wanted leaf hash that occurs, the first line that has it. One pass, so that a clean log pays nothing. */
function firstLinesOf(wanted: ReadonlySet<string>, leafHashes: Uint8Array): ReadonlyMap<string, number> {
	const lines = new Map<string, number>();
	const prefixOf = (at: number): number =>
		((leafHashes[at] as number) << 16) | ((leafHashes[at + 1] as number) << 8) | (leafHashes[at + 2] as number);
	// A bit for each three-byte prefix: it lets by one line in 170 at 100,000 wanted hashes.
	const prefixes = new Uint8Array(2 ** 21);
	for (const hex of wanted) {
		if (!isHashHex(hex)) continue;
		const prefix = Number.parseInt(hex.slice(0, 6), 16);
		prefixes[prefix >> 3] = (prefixes[prefix >> 3] as number) | (1 << (prefix & 7));
	}
	for (let at = 0, line = 1; at < leafHashes.length; at += HASH_BYTES, line++) {
		const prefix = prefixOf(at);
		if (((prefixes[prefix >> 3] as number) & (1 << (prefix & 7))) === 0) continue;
		const hex = toHex(leafHashes.subarray(at, at + HASH_BYTES));
		if (wanted.has(hex) && !lines.has(hex)) lines.set(hex, line);
	}
	return lines;
}

/** Of the lines that broken links point to or stand behind: those whose order's next line links to them as it should. */
function followedLines(breaks: readonly BrokenLink[], orders: Uint32Array): Set<number> {
	const broken = new Set(breaks.map(({ line }) => line));
	const concerned = new Set(breaks.map(({ order }) => order));
	const lastLines = new Map<number, number>();
	const followed = new Set<number>();
	for (let line = 1; line <= orders.length; line++) {
		const order = orders[line - 1] as number;
		if (!concerned.has(order)) continue;
		const last = lastLines.get(order);
		if (last !== undefined && !broken.has(line)) followed.add(last);
		lastLines.set(order, line);
	}
	return followed;
}

/** The first of the ascending `lines` that stands between two others, or null. */
function firstBetween(lines: readonly number[], after: number, before: number): number | null {
	let low = 0;
	let high = lines.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((lines[middle] as number) <= after) low = middle + 1;
		else high = middle;
	}
	const line = lines[low];
	return line !== undefined && line < before ? line : null;
}
