/** Log keys that were given from outside any drop: what integrity is judged by. Added with an origin, removed with a reason. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { can } from '#findings';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import { Instant } from '../../components/Values.tsx';
import type { TrustedKeyRecord } from '../../vault/evidenceRecordsApi.ts';
import styles from './Data.module.css';
import { judgeKey, KEY_SENTENCES } from './ipe.ts';

export function KeysTab({ claimed }: { claimed: string | null }) {
	const role = useRole();
	const keys = useQuery((vault) => vault.evidence.trustedKeys(), [], ['workbook']);
	const [removing, setRemoving] = useState<TrustedKeyRecord | null>(null);
	const why = can(role, 'trusted_key.added') ? null : `As ${ROLE_WORDS[role]} you can’t change keys. A preparer or a partner does.`;
	return (
		<div className={styles['page']}>
			<Panel title="Trusted log keys">
				<Ask query={keys} lines={3}>
					{(list) => (
						<table className={styles['table']}>
							<thead>
								<tr>
									<th scope="col">Verifier key</th>
									<th scope="col">Where it came from</th>
									<th scope="col">Added</th>
									<th scope="col">
										<span className="visuallyHidden">Actions</span>
									</th>
								</tr>
							</thead>
							<tbody>
								{list.length === 0 ? (
									<tr>
										<td colSpan={4}>{KEY_SENTENCES.empty}</td>
									</tr>
								) : null}
								{list.map((key) => (
									<tr key={key.vkey}>
										<td className={styles['code']}>
											{key.vkey}
											{key.vkey === claimed ? <div className={styles['muted']}>equal to the key that the loaded drop claims</div> : null}
										</td>
										<td>{key.origin}</td>
										<td>
											<Instant at={key.at} />
											<div className={styles['muted']}>{key.by}</div>
										</td>
										<td>
											<Button variant="subtle" disabled={why !== null} title={why ?? undefined} onClick={() => setRemoving(key)}>
												Remove
											</Button>
										</td>
									</tr>
								))}
							</tbody>
						</table>
					)}
				</Ask>
				{claimed && !(keys.state === 'ready' && keys.data.some(({ vkey }) => vkey === claimed)) ? (
					<p className={styles['muted']}>
						The loaded drop claims <span className={styles['code']}>{claimed}</span>. A claim of the drop itself is shown, never trusted.
					</p>
				) : null}
			</Panel>
			<Panel title="Add a key">
				<AddKey claimed={claimed} why={why} />
			</Panel>
			{removing ? <RemoveKey record={removing} onClose={() => setRemoving(null)} /> : null}
		</div>
	);
}

function AddKey({ claimed, why }: { claimed: string | null; why: string | null }) {
	const vault = useVault();
	const [vkey, setVkey] = useState('');
	const [origin, setOrigin] = useState('');
	const running = useRunningJob(/^Verification/);
	const judged = judgeKey(vkey, claimed);
	const isReady = judged.kind !== 'empty' && judged.kind !== 'unreadable' && origin.trim() !== '' && why === null;
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const added = await vault.evidence.addTrustedKey(vkey.trim(), origin.trim());
		if (!added.ok) return notify({ tone: 'failed', message: added.error.message });
		setVkey('');
		setOrigin('');
		notify({ tone: 'done', message: 'Key added. The stored evidence is verified again under it.', undo: true });
		await verifyAgain(vault);
	};
	return (
		<form className={styles['form']} onSubmit={(event) => void submit(event)}>
			<Textarea
				label="Verifier key"
				autosize
				minRows={2}
				spellCheck={false}
				disabled={why !== null}
				value={vkey}
				onChange={({ currentTarget }) => setVkey(currentTarget.value)}
				error={judged.kind === 'unreadable' ? KEY_SENTENCES.unreadable : null}
			/>
			<TextInput
				label="Where it came from"
				required
				disabled={why !== null}
				value={origin}
				onChange={({ currentTarget }) => setOrigin(currentTarget.value)}
			/>
			{judged.kind === 'claimed' || judged.kind === 'other' ? <p className={styles['muted']}>{KEY_SENTENCES[judged.kind]}</p> : null}
			<div className={styles['row']}>
				<Button type="submit" disabled={!isReady}>
					Add key
				</Button>
				<Button variant="default" disabled={why !== null || running !== null} onClick={() => void verifyAgain(vault)}>
					Verify the evidence again
				</Button>
				{why ? <span className={styles['muted']}>{why}</span> : null}
			</div>
			{running ? <JobProgress job={running} /> : null}
		</form>
	);
}

async function verifyAgain(vault: ReturnType<typeof useVault>): Promise<void> {
	const answer = await vault.evidence.verifyAgain();
	if (!answer.ok) notify({ tone: answer.error.code === 'cancelled' ? 'warn' : 'failed', message: answer.error.message });
	else notify({ tone: 'done', message: 'Verified again. Look at Integrity for each verdict.' });
}

function RemoveKey({ record, onClose }: { record: TrustedKeyRecord; onClose: () => void }) {
	const vault = useVault();
	const [reason, setReason] = useState('');
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const removed = await vault.evidence.removeTrustedKey(record.vkey, reason.trim());
		if (!removed.ok) return notify({ tone: 'failed', message: removed.error.message });
		onClose();
		notify({ tone: 'done', message: 'Key removed. What it verified counts as not verifiable from now on.', undo: true });
		await verifyAgain(vault);
	};
	return (
		<Modal opened onClose={onClose} title="Remove a trusted key" closeButtonProps={{ 'aria-label': 'Close' }}>
			<form className={styles['form']} onSubmit={(event) => void submit(event)}>
				<span className={styles['code']}>{record.vkey}</span>
				<TextInput label="Reason" required data-autofocus value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
				<div className={styles['row']}>
					<Button type="submit" disabled={reason.trim() === ''}>
						Remove
					</Button>
					<Button variant="subtle" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}
