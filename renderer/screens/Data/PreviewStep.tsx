/** What a drop says of itself, before anything is believed: and the key from outside by which it will be judged. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatBytes, formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { DropPreview } from '../../vault/evidenceApi.ts';
import styles from './Data.module.css';
import { judgeKey, KEY_SENTENCES } from './ipe.ts';

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
				<p className={styles['muted']}>All of this is what the drop says of itself. Nothing of it has been verified yet.</p>
				{preview.isLoaded ? (
					<p className={styles['warn']}>This very drop is loaded already. Importing it again gives a second, equal import.</p>
				) : null}
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
			<table className={styles['table']}>
				<thead>
					<tr>
						<th scope="col">Table</th>
						<th scope="col" className={styles['num']}>
							Rows
						</th>
						<th scope="col" className={styles['num']}>
							File
						</th>
						<th scope="col">From, by</th>
					</tr>
				</thead>
				<tbody>
					{tables.map(({ table, rows, found }) => {
						const own = byName.get(table);
						return (
							<tr key={table}>
								<td>
									{table}
									{own?.known === null ? <div className={styles['muted']}>unknown: hashed, not read</div> : null}
								</td>
								<td className={styles['num']}>{formatCount(rows)}</td>
								<td className={styles['num']}>{found === null ? <VerdictBadge tone="fail">Missing</VerdictBadge> : formatBytes(found)}</td>
								<td>
									{own?.system ?? 'system not stated'}
									<div className={styles['muted']}>
										{[own?.query, own?.extractedBy].filter(Boolean).join(' · ') || 'neither query nor extractor stated'}
									</div>
								</td>
							</tr>
						);
					})}
				</tbody>
			</table>
			{undeclared.length > 0 ? (
				<p className={styles['warn']}>Not declared, so without a test of completeness: {undeclared.join(', ')}</p>
			) : null}
		</>
	);
}

function KeyForm({ claimed, onImport, onBack }: { claimed: string | null } & Pick<PreviewProps, 'onImport' | 'onBack'>) {
	const known = useQuery((vault) => vault.evidence.trustedKeys(), [], ['workbook']);
	const [vkey, setVkey] = useState('');
	const [origin, setOrigin] = useState('');
	const judged = judgeKey(vkey, claimed);
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
		<form className={styles['form']} onSubmit={submit} aria-label="Key and import">
			<div>
				The drop claims:{' '}
				{claimed ? <span className={styles['code']}>{claimed}</span> : <span className={styles['muted']}>no key of its own</span>}
			</div>
			{keys.length > 0 ? (
				<div>
					Trusted in this engagement already:
					<ul className={styles['list']}>
						{keys.map((key) => (
							<li key={key.vkey}>
								<span className={styles['code']}>{key.vkey}</span> <span className={styles['muted']}>({key.origin})</span>
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
				disabled={!hasKey}
				onChange={({ currentTarget }) => setOrigin(currentTarget.value)}
			/>
			{judged.kind === 'unreadable' || isSilent ? null : (
				<p className={judged.kind === 'empty' || judged.kind === 'other' ? styles['warn'] : styles['muted']}>
					{KEY_SENTENCES[judged.kind]}
				</p>
			)}
			<div className={styles['row']}>
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
