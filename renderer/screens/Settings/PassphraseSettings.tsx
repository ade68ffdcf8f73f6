/** Your own passphrase: changing it wraps the same key anew. */
import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
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
				<SecretInput label="Passphrase now" required autoComplete="current-password" value={old} onText={setOld} />
				<SecretInput label="New passphrase" required autoComplete="new-password" value={next} onText={setNext} error={error} />
				<div className={styles['row']}>
					<Button type="submit" variant="default" loading={isBusy}>
						Change passphrase
					</Button>
				</div>
			</form>
		</Panel>
	);
}
