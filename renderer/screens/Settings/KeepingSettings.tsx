/** How the engagement is kept: backup as one encrypted file, disposal with a certificate. */

import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { utf8 } from '#kernel';
import { saveBytes } from '../../app/files.ts';
import { notify } from '../../app/notify.ts';
import type { Summary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import styles from './Settings.module.css';

export function KeepingSettings({ summary }: { summary: Summary }) {
	const vault = useVault();
	const [isBusy, setBusy] = useState(false);
	const backup = async (): Promise<void> => {
		setBusy(true);
		const made = await vault.session.backup();
		const saved = made.ok ? await saveBytes(`tieout-backup-${new Date().toISOString().slice(0, 10)}.tieout`, 'backup', made.value) : made;
		setBusy(false);
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value !== null) notify({ tone: 'done', message: `Backup written: ${saved.value.name}` });
	};
	return (
		<>
			<Panel title="Backup">
				<p>One encrypted file with everything in this engagement. It opens with the passphrases and the recovery key of today.</p>
				<Button variant="default" loading={isBusy} onClick={() => void backup()}>
					Write a backup
				</Button>
			</Panel>
			<Dispose summary={summary} />
		</>
	);
}

function Dispose({ summary }: { summary: Summary }) {
	const vault = useVault();
	const [typed, setTyped] = useState('');
	const [certificate, setCertificate] = useState<string | null>(null);
	const mayDispose = summary.role === 'partner' || summary.isSample;
	const dispose = async (): Promise<void> => {
		const answer = await vault.session.dispose();
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		setCertificate(answer.value.text);
		await saveBytes('disposal-certificate.txt', 'text', utf8(answer.value.text));
		await vault.session.lock();
	};
	return (
		<Panel title="Dispose of this engagement">
			<p>Destroys the keys and everything stored here. Nobody can bring it back but from a backup. You get a certificate.</p>
			{certificate ? <pre className={styles['certificate']}>{certificate}</pre> : null}
			<div className={styles['row']}>
				<TextInput
					label={`Type “${summary.name}” to confirm`}
					value={typed}
					disabled={!mayDispose}
					onChange={({ currentTarget }) => setTyped(currentTarget.value)}
					flex={1}
				/>
				<Button color="red" variant="outline" disabled={!mayDispose || typed !== summary.name} onClick={() => void dispose()}>
					Dispose
				</Button>
			</div>
			{mayDispose ? null : <p className={textStyles['muted']}>Only a partner disposes of an engagement.</p>}
		</Panel>
	);
}
