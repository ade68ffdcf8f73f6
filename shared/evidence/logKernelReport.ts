/** What the verification of a sealed table's bytes says: the words of its report. */
import type { MerkleTree } from './merkle.ts';

/** Four kinds of fault a line of a sealed table can have. */
export type LineFaultCode = 'not_canonical' | 'chain_break' | 'sequence_gap' | 'duplicate';

/** Why a line is not the RFC 8785 form of a record; the first deviation in the line decides. */
export type NotCanonicalWhy =
	/** Longer than the caller allows; hashed as it stands, not read. */
	| 'line_too_long'
	| 'blank_line'
	/** Begins with a byte order mark; read without it. */
	| 'bom'
	| 'nul'
	| 'bad_utf8'
	| 'not_json'
	/** More than 32 levels of nesting; not read. */
	| 'too_deep'
	/** JSON, but not a record. */
	| 'not_object'
	| 'carriage_return'
	| 'whitespace'
	| 'duplicate_key'
	| 'key_order'
	/** An escape that should be the character itself, or another escape. */
	| 'escape'
	| 'lone_surrogate'
	/** A fraction, or beyond what a number can hold. */
	| 'number_not_integer'
	/** An integer beyond ±(2^53 − 1). */
	| 'unsafe_integer'
	/** A lawful value spelled otherwise: `1.0`, `1e3`, `-0`. */
	| 'number_form';

export type ChainBreakWhy =
	/** The record names no order. */
	| 'no_order_id'
	/** More orders than one log may hold; whether this line is linked could not be told. */
	| 'too_many_orders'
	/** `prev` is null though the order has an earlier line. */
	| 'prev_missing'
	/** `prev` is not 64 lower-case hex digits. */
	| 'prev_malformed'
	/** The order's first line here has a `prev` that no line has as its leaf hash. */
	| 'prev_not_null'
	/** `prev` is no line's leaf hash: the predecessor's bytes were changed, or this `prev`. */
	| 'prev_mismatch'
	/** As `prev_mismatch`, but `order_seq` jumps too: a line in between is missing. */
	| 'prev_of_missing_line'
	| 'prev_of_other_order'
	/** `prev` is an earlier line of the order than the last: a fork, or lines out of order. */
	| 'prev_of_earlier_line'
	| 'prev_of_later_line'
	/** `prev` is a line that could not be read, so that its order is unknown. */
	| 'prev_of_unreadable_line';

export type SequenceGapWhy =
	| 'seq_gap'
	/** Absent, null or no integer. */
	| 'seq_missing'
	| 'seq_below_one'
	/** A number that an earlier gap had left out: lines out of order. */
	| 'seq_out_of_order';

export type DuplicateWhy =
	| 'seq_repeat'
	/** The very bytes of an earlier line of the order. */
	| 'line_repeat';

/** One fault. Texts taken from the line are clipped to 200 characters. */
export type LineFault = {
	/** 1-based. */
	readonly line: number;
	readonly orderId: string | null;
	/** Leaf hash of the order's last line, or the number that should stand here. */
	readonly expected: string | null;
	readonly found: string | null;
	/** 1-based line that the evidence points to as altered, doubled or displaced; null where it points to none. */
	readonly suspectLine: number | null;
} & (
	| { readonly code: 'not_canonical'; readonly why: NotCanonicalWhy }
	| { readonly code: 'chain_break'; readonly why: ChainBreakWhy }
	| { readonly code: 'sequence_gap'; readonly why: SequenceGapWhy }
	| { readonly code: 'duplicate'; readonly why: DuplicateWhy }
);

export interface SealedLogReport {
	readonly lines: number;
	readonly canonicalLines: number;
	/** 32 bytes a line, in file order; put into one piece when first asked for. */
	readonly leafHashes: Uint8Array;
	/** In line order; at most 100,000 are kept. */
	readonly faults: readonly LineFault[];
	/** All faults, kept or not. */
	readonly faultCount: number;
	/** All faults by code. What is not kept is not looked into: a repeated line then counts as the broken link it shows as. */
	readonly faultCounts: Readonly<Record<LineFaultCode, number>>;
	readonly tree: MerkleTree;
	/** RFC 6962 §2.1: the tree hash of the first `size` lines. */
	rootOf(size: number): Uint8Array;
}

/** A sealed table under verification: its bytes go in piece by piece, cut anywhere; the report comes out once. */
export interface SealedLog {
	push(chunk: Uint8Array): void;
	finish(): SealedLogReport;
}

export interface SealedLogOptions {
	/** Whether lines count 1, 2, 3 … per order in `order_seq` (the table `order_event`). */
	readonly hasOrderSeq: boolean;
	/** Longer lines are hashed but not read; 1 MiB unless told otherwise. */
	readonly maxLineBytes?: number;
}

export const MAX_LINE_BYTES = 2 ** 20;
/** Faults kept per report; further ones are only counted. */
export const MAX_KEPT_FAULTS = 100_000;
/** Orders that one log's chains are followed for, and the bytes their ids may take together. */
export const MAX_ORDERS = 16_000_000;
export const MAX_ORDER_ID_BYTES = 2 ** 30;

const MAX_QUOTED = 200;

/** A text from a hostile line as a report may quote it; rebuilt, because a slice would keep the whole line's text alive. */
export const quoted = (text: string): string => (text.length > MAX_QUOTED ? [...text.slice(0, MAX_QUOTED), '…'].join('') : text);
