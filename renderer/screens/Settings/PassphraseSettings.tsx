/** Your own passphrase: changing it wraps the same key anew. */
import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import styles from './Settings.module.css';

export function PassphraseSettings() {
	const vault = useVault();
	const [old, setOld] = useState('');
	const [next, setNext] = useState('');
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.session.changePassphrase(old, next);
		setBusy(false);
		setError(answer.ok ? null : answer.error.message);
		if (!answer.ok) return;
		notify({ tone: 'done', message: 'Passphrase changed; the old one no longer opens this engagement here' });
		setOld('');
		setNext('');
	};
	return (
		<Panel title="Your passphrase">
			<form className={styles['form']} onSubmit={(event) => void submit(event)}>
				<PasswordInput
					label="Passphrase now"
					required
					autoComplete="current-password"
					value={old}
					onChange={({ currentTarget }) => setOld(currentTarget.value)}
					visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
				/>
				<PasswordInput
					label="New passphrase"
					required
					autoComplete="new-password"
					value={next}
					onChange={({ currentTarget }) => setNext(currentTarget.value)}
					error={error}
					visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
				/>
				<div className={styles['row']}>
					<Button type="submit" variant="default" loading={isBusy}>
						Change passphrase
					</Button>
				</div>
			</form>
		</Panel>
	);
}
