/** A new engagement: who, for whom, until when; a passphrase; and the recovery key, shown once. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useVault } from '../../app/vault.ts';
import { RecoveryKey } from '../../components/RecoveryKey.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
import styles from './Unlock.module.css';

const EMPTY = { label: '', name: '', client: '', organisation: '', memberName: '', deadline: '', passphrase: '', again: '' };
type Fields = typeof EMPTY;

export function CreateEngagement({ onCancel }: { onCancel: () => void }) {
	const vault = useVault();
	const [fields, setFields] = useState<Fields>(EMPTY);
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const [created, setCreated] = useState<{ engagementId: string; recoveryKey: string } | null>(null);
	const change = (name: keyof Fields) => (value: string) => setFields((before) => ({ ...before, [name]: value }));
	const field = (name: keyof Fields) => ({
		value: fields[name],
		onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => change(name)(currentTarget.value),
	});
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (fields.passphrase !== fields.again) return setError('The two passphrases differ. Type the same one twice.');
		setBusy(true);
		const { again: _again, deadline, label, ...rest } = fields;
		const answer = await vault.session.create({
			...rest,
			label: label.trim() === '' ? null : label.trim(),
			deadline: deadline === '' ? null : deadline,
		});
		setBusy(false);
		if (answer.ok) setCreated({ ...answer.value, engagementId: answer.value.engagementId });
		else setError(answer.error.message);
	};
	if (created)
		return (
			<section className={styles['panel']} aria-label="Recovery key">
				<h2>Recovery key</h2>
				<RecoveryKey
					recoveryKey={created.recoveryKey}
					action="Open the engagement"
					onDone={() => void vault.session.enter(created.engagementId)}
				/>
			</section>
		);
	return (
		<form className={styles['panel']} aria-label="New engagement" onSubmit={(event) => void submit(event)}>
			<h2>New engagement</h2>
			<TextInput label="Name" description="Such as “Audit FY 2026”." required autoFocus {...field('name')} />
			<TextInput label="Client" required {...field('client')} />
			<TextInput label="Your organisation" required {...field('organisation')} />
			<TextInput
				label="Your name"
				description="You become the engagement’s partner, and may add members."
				required
				{...field('memberName')}
			/>
			<TextInput
				label="Report date or deadline"
				placeholder="YYYY-MM-DD"
				description="Optional; Home counts the days."
				{...field('deadline')}
			/>
			<TextInput
				label="Label on the locked window"
				description="Readable without the passphrase, so name no client here. Left empty: a neutral one."
				{...field('label')}
			/>
			<SecretInput
				label="Passphrase"
				description="At least 12 characters. It never leaves this machine, and nobody can reset it."
				required
				autoComplete="new-password"
				value={fields.passphrase}
				onText={change('passphrase')}
			/>
			<SecretInput label="Passphrase again" required autoComplete="new-password" value={fields.again} onText={change('again')} />
			{error ? <p role="alert">{error}</p> : null}
			<div className={styles['actions']}>
				<Button type="submit" loading={isBusy}>
					Create
				</Button>
				<Button variant="subtle" onClick={onCancel}>
					Cancel
				</Button>
			</div>
		</form>
	);
}
