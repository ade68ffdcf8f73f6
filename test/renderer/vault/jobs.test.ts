import { describe, expect, it } from 'vitest';
import { ok } from '#kernel';
import type { JobState, VaultChange } from '../../../renderer/vault/contract.ts';
import { jobRegistry, jobsApi } from '../../../renderer/vault/jobs.ts';
import { refuse, VaultFailure } from '../../../renderer/vault/vaultError.ts';

function registry() {
	let at = 0;
	let id = 0;
	const shown: (readonly JobState[])[] = [];
	const jobs = jobRegistry({
		now: () => at++,
		randomId: () => `job${id++}`,
		changed: (change: VaultChange) => {
			if (change.kind === 'jobs') shown.push(change.jobs);
		},
	});
	return { jobs, shown };
}

describe('jobs', () => {
	it('say how far they are, ten times a second at most', async () => {
		const { jobs, shown } = registry();
		await jobs.run('Import', (job) => {
			for (let i = 0; i < 1_000; i++) job.progress('reading', i, 1_000, 'bytes');
			return Promise.resolve(ok(1));
		});
		expect(shown.length).toBeLessThan(30);
		expect(jobs.list()[0]).toMatchObject({ outcome: 'done', phase: 'reading', done: 999 });
	});

	it('end as cancelled where they were told to stop', async () => {
		const { jobs } = registry();
		const running = jobs.run('Import', ({ signal }) => {
			jobs.cancel('job0');
			return Promise.resolve(signal.aborted ? refuse('cancelled', 'stopped') : ok(1));
		});
		expect(await running).toMatchObject({ error: { code: 'cancelled' } });
		expect(jobs.list()[0]?.outcome).toBe('cancelled');
		expect(jobs.cancel('job0')).toBe(false);
	});

	it('turn failures of the store into answers, and a full disk into its own', async () => {
		const { jobs } = registry();
		const quota = Object.assign(new Error('x'), {
			name: 'AbortError',
			inner: Object.assign(new Error('y'), { name: 'QuotaExceededError' }),
		});
		expect(await jobs.run('a', () => Promise.reject(quota))).toMatchObject({ error: { code: 'storage_full' } });
		const unknown = Object.assign(new Error('x'), { name: 'UnknownError' });
		expect(await jobs.run('b', () => Promise.reject(unknown))).toMatchObject({ error: { code: 'storage_failed' } });
		expect(await jobs.run('c', () => Promise.reject(new VaultFailure('conflict', 'c')))).toMatchObject({ error: { code: 'conflict' } });
		await expect(jobs.run('d', () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
		expect(jobs.list().map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed']);
	});

	it('lent to work outside the vault show its progress, pass on the cancel and end with its answer', async () => {
		const { jobs } = registry();
		const stopped = Promise.withResolvers<void>();
		const working = jobsApi(jobs).lend(
			'Check of a pack',
			async (progress) => {
				progress('Reading the file', 3, 9, 'bytes');
				expect(jobs.list()[0]).toMatchObject({ outcome: 'running', phase: 'Reading the file', done: 3, total: 9 });
				jobs.cancel('job0');
				await stopped.promise;
				return refuse('cancelled', 'stopped');
			},
			() => stopped.resolve(),
		);
		expect(await working).toMatchObject({ error: { code: 'cancelled' } });
		expect(jobs.list()[0]?.outcome).toBe('cancelled');
	});

	it('are remembered, the last twenty', async () => {
		const { jobs } = registry();
		for (let i = 0; i < 30; i++) await jobs.run(String(i), () => Promise.resolve(ok(i)));
		expect(jobs.list().length).toBeLessThanOrEqual(21);
		expect(jobs.list()[0]?.label).toBe('29');
	});
});
