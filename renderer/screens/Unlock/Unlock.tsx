/** The locked window: engagements by the label their owner chose, the sample, a new one, or one from a backup. */
import { Button } from '@mantine/core';
import { FolderOpen, Plus, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AppInfo } from '../../app/useAppInfo.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { CreateEngagement } from './CreateEngagement.tsx';
import { DamagedStore } from './DamagedStore.tsx';
import { EngagementList } from './EngagementList.tsx';
import { HeldCertificates } from './HeldCertificates.tsx';
import { openSampleEngagement } from './openSample.ts';
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
				<HeldCertificates />
				<Ask query={list} lines={3}>
					{(engagements) => (
						<EngagementList
							engagements={engagements.filter(({ isSample }) => !isSample)}
							chosen={chosen}
							isRecovering={form === 'recover'}
							isRefused={isRefused}
							onChoose={(engagementId) => {
								setChosen(engagementId);
								setForm('none');
							}}
							onRecover={(isRecovering) => setForm(isRecovering ? 'recover' : 'none')}
						/>
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
