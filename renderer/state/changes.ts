/** How often each part of the vault has changed, and its jobs: what makes the window ask anew. Never a copy of a row. */
import { create } from 'zustand';
import type { JobState, VaultChange } from '../vault/contract.ts';

export type Topic = 'session' | 'workbook' | 'evidence' | 'results' | 'sync';

interface Changes {
	readonly revisions: Readonly<Record<Topic, number>>;
	readonly jobs: readonly JobState[];
	note(change: VaultChange): void;
}

export const useChanges = create<Changes>((set) => ({
	revisions: { session: 0, workbook: 0, evidence: 0, results: 0, sync: 0 },
	jobs: [],
	note: (change) =>
		set((now) =>
			change.kind === 'jobs' ? { jobs: change.jobs } : { revisions: { ...now.revisions, [change.kind]: now.revisions[change.kind] + 1 } },
		),
}));
