/** Signing: what is signed, as what, and the passphrase once more. */
import { Button, Modal, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { SecretInput } from '../../components/SecretInput.tsx';
import { Hash } from '../../components/Values.tsx';
import type { SignoffView } from '../../vault/findingsApi.ts';
import styles from './Findings.module.css';
import { nextRole } from './SignoffStrip.tsx';

type SignRole = 'prepared' | 'reviewed';

export function SignDialog({ view, subject, onClose }: { view: SignoffView; subject: string; onClose: () => void }) {
	const vault = useVault();
	const [role, setRole] = useState<SignRole>(nextRole(view));
	// What was shown when the dialog opened is what is signed; anything else is refused.
	const [contentSha256] = useState(view.contentSha256);
	const [passphrase, setPassphrase] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const { blockers } = view[role];
	const sign = async (): Promise<string | null> => {
		if (contentSha256 === null) return 'There is nothing to sign yet.';
		const confirmed = await vault.session.confirmPassphrase(passphrase);
		if (!confirmed.ok) return confirmed.error.message;
		const done = await vault.findings.sign(view.target, role, contentSha256, confirmed.value.confirmation);
		if (!done.ok) return done.error.message;
		notify({ tone: 'done', message: `${done.value}. Withdraw it with a reason if it must not stand.` });
		return null;
	};
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const refused = await sign();
		setBusy(false);
		if (refused === null) onClose();
		else setFault(refused);
	};
	return (
		<Modal lockScroll={false} closeButtonProps={{ 'aria-label': 'Close' }} opened onClose={onClose} title={`Sign ${subject}`}>
			<form className={styles['dialog']} onSubmit={(event) => void submit(event)}>
				<Radio.Group label="As" value={role} onChange={(value) => setRole(value === 'reviewed' ? 'reviewed' : 'prepared')}>
					<div className={styles['roles']}>
						<Radio value="prepared" label="Prepared: I did this work and stand by its content" />
						<Radio value="reviewed" label="Reviewed: I looked at the work and the evidence of another member" />
					</div>
				</Radio.Group>
				{blockers.length > 0 ? (
					<ul className={styles['blockerList']}>
						{blockers.map((blocker) => (
							<li key={blocker}>▲ {blocker}</li>
						))}
					</ul>
				) : (
					<p>
						The signature stands on the content as it is shown now, {contentSha256 === null ? '' : <Hash value={contentSha256} />}. Any
						later change shows as Δ.
					</p>
				)}
				<SecretInput
					label="Your passphrase"
					value={passphrase}
					error={fault}
					autoComplete="current-password"
					disabled={blockers.length > 0}
					data-autofocus
					onText={(text) => {
						setPassphrase(text);
						setFault(null);
					}}
				/>
				<div className={styles['buttons']}>
					<Button type="submit" loading={isBusy} disabled={blockers.length > 0 || passphrase === ''}>
						Sign
					</Button>
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}
