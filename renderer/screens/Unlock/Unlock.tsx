/** The locked window: engagements by the label their owner chose, the sample, a new one, or one from a backup. */
import { Button } from '@mantine/core';
import { FolderOpen, KeyRound, Plus, RotateCcw } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../app/format.ts';
import type { AppInfo } from '../../app/useAppInfo.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Callout } from '../../components/Callout.tsx';
import { SecretInput } from '../../components/SecretInput.tsx';
import { Instant } from '../../components/Values.tsx';
import { CreateEngagement } from './CreateEngagement.tsx';
import { MissingEngagements } from './MissingEngagements.tsx';
import { openSampleEngagement } from './openSample.ts';
import { RecoverEngagement } from './RecoverEngagement.tsx';
import { RestoreBackup } from './RestoreBackup.tsx';
import styles from './Unlock.module.css';

type Form = 'none' | 'create' | 'restore' | 'recover';

export function Unlock({ info }: { info: AppInfo }) {
	const vault = useVault();
	const list = useQuery((ask) => ask.session.list(), []);
	const [chosen, setChosen] = useState<string | null>(null);
	const [form, setForm] = useState<Form>('none');
	const [sample, setSample] = useState<{ isBusy: boolean; message: string | null }>({ isBusy: false, message: null });
	const isRefused = info.mayOpenReal ? null : 'Only the sample opens on this runtime.';

	const openSample = async (): Promise<void> => {
		setSample({ isBusy: true, message: 'Preparing the made-up company…' });
		const answer = await openSampleEngagement(vault, (message) => setSample({ isBusy: true, message }));
		setSample({ isBusy: false, message: answer.ok ? null : answer.error.message });
	};
	const opensAtOnce = info.openSample;
	const started = useRef(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when the window was started for the sample
	useEffect(() => {
		if (!opensAtOnce || started.current) return;
		started.current = true;
		void openSample();
	}, [opensAtOnce]);

	return (
		<main className={styles['page']}>
			<div className={styles['column']}>
				<h1>Tieout</h1>
				<p className={styles['lead']}>Everything here is encrypted on this machine. Choose an engagement and give your passphrase.</p>
				{info.damagedStore === null ? null : <DamagedStore keptIn={info.damagedStore} />}
				<Ask query={list} lines={3}>
					{(engagements) => (
						<>
							<MissingEngagements present={engagements.filter(({ isSample }) => !isSample).map(({ engagementId }) => engagementId)} />
							{engagements.filter(({ isSample }) => !isSample).length === 0 ? (
								<div className={styles['none']}>
									<h2>No engagement on this machine yet</h2>
									<p className={styles['muted']}>Create one, restore one from a backup, or look around in the sample.</p>
								</div>
							) : null}
							<ul className={styles['list']} aria-label="Engagements">
								{engagements
									.filter(({ isSample }) => !isSample)
									.map((engagement) => (
										<li key={engagement.engagementId}>
											<button
												type="button"
												className={styles['engagement']}
												aria-expanded={chosen === engagement.engagementId}
												disabled={isRefused !== null}
												title={isRefused ?? undefined}
												onClick={() => {
													setChosen(engagement.engagementId);
													setForm('none');
												}}
											>
												<strong>{engagement.label}</strong>
												<span className={styles['muted']}>
													created <Instant at={engagement.createdAt} /> · key {engagement.fingerprint}
													{engagement.bytes === null ? '' : ` · ${formatBytes(engagement.bytes)}`}
												</span>
											</button>
											{chosen === engagement.engagementId && form !== 'recover' ? (
												<UnlockForm engagementId={engagement.engagementId} onRecover={() => setForm('recover')} />
											) : null}
											{chosen === engagement.engagementId && form === 'recover' ? (
												<RecoverEngagement engagementId={engagement.engagementId} onDone={() => setForm('none')} />
											) : null}
										</li>
									))}
							</ul>
						</>
					)}
				</Ask>
				<div className={styles['actions']}>
					<Button
						variant="default"
						leftSection={<FolderOpen size={14} aria-hidden="true" />}
						loading={sample.isBusy}
						onClick={() => void openSample()}
					>
						Open sample
					</Button>
					<Button
						variant="default"
						leftSection={<Plus size={14} aria-hidden="true" />}
						disabled={isRefused !== null}
						onClick={() => setForm(form === 'create' ? 'none' : 'create')}
					>
						New engagement
					</Button>
					<Button
						variant="default"
						leftSection={<RotateCcw size={14} aria-hidden="true" />}
						disabled={isRefused !== null}
						onClick={() => setForm(form === 'restore' ? 'none' : 'restore')}
					>
						Restore a backup
					</Button>
				</div>
				<p role="status" className={styles['muted']}>
					{sample.message ?? isRefused ?? ''}
				</p>
				{form === 'create' ? <CreateEngagement onCancel={() => setForm('none')} /> : null}
				{form === 'restore' ? <RestoreBackup onCancel={() => setForm('none')} /> : null}
			</div>
		</main>
	);
}

function DamagedStore({ keptIn }: { keptIn: string }) {
	return (
		<Callout tone="fail" isAlert>
			<strong>✕ The store on this disk was damaged.</strong> What was stored before the damage is here; what was written after it may be
			missing.
			<ol className={styles['todo']}>
				<li>Open each engagement and look at its last entries in Activity.</li>
				<li>Restore a backup where work is missing.</li>
				<li>Have the disk examined.</li>
			</ol>
			The damaged part is kept in <span className={styles['path']}>{keptIn}</span>
		</Callout>
	);
}

function UnlockForm({ engagementId, onRecover }: { engagementId: string; onRecover: () => void }) {
	const vault = useVault();
	const [passphrase, setPassphrase] = useState('');
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		setBusy(true);
		const answer = await vault.session.unlock(engagementId, passphrase);
		setBusy(false);
		setError(answer.ok ? null : answer.error.message);
	};
	return (
		<form className={styles['form']} onSubmit={(event) => void submit(event)}>
			<SecretInput
				label="Passphrase"
				value={passphrase}
				onText={(text) => {
					setPassphrase(text);
					setError(null);
				}}
				error={error}
				data-autofocus
				autoFocus
				autoComplete="current-password"
			/>
			<div className={styles['actions']}>
				<Button type="submit" loading={isBusy} disabled={passphrase === ''}>
					Unlock
				</Button>
				<Button variant="subtle" leftSection={<KeyRound size={14} aria-hidden="true" />} onClick={onRecover}>
					Use the recovery key
				</Button>
			</div>
		</form>
	);
}
