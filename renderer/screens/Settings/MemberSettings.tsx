/** Members: name, role, signing key. The partner adds and removes them; the sample lets you act as each. */

import { Button, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Role } from '#findings';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import type { Summary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { ReasonModal } from '../../components/ReasonModal.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import styles from './Settings.module.css';

const ROLES = Object.entries(ROLE_WORDS).map(([value, label]) => ({ value, label }));

export function MemberSettings({ summary }: { summary: Summary }) {
	const vault = useVault();
	const members = useQuery((ask) => ask.members.list(), [], ['workbook']);
	const [removing, setRemoving] = useState<Removing | null>(null);
	const isPartner = summary.role === 'partner';
	const report = async (answer: Promise<{ ok: true } | { ok: false; error: { message: string } }>, done: string): Promise<void> => {
		const settled = await answer;
		notify(settled.ok ? { tone: 'done', message: done } : { tone: 'failed', message: settled.error.message });
	};
	return (
		<Panel title="Members and roles">
			<Ask query={members} lines={3}>
				{(list) => (
					<PlainTable head={['Name', 'Role', 'Signing key', { title: 'Actions', isHidden: true }]}>
						{list.map(({ memberId, name, role, publicKey, isActive }) => (
							<tr key={memberId}>
								<td>
									{name}
									{memberId === summary.memberId ? ' (you)' : ''}
									{isActive ? '' : ' (removed)'}
								</td>
								<td>
									{isPartner && isActive && memberId !== summary.memberId ? (
										<Select
											aria-label={`Role of ${name}`}
											data={ROLES}
											value={role}
											allowDeselect={false}
											onChange={(next) =>
												next && void report(vault.members.changeRole(memberId, next as Role), `${name} is ${ROLE_WORDS[next as Role]} now`)
											}
										/>
									) : (
										ROLE_WORDS[role]
									)}
								</td>
								<td>
									<Hash value={publicKey} />
								</td>
								<td>
									{summary.isSample && memberId !== summary.memberId ? (
										<Button
											variant="default"
											onClick={() => void report(vault.session.switchSampleMember(memberId), `You act as ${name} now`)}
										>
											Act as
										</Button>
									) : null}
									{isPartner && !summary.isSample && isActive && memberId !== summary.memberId ? (
										<Button variant="subtle" onClick={() => setRemoving({ memberId, name })}>
											Remove
										</Button>
									) : null}
								</td>
							</tr>
						))}
					</PlainTable>
				)}
			</Ask>
			{removing ? <RemoveMember member={removing} onClose={() => setRemoving(null)} /> : null}
			{isPartner && !summary.isSample ? <AddMember /> : null}
			{isPartner || summary.isSample ? null : <p className={textStyles['muted']}>Only a partner adds members and gives roles.</p>}
		</Panel>
	);
}

interface Removing {
	readonly memberId: string;
	readonly name: string;
}

function RemoveMember({ member: { memberId, name }, onClose }: { member: Removing; onClose: () => void }) {
	const vault = useVault();
	const remove = async (reason: string): Promise<void> => {
		const removed = await vault.members.removeMember(memberId, reason);
		if (!removed.ok) return notify({ tone: 'failed', message: removed.error.message });
		onClose();
		notify({ tone: 'done', message: `${name} can no longer unlock this engagement here` });
	};
	return (
		<ReasonModal title={`Remove ${name}`} action="Remove" onClose={onClose} onReason={remove}>
			<p>What {name} did and signed stays on record, and so does the reason.</p>
		</ReasonModal>
	);
}

function AddMember() {
	const vault = useVault();
	const [name, setName] = useState('');
	const [role, setRole] = useState<Role>('preparer');
	const [passphrase, setPassphrase] = useState('');
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.members.addMember(name.trim(), role, passphrase);
		setBusy(false);
		setError(answer.ok ? null : answer.error.message);
		if (!answer.ok) return;
		notify({ tone: 'done', message: `${name.trim()} can unlock this engagement now` });
		setName('');
		setPassphrase('');
	};
	return (
		<form className={styles['form']} aria-label="Add a member" onSubmit={(event) => void submit(event)}>
			<h3>Add a member</h3>
			<TextInput label="Member’s name" required value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
			<Select label="Role" data={ROLES} value={role} allowDeselect={false} onChange={(next) => next && setRole(next as Role)} />
			<SecretInput
				label="Their passphrase"
				description="Let them type it; they can change it here later."
				required
				autoComplete="new-password"
				value={passphrase}
				onText={setPassphrase}
				error={error}
			/>
			<div className={styles['row']}>
				<Button type="submit" loading={isBusy}>
					Add member
				</Button>
			</div>
		</form>
	);
}
