/** Log keys that were given from outside any drop: what integrity is judged by. Added with an origin, removed with a reason. */

import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FIRST_READING, isFirstReading } from '#evidence';
import { can } from '#findings';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { PlainTable } from '../../components/PlainTable.tsx';
import { ReasonModal } from '../../components/ReasonModal.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import type { TrustedKeyRecord } from '../../vault/evidenceRecordsApi.ts';
import { FirstReading } from './FirstReading.tsx';
import { judgeKey, KEY_SENTENCES } from './ipe.ts';

export function KeysTab({ claimed }: { claimed: string | null }) {
	const role = useRole();
	const keys = useQuery((vault) => vault.evidence.trustedKeys(), [], ['workbook']);
	const [removing, setRemoving] = useState<TrustedKeyRecord | null>(null);
	const why = can(role, 'trusted_key.added') ? null : `As ${ROLE_WORDS[role]} you can’t change keys. A preparer or a partner does.`;
	return (
		<div className={layoutStyles['page']}>
			<Panel title="Trusted log keys">
				<Ask query={keys} lines={3}>
					{(list) => (
						<PlainTable head={['Verifier key', 'Where it came from', 'Added', { title: 'Actions', isHidden: true }]}>
							{list.length === 0 ? (
								<tr>
									<td colSpan={4}>{KEY_SENTENCES.empty}</td>
								</tr>
							) : null}
							{list.map((key) => (
								<tr key={key.vkey}>
									<td className={textStyles['code']}>
										{key.vkey}
										{key.vkey === claimed ? <div className={textStyles['muted']}>equal to the key that the loaded drop claims</div> : null}
									</td>
									<td>
										{key.origin}
										{isFirstReading(key.origin) ? <div className={textStyles['muted']}>▲ nobody gave it from outside</div> : null}
									</td>
									<td>
										<Instant at={key.at} />
										<div className={textStyles['muted']}>{key.by}</div>
									</td>
									<td>
										<Button variant="subtle" disabled={why !== null} title={why ?? undefined} onClick={() => setRemoving(key)}>
											Remove
										</Button>
									</td>
								</tr>
							))}
						</PlainTable>
					)}
				</Ask>
				{claimed && !(keys.state === 'ready' && keys.data.some(({ vkey }) => vkey === claimed)) ? (
					<p className={textStyles['note']}>
						The loaded drop claims <span className={textStyles['code']}>{claimed}</span>. A claim of the drop itself is shown, never
						trusted.
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
	const [stated, setOrigin] = useState('');
	const [isTaken, setTaken] = useState(false);
	const running = useRunningJob(/^Verification/);
	const judged = judgeKey(vkey, claimed);
	const origin = judged.kind === 'claimed' && isTaken ? FIRST_READING : stated;
	const isReady = judged.kind !== 'empty' && judged.kind !== 'unreadable' && origin.trim() !== '' && why === null;
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const added = await vault.evidence.addTrustedKey(vkey.trim(), origin.trim());
		if (!added.ok) return notify({ tone: 'failed', message: added.error.message });
		setVkey('');
		setOrigin('');
		notify({ tone: 'done', message: 'Key added. The stored evidence is verified again under it.' });
		await verifyAgain(vault);
	};
	return (
		<form className={layoutStyles['form']} onSubmit={(event) => void submit(event)}>
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
				disabled={why !== null || origin === FIRST_READING}
				value={origin}
				onChange={({ currentTarget }) => setOrigin(currentTarget.value)}
			/>
			{judged.kind === 'claimed' ? <FirstReading isTaken={isTaken} onTaken={setTaken} /> : null}
			{judged.kind === 'claimed' || judged.kind === 'other' ? <p className={textStyles['note']}>{KEY_SENTENCES[judged.kind]}</p> : null}
			<div className={layoutStyles['row']}>
				<Button type="submit" disabled={!isReady}>
					Add key
				</Button>
				<Button variant="default" disabled={why !== null || running !== null} onClick={() => void verifyAgain(vault)}>
					Verify the evidence again
				</Button>
				{why ? <span className={textStyles['muted']}>{why}</span> : null}
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
	const remove = async (reason: string): Promise<void> => {
		const removed = await vault.evidence.removeTrustedKey(record.vkey, reason);
		if (!removed.ok) return notify({ tone: 'failed', message: removed.error.message });
		onClose();
		notify({ tone: 'done', message: 'Key removed. What it verified counts as not verifiable from now on.' });
		await verifyAgain(vault);
	};
	return (
		<ReasonModal title="Remove a trusted key" action="Remove" onClose={onClose} onReason={remove}>
			<span className={textStyles['code']}>{record.vkey}</span>
		</ReasonModal>
	);
}
