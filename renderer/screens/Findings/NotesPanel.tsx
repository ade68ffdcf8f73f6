/** Review notes: questions that a reviewer raises, answers, and clearing them. */
import { Button, Checkbox, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
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
	const [text, setText] = useState('');
	const [blocks, setBlocks] = useState(true);
	const [fault, setFault] = useState<string | null>(null);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const done = await vault.findings.raiseNote({ kind: 'finding', id: finding.findingId }, text, blocks);
		if (!done.ok) {
			setFault(done.error.message);
			return;
		}
		notify({ tone: 'done', message: done.value, undo: true });
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
				onChange={({ currentTarget }) => setText(currentTarget.value)}
			/>
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
	const [answer, setAnswer] = useState<string | null>(null);
	const tell = (done: Awaited<ReturnType<typeof vault.findings.clearNote>>): boolean => {
		notify(done.ok ? { tone: 'done', message: done.value, undo: true } : { tone: 'failed', message: done.error.message });
		return done.ok;
	};
	const send = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (answer !== null && tell(await vault.findings.answerNote(note.noteId, answer))) setAnswer(null);
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
			) : answer === null ? (
				<div className={styles['buttons']}>
					<Button
						variant="default"
						size="compact-sm"
						disabled={note.answerBlocked !== null}
						title={note.answerBlocked ?? ''}
						onClick={() => setAnswer('')}
					>
						Answer
					</Button>
					<Button
						variant="default"
						size="compact-sm"
						disabled={note.clearBlocked !== null}
						title={note.clearBlocked ?? ''}
						onClick={() => void vault.findings.clearNote(note.noteId).then(tell)}
					>
						Clear
					</Button>
				</div>
			) : (
				<form className={styles['dialog']} onSubmit={(event) => void send(event)}>
					<Textarea
						aria-label={`Answer to ${note.tag}`}
						value={answer}
						autosize
						minRows={2}
						maxLength={4000}
						autoFocus
						onChange={({ currentTarget }) => setAnswer(currentTarget.value)}
					/>
					<div className={styles['buttons']}>
						<Button type="submit" size="compact-sm">
							Send answer
						</Button>
						<Button variant="default" size="compact-sm" onClick={() => setAnswer(null)}>
							Cancel
						</Button>
					</div>
				</form>
			)}
		</li>
	);
}
