/** Asks for the reason of a step that stands in the log. */
import { Button, Modal, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useDraftText } from '../../app/useDraft.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import styles from './Findings.module.css';

interface ReasonDialogProps {
	/** Names the step, for its draft. */
	readonly place: string;
	readonly title: string;
	readonly words: string;
	readonly label: string;
	readonly isNeeded: boolean;
	readonly action: string;
	/** Does it; answers why it was refused, or null. */
	readonly onDone: (reason: string) => Promise<string | null>;
	readonly onClose: () => void;
}

export function ReasonDialog({ place, title, words, label, isNeeded, action, onDone, onClose }: ReasonDialogProps) {
	const { text: reason, restoredAt, type, discard, settle } = useDraftText(place);
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (isNeeded && reason.trim() === '') {
			setFault('A reason is needed.');
			return;
		}
		setBusy(true);
		const refused = await onDone(reason.trim());
		setBusy(false);
		if (refused !== null) return setFault(refused);
		settle();
		onClose();
	};
	return (
		<Modal lockScroll={false} closeButtonProps={{ 'aria-label': 'Close' }} opened onClose={onClose} title={title}>
			<form className={styles['dialog']} onSubmit={(event) => void submit(event)}>
				<p>{words}</p>
				<Textarea
					label={label}
					value={reason}
					autosize
					minRows={2}
					maxRows={8}
					maxLength={4000}
					error={fault}
					data-autofocus
					onChange={({ currentTarget }) => {
						type(currentTarget.value);
						setFault(null);
					}}
				/>
				<DraftNotice at={restoredAt} onDiscard={discard} />
				<div className={styles['buttons']}>
					<Button type="submit" loading={isBusy}>
						{action}
					</Button>
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}
