/** Refusals as they leave the hub: one shape, one status a code, and nothing in them that the asker did not send. */
import { type HubProblem, PROBLEM_STATUS, type ProblemCode } from '../types.ts';

/** Thrown by a route; the server turns it into an answer. */
export class Refusal extends Error {
	readonly problem: HubProblem;
	constructor(problem: HubProblem) {
		super(problem.message);
		this.name = 'Refusal';
		this.problem = problem;
	}
}

export function refuse(code: ProblemCode, message: string, more: { readonly where?: string; readonly retryAfter?: number } = {}): never {
	throw new Refusal({ code, message, ...more });
}

export const statusOf = ({ code }: HubProblem): number => PROBLEM_STATUS[code];

/** What is sent: `retryAfter` travels as a header. */
export const bodyOf = ({ code, message, where }: HubProblem): Record<string, string> => ({
	code,
	message,
	...(where === undefined ? {} : { where }),
});
