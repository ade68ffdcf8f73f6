/** Refusals as they leave the hub: one shape, one status a code, and nothing in them that the asker did not send. */
import { type HubProblem, PROBLEM_STATUS, type ProblemCode } from '../problem.ts';

/** Thrown by a route; the server turns it into an answer. */
export class Refusal extends Error {
	readonly problem: HubProblem;
	/** What of the hub's own store is damaged, for its operator; null where nothing is. */
	readonly damaged: string | null;
	constructor(problem: HubProblem, damaged: string | null = null) {
		super(problem.message);
		this.name = 'Refusal';
		this.problem = problem;
		this.damaged = damaged;
	}
}

export function refuse(code: ProblemCode, message: string, more: { readonly where?: string; readonly retryAfter?: number } = {}): never {
	throw new Refusal({ code, message, ...more });
}

/** @param what names it for the operator, without any content: it is counted, and stands in the log */
export function refuseDamaged(what: string, message: string): never {
	throw new Refusal({ code: 'damaged', message }, what);
}

export const statusOf = ({ code }: HubProblem): number => PROBLEM_STATUS[code];

/** What is sent: `retryAfter` travels as a header. */
export const bodyOf = ({ code, message, where }: HubProblem): Record<string, string> => ({
	code,
	message,
	...(where === undefined ? {} : { where }),
});

/** What the HTTP layer itself can't read, by its status. */
export function problemOfStatus(status: number): HubProblem {
	switch (status) {
		case 404:
			return { code: 'not_found', message: 'There is no such place here. See /openapi.json.' };
		case 408:
			return { code: 'timed_out', message: 'The request did not arrive in time. Send it again.' };
		case 413:
			return { code: 'too_large', message: 'The body is too large.' };
		case 414:
			return { code: 'address_too_long', message: 'The address is too long.' };
		case 415:
			return { code: 'unsupported', message: 'The media type of the body does not read.', where: 'Content-Type' };
		case 431:
			return { code: 'headers_too_large', message: 'The head of the request is too large.' };
		default:
			return { code: 'malformed', message: 'The request is not one that can be read.' };
	}
}

/** PostgreSQL's classes for a server that is gone, going, full or not there yet; the same of sockets; and a disk or a process that is full. */
const AWAY = /^(08...|53...|57P..|58...|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE|ENOMEM)$/;

/** Whether an error says that something the hub stands on is away for now, rather than that the hub is wrong. */
export const isAway = (error: unknown): boolean =>
	error instanceof Error &&
	(('code' in error && AWAY.test(String(error.code))) || /^(PGlite is clos|Connection terminated|timeout exceeded)/.test(error.message));
