/** Asks why, before something is done that stays on record. */
import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import layoutStyles from './Layout.module.css';

interface ReasonModalProps {
	readonly title: string;
	/** The word on the button that does it. */
	readonly action: string;
	/** What it is about. */
	readonly children?: ReactNode;
	readonly onClose: () => void;
	/** @param reason trimmed, never empty */
	readonly onReason: (reason: string) => Promise<void>;
}

export function ReasonModal({ title, action, children, onClose, onReason }: ReasonModalProps) {
	const [reason, setReason] = useState('');
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void onReason(reason.trim());
	};
	return (
		<Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
			<form className={layoutStyles['form']} onSubmit={submit}>
				{children}
				<TextInput label="Reason" required data-autofocus value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
				<div className={layoutStyles['row']}>
					<Button type="submit" disabled={reason.trim() === ''}>
						{action}
					</Button>
					<Button variant="subtle" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}
