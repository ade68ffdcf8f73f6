/** The finding in hand: its text, its evidence, its review notes, and the strip on which it is signed. */
import { Select, Textarea } from '@mantine/core';
import { type Dispatch, type SetStateAction, useCallback, useState } from 'react';
import { FIELD_WORDS, STATE_WORDS } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { notify } from '../../app/notify.ts';
import { useDraft } from '../../app/useDraft.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import type { FindingView, SignoffView } from '../../vault/findingsApi.ts';
import { severityWord } from '../Exceptions/words.tsx';
import { EvidenceDialog } from './EvidenceDialog.tsx';
import { EvidencePanel } from './EvidencePanel.tsx';
import styles from './Findings.module.css';
import { MoveButtons } from './MoveButtons.tsx';
import { NotesPanel } from './NotesPanel.tsx';
import { Section } from './Section.tsx';
import { SignDialog } from './SignDialog.tsx';
import { SignoffStrip } from './SignoffStrip.tsx';
import { saveTyped, useAutosave } from './useAutosave.ts';
import { useSaveField } from './useSaveField.ts';

const SECTIONS = ['condition', 'criteria', 'cause', 'effect', 'recommendation', 'response'] as const;

const HINTS: Readonly<Record<(typeof SECTIONS)[number], string>> = {
	condition: 'What is: facts with amounts, orders, dates',
	criteria: 'What should be: standard, contract, policy, with its paragraph',
	cause: 'Why it came about',
	effect: 'What follows: known and likely misstatement, control that failed',
	recommendation: 'What to do, by whom, until when',
	response: 'What management answered',
};

type Dialog = 'evidence' | null;

export function Editor({ findingId }: { findingId: string }) {
	const finding = useQuery((vault) => vault.findings.get(findingId), [findingId], ['workbook', 'results', 'evidence']);
	return <Ask query={finding}>{(view) => <Opened finding={view} />}</Ask>;
}

function Opened({ finding }: { finding: FindingView }) {
	const vault = useVault();
	const [dialog, setDialog] = useState<Dialog>(null);
	const [signed, setSigned] = useState<SignoffView | null>(null);
	const { findingId } = finding;
	// A signature stands on what is on screen, so what is being typed is saved before.
	const sign = useCallback(async (): Promise<void> => {
		if (!(await saveTyped())) {
			notify({ tone: 'warn', message: 'What is typed is not saved yet. Sign once it is.' });
			return;
		}
		const now = await vault.findings.get(findingId);
		if (now.ok) setSigned(now.value.signoff);
		else notify({ tone: 'failed', message: now.error.message });
	}, [vault, findingId]);
	useEditorCommands(finding, setDialog, sign);
	const close = useCallback(() => {
		setDialog(null);
		setSigned(null);
	}, []);
	return (
		<div className={styles['editor']}>
			<Head finding={finding} />
			<div className={styles['columns']}>
				<div className={styles['sections']}>
					{SECTIONS.map((field, at) => (
						<Section
							key={field}
							finding={finding}
							field={field}
							hint={HINTS[field]}
							keys={`Alt+${at + 1}`}
							onEvidence={() => setDialog('evidence')}
						/>
					))}
				</div>
				<div className={styles['beside']}>
					<EvidencePanel finding={finding} onAdd={() => setDialog('evidence')} />
					<NotesPanel finding={finding} />
				</div>
			</div>
			<SignoffStrip view={finding.signoff} subject={finding.label} onSign={() => void sign()} />
			{dialog === 'evidence' ? <EvidenceDialog finding={finding} onClose={close} /> : null}
			{signed ? <SignDialog view={signed} subject={`${finding.label} ${finding.fields.title}`} onClose={close} /> : null}
		</div>
	);
}

function useEditorCommands(finding: FindingView, setDialog: Dispatch<SetStateAction<Dialog>>, sign: () => Promise<void>): void {
	useCommands(
		() => [
			...SECTIONS.map((field, at) => ({
				id: `finding.section.${field}`,
				title: `Go to ${FIELD_WORDS[field]}`,
				group: 'Finding',
				keys: `Alt+${at + 1}`,
				run: () => document.querySelector<HTMLElement>(`[data-section="${field}"]`)?.focus(),
			})),
			{
				id: 'finding.attach',
				title: 'Add evidence',
				group: 'Finding',
				keys: 'a',
				disabled: finding.editBlocked,
				run: () => setDialog('evidence'),
			},
			{ id: 'finding.sign', title: 'Sign', group: 'Finding', keys: '$mod+Shift+s', run: sign },
		],
		[finding.editBlocked, setDialog, sign],
	);
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
const PATH = ['draft', 'prepared', 'reviewed', 'issued'] as const;

function Head({ finding }: { finding: FindingView }) {
	const vault = useVault();
	const draft = useDraft(finding.editBlocked === null ? `finding:${finding.findingId}:title` : null);
	const title = useAutosave(finding.fields.title, useSaveField(finding, 'title'), draft);
	const setSeverity = async (severity: string): Promise<void> => {
		const done = await vault.findings.edit(finding.findingId, 'severity', severity);
		notify(done.ok ? { tone: 'done', message: done.value, undo: 'finding.edited' } : { tone: 'failed', message: done.error.message });
	};
	const isOff = finding.editBlocked !== null;
	return (
		<header className={styles['head']}>
			<div className={styles['titleLine']}>
				<strong className={styles['label']}>{finding.label}</strong>
				<Textarea
					aria-label="Title"
					className={styles['title'] ?? ''}
					value={title.text}
					autosize
					maxLength={300}
					readOnly={isOff}
					data-undo={title.isDirty ? undefined : 'log'}
					onChange={({ currentTarget }) => title.type(currentTarget.value.replace(/\s*\n\s*/g, ' '))}
					onKeyDown={(event) => {
						if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault();
					}}
					onBlur={title.flush}
				/>
				<Select
					aria-label="Severity"
					data={SEVERITIES.map((one) => ({ value: one, label: severityWord(one) }))}
					value={finding.fields.severity}
					allowDeselect={false}
					disabled={isOff}
					onChange={(severity) => {
						if (severity !== null && severity !== finding.fields.severity) void setSeverity(severity);
					}}
					w={120}
				/>
			</div>
			<DraftNotice at={title.restoredAt} onKeep={title.keep} onDiscard={title.discard} />
			<div className={styles['stateLine']}>
				<ol className={styles['path']} aria-label="State">
					{PATH.map((state) => (
						<li key={state} aria-current={finding.state === state ? 'step' : undefined}>
							{STATE_WORDS[state]}
						</li>
					))}
					{finding.state === 'withdrawn' ? <li aria-current="step">{STATE_WORDS.withdrawn}</li> : null}
				</ol>
				<span className={styles['muted']}>
					{finding.editBlocked === null ? (title.isDirty ? 'saving …' : '') : `▲ ${finding.editBlocked}`}
				</span>
				<MoveButtons finding={finding} />
			</div>
		</header>
	);
}
