/** Everything that takes longer than a second: what it is, how far it is, and a way to stop it. */
import { Button, Drawer } from '@mantine/core';
import { ProgressBar } from '../components/Frame.tsx';
import { farOf } from '../components/JobProgress.tsx';
import { EmptyState } from '../components/States.tsx';
import { type Tone, VerdictBadge } from '../components/VerdictBadge.tsx';
import { useChanges } from '../state/changes.ts';
import type { JobState } from '../vault/contract.ts';
import { formatDuration, formatTimeLocal } from './format.ts';
import styles from './Shell.module.css';
import { useVault } from './vault.ts';

const OUTCOMES: Readonly<Record<JobState['outcome'], readonly [Tone, string]>> = {
	running: ['info', 'Running'],
	done: ['neutral', 'Done'],
	cancelled: ['neutral', 'Cancelled'],
	failed: ['fail', 'Failed'],
};

export function JobCentre({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	const jobs = useChanges((changes) => changes.jobs);
	return (
		<Drawer opened={isOpen} onClose={onClose} position="right" title="Jobs" closeButtonProps={{ 'aria-label': 'Close jobs' }}>
			{jobs.length === 0 ? <EmptyState title="No jobs yet">Imports, test runs and packs show here while they run.</EmptyState> : null}
			{jobs.map((job) => (
				<Job key={job.jobId} job={job} />
			))}
		</Drawer>
	);
}

function Job({ job }: { job: JobState }) {
	const vault = useVault();
	const [tone, word] = OUTCOMES[job.outcome];
	const spent = (job.endedAt ?? Date.now()) - job.startedAt;
	return (
		<div className={styles['job']}>
			<div className={styles['jobHead']}>
				<strong>{job.label}</strong>
				<VerdictBadge tone={tone}>{word}</VerdictBadge>
			</div>
			{job.outcome === 'running' ? <ProgressBar done={job.done} total={job.total} label={job.label} /> : null}
			<div className={styles['jobHead']}>
				<span className={styles['jobWords']}>
					{[...wordsOf(job), formatTimeLocal(job.startedAt), spent < 1000 ? 'under 1 s' : formatDuration(spent)].join(' · ')}
				</span>
				{job.outcome === 'running' ? (
					<Button variant="default" onClick={() => void vault.jobs.cancel(job.jobId)}>
						Cancel
					</Button>
				) : null}
			</div>
		</div>
	);
}

/** Where a job is, or where it stopped. One that is done is at its end: its last step says nothing more. */
function wordsOf(job: JobState): string[] {
	if (job.outcome === 'done') return job.message === null ? [] : [job.message];
	return (job.message === null ? [job.phase, farOf(job)] : [job.message]).filter((words) => words !== '');
}
