/** The import in steps: choose, preview, import, result. Nothing is stored before the last click, nothing remains of a cancelled one. */

import { Button } from '@mantine/core';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { asVaultError } from '../../app/files.ts';
import { notify } from '../../app/notify.ts';
import { faultOf } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { ErrorState, Loading } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import type { VaultError } from '../../vault/contract.ts';
import type { DropPreview } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';
import { importSentence } from './ipe.ts';
import { PreviewStep } from './PreviewStep.tsx';

type Step =
	| { readonly at: 'choose'; readonly error: VaultError | null }
	| { readonly at: 'reading'; readonly name: string }
	| { readonly at: 'preview'; readonly name: string; readonly dropToken: string; readonly preview: DropPreview }
	| { readonly at: 'import'; readonly name: string };

const STEPS = [
	['choose', '1 Choose'],
	['preview', '2 Look and trust'],
	['import', '3 Import'],
] as const;

const release = (dropToken: string): void => void window.tieout.invoke('drop.release', { dropToken });

interface WizardProps {
	/** Why this person may not import; null: may. */
	readonly why: string | null;
	/** Nothing was imported before: there is nothing to go back to. */
	readonly isFirst: boolean;
	readonly onEnd: () => void;
}

export function ImportWizard({ why, isFirst, onEnd }: WizardProps) {
	const vault = useVault();
	const [step, setStep] = useState<Step>({ at: 'choose', error: null });
	const held = useRef<string | null>(null);
	const letGo = (): void => {
		if (held.current) release(held.current);
		held.current = null;
	};
	// Left by another way than its end: the chosen drop is let go of, unless the import has taken it over.
	useEffect(() => () => (held.current ? release(held.current) : undefined), []);

	const choose = async (kind: 'folder' | 'zip'): Promise<void> => {
		const chosen = await window.tieout.invoke('drop.choose', { kind });
		if (!chosen.ok) return setStep({ at: 'choose', error: asVaultError(chosen.error) });
		if (chosen.value === null) return;
		const { dropToken, name } = chosen.value;
		letGo();
		held.current = dropToken;
		setStep({ at: 'reading', name });
		const preview = await vault.evidence.preview(dropToken).catch((error: unknown) => ({ ok: false, error: faultOf(error) }) as const);
		if (preview.ok) return setStep({ at: 'preview', name, dropToken, preview: preview.value });
		letGo();
		setStep({ at: 'choose', error: preview.error });
	};

	const start = async (dropToken: string, name: string, keys: readonly { vkey: string; origin: string }[]): Promise<void> => {
		held.current = null;
		setStep({ at: 'import', name });
		const answer = await vault.evidence
			.importDrop(dropToken, { trustedKeys: keys })
			.catch((error: unknown) => ({ ok: false, error: faultOf(error) }) as const);
		release(dropToken);
		if (answer.ok) {
			const isClean = answer.value.differing === 0 && answer.value.quarantined === 0;
			notify({ tone: isClean ? 'done' : 'warn', message: importSentence(answer.value) });
			return onEnd();
		}
		if (answer.error.code === 'cancelled') notify({ tone: 'warn', message: 'Import cancelled. Nothing of it was kept.' });
		setStep({ at: 'choose', error: answer.error.code === 'cancelled' ? null : answer.error });
	};

	const at = step.at === 'reading' ? 'choose' : step.at;
	return (
		<div className={layoutStyles['page']}>
			<ol className={styles['steps']} aria-label="Steps of the import">
				{STEPS.map(([id, title]) => (
					<li key={id} aria-current={id === at ? 'step' : undefined}>
						{title}
					</li>
				))}
			</ol>
			{step.at === 'choose' ? (
				<>
					<ChooseStep why={why} onChoose={(kind) => void choose(kind)} onBack={isFirst ? null : onEnd} />
					{step.error ? <ErrorState error={step.error} /> : null}
				</>
			) : null}
			{step.at === 'reading' ? <Loading /> : null}
			{step.at === 'preview' ? (
				<PreviewStep
					name={step.name}
					preview={step.preview}
					onImport={(keys) => void start(step.dropToken, step.name, keys)}
					onBack={() => {
						letGo();
						setStep({ at: 'choose', error: null });
					}}
				/>
			) : null}
			{step.at === 'import' ? <Importing name={step.name} /> : null}
		</div>
	);
}

function ChooseStep({
	why,
	onChoose,
	onBack,
}: {
	why: string | null;
	onChoose: (kind: 'folder' | 'zip') => void;
	onBack: (() => void) | null;
}) {
	const [isOver, setOver] = useState(false);
	const [hint, setHint] = useState<string | null>(null);
	const onDrop = (event: DragEvent): void => {
		event.preventDefault();
		setOver(false);
		const [file] = event.dataTransfer.files;
		if (!file || why !== null) return;
		const isZip = /\.zip$/i.test(file.name);
		setHint(`“${file.name}”: choose it once more in the dialog. Tieout reads only what is chosen there, never what a page is handed.`);
		onChoose(isZip ? 'zip' : 'folder');
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the buttons inside do the same
		<div
			className={styles['drop']}
			data-over={isOver}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={onDrop}
		>
			<h2>Import a drop</h2>
			<div>
				An evidence drop is what the company handed over: a folder or a ZIP with manifest.json, the tables under data/ and the documents. It
				is copied into this engagement, encrypted; the original stays as it is.
			</div>
			<div className={layoutStyles['row']}>
				<Button size="md" disabled={why !== null} data-autofocus onClick={() => onChoose('folder')}>
					Choose a folder
				</Button>
				<Button size="md" variant="default" disabled={why !== null} onClick={() => onChoose('zip')}>
					Choose a ZIP
				</Button>
				{onBack ? (
					<Button size="md" variant="subtle" onClick={onBack}>
						Back
					</Button>
				) : null}
			</div>
			<div className={textStyles['muted']}>{why ?? hint ?? 'Or drop it here.'}</div>
		</div>
	);
}

function Importing({ name }: { name: string }) {
	const job = useRunningJob(/^Import of/);
	return (
		<div className={styles['inset']}>
			<h2>{name}</h2>
			{job ? (
				<JobProgress
					job={job}
					note="Every byte is hashed, read and stored in one pass. You may leave this screen; cancelling leaves no trace."
				/>
			) : (
				<Loading />
			)}
		</div>
	);
}
