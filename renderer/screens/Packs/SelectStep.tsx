/** ① Select: which findings, which fields are withheld, whose name stands on the cover. The rest is in every pack. */

import { Checkbox, TagsInput, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { TABLE_LIST } from '#model';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import type { FindingRow } from '../../vault/findingsApi.ts';
import styles from './Packs.module.css';
import { ALWAYS_IN } from './packs.ts';

export interface Selection {
	readonly findingIds: ReadonlySet<string>;
	readonly redact: readonly string[];
	readonly preparedBy: string;
}

/** Every finding that was not withdrawn, nothing withheld. */
export const startSelection = (findings: readonly FindingRow[]): Selection => ({
	findingIds: new Set(findings.filter(({ state }) => state !== 'withdrawn').map(({ findingId }) => findingId)),
	redact: [],
	preparedBy: '',
});

interface SelectProps {
	readonly findings: readonly FindingRow[];
	readonly selection: Selection;
	readonly onSelect: (selection: Selection) => void;
	readonly member: string;
	readonly organisation: string;
}

export function SelectStep({ findings, selection, onSelect, member, organisation }: SelectProps) {
	const fields = useMemo(
		() =>
			TABLE_LIST.flatMap(({ name, columns, primaryKey }) =>
				columns.filter((one) => !primaryKey.includes(one.name)).map((one) => `${name}.${one.name}`),
			),
		[],
	);
	const choose = (findingId: string, isIn: boolean): void => {
		const next = new Set(selection.findingIds);
		if (isIn) next.add(findingId);
		else next.delete(findingId);
		onSelect({ ...selection, findingIds: next });
	};
	return (
		<>
			<Panel title="① Select">
				<div className={layoutStyles['form']}>
					<div>
						<h3>Findings</h3>
						{findings.length === 0 ? (
							<p className={textStyles['muted']}>No finding is written yet. A pack without findings states results and evidence alone.</p>
						) : null}
						<ul className={styles['list']}>
							{findings.map(({ findingId, label, title, severity, state }) => (
								<li key={findingId}>
									<Checkbox
										checked={selection.findingIds.has(findingId)}
										disabled={state === 'withdrawn'}
										onChange={({ currentTarget }) => choose(findingId, currentTarget.checked)}
										label={`${label} ${title || 'without a title'}`}
										description={`${severity} · ${state}`}
									/>
								</li>
							))}
						</ul>
					</div>
					<TagsInput
						label="Withhold fields"
						description="A line that shows a withheld value stays out whole; the pack says how many did."
						size="xs"
						data={fields}
						limit={50}
						value={[...selection.redact]}
						onChange={(redact) => onSelect({ ...selection, redact })}
						clearButtonProps={{ 'aria-label': 'Withhold nothing' }}
					/>
					<TextInput
						label="Prepared by"
						description={`Stands on the cover, with ${organisation || 'no organisation'}`}
						placeholder={member}
						value={selection.preparedBy}
						onChange={({ currentTarget }) => onSelect({ ...selection, preparedBy: currentTarget.value })}
					/>
				</div>
			</Panel>
			<Panel title="In every pack">
				<ul className={styles['list']}>
					{ALWAYS_IN.map(([title, words]) => (
						<li key={title}>
							{title}
							<div className={textStyles['muted']}>{words}</div>
						</li>
					))}
				</ul>
			</Panel>
		</>
	);
}
