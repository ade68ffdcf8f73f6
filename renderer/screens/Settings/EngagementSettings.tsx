/** The engagement's names and deadline; each change is an act, and is changed back by another. */

import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { notify } from '../../app/notify.ts';
import type { Summary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Panel } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import styles from './Settings.module.css';

const FIELDS = [
	['name', 'Name', ''],
	['client', 'Client', ''],
	['organisation', 'Organisation', ''],
	['deadline', 'Report date or deadline', 'YYYY-MM-DD'],
] as const;

export function EngagementSettings({ summary }: { summary: Summary }) {
	return (
		<Panel title="Engagement">
			<div className={styles['form']}>
				{FIELDS.map(([field, label, placeholder]) => (
					<Field
						key={`${field}:${textOf(summary, field)}`}
						field={field}
						label={label}
						placeholder={placeholder}
						value={textOf(summary, field)}
						isLocked={summary.role !== 'partner'}
					/>
				))}
				{summary.role === 'partner' ? null : <p className={textStyles['muted']}>Only a partner changes these.</p>}
			</div>
		</Panel>
	);
}

type FieldName = (typeof FIELDS)[number][0];

const textOf = (summary: Summary, field: FieldName): string => (field === 'deadline' ? (summary.deadline?.day ?? '') : summary[field]);

interface FieldProps {
	readonly field: FieldName;
	readonly label: string;
	readonly placeholder: string;
	readonly value: string;
	readonly isLocked: boolean;
}

function Field({ field, label, placeholder, value, isLocked }: FieldProps) {
	const vault = useVault();
	const [text, setText] = useState(value);
	const [error, setError] = useState<string | null>(null);
	const save = async (): Promise<void> => {
		const answer = await vault.workbook.editEngagement(field, text.trim());
		setError(answer.ok ? null : answer.error.message);
		if (answer.ok) notify({ tone: 'done', message: `${label} changed` });
	};
	return (
		<form
			className={styles['row']}
			onSubmit={(event) => {
				event.preventDefault();
				void save();
			}}
		>
			<TextInput
				label={label}
				placeholder={isLocked ? 'none set' : placeholder}
				value={text}
				readOnly={isLocked}
				variant={isLocked ? 'unstyled' : 'default'}
				error={error}
				onChange={({ currentTarget }) => setText(currentTarget.value)}
				flex={1}
			/>
			{text.trim() === value || isLocked ? null : <Button type="submit">Save</Button>}
		</form>
	);
}
