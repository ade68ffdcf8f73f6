import { describe, expect, test } from 'vitest';
import { err, ok } from '#kernel';
import { lentJob } from '../../../renderer/app/lentJob.ts';
import type { Answer, JobControl } from '../../../renderer/vault/contract.ts';

/** A vault that cancels each job as soon as it has begun. */
const impatient = {
	jobs: {
		lend: (_label: string, work: (progress: JobControl['progress']) => Promise<Answer<void>>, stop: () => unknown) => {
			const working = work(() => undefined);
			stop();
			return working;
		},
	},
} as unknown as Parameters<typeof lentJob>[0];

describe('work lent to the job centre', () => {
	test('answers with its own value', async () => {
		expect(await lentJob(impatient, 'Check', () => Promise.resolve(ok(7)))).toEqual(ok(7));
	});

	test('is told when somebody stops the job', async () => {
		const answer = await lentJob(impatient, 'Check', async ({ signal }) => {
			await Promise.resolve();
			return signal.aborted ? err({ code: 'cancelled', message: 'stopped' } as const) : ok(7);
		});
		expect(answer).toMatchObject({ error: { code: 'cancelled' } });
	});
});
