/** Checks somebody's pack, trusting nothing in it: any PDF at all, with its pages beside the report. */

import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { type ChosenFile, chooseFile } from '../../app/files.ts';
import { formatBytes } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { faultOf } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { PdfView } from '../../components/PdfView.tsx';
import { EmptyState, ErrorState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import type { VaultError } from '../../vault/contract.ts';
import { CheckReportView } from './CheckReportView.tsx';
import { CHECK_JOB, type Checked, checkPack } from './checking.ts';
import styles from './Packs.module.css';
import { Registered } from './Registered.tsx';

const RUNNING = new RegExp(`^${CHECK_JOB}`);

export function CheckPack() {
	const vault = useVault();
	const [replay, setReplay] = useState(false);
	const [trust, setTrust] = useState<ChosenFile | null>(null);
	const [checked, setChecked] = useState<Checked | null>(null);
	const [error, setError] = useState<VaultError | null>(null);
	const running = useRunningJob(RUNNING);
	const check = async (file: ChosenFile): Promise<void> => {
		setError(null);
		setChecked(null);
		const answer = await checkPack(vault, file, { replay, trustFileToken: trust?.fileToken ?? null }).catch(
			(fault: unknown) => ({ ok: false, error: faultOf(fault) }) as const,
		);
		if (answer.ok) setChecked(answer.value);
		else if (answer.error.code === 'cancelled') notify({ tone: 'warn', message: 'The check was cancelled: nothing is known of the file.' });
		else setError(answer.error);
	};
	const choose = async (): Promise<void> => {
		const chosen = await chooseFile('pack');
		if (!chosen.ok) setError(chosen.error);
		else if (chosen.value) await check(chosen.value);
	};
	const chooseTrust = async (): Promise<void> => {
		const chosen = await chooseFile('trust');
		if (!chosen.ok) setError(chosen.error);
		else if (chosen.value) setTrust(chosen.value);
	};
	useCommands(
		() => [
			{
				id: 'packs.choose',
				title: 'Choose a pack to check',
				group: 'Packs',
				disabled: running ? 'A pack is being checked.' : null,
				run: choose,
			},
		],
		[running === null, replay, trust],
	);
	return (
		<div className={styles['room']}>
			<div className={styles['split']}>
				<div>
					<Panel title="Check a pack">
						<div className={layoutStyles['form']}>
							<div>
								Any PDF, from anybody. Log keys are those of Data &amp; IPE, Keys; signers are judged only against certificates you give
								here.
							</div>
							<Checkbox
								checked={replay}
								onChange={({ currentTarget }) => setReplay(currentTarget.checked)}
								label="Run its tests again on its own data"
							/>
							<div className={layoutStyles['row']}>
								<Button variant="default" onClick={() => void chooseTrust()}>
									Trusted certificates
								</Button>
								<span className={textStyles['muted']}>{trust?.name ?? 'none: who signed is not judged'}</span>
							</div>
							<div className={layoutStyles['row']}>
								<Button loading={running !== null} onClick={() => void choose()}>
									Choose a pack
								</Button>
								{checked ? (
									<Button variant="default" onClick={() => void check(checked.file)}>
										Check it again
									</Button>
								) : null}
							</div>
							{running ? <JobProgress job={running} /> : null}
						</div>
					</Panel>
					{error ? <ErrorState error={error} /> : null}
					{checked ? (
						<>
							<Panel title={checked.file.name}>
								<FactList
									facts={[
										{ label: 'Size', value: formatBytes(checked.file.size) },
										{ label: 'SHA-256', value: <Hash value={checked.sha256} /> },
										{ label: 'In this engagement', value: <Registered checked={checked} /> },
									]}
								/>
							</Panel>
							<CheckReportView report={checked.report} />
						</>
					) : null}
				</div>
				<div className={checked ? styles['pages'] : undefined}>
					{checked ? (
						<PdfView bytes={checked.bytes} label={checked.file.name} />
					) : (
						<EmptyState title="No pack chosen">Its pages show here beside what the verifier says of them.</EmptyState>
					)}
				</div>
			</div>
		</div>
	);
}
