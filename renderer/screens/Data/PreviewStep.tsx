/** What a drop says of itself, before anything is believed: and the key from outside by which it will be judged. */

import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FIRST_READING } from '#evidence';
import { formatBytes, formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Callout } from '../../components/Callout.tsx';
import { FactList, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { DropPreview } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';
import { FirstReading } from './FirstReading.tsx';
import { judgeKey, KEY_SENTENCES, type KeyVerdict } from './ipe.ts';

interface PreviewProps {
	readonly name: string;
	readonly preview: DropPreview;
	readonly onImport: (keys: readonly { vkey: string; origin: string }[]) => void;
	readonly onBack: () => void;
}

export function PreviewStep({ name, preview, onImport, onBack }: PreviewProps) {
	const { manifest } = preview;
	return (
		<>
			<Panel title={name}>
				<FactList
					facts={[
						{ label: 'Company', value: manifest.company || '–' },
						{ label: 'Drop', value: manifest.dropId },
						{ label: 'As of', value: <Instant at={manifest.asOf} /> },
						{ label: 'Period', value: `${manifest.periodFrom} – ${manifest.periodTo}` },
						{ label: 'Entities', value: manifest.entityIds.join(', ') || '–' },
						{ label: 'Drop before it', value: manifest.previousDrop ?? 'none named' },
						{ label: 'Size', value: `${plural(preview.files, 'file')}, ${formatBytes(preview.bytes)}` },
						{
							label: 'Documents',
							value: `${formatCount(preview.documents)} found, ${manifest.documents ? `${formatCount(manifest.documents.count)} declared` : 'none declared'}`,
						},
						{ label: 'Log', value: manifest.log ?? 'none named' },
					]}
				/>
				<p className={textStyles['note']}>All of this is what the drop says of itself. Nothing of it has been verified yet.</p>
				{preview.isLoaded ? <Callout>This very drop is loaded already. Importing it again gives a second, equal import.</Callout> : null}
			</Panel>
			<div className={styles['columns']}>
				<Panel title={`${plural(preview.tables.length, 'table')} declared`}>
					<DeclaredTables preview={preview} />
				</Panel>
				<Panel title="The log’s key, from outside the drop">
					<KeyForm claimed={manifest.claimedLogKey} onImport={onImport} onBack={onBack} />
				</Panel>
			</div>
		</>
	);
}

function DeclaredTables({ preview: { tables, manifest, undeclared } }: { preview: DropPreview }) {
	const byName = new Map(manifest.tables.map((table) => [table.table, table]));
	return (
		<>
			<PlainTable head={['Table', numberHead('Rows'), numberHead('File'), 'From, by']}>
				{tables.map(({ table, rows, found }) => {
					const own = byName.get(table);
					return (
						<tr key={table}>
							<td>
								{table}
								{own?.known === null ? <div className={textStyles['muted']}>unknown: hashed, not read</div> : null}
							</td>
							<NumberCell>{formatCount(rows)}</NumberCell>
							<NumberCell>{found === null ? <VerdictBadge tone="fail">Missing</VerdictBadge> : formatBytes(found)}</NumberCell>
							<td>
								{own?.system ?? 'system not stated'}
								<div className={textStyles['muted']}>
									{[own?.query, own?.extractedBy].filter(Boolean).join(' · ') || 'neither query nor extractor stated'}
								</div>
							</td>
						</tr>
					);
				})}
			</PlainTable>
			{undeclared.length > 0 ? <Callout>Not declared, so without a test of completeness: {undeclared.join(', ')}</Callout> : null}
		</>
	);
}

function KeyForm({ claimed, onImport, onBack }: { claimed: string | null } & Pick<PreviewProps, 'onImport' | 'onBack'>) {
	const known = useQuery((vault) => vault.evidence.trustedKeys(), [], ['workbook']);
	const [vkey, setVkey] = useState('');
	const [stated, setOrigin] = useState('');
	const [isTaken, setTaken] = useState(false);
	const judged = judgeKey(vkey, claimed);
	const origin = judged.kind === 'claimed' && isTaken ? FIRST_READING : stated;
	const hasKey = judged.kind !== 'empty' && judged.kind !== 'unreadable';
	const keys = known.state === 'ready' ? known.data : [];
	const isSilent = judged.kind === 'empty' && keys.length > 0;
	const missing =
		judged.kind === 'unreadable' ? KEY_SENTENCES.unreadable : hasKey && origin.trim() === '' ? 'Say where the key came from.' : null;
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		if (missing === null) onImport(hasKey ? [{ vkey: vkey.trim(), origin: origin.trim() }] : []);
	};
	return (
		<form className={layoutStyles['form']} onSubmit={submit} aria-label="Key and import">
			<div>
				The drop claims:{' '}
				{claimed ? <span className={textStyles['code']}>{claimed}</span> : <span className={textStyles['muted']}>no key of its own</span>}
			</div>
			{keys.length > 0 ? (
				<div>
					Trusted in this engagement already:
					<ul className={layoutStyles['bulleted']}>
						{keys.map((key) => (
							<li key={key.vkey}>
								<span className={textStyles['code']}>{key.vkey}</span> <span className={textStyles['muted']}>({key.origin})</span>
							</li>
						))}
					</ul>
				</div>
			) : null}
			<Textarea
				label="Verifier key"
				description="As the operator of the log gave it to you: by letter, on a website, by telephone. Not copied from the drop."
				autosize
				minRows={2}
				spellCheck={false}
				value={vkey}
				onChange={({ currentTarget }) => setVkey(currentTarget.value)}
				error={judged.kind === 'unreadable' ? KEY_SENTENCES.unreadable : null}
			/>
			<TextInput
				label="Where it came from"
				placeholder="Letter of the CFO, 12 January"
				value={origin}
				disabled={!hasKey || origin === FIRST_READING}
				onChange={({ currentTarget }) => setOrigin(currentTarget.value)}
			/>
			{judged.kind === 'claimed' ? <FirstReading isTaken={isTaken} onTaken={setTaken} /> : null}
			{judged.kind === 'unreadable' || isSilent ? null : <KeyJudged kind={judged.kind} />}
			<div className={layoutStyles['row']}>
				<Button type="submit" size="sm" disabled={missing !== null} title={missing ?? undefined}>
					{hasKey || isSilent ? 'Import' : 'Import without a key'}
				</Button>
				<Button size="sm" variant="subtle" onClick={onBack}>
					Choose another drop
				</Button>
			</div>
		</form>
	);
}

/** No key, or another than the drop claims, is said loudly. */
function KeyJudged({ kind }: { kind: KeyVerdict['kind'] }) {
	const sentence = KEY_SENTENCES[kind];
	return kind === 'empty' || kind === 'other' ? <Callout>{sentence}</Callout> : <p className={textStyles['note']}>{sentence}</p>;
}
