/** What a hub claims to be, and the comparison with paper that has to come before it is pinned. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatCount, plural } from '../../app/format.ts';
import { Callout } from '../../components/Callout.tsx';
import { FactList } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import type { HubClaim } from '../../vault/feedApi.ts';
import { Fingerprint } from './Fingerprint.tsx';
import { compareEnds } from './fingerprintEnds.ts';
import styles from './Sync.module.css';

interface ClaimCardProps {
	readonly claim: HubClaim;
	/** Fingerprint of the policy that is pinned now. */
	readonly pinned: string | null;
	readonly onConnect: () => Promise<void>;
}

export function ClaimCard({ claim, pinned, onConnect }: ClaimCardProps) {
	const { tenant, fingerprint, policy, differsFromPinned } = claim;
	const [first, setFirst] = useState('');
	const [last, setLast] = useState('');
	const [isBusy, setBusy] = useState(false);
	const isKnown = pinned !== null && !differsFromPinned;
	const verdict = compareEnds(fingerprint, first, last);
	const isReady = isKnown || verdict === 'agrees';
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (!isReady) return;
		setBusy(true);
		await onConnect();
		setBusy(false);
	};
	return (
		<section className={styles['claim']} aria-label="What the hub claims">
			<h3>What the hub claims to be</h3>
			<FactList
				facts={[
					{ label: 'Company', value: tenant.company },
					{ label: 'Log', value: policy.log },
					{
						label: 'Entities',
						value:
							tenant.entity_ids.slice(0, 6).join(', ') +
								(tenant.entity_ids.length > 6 ? ` and ${formatCount(tenant.entity_ids.length - 6)} more` : '') || '–',
					},
					{
						label: 'Witnesses',
						value:
							policy.witnesses.length === 0
								? 'none'
								: `${plural(policy.witnesses.length, 'witness', 'witnesses')}, at least ${formatCount(policy.quorum)} each time`,
					},
				]}
			/>
			<ul className={layoutStyles['bulleted']}>
				{policy.keys.map(({ vkey, until }) => (
					<li key={vkey} className={textStyles['code']}>
						{vkey}
						{Object.keys(until).length > 0 ? ' (retired)' : ''}
					</li>
				))}
			</ul>
			{differsFromPinned ? (
				<Callout tone="fail" isAlert>
					<strong>✕ These are other keys or witnesses than the ones pinned for this engagement.</strong> Go on only if the company told you,
					by another way than this hub, that it has changed them. Pinned now:
					<Fingerprint fingerprint={pinned ?? ''} />
				</Callout>
			) : null}
			<form className={layoutStyles['form']} onSubmit={(event) => void submit(event)}>
				{isKnown ? (
					<p>The fingerprint is the one pinned for this engagement.</p>
				) : (
					<p>
						Compare with the fingerprint that the company gave you on paper or by voice. Its first and last group are left out here: type
						them from there.
					</p>
				)}
				<Fingerprint fingerprint={fingerprint} hidesEnds={!isKnown && verdict !== 'agrees'} />
				{isKnown ? null : (
					<div className={styles['ends']}>
						<TextInput
							label="First group"
							spellCheck={false}
							autoComplete="off"
							maxLength={4}
							value={first}
							error={verdict === 'differs'}
							onChange={({ currentTarget }) => setFirst(currentTarget.value)}
						/>
						<TextInput
							label="Last group"
							spellCheck={false}
							autoComplete="off"
							maxLength={4}
							value={last}
							error={verdict === 'differs'}
							onChange={({ currentTarget }) => setLast(currentTarget.value)}
						/>
					</div>
				)}
				{verdict === 'differs' ? (
					<p className={textStyles['adverse']} role="status">
						✕ That is not what this hub claims. Do not connect: ask the company which of the two is right.
					</p>
				) : null}
				<div className={layoutStyles['row']}>
					<Button type="submit" disabled={!isReady} loading={isBusy} {...(differsFromPinned ? { color: 'red' } : {})}>
						{differsFromPinned ? 'Pin the new policy and connect' : isKnown ? 'Connect' : 'Pin and connect'}
					</Button>
				</div>
			</form>
		</section>
	);
}
