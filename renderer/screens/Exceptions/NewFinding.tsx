/** A finding from exceptions: a title and a severity are enough; their sentences begin its condition, they its evidence. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { useNav } from '../../state/nav.ts';
import styles from './Exceptions.module.css';
import { severityWord } from './words.tsx';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

interface NewFindingProps {
	readonly title: string;
	readonly severity: string;
	readonly exceptionKeys: readonly string[];
	readonly onClose: () => void;
}

export function NewFinding({ title: first, severity: given, exceptionKeys, onClose }: NewFindingProps) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const [title, setTitle] = useState(first);
	const [severity, setSeverity] = useState(given);
	const [fault, setFault] = useState<string | null>(null);
	const create = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (title.trim() === '') {
			setFault('A finding needs a title.');
			return;
		}
		const done = await vault.findings.create({
			title: title.trim(),
			severity: SEVERITIES.find((one) => one === severity) ?? 'medium',
			exceptionKeys,
		});
		if (!done.ok) {
			setFault(done.error.message);
			return;
		}
		notify({ tone: 'done', message: `Finding “${title.trim()}” created`, undo: true });
		onClose();
		go('findings', { finding: done.value });
	};
	return (
		<Modal lockScroll={false} closeButtonProps={{ 'aria-label': 'Close' }} opened onClose={onClose} title="New finding">
			<form className={styles['bulk']} onSubmit={(event) => void create(event)}>
				<TextInput
					label="Title"
					value={title}
					maxLength={300}
					error={fault}
					data-autofocus
					onChange={({ currentTarget }) => setTitle(currentTarget.value)}
				/>
				<Select
					label="Severity"
					data={SEVERITIES.map((one) => ({ value: one, label: severityWord(one) }))}
					value={severity}
					allowDeselect={false}
					onChange={(value) => setSeverity(value ?? 'medium')}
				/>
				{exceptionKeys.length > 0 ? (
					<p className={styles['muted']}>
						{exceptionKeys.length === 1 ? 'The exception becomes' : `${exceptionKeys.length} exceptions become`} its evidence; what is new
						among them becomes Confirmed.
					</p>
				) : null}
				<div className={styles['buttons']}>
					<Button type="submit">Create</Button>
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}
