/** Parameters of a test: value of this engagement, default, unit, what it is; changed only with a reason, which goes on record. */

import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { can } from '#findings';
import { formatInstantLocal } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useVault } from '../../app/vault.ts';
import { Callout } from '../../components/Callout.tsx';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { CatalogueParameter, CatalogueRow } from '../../vault/proceduresCatalogue.ts';
import styles from './Procedures.module.css';
import { readParameter, separatorsOf, showParameter } from './readNumber.ts';

export function Parameters({ row }: { row: CatalogueRow }) {
	if (row.parameters.length === 0) return null;
	return (
		<Panel title="Parameters">
			{row.parameters.map((parameter) => (
				<Parameter key={`${parameter.name} ${parameter.value}`} test={row.id} parameter={parameter} />
			))}
		</Panel>
	);
}

function Parameter({ test, parameter }: { test: string; parameter: CatalogueParameter }) {
	const vault = useVault();
	const role = useRole();
	const separators = useMemo(() => separatorsOf(), []);
	const { name, unit, doc, value, changed } = parameter;
	const shown = showParameter(value, parameter, separators);
	const [typed, setTyped] = useState(shown);
	const [reason, setReason] = useState('');
	const [isResetting, setResetting] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const read = readParameter(typed, parameter, separators);
	const isEdited = read.ok ? String(read.value) !== String(value) : typed !== shown;
	const usual = showParameter(parameter.default, parameter, separators) || 'none';
	const why = can(role, 'parameter.changed') ? null : `As ${ROLE_WORDS[role]} you can’t change parameters. A preparer or a partner does.`;
	const put = async (next: CatalogueParameter['value'] | null): Promise<void> => {
		const answer = await vault.procedures.setParameter(test, name, next, reason.trim());
		if (!answer.ok) return setRefusal(answer.error.message);
		setRefusal(null);
		notify({
			tone: 'done',
			message: `${test} ${name} is ${next === null ? `back to ${usual}` : String(next)}. Run ${test} again`,
			undo: 'parameter.changed',
		});
	};
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		if (reason.trim() === '') return;
		if (isEdited && read.ok) void put(read.value);
		else if (isResetting && !isEdited) void put(null);
	};
	const needsReason = isEdited || isResetting;
	return (
		<form className={styles['parameter']} onSubmit={submit} aria-label={`Parameter ${name}`}>
			<div className={layoutStyles['row']}>
				<strong className={textStyles['code']}>{name}</strong>
				{changed ? (
					<VerdictBadge tone="info" glyph="Δ">
						Changed
					</VerdictBadge>
				) : null}
				<span className={textStyles['muted']}>
					default {usual} {unit}
				</span>
			</div>
			<div className={textStyles['muted']}>{doc}</div>
			{changed ? (
				<div className={textStyles['muted']}>
					Changed {formatInstantLocal(changed.stamp.at)}: {changed.reason}
				</div>
			) : null}
			<div className={styles['fields']}>
				<TextInput
					label={`Value, ${unit}`}
					value={typed}
					disabled={why !== null}
					title={why ?? undefined}
					onChange={({ currentTarget }) => setTyped(currentTarget.value)}
					error={read.ok ? null : read.error}
				/>
				{needsReason ? (
					<TextInput
						label="Reason"
						required
						className={styles['grow'] ?? ''}
						value={reason}
						onChange={({ currentTarget }) => setReason(currentTarget.value)}
					/>
				) : null}
				{needsReason ? (
					<Button type="submit" disabled={!read.ok || reason.trim() === ''}>
						{isEdited ? 'Change' : `Reset to ${usual}`}
					</Button>
				) : null}
				{changed && !needsReason ? (
					<Button variant="default" disabled={why !== null} title={why ?? undefined} onClick={() => setResetting(true)}>
						Reset to default
					</Button>
				) : null}
				{needsReason ? (
					<Button
						variant="subtle"
						onClick={() => {
							setTyped(shown);
							setResetting(false);
							setReason('');
						}}
					>
						Cancel
					</Button>
				) : null}
			</div>
			{isEdited && read.ok && typeof parameter.default !== 'string' ? (
				<div className={textStyles['muted']}>
					Read as {String(read.value)} {unit}
				</div>
			) : null}
			{refusal ? <Callout isAlert>{refusal}</Callout> : null}
		</form>
	);
}
