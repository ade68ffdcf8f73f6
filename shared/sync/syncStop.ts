/** Why a synchronisation stopped. Nothing that was here before is lost by any of them. */

/** Passes by itself, or by mending the connection: trying again is right. */
export const CONNECTION_STOPS = [
	'unreachable',
	'timed_out',
	'certificate',
	'unauthenticated',
	'forbidden',
	'busy',
	'protocol',
	/** The hub says that what it stores of this is damaged: it does not pass by itself, and it is no contradiction either. */
	'damaged',
	'cancelled',
] as const;

/** The hub contradicts what this workstation knows. Trying again does not help: a person must ask the company. */
export const DISTRUST_STOPS = [
	/** A signed note that can't be read as one. */
	'bad_note',
	/** A log, publication or tile of another company, or of another log of this one. */
	'wrong_origin',
	/** Signed by no key this engagement trusts. */
	'unknown_key',
	/** Names a trusted key, but the signature is not that key's. */
	'bad_signature',
	/** A key signed past the size it was retired at. */
	'key_window',
	/** Fewer lines, or an older publication, than this workstation has seen. */
	'rollback',
	/** Two histories: one size, two roots. */
	'fork',
	/** The new head is not shown to be a continuation of the one seen last. */
	'inconsistent',
	/** Too few witnesses vouch for the head. */
	'quorum',
	/** The manifest is not the one that was signed. */
	'manifest_differs',
	/** A table's bytes are not those the signed manifest declares. */
	'table_differs',
	/** Other bytes lie under a document's hash. */
	'document_differs',
	/** A disclosure does not open what its line commits to. */
	'disclosure_differs',
	/** The lines of a log do not have its signed root, or break an order's chain. */
	'log_differs',
	/** The end of some order's history is missing: the heads record counts more events. */
	'tail_hidden',
] as const;

export type ConnectionStop = (typeof CONNECTION_STOPS)[number];
export type DistrustStop = (typeof DISTRUST_STOPS)[number];

/** Two signed heads that contradict each other; see `judgeEquivocation`. */
export interface Equivocation {
	/** The table, or `publication`. */
	readonly feed: string;
	/** The signed note that was believed here before. */
	readonly seen: string;
	/** The signed note that was shown afterwards. */
	readonly shown: string;
}

export interface SyncStop {
	readonly code: ConnectionStop | DistrustStop;
	/** What it is about: a table, `publication`, or empty. */
	readonly feed: string;
	/** One sentence or two: what, where, what to do. */
	readonly message: string;
	/** Seconds the hub asked to wait, where it did. */
	readonly retryAfter?: number;
	/** HTTP status, where the hub refused by one that is none of the others' words. */
	readonly status?: number;
	/** Of a fork: both heads, where both notes are at hand. */
	readonly equivocation?: Equivocation;
}

export const syncStop = (code: SyncStop['code'], feed: string, message: string): SyncStop => ({ code, feed, message });

export const isDistrust = ({ code }: Pick<SyncStop, 'code'>): boolean => (DISTRUST_STOPS as readonly string[]).includes(code);

const ASK_THE_COMPANY =
	'What was received before stays as it is. Keep it, tell whoever answers for the log, and do not go on from this hub until it is explained.';

/** A fork, with the proof of it where the note that was believed before is at hand. */
export function forked(feed: string, what: string, seen: string | undefined, shown: string): SyncStop {
	const stop = distrust('fork', feed, what);
	return seen === undefined ? stop : { ...stop, equivocation: { feed, seen, shown } };
}

export const distrust = (code: DistrustStop, feed: string, what: string): SyncStop => syncStop(code, feed, `${what} ${ASK_THE_COMPANY}`);
