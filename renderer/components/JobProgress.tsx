/** A job on the screen that started it: phase, how far, rate, time left, and a way to stop it. It goes on when the screen is left. */
import { Button } from '@mantine/core';
import { useRef } from 'react';
import { formatBytes, formatCount, formatDuration } from '../app/format.ts';
import { useVault } from '../app/vault.ts';
import { useChanges } from '../state/changes.ts';
import type { JobState } from '../vault/contract.ts';
import { ProgressBar } from './Frame.tsx';
import styles from './JobProgress.module.css';
import { type PaceStart, paceOf } from './jobPace.ts';

/** The job of this label that runs now. */
export const useRunningJob = (label: RegExp): JobState | null =>
	useChanges(({ jobs }) => jobs.find((job) => job.outcome === 'running' && label.test(job.label)) ?? null);

/** Of the job of this label that runs now, its id: unlike the job itself it stays the same while the job goes on. */
export const useRunningJobId = (label: RegExp): string | null =>
	useChanges(({ jobs }) => jobs.find((job) => job.outcome === 'running' && label.test(job.label))?.jobId ?? null);

/** The job of this label while it runs. It alone is drawn anew with each step, not the screen around it. */
export function RunningJob({ label, note }: { label: RegExp; note?: string }) {
	const job = useRunningJob(label);
	return job ? <JobProgress job={job} {...(note === undefined ? {} : { note })} /> : null;
}

const measure = (amount: number, unit: string): string =>
	unit === 'bytes' ? formatBytes(amount) : `${formatCount(Math.round(amount))} ${unit}`;

/** How far a job is: "3 of 11 sections"; empty where nothing is counted. */
export function farOf({ done, total, unit }: Pick<JobState, 'done' | 'total' | 'unit'>): string {
	if (total <= 0) return done > 0 ? measure(done, unit) : '';
	return unit === 'bytes' ? `${formatBytes(done)} of ${formatBytes(total)}` : `${formatCount(done)} of ${measure(total, unit)}`;
}

export function JobProgress({ job, onCancel, note }: { job: JobState; onCancel?: () => void; note?: string }) {
	const vault = useVault();
	const started = useRef<PaceStart & { unit: string; last: number }>({ unit: job.unit, at: Date.now(), done: job.done, last: job.done });
	const seen = started.current;
	// Another unit or a count that begins anew is another measurement.
	if (seen.unit !== job.unit || job.done < seen.last) started.current = { unit: job.unit, at: Date.now(), done: job.done, last: job.done };
	else seen.last = job.done;
	const pace = paceOf(started.current, Date.now(), job.done, job.total);
	return (
		<div className={styles['job']} role="status" aria-live="off">
			<div className={styles['head']}>
				<strong>{job.label}</strong>
				<Button variant="default" onClick={onCancel ?? (() => void vault.jobs.cancel(job.jobId))}>
					Cancel
				</Button>
			</div>
			<ProgressBar done={job.done} total={job.total} label={`${job.label}: ${job.phase}`} />
			<div className={styles['facts']}>
				<span>{job.phase}</span>
				<span>{farOf(job)}</span>
				<span>{pace ? `${measure(pace.rate, job.unit)}/s` : ''}</span>
				<span>{pace?.left != null && pace.left > 0 ? `${formatDuration(Math.max(1000, pace.left))} left` : ''}</span>
			</div>
			{note ? <p className={styles['note']}>{note}</p> : null}
		</div>
	);
}
