/** Work of the page or of the main process as a job: the job centre shows how far it is, and can stop it. */
import { proxy } from 'comlink';
import { ok } from '#kernel';
import type { Answer, JobControl } from '../vault/contract.ts';
import type { Vault } from './vault.ts';

/** @param work answers `cancelled` once the signal says so */
export async function lentJob<T>(
	vault: Pick<Vault, 'jobs'>,
	label: string,
	work: (job: JobControl) => Promise<Answer<T>>,
): Promise<Answer<T>> {
	const stopping = new AbortController();
	let answer: Answer<T> | null = null;
	const shown = await vault.jobs.lend(
		label,
		proxy(async (progress: JobControl['progress']) => {
			answer = await work({ signal: stopping.signal, progress });
			return answer.ok ? ok(undefined) : answer;
		}),
		proxy(() => stopping.abort()),
	);
	return answer ?? (shown as Answer<never>);
}
