/** A finding from exceptions: a title and a severity are enough; their sentences begin its condition, they its evidence. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useDraft } from '../../app/useDraft.ts';
import { useVault } from '../../app/vault.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
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

interface Typed {
	readonly title: string;
	readonly severity: string;
}

export function NewFinding({ title: first, severity: given, exceptionKeys, onClose }: NewFindingProps) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { found, keep, settle } = useDraft(['finding:new', ...exceptionKeys].join(':'));
	const [typed, setTyped] = useState<Typed | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const { title, severity } = typed ?? { title: found?.fields['title'] ?? first, severity: found?.fields['severity'] ?? given };
	const type = (next: Partial<Typed>): void => {
		const all = { title, severity, ...next };
		setTyped(all);
		setFault(null);
		keep(all);
	};
	const discard = (): void => {
		setTyped({ title: first, severity: given });
		settle();
	};
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
		settle();
		notify({ tone: 'done', message: `Finding “${title.trim()}” created`, undo: 'finding.created' });
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
					onChange={({ currentTarget }) => type({ title: currentTarget.value })}
				/>
				<Select
					label="Severity"
					data={SEVERITIES.map((one) => ({ value: one, label: severityWord(one) }))}
					value={severity}
					allowDeselect={false}
					onChange={(value) => type({ severity: value ?? 'medium' })}
				/>
				<DraftNotice at={found?.at ?? null} onDiscard={discard} />
				{exceptionKeys.length > 0 ? (
					<p className={styles['muted']}>
						{exceptionKeys.length === 1
							? 'The exception becomes its evidence, and Confirmed if it is new.'
							: `${formatCount(exceptionKeys.length)} exceptions become its evidence; those that are new become Confirmed.`}
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
