/** The way in without the passphrase: the recovery key, and a new passphrase at once. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useVault } from '../../app/vault.ts';
import { SecretInput } from '../../components/SecretInput.tsx';
import styles from './Unlock.module.css';

export function RecoverEngagement({ engagementId, onDone }: { engagementId: string; onDone: () => void }) {
	const vault = useVault();
	const [recoveryKey, setRecoveryKey] = useState('');
	const [passphrase, setPassphrase] = useState('');
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.session.unlockWithRecovery(engagementId, recoveryKey, passphrase);
		setBusy(false);
		setError(answer.ok ? null : answer.error.message);
	};
	return (
		<form className={styles['form']} onSubmit={(event) => void submit(event)}>
			<TextInput
				label="Recovery key"
				value={recoveryKey}
				onChange={({ currentTarget }) => setRecoveryKey(currentTarget.value)}
				autoFocus
				required
			/>
			<SecretInput label="New passphrase" value={passphrase} onText={setPassphrase} autoComplete="new-password" required />
			{error ? <p role="alert">{error}</p> : null}
			<div className={styles['actions']}>
				<Button type="submit" loading={isBusy}>
					Unlock with the recovery key
				</Button>
				<Button variant="subtle" onClick={onDone}>
					Back to the passphrase
				</Button>
			</div>
		</form>
	);
}
