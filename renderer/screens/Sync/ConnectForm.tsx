/** Connecting: the hub says who it is, a person compares that with what the company said, and only then is it pinned. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import layoutStyles from '../../components/Layout.module.css';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import type { HubClaim } from '../../vault/feedApi.ts';
import type { HubAddress } from '../../vault/hubLink.ts';
import { ClaimCard } from './ClaimCard.tsx';

interface ConnectFormProps {
	/** Of the hub that is connected now. */
	readonly url: string | null;
	/** Fingerprint of the pinned policy. */
	readonly pinned: string | null;
	/** Why this member can't connect. */
	readonly why: string | null;
	readonly onCancel?: () => void;
	readonly onConnected: () => void;
}

export function ConnectForm({ url: known, pinned, why, onCancel, onConnected }: ConnectFormProps) {
	const vault = useVault();
	const [url, setUrl] = useState(known ?? '');
	const [token, setToken] = useState('');
	const [caPem, setCaPem] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const [asked, setAsked] = useState<{ readonly claim: HubClaim; readonly address: HubAddress } | null>(null);
	const changed = (): void => {
		setFault(null);
		setAsked(null);
	};
	const inspect = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const address = { url: url.trim().replace(/\/$/, ''), bearer: token.trim(), caPem: caPem.trim() === '' ? null : caPem.trim() };
		setBusy(true);
		const answer = await vault.feed.inspect(address);
		setBusy(false);
		if (answer.ok) setAsked({ claim: answer.value, address });
		else setFault(answer.error.message);
	};
	const connect = async (): Promise<void> => {
		if (!asked) return;
		const answer = await vault.feed.connect(asked.address, asked.claim.policy);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		setToken('');
		setAsked(null);
		notify({ tone: 'done', message: `Connected to ${asked.claim.tenant.company}. Sync now brings the evidence in.` });
		onConnected();
	};
	return (
		<>
			<form className={layoutStyles['form']} onSubmit={(event) => void inspect(event)}>
				<TextInput
					label="Address"
					placeholder="https://hub.company.example"
					required
					disabled={why !== null}
					spellCheck={false}
					autoComplete="off"
					value={url}
					error={fault}
					onChange={({ currentTarget }) => {
						setUrl(currentTarget.value);
						changed();
					}}
				/>
				<SecretInput
					label="Access token"
					description="From the company; kept sealed in this engagement"
					required
					disabled={why !== null}
					autoComplete="off"
					value={token}
					onText={(text) => {
						setToken(text);
						changed();
					}}
					what="access token"
				/>
				<Textarea
					label="Certificate authority of the company (PEM), where it has its own"
					autosize
					minRows={2}
					maxRows={8}
					spellCheck={false}
					disabled={why !== null}
					value={caPem}
					onChange={({ currentTarget }) => {
						setCaPem(currentTarget.value);
						changed();
					}}
				/>
				<div className={layoutStyles['row']}>
					<Button
						type="submit"
						variant={asked ? 'default' : 'filled'}
						loading={isBusy}
						disabled={why !== null || url.trim() === '' || token.trim() === ''}
					>
						Ask the hub who it is
					</Button>
					{onCancel ? (
						<Button variant="subtle" onClick={onCancel}>
							Cancel
						</Button>
					) : null}
					{why ? <span className={textStyles['muted']}>{why}</span> : null}
				</div>
			</form>
			{asked ? <ClaimCard claim={asked.claim} pinned={pinned} onConnect={connect} /> : null}
		</>
	);
}
