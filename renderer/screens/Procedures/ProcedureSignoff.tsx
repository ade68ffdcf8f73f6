/** Sign-offs of a procedure: prepared and reviewed, by whom and when, Δ what has changed since, and what keeps this member from signing. */

import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatInstantLocal } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { ReasonModal } from '../../components/ReasonModal.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { SignoffSlot, SignoffView } from '../../vault/findingsApi.ts';

type SignRole = 'prepared' | 'reviewed';

const TITLES: Readonly<Record<SignRole, string>> = { prepared: 'Prepared', reviewed: 'Reviewed' };
const STATUSES: Readonly<Record<SignoffSlot['status'], readonly [Tone, string]>> = {
	none: ['neutral', 'Not signed'],
	current: ['info', 'Signed'],
	changed_since: ['warn', 'Δ changed since'],
	withdrawn: ['neutral', 'Withdrawn'],
};

export function ProcedureSignoff({ id }: { id: string }) {
	const target = { kind: 'procedure', id } as const;
	const query = useQuery((vault) => vault.findings.signoff(target), [id], ['workbook']);
	const [asking, setAsking] = useState<
		{ readonly kind: 'sign'; readonly role: SignRole } | { readonly kind: 'withdraw'; readonly slot: SignoffSlot } | null
	>(null);
	return (
		<Ask query={query}>
			{(view) => (
				<>
					{view.contentSha256 === null ? (
						<Panel title="Nothing to sign yet">
							<p>A sign-off stands on the last recorded result: its verdict, counts, parameters and hash. Run the test first.</p>
						</Panel>
					) : (
						<Panel title="What is signed">
							<p>
								The last recorded result with its parameters, hash <Hash value={view.contentSha256} />. A later run with another result
								shows as Δ.
							</p>
						</Panel>
					)}
					{(['prepared', 'reviewed'] as const).map((role) => (
						<Slot
							key={role}
							role={role}
							slot={view[role]}
							canSign={view.contentSha256 !== null}
							onSign={() => setAsking({ kind: 'sign', role })}
							onWithdraw={() => setAsking({ kind: 'withdraw', slot: view[role] })}
						/>
					))}
					{asking?.kind === 'sign' ? <Sign view={view} role={asking.role} onClose={() => setAsking(null)} /> : null}
					{asking?.kind === 'withdraw' ? <Withdraw slot={asking.slot} onClose={() => setAsking(null)} /> : null}
				</>
			)}
		</Ask>
	);
}

function Slot({
	role,
	slot,
	canSign,
	onSign,
	onWithdraw,
}: {
	role: SignRole;
	slot: SignoffSlot;
	canSign: boolean;
	onSign: () => void;
	onWithdraw: () => void;
}) {
	const [tone, word] = STATUSES[slot.status];
	const blocked = slot.blockers.join(' ');
	return (
		<Panel
			title={TITLES[role]}
			actions={
				<VerdictBadge tone={tone} {...(word.startsWith('Δ') ? { glyph: '▲' } : {})}>
					{word}
				</VerdictBadge>
			}
		>
			{slot.status === 'none' ? null : (
				<p>
					{slot.by}
					{slot.at ? `, ${formatInstantLocal(slot.at)}` : ''}
					{slot.withdrawnReason ? `. Withdrawn: ${slot.withdrawnReason}` : ''}
				</p>
			)}
			{slot.changes.length > 0 ? (
				<ul className={layoutStyles['bulleted']}>
					{slot.changes.map(({ field, before, now }) => (
						<li key={field}>
							<strong>{field}</strong>: was {before || 'empty'}, is {now || 'empty'}
						</li>
					))}
				</ul>
			) : null}
			<div className={layoutStyles['row']}>
				<Button variant="default" disabled={!canSign || slot.blockers.length > 0} title={blocked || undefined} onClick={onSign}>
					Sign as {role}
				</Button>
				{slot.signoffId !== null && slot.status !== 'withdrawn' ? (
					<Button variant="subtle" disabled={slot.withdrawBlocked !== null} title={slot.withdrawBlocked ?? undefined} onClick={onWithdraw}>
						Withdraw
					</Button>
				) : null}
			</div>
			{blocked ? <p className={textStyles['note']}>{blocked}</p> : null}
		</Panel>
	);
}

function Sign({ view, role, onClose }: { view: SignoffView; role: SignRole; onClose: () => void }) {
	const vault = useVault();
	const [passphrase, setPassphrase] = useState('');
	const [error, setError] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (view.contentSha256 === null) return;
		setBusy(true);
		const confirmed = await vault.session.confirmPassphrase(passphrase);
		const signed = confirmed.ok
			? await vault.findings.sign(view.target, role, view.contentSha256, confirmed.value.confirmation)
			: confirmed;
		setBusy(false);
		if (!signed.ok) return setError(signed.error.message);
		notify({ tone: 'done', message: `${view.target.id} signed as ${role}` });
		onClose();
	};
	return (
		<Modal opened onClose={onClose} title={`Sign ${view.target.id} as ${role}`} closeButtonProps={{ 'aria-label': 'Close' }}>
			<form className={layoutStyles['form']} onSubmit={(event) => void submit(event)}>
				<p>You state that you {role === 'prepared' ? 'did this work' : 'reviewed this work'} as it stands now.</p>
				<SecretInput
					label="Your passphrase, once more"
					required
					data-autofocus
					autoComplete="current-password"
					value={passphrase}
					onText={setPassphrase}
					error={error}
				/>
				<div className={layoutStyles['row']}>
					<Button type="submit" loading={isBusy} disabled={passphrase === ''}>
						Sign
					</Button>
					<Button variant="subtle" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}

function Withdraw({ slot, onClose }: { slot: SignoffSlot; onClose: () => void }) {
	const vault = useVault();
	const withdraw = async (reason: string): Promise<void> => {
		if (slot.signoffId === null) return;
		const done = await vault.findings.withdraw(slot.signoffId, reason);
		notify(done.ok ? { tone: 'done', message: 'Sign-off withdrawn; it stays on record' } : { tone: 'failed', message: done.error.message });
		if (done.ok) onClose();
	};
	return <ReasonModal title="Withdraw a sign-off" action="Withdraw" onClose={onClose} onReason={withdraw} />;
}
