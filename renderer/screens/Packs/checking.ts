/** The check of any pack as a job: its pages read for the screen, the file judged by the main process, and both the same bytes. */
import { toHex } from '#kernel';
import { type ChosenFile, readFileToken } from '../../app/files.ts';
import { lentJob } from '../../app/lentJob.ts';
import type { Vault } from '../../app/vault.ts';
import type { Answer, JobControl } from '../../vault/contract.ts';
import type { CheckedPack } from './packs.ts';
import { checkFile } from './signing.ts';

export interface Checked {
	readonly file: ChosenFile;
	readonly sha256: string;
	readonly bytes: Uint8Array;
	readonly report: CheckedPack;
}

interface CheckOptions {
	readonly replay: boolean;
	readonly trustFileToken: string | null;
}

export const CHECK_JOB = 'Check of a pack';

/** Checks a file. Cancelled from wherever jobs are shown. */
export const checkPack = (vault: Vault, file: ChosenFile, options: CheckOptions): Promise<Answer<Checked>> =>
	lentJob(vault, CHECK_JOB, (job) => readAndCheck(vault, file, options, job));

async function readAndCheck(
	vault: Vault,
	file: ChosenFile,
	options: CheckOptions,
	{ signal, progress }: JobControl,
): Promise<Answer<Checked>> {
	progress('Reading the file', 0, file.size, 'bytes');
	const bytes = await readFileToken(file.fileToken, file.size, (at, of) => progress('Reading the file', at, of, 'bytes'), signal);
	if (!bytes.ok) return bytes;
	const stop = (): void => void window.tieout.invoke('check.cancel', {});
	signal.addEventListener('abort', stop, { once: true });
	const deaf = window.tieout.on('progress', ({ job, phase, done, total, unit }) => {
		if (job === 'check') progress(phase, done, total, unit);
	});
	try {
		const checked = await checkFile(vault, file.fileToken, options);
		if (!checked.ok) return checked;
		const { report, sha256 } = checked.value;
		// Pages beside a verdict on other bytes would lend it to them.
		if (toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.value))) !== sha256)
			return { ok: false, error: { code: 'unreadable_file', message: 'The file changed while it was checked. Choose it again.' } };
		return { ok: true, value: { file, sha256, bytes: bytes.value, report } };
	} finally {
		deaf();
		signal.removeEventListener('abort', stop);
	}
}
