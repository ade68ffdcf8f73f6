import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasLongEnded, watchJobs } from '../../../renderer/app/jobNotices.ts';
import { useChanges } from '../../../renderer/state/changes.ts';
import type { JobState } from '../../../renderer/vault/contract.ts';

const job = (change: Partial<JobState>): JobState => ({
	jobId: 'j',
	label: 'Import of a drop of Zyx Client',
	phase: '',
	done: 0,
	total: 0,
	unit: '',
	startedAt: 1_000,
	endedAt: null,
	outcome: 'running',
	message: null,
	...change,
});

afterEach(() => vi.unstubAllGlobals());

describe('a job that was running', () => {
	const before = [job({})];
	it('is told of when it ends after more than ten seconds, well or not', () => {
		expect(hasLongEnded(before, [job({ outcome: 'done', endedAt: 11_000 })])).toBe(true);
		expect(hasLongEnded(before, [job({ outcome: 'failed', endedAt: 60_000 })])).toBe(true);
	});

	it('is not told of when it was short, was cancelled, or runs on', () => {
		expect(hasLongEnded(before, [job({ outcome: 'done', endedAt: 10_999 })])).toBe(false);
		expect(hasLongEnded(before, [job({ outcome: 'cancelled', endedAt: 60_000 })])).toBe(false);
		expect(hasLongEnded(before, [job({ done: 5 })])).toBe(false);
	});

	it('is told of once', () => {
		const ended = [job({ outcome: 'done', endedAt: 60_000 })];
		expect(hasLongEnded(ended, ended)).toBe(false);
	});
});

it('what is told to the main process holds no word of the job', () => {
	const invoke = vi.fn(() => Promise.resolve({ ok: true, value: {} }));
	vi.stubGlobal('window', { tieout: { invoke } });
	const stop = watchJobs();
	useChanges.getState().note({ kind: 'jobs', jobs: [job({})] });
	useChanges.getState().note({ kind: 'jobs', jobs: [job({ outcome: 'done', endedAt: 60_000 })] });
	useChanges.getState().note({ kind: 'workbook', seq: 1 });
	stop();
	expect(invoke.mock.calls).toEqual([['window.jobEnded', {}]]);
});
