/** Review notes: questions that a reviewer raises, answers, and clearing them. */
import { Button, Checkbox, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useDraftText } from '../../app/useDraft.ts';
import { useVault } from '../../app/vault.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import { Panel } from '../../components/Frame.tsx';
import { Instant } from '../../components/Values.tsx';
import type { FindingView, NoteView } from '../../vault/findingsApi.ts';
import styles from './Findings.module.css';

export function NotesPanel({ finding }: { finding: FindingView }) {
	const { notes, noteBlocked } = finding;
	const [isRaising, setRaising] = useState(false);
	const open = notes.filter(({ cleared }) => cleared === null).length;
	return (
		<Panel
			title={`Review notes ${open} open`}
			actions={
				<Button
					variant="default"
					size="compact-sm"
					disabled={noteBlocked !== null}
					title={noteBlocked ?? ''}
					onClick={() => setRaising(true)}
				>
					Raise
				</Button>
			}
		>
			{notes.length === 0 && !isRaising ? <p className={styles['muted']}>None.</p> : null}
			{isRaising ? <Raise finding={finding} onClose={() => setRaising(false)} /> : null}
			<ul className={styles['notes']}>
				{notes.map((note) => (
					<NoteItem key={note.noteId} note={note} />
				))}
			</ul>
		</Panel>
	);
}

function Raise({ finding, onClose }: { finding: FindingView; onClose: () => void }) {
	const vault = useVault();
	const { text, restoredAt, type, discard, settle } = useDraftText(`note:raise:finding:${finding.findingId}`);
	const [blocks, setBlocks] = useState(true);
	const [fault, setFault] = useState<string | null>(null);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const done = await vault.findings.raiseNote({ kind: 'finding', id: finding.findingId }, text, blocks);
		if (!done.ok) {
			setFault(done.error.message);
			return;
		}
		settle();
		notify({ tone: 'done', message: done.value, undo: 'note.raised' });
		onClose();
	};
	return (
		<form className={styles['dialog']} onSubmit={(event) => void submit(event)}>
			<Textarea
				label="Question to the preparer"
				value={text}
				autosize
				minRows={2}
				maxLength={4000}
				error={fault}
				autoFocus
				onChange={({ currentTarget }) => type(currentTarget.value)}
			/>
			<DraftNotice at={restoredAt} onDiscard={discard} />
			<Checkbox
				label="Must be cleared before the review is signed"
				checked={blocks}
				onChange={({ currentTarget }) => setBlocks(currentTarget.checked)}
			/>
			<div className={styles['buttons']}>
				<Button type="submit" size="compact-sm">
					Raise note
				</Button>
				<Button variant="default" size="compact-sm" onClick={onClose}>
					Cancel
				</Button>
			</div>
		</form>
	);
}

function NoteItem({ note }: { note: NoteView }) {
	const vault = useVault();
	const [isAnswering, setAnswering] = useState(false);
	const tell = (done: Awaited<ReturnType<typeof vault.findings.clearNote>>, act: 'note.answered' | 'note.cleared'): boolean => {
		notify(done.ok ? { tone: 'done', message: done.value, undo: act } : { tone: 'failed', message: done.error.message });
		return done.ok;
	};
	return (
		<li data-cleared={note.cleared !== null || undefined}>
			<p>
				<strong>{note.tag}</strong> {note.by}, <Instant at={note.at} />
				{note.blocksReview && note.cleared === null ? <span className={styles['warn']}> ▲ blocks the review</span> : null}
			</p>
			<p className={styles['said']}>{note.text}</p>
			{note.answers.map(({ text, by, at }) => (
				<div key={`${by} ${at}`} className={styles['answer']}>
					<p className={styles['muted']}>
						{by}, <Instant at={at} />
					</p>
					<p className={styles['said']}>{text}</p>
				</div>
			))}
			{note.cleared ? (
				<p className={styles['muted']}>
					✓ Cleared by {note.cleared.by}, <Instant at={note.cleared.at} />
				</p>
			) : !isAnswering ? (
				<div className={styles['buttons']}>
					<Button
						variant="default"
						size="compact-sm"
						disabled={note.answerBlocked !== null}
						title={note.answerBlocked ?? ''}
						onClick={() => setAnswering(true)}
					>
						Answer
					</Button>
					<Button
						variant="default"
						size="compact-sm"
						disabled={note.clearBlocked !== null}
						title={note.clearBlocked ?? ''}
						onClick={() => void vault.findings.clearNote(note.noteId).then((done) => tell(done, 'note.cleared'))}
					>
						Clear
					</Button>
				</div>
			) : (
				<AnswerForm
					note={note}
					onSend={async (text) => tell(await vault.findings.answerNote(note.noteId, text), 'note.answered')}
					onClose={() => setAnswering(false)}
				/>
			)}
		</li>
	);
}

interface AnswerFormProps {
	readonly note: NoteView;
	/** False: it was refused, which a message says. */
	readonly onSend: (text: string) => Promise<boolean>;
	readonly onClose: () => void;
}

function AnswerForm({ note, onSend, onClose }: AnswerFormProps) {
	const { text, restoredAt, type, discard, settle } = useDraftText(`note:answer:${note.noteId}`);
	const send = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (!(await onSend(text))) return;
		settle();
		onClose();
	};
	return (
		<form className={styles['dialog']} onSubmit={(event) => void send(event)}>
			<Textarea
				aria-label={`Answer to ${note.tag}`}
				value={text}
				autosize
				minRows={2}
				maxLength={4000}
				autoFocus
				onChange={({ currentTarget }) => type(currentTarget.value)}
			/>
			<DraftNotice at={restoredAt} onDiscard={discard} />
			<div className={styles['buttons']}>
				<Button type="submit" size="compact-sm">
					Send answer
				</Button>
				<Button variant="default" size="compact-sm" onClick={onClose}>
					Cancel
				</Button>
			</div>
		</form>
	);
}
