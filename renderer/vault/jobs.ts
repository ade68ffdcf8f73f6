/** Long work: what runs, how far it is, and the way to stop it. */
import { proxy } from 'comlink';
import { ok } from '#kernel';
import type { Answer, JobControl, JobState, VaultChange } from './contract.ts';
import { guarded, refuse } from './vaultError.ts';

export interface Jobs {
	run<T>(label: string, work: (job: JobControl) => Promise<Answer<T>>): Promise<Answer<T>>;
	list(): readonly JobState[];
	cancel(jobId: string): boolean;
	/** Cancels all, and waits until they have ended, or for `patienceMs`. */
	stopAll(patienceMs: number): Promise<void>;
}

interface JobPorts {
	now(): number;
	randomId(): string;
	changed(change: VaultChange): void;
}

const KEPT = 20;
const STEP_MS = 100;

export function jobRegistry({ now, randomId, changed }: JobPorts): Jobs {
	let states: readonly JobState[] = [];
	const controllers = new Map<string, AbortController>();
	let shownAt = 0;
	let onIdle: () => void = () => undefined;
	const put = (state: JobState): void => {
		const others = states.filter(({ jobId }) => jobId !== state.jobId);
		const running = others.filter(({ outcome }) => outcome === 'running');
		const ended = others.filter(({ outcome }) => outcome !== 'running').slice(0, KEPT);
		states = [state, ...running, ...ended].toSorted((a, b) => b.startedAt - a.startedAt);
	};
	const show = (): void => {
		shownAt = now();
		changed({ kind: 'jobs', jobs: states });
	};
	return {
		list: () => states,
		cancel: (jobId) => {
			const controller = controllers.get(jobId);
			controller?.abort();
			return controller !== undefined;
		},
		stopAll: async (patienceMs) => {
			for (const controller of controllers.values()) controller.abort();
			if (controllers.size === 0) return;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, patienceMs);
				onIdle = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		},
		run: async (label, work) => {
			const jobId = randomId();
			const controller = new AbortController();
			controllers.set(jobId, controller);
			let state: JobState = {
				jobId,
				label,
				phase: '',
				done: 0,
				total: 0,
				unit: '',
				startedAt: now(),
				endedAt: null,
				outcome: 'running',
				message: null,
			};
			put(state);
			show();
			const progress: JobControl['progress'] = (phase, done, total, unit) => {
				const isNewPhase = phase !== state.phase;
				state = { ...state, phase, done, total, unit };
				put(state);
				if (isNewPhase || now() - shownAt >= STEP_MS) show();
			};
			try {
				const answer = await guarded(() => work({ signal: controller.signal, progress }));
				state = { ...state, ...outcomeOf(answer), endedAt: now() };
				return answer;
			} catch (error) {
				state = {
					...state,
					outcome: 'failed',
					message: 'Tieout itself failed here. What was stored before stands unchanged.',
					endedAt: now(),
				};
				throw error;
			} finally {
				controllers.delete(jobId);
				if (controllers.size === 0) onIdle();
				put(state);
				show();
			}
		},
	};
}

function outcomeOf(answer: Answer<unknown>): Pick<JobState, 'outcome' | 'message'> {
	if (answer.ok) return { outcome: 'done', message: null };
	return { outcome: answer.error.code === 'cancelled' ? 'cancelled' : 'failed', message: answer.error.message };
}

/** What the window asks of jobs. */
export function jobsApi(jobs: Jobs) {
	return {
		list(): Promise<Answer<readonly JobState[]>> {
			return Promise.resolve(ok(jobs.list()));
		},
		/**
		 * Shows work that is done outside the vault as a job. By comlink, wrap `work` and `stop` in `proxy`.
		 * @param stop asked for when the job is cancelled; `work` then answers `cancelled`
		 */
		lend(label: string, work: (progress: JobControl['progress']) => Promise<Answer<void>>, stop: () => unknown): Promise<Answer<void>> {
			return jobs.run(label, ({ signal, progress }) => {
				signal.addEventListener('abort', () => void stop(), { once: true });
				return work(proxy(progress));
			});
		},
		cancel(jobId: string): Promise<Answer<void>> {
			return Promise.resolve(jobs.cancel(jobId) ? ok(undefined) : refuse('not_found', 'This job has ended already.'));
		},
	};
}
