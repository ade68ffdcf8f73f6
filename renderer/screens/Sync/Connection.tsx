/** Which hub, and whom to believe: the trust policy that is pinned, a new connection, and the quiet look every few minutes. */
import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { can, type Role } from '#findings';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useSummary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { usePrefs } from '../../state/prefs.ts';
import type { SyncStatus } from '../../vault/feedApi.ts';
import { ConnectForm } from './ConnectForm.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import styles from './Sync.module.css';

/** Whom an engagement believes is a setting of it, and a partner's; where its hub stands and by which token it is asked is not. */
function whyNoConnecting(role: Role, isPinned: boolean): string | null {
	if (!isPinned && !can(role, 'setting.changed'))
		return `As ${ROLE_WORDS[role]} you can’t pin whom to believe. A partner connects the hub the first time.`;
	return can(role, 'trusted_key.added') ? null : `As ${ROLE_WORDS[role]} you can’t connect a hub. A preparer or a partner does.`;
}

export function Connection({ status }: { status: SyncStatus }) {
	const role = useRole();
	const [isAsking, setAsking] = useState(false);
	const why = whyNoConnecting(role, status.policy !== null);
	const showsForm = status.url === null || isAsking;
	return (
		<div className={styles['halves']}>
			<div>
				<Panel
					title="Hub"
					actions={
						showsForm ? null : (
							<>
								<Button variant="default" disabled={why !== null} title={why ?? undefined} onClick={() => setAsking(true)}>
									New token or address…
								</Button>
								<Disconnect />
							</>
						)
					}
				>
					{showsForm ? (
						<ConnectForm
							url={status.url}
							pinned={status.policy?.fingerprint ?? null}
							why={why}
							{...(status.url === null ? {} : { onCancel: () => setAsking(false) })}
							onConnected={() => setAsking(false)}
						/>
					) : (
						<FactList
							facts={[
								{ label: 'Address', value: status.url },
								{ label: 'Access token', value: 'kept sealed in this engagement' },
								{ label: 'Asked last', value: status.lastAt === null ? 'never' : <Instant at={status.lastAt} /> },
								{ label: 'Came through last', value: status.lastOkAt === null ? 'never' : <Instant at={status.lastOkAt} /> },
							]}
						/>
					)}
				</Panel>
				<Quietly />
			</div>
			<TrustPolicyCard status={status} />
		</div>
	);
}

function Disconnect() {
	const vault = useVault();
	const [isOpen, setOpen] = useState(false);
	const disconnect = async (): Promise<void> => {
		const answer = await vault.feed.disconnect();
		setOpen(false);
		if (answer.ok) notify({ tone: 'done', message: 'Disconnected. What was received, and the pins, stay.' });
		else notify({ tone: 'failed', message: answer.error.message });
	};
	return (
		<>
			<Button variant="default" onClick={() => setOpen(true)}>
				Disconnect…
			</Button>
			<Modal opened={isOpen} onClose={() => setOpen(false)} title="Disconnect the hub" closeButtonProps={{ 'aria-label': 'Close' }}>
				<div className={layoutStyles['form']}>
					<p>
						Address and access token are forgotten here. What was received stays, and so does what was pinned: a later hub has to continue
						it.
					</p>
					<div className={layoutStyles['row']}>
						<Button data-autofocus onClick={() => void disconnect()}>
							Disconnect
						</Button>
						<Button variant="subtle" onClick={() => setOpen(false)}>
							Cancel
						</Button>
					</div>
				</div>
			</Modal>
		</>
	);
}

function Quietly() {
	const { syncQuietly, change } = usePrefs();
	const isSample = useSummary()?.isSample ?? false;
	return (
		<Panel title="Every five minutes">
			<Select
				label="While this engagement is open"
				description={
					isSample
						? 'The sample is never looked after by itself.'
						: 'Looking asks only how far the hub is. Bringing in replaces the loaded population, so that tests count as stale.'
				}
				disabled={isSample}
				allowDeselect={false}
				className={styles['narrow'] ?? ''}
				data={[
					{ value: 'off', label: 'Leave the hub alone' },
					{ value: 'look', label: 'Look for news, and say so in the top bar' },
					{ value: 'bring', label: 'Look for news, and bring them in' },
				]}
				value={isSample ? 'off' : syncQuietly}
				onChange={(next) => next && change({ syncQuietly: next as typeof syncQuietly })}
			/>
		</Panel>
	);
}

function TrustPolicyCard({ status: { policy, heads } }: { status: SyncStatus }) {
	if (!policy)
		return (
			<Panel title="Trust policy">
				<p className={textStyles['muted']}>
					Nothing is pinned yet. When a hub is connected, its log’s name, keys and witnesses are pinned by a fingerprint that the company
					gives you by another way.
				</p>
			</Panel>
		);
	const { log, keys, witnesses, quorum, fingerprint } = policy;
	return (
		<Panel title="Trust policy">
			<FactList
				facts={[
					{ label: 'Log', value: log },
					{
						label: 'Quorum',
						value: witnesses.length === 0 ? 'no witnesses' : `${formatCount(quorum)} of ${formatCount(witnesses.length)} witnesses`,
					},
				]}
			/>
			<h3 className={styles['under']}>Fingerprint</h3>
			<Fingerprint fingerprint={fingerprint} />
			<h3 className={styles['under']}>Keys that may sign</h3>
			<ul className={layoutStyles['bulleted']}>
				{keys.map(({ name, until }) => (
					<li key={name}>
						<span className={textStyles['code']}>{name}</span>
						{Object.entries(until).map(([table, size]) => (
							<span key={table} className={textStyles['muted']}>
								{' '}
								· {table} up to {formatCount(size)}
							</span>
						))}
					</li>
				))}
				{witnesses.map((name) => (
					<li key={name}>
						<span className={textStyles['code']}>{name}</span> <span className={textStyles['muted']}>witness</span>
					</li>
				))}
			</ul>
			{Object.keys(heads).length > 0 ? (
				<PlainTable caption="Pinned heads" head={['Log', numberHead('Lines'), 'Root']}>
					{Object.entries(heads).map(([table, { size, root, origin }]) => (
						<tr key={table}>
							<td>{origin}</td>
							<NumberCell>{formatCount(size)}</NumberCell>
							<td>
								<Hash value={root} />
							</td>
						</tr>
					))}
				</PlainTable>
			) : null}
			<p className={textStyles['note']}>
				A pinned head moves only after the new one was verified: signed by a pinned key, vouched for by enough witnesses, shown to continue
				the old one, and found again in every line.
			</p>
		</Panel>
	);
}
