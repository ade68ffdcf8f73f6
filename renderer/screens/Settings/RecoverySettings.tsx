/** A new recovery key in the place of the one before: shown once, recorded in the log. */
import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { can } from '#findings';
import type { Summary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import { RecoveryKey } from '../../components/RecoveryKey.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import styles from './Settings.module.css';

export function RecoverySettings({ summary }: { summary: Summary }) {
	const vault = useVault();
	const [passphrase, setPassphrase] = useState('');
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const [issued, setIssued] = useState<string | null>(null);
	const why = summary.isSample
		? 'The sample keeps the keys it was made with.'
		: can(summary.role, 'recovery_key.issued')
			? null
			: 'Only a partner issues a recovery key.';
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.session.issueRecoveryKey(passphrase);
		setBusy(false);
		setPassphrase('');
		setError(answer.ok ? null : answer.error.message);
		if (answer.ok) setIssued(answer.value.recoveryKey);
	};
	return (
		<Panel title="Recovery key">
			{issued === null ? (
				<form className={styles['form']} aria-label="Issue a new recovery key" onSubmit={(event) => void submit(event)}>
					<p>
						A new key takes the place of the one before, which then opens nothing here any more. Backups written before go on opening with
						the key of their day. The log says who issued it.
					</p>
					<SecretInput
						label="Your passphrase"
						required
						autoComplete="current-password"
						disabled={why !== null}
						value={passphrase}
						onText={(text) => {
							setPassphrase(text);
							setError(null);
						}}
						error={error}
					/>
					<div className={styles['row']}>
						<Button type="submit" variant="default" loading={isBusy} disabled={why !== null || passphrase === ''}>
							Issue a new recovery key
						</Button>
					</div>
					{why === null ? null : <p className={textStyles['note']}>{why}</p>}
				</form>
			) : (
				<RecoveryKey recoveryKey={issued} action="Done" onDone={() => setIssued(null)} />
			)}
		</Panel>
	);
}
