/** What became of a batch, as the API describes it. */
import { z } from 'zod';
import type { Result } from '#kernel';
import type { HubProblem } from '../problem.ts';
import { Refusal } from './problems.ts';

export const intakeAnswerSchema = z.object({
	batch_id: z.string(),
	accepted: z.int(),
	duplicates: z.int(),
	waiting: z.int(),
	dead: z.array(z.object({ line: z.int(), code: z.string(), message: z.string(), dead_letter_id: z.string() })),
	positions: z.record(z.string(), z.object({ from: z.int(), to: z.int() })),
	sealed: z.record(z.string(), z.int()),
	replayed: z.boolean(),
});

export function orRefuse<T>(result: Result<T, HubProblem>): T {
	if (result.ok) return result.value;
	throw new Refusal(result.error);
}
