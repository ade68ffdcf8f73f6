/** An engagement from its backup file: always as a new one beside what is there. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { readFileToken } from '../../app/files.ts';
import { useVault } from '../../app/vault.ts';
import styles from './Unlock.module.css';

export function RestoreBackup({ onCancel }: { onCancel: () => void }) {
	const vault = useVault();
	const [state, setState] = useState<{ isBusy: boolean; message: string | null; isError: boolean }>({
		isBusy: false,
		message: null,
		isError: false,
	});
	const restore = async (): Promise<void> => {
		const chosen = await window.tieout.invoke('file.chooseToOpen', { kind: 'backup' });
		if (!chosen.ok || chosen.value === null) return;
		setState({ isBusy: true, message: `Reading ${chosen.value.name}…`, isError: false });
		const bytes = await readFileToken(chosen.value.fileToken, chosen.value.size);
		const answer = bytes.ok ? await vault.session.restore(bytes.value) : bytes;
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
