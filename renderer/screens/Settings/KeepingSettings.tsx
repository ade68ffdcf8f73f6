/** How the engagement is kept: backup as one encrypted file, disposal with a certificate. */

import { Button, TextInput } from '@mantine/core';
import { proxy } from 'comlink';
import { useState } from 'react';
import { can } from '#findings';
import { utf8 } from '#kernel';
import { holdCertificate } from '../../app/certificates.ts';
import { onRecord } from '../../app/exportRecord.ts';
import { chooseFileToWrite } from '../../app/fileStreams.ts';
import { saveBytes } from '../../app/files.ts';
import { formatBytes } from '../../app/format.ts';
import { cover, lockNow } from '../../app/lock.ts';
import { notify } from '../../app/notify.ts';
import type { Summary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import textStyles from '../../components/Text.module.css';
import { useKeptStorage } from '../../state/keptStorage.ts';
import { forgetEngagements } from '../../state/seenEngagements.ts';
import styles from './Settings.module.css';

export function KeepingSettings({ summary }: { summary: Summary }) {
	const vault = useVault();
	const running = useRunningJob(/^Backup$/);
	const isKept = useKeptStorage((storage) => storage.isKept);
	const mayBackUp = can(summary.role, 'evidence.exported');
	const backup = async (): Promise<void> => {
		const target = await chooseFileToWrite(`tieout-backup-${new Date().toISOString().slice(0, 10)}.tieout`, 'backup');
		if (!target.ok) return notify({ tone: 'failed', message: target.error.message });
		const file = target.value;
		if (file === null) return;
		const made = await vault.session.backupTo(proxy((bytes: Uint8Array) => file.write(bytes)));
		if (!made.ok) {
			await file.abandon();
			return notify({ tone: made.error.code === 'cancelled' ? 'warn' : 'failed', message: made.error.message });
		}
		const saved = await onRecord(vault, made.value.exportId, await file.finish());
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value)
			notify({ tone: 'done', message: `Backup written and read back: ${saved.value.name}, ${formatBytes(saved.value.size)}` });
	};
	return (
		<>
			<Panel title="Backup">
				<p>One encrypted file with everything in this engagement. It opens with the passphrases and the recovery key of today.</p>
				{isKept === false ? (
					<p className={textStyles['warn']}>
						▲ This computer does not promise to keep the store when its disk runs full. Back up each day.
					</p>
				) : null}
				{running ? (
					<JobProgress job={running} />
				) : (
					<Button variant="default" disabled={!mayBackUp} onClick={() => void backup()}>
						Write a backup
					</Button>
				)}
				{mayBackUp ? null : (
					<p className={textStyles['muted']}>A backup holds all evidence, and your role takes none out. Ask another member.</p>
				)}
			</Panel>
			<Dispose summary={summary} />
		</>
	);
}

function Dispose({ summary }: { summary: Summary }) {
	const vault = useVault();
	const [typed, setTyped] = useState('');
	const mayDispose = summary.role === 'partner' || summary.isSample;
	const dispose = async (): Promise<void> => {
		const state = await vault.session.state();
		// Before it is gone: a machine that goes off in between must not miss what was given up on purpose.
		if (state.ok && state.value.engagementId !== null) forgetEngagements([state.value.engagementId]);
		cover('disposal');
		let isHeld = false;
		const answer = await vault.session.dispose(
			proxy(async (text: string) => {
				isHeld = await holdCertificate(text);
				return isHeld;
			}),
		);
		if (!answer.ok && !isHeld) {
			cover(null);
			return notify({ tone: 'failed', message: answer.error.message });
		}
		if (answer.ok && !answer.value.isKept) await saveBytes('disposal-certificate.txt', 'text', utf8(answer.value.text));
		await lockNow();
	};
	return (
		<Panel title="Dispose of this engagement">
			<p>
				Destroys the keys and everything stored here. Nobody can bring it back but from a backup. The certificate of it is shown on the
				locked window, to be saved there.
			</p>
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
