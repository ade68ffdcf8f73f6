/** An engagement from its backup file: always as a new one beside what is there. */
import { Button } from '@mantine/core';
import { proxy } from 'comlink';
import { useState } from 'react';
import { fileReader } from '../../app/fileStreams.ts';
import { chooseFile } from '../../app/files.ts';
import { useVault } from '../../app/vault.ts';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import styles from './Unlock.module.css';

export function RestoreBackup({ onCancel }: { onCancel: () => void }) {
	const vault = useVault();
	const [state, setState] = useState<{ isBusy: boolean; message: string | null; isError: boolean }>({
		isBusy: false,
		message: null,
		isError: false,
	});
	const running = useRunningJob(/^Restoring a backup$/);
	const restore = async (): Promise<void> => {
		const chosen = await chooseFile('backup');
		if (!chosen.ok) return setState({ isBusy: false, message: chosen.error.message, isError: true });
		if (chosen.value === null) return;
		setState({ isBusy: true, message: `Reading ${chosen.value.name}…`, isError: false });
		const answer = await vault.session.restoreFrom(chosen.value.size, proxy(fileReader(chosen.value)));
		await window.tieout.invoke('file.release', { fileToken: chosen.value.fileToken });
		setState({
			isBusy: false,
			isError: !answer.ok,
			message: answer.ok ? `Restored as “${answer.value.label}”. Unlock it with the passphrase it had.` : answer.error.message,
		});
	};
	return (
		<section className={styles['panel']} aria-label="Restore a backup">
			<h2>Restore a backup</h2>
			<p>
				The file is checked whole before anything is written. What is on this machine stays as it is; the restored engagement stands beside
				it.
			</p>
			{state.message ? <p role={state.isError ? 'alert' : 'status'}>{state.message}</p> : null}
			{running ? <JobProgress job={running} /> : null}
			<div className={styles['actions']}>
				<Button loading={state.isBusy} onClick={() => void restore()}>
					Choose a backup file
				</Button>
				<Button variant="subtle" onClick={onCancel}>
					Close
				</Button>
			</div>
		</section>
	);
}
