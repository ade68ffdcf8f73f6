/** The passphrase of one engagement, or the way to its recovery key. */
import { Button } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useVault } from '../../app/vault.ts';
import { SecretInput } from '../../components/SecretInput.tsx';
import styles from './Unlock.module.css';

export function UnlockForm({ engagementId, onRecover }: { engagementId: string; onRecover: () => void }) {
	const vault = useVault();
	const [passphrase, setPassphrase] = useState('');
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.session.unlock(engagementId, passphrase);
		setBusy(false);
		setError(answer.ok ? null : answer.error.message);
	};
	return (
		<form className={styles['form']} onSubmit={(event) => void submit(event)}>
			<SecretInput
				label="Passphrase"
				value={passphrase}
				onText={(text) => {
					setPassphrase(text);
					setError(null);
				}}
				error={error}
				data-autofocus
				autoFocus
				autoComplete="current-password"
			/>
			<div className={styles['actions']}>
				<Button type="submit" loading={isBusy} disabled={passphrase === ''}>
					Unlock
				</Button>
				<Button variant="subtle" leftSection={<KeyRound size={14} aria-hidden="true" />} onClick={onRecover}>
					Use the recovery key
				</Button>
			</div>
		</form>
	);
}
