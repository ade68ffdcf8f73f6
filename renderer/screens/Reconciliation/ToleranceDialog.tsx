/** The rule min(amount, share), set for the engagement with a reason. */

import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { can } from '#findings';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useVault } from '../../app/vault.ts';
import textStyles from '../../components/Text.module.css';
import type { ReconciliationView } from '../../vault/reconciliationApi.ts';
import styles from './Reconciliation.module.css';

export function ToleranceDialog({ view, isOpen, onClose }: { view: ReconciliationView; isOpen: boolean; onClose: () => void }) {
	const vault = useVault();
	const role = useRole();
	const [minor, setMinor] = useState(view.toleranceMinor);
	const [percent, setPercent] = useState(view.tolerancePercent);
	const [reason, setReason] = useState('');
	const [error, setError] = useState<string | null>(null);
	useEffect(() => {
		setMinor(view.toleranceMinor);
		setPercent(view.tolerancePercent);
	}, [view.toleranceMinor, view.tolerancePercent]);
	const may = can(role, 'setting.changed');
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const done = await vault.reconciliation.setTolerance(minor.trim(), percent.trim().replace(',', '.'), reason.trim());
		if (!done.ok) {
			setError(done.error.message);
			return;
		}
		setError(null);
		notify({ tone: 'done', message: 'The tolerance was changed; the reconciliation follows it.', undo: 'setting.changed' });
		onClose();
	};
	return (
		<Modal opened={isOpen} onClose={onClose} title="Tolerance of amounts">
			<form onSubmit={(event) => void submit(event)} className={styles['dialog']}>
				<p>
					Two amounts that differ by no more than the smaller of both are within tolerance, which is not matched. A minor unit a row is
					always allowed, for rounding. 0 means exact.
				</p>
				<TextInput
					label="Minor units (cents, yen, fils)"
					value={minor}
					onChange={({ currentTarget }) => setMinor(currentTarget.value)}
					disabled={!may}
					data-autofocus
				/>
				<TextInput
					label="Percent of the expected amount"
					value={percent}
					onChange={({ currentTarget }) => setPercent(currentTarget.value)}
					disabled={!may}
				/>
				<Textarea label="Reason" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} disabled={!may} required />
				{error === null ? null : <p role="alert">{error}</p>}
				{may ? null : <p className={textStyles['muted']}>As {ROLE_WORDS[role]} you can’t change settings; a partner can.</p>}
				<Button type="submit" disabled={!may || reason.trim() === ''}>
					Change
				</Button>
			</form>
		</Modal>
	);
}
