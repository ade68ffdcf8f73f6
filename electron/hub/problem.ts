/** What the hub refuses, in the words that may leave it. */

/** Refusals that may leave the hub. Closed; each has one HTTP status. */
export const PROBLEM_STATUS = {
	malformed: 400,
	unauthenticated: 401,
	forbidden: 403,
	not_found: 404,
	method_not_allowed: 405,
	timed_out: 408,
	idempotency_conflict: 409,
	conflict: 409,
	/** What is asked for was handed over, and its stored bytes are no longer those: of this one thing, and nothing that passes by itself. */
	damaged: 410,
	too_large: 413,
	address_too_long: 414,
	unsupported: 415,
	batch_differs: 422,
	rate_limited: 429,
	headers_too_large: 431,
	failed: 500,
	unavailable: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** What, where, how to mend it. Never holds data of another tenant, a token or a body. */
export interface HubProblem {
	readonly code: ProblemCode;
	readonly message: string;
	readonly where?: string;
	/** Seconds until it may be tried again. */
	readonly retryAfter?: number;
}
