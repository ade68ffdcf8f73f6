/** Checks somebody's pack, trusting nothing in it: any PDF at all, with its pages beside the report. */

import { Button, Checkbox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { sha256Hex } from '#kernel';
import { useCommands } from '../../app/commands.ts';
import { type ChosenFile, chooseFile, readFileToken } from '../../app/files.ts';
import { formatBytes } from '../../app/format.ts';
import { faultOf, useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { FactList, Panel, ProgressBar } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { PdfView } from '../../components/PdfView.tsx';
import { EmptyState, ErrorState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import type { VaultError } from '../../vault/contract.ts';
import { CheckReportView } from './CheckReportView.tsx';
import styles from './Packs.module.css';
import type { CheckedPack } from './packs.ts';
import { checkFile } from './signing.ts';

interface Checked {
	readonly file: ChosenFile;
	readonly sha256: string;
	readonly bytes: Uint8Array;
	readonly report: CheckedPack;
}

interface Progress {
	readonly phase: string;
	readonly done: number;
	readonly total: number;
}

export function CheckPack() {
	const vault = useVault();
	const [replay, setReplay] = useState(false);
	const [trust, setTrust] = useState<ChosenFile | null>(null);
	const [checked, setChecked] = useState<Checked | null>(null);
	const [progress, setProgress] = useState<Progress | null>(null);
	const [error, setError] = useState<VaultError | null>(null);
	useEffect(
		() =>
			window.tieout.on('progress', ({ job, phase, done, total }) => {
				if (job === 'check') setProgress((now) => (now ? { phase, done, total } : now));
			}),
		[],
	);
	const check = async (file: ChosenFile): Promise<void> => {
		setError(null);
		setChecked(null);
		setProgress({ phase: 'Reading the file', done: 0, total: 0 });
		try {
			const bytes = await readFileToken(file.fileToken, file.size);
			if (!bytes.ok) return setError(bytes.error);
			const report = await checkFile(vault, file.fileToken, { replay, trustFileToken: trust?.fileToken ?? null });
			if (!report.ok) return setError(report.error);
			setChecked({ file, bytes: bytes.value, sha256: sha256Hex(bytes.value), report: report.value });
		} catch (fault) {
			setError(faultOf(fault));
		} finally {
			setProgress(null);
		}
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
				disabled: progress ? 'A pack is being checked.' : null,
				run: choose,
			},
		],
		[progress === null, replay, trust],
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
								<Button loading={progress !== null} onClick={() => void choose()}>
									Choose a pack
								</Button>
								{checked ? (
									<Button variant="default" onClick={() => void check(checked.file)}>
										Check it again
									</Button>
								) : null}
							</div>
							{progress ? (
								<div role="status">
									{progress.phase}
									<ProgressBar done={progress.done} total={progress.total} label="Check of a pack" />
								</div>
							) : null}
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
										{ label: 'In this engagement', value: <Registered sha256={checked.sha256} /> },
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

function Registered({ sha256 }: { sha256: string }) {
	const made = useQuery((vault) => vault.packs.list(), [], ['workbook']);
	if (made.state !== 'ready') return null;
	const own = made.data.find((pack) => pack.sha256 === sha256);
	return <>{own ? `made here as ${own.packId}` : 'not one of the packs made here, byte for byte'}</>;
}
