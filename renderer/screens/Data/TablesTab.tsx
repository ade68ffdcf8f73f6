/** Every file of the drop with its own verdict, and the passport of the one that is chosen. */

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { exportCsv } from '../../app/exportCsv.ts';
import { formatBytes, formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { Toolbar } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { EvidenceSummary, TableSummary } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';
import { IPE_VERDICTS } from './ipe.ts';
import { Passport } from './Passport.tsx';

const COLUMNS: readonly RowColumn<TableSummary>[] = [
	{ id: 'table', title: 'Table', cell: ({ table }) => table },
	{
		id: 'verdict',
		title: 'IPE',
		cell: ({ verdict }) => (
			<VerdictBadge tone={IPE_VERDICTS[verdict].tone} title={IPE_VERDICTS[verdict].means}>
				{IPE_VERDICTS[verdict].word}
			</VerdictBadge>
		),
	},
	{ id: 'differences', title: 'Differences', align: 'right', cell: ({ differences }) => formatCount(differences.length) },
	{ id: 'rows', title: 'Rows loaded', align: 'right', cell: ({ rows }) => formatCount(rows) },
	{ id: 'quarantined', title: 'Set aside', align: 'right', cell: ({ quarantined }) => formatCount(quarantined) },
	{ id: 'bytes', title: 'Size', align: 'right', cell: ({ bytes }) => formatBytes(bytes), text: ({ bytes }) => String(bytes) },
];

export function TablesTab({ summary }: { summary: EvidenceSummary }) {
	const vault = useVault();
	const { params, set } = useNav();
	const first = summary.tables.find(({ verdict }) => verdict !== 'as_declared') ?? summary.tables[0];
	const active = summary.tables.find(({ table }) => table === params['table']) ?? first;
	const differing = summary.tables.filter(({ verdict }) => verdict !== 'as_declared').length;
	const [onlyDiffering, setOnly] = useState(false);
	const rows = onlyDiffering ? summary.tables.filter(({ verdict }) => verdict !== 'as_declared') : summary.tables;
	const save = async (): Promise<void> => {
		const saved = await exportCsv(vault, tablesCsv(summary));
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `Written: ${saved.value.name}` });
	};
	useCommands(() => [{ id: 'data.tables.csv', title: 'Export declared against found as CSV', group: 'Data & IPE', run: save }], [summary]);
	return (
		<SplitView
			storageKey="data.passport"
			sideLabel="Passport"
			initial={560}
			main={
				<>
					<Toolbar label="Tables">
						<span>
							{formatCount(summary.tables.length)} files · {formatCount(differing)} not as declared · {formatCount(summary.quarantined)}{' '}
							lines set aside
						</span>
						<Button variant="default" aria-pressed={onlyDiffering} disabled={differing === 0} onClick={() => setOnly(!onlyDiffering)}>
							{onlyDiffering ? 'Show all' : 'Only what differs'}
						</Button>
						<Button variant="default" onClick={() => void save()}>
							Export CSV
						</Button>
					</Toolbar>
					<RowTable
						label="Tables of the drop"
						columns={COLUMNS}
						rows={rows}
						rowKey={({ table }) => table}
						activeKey={active?.table ?? null}
						onActive={({ table }) => set({ table })}
					/>
					{summary.notices.length > 0 ? (
						<div className={styles['inset']}>
							<h2>Notices</h2>
							<ul className={layoutStyles['bulleted']}>
								{summary.notices.map((notice) => (
									<li key={notice}>{notice}</li>
								))}
							</ul>
						</div>
					) : null}
				</>
			}
			side={active ? <Passport key={active.table} table={active.table} /> : null}
		/>
	);
}

/** One line a difference; a table without one has a line too. */
const tablesCsv = ({ manifest, manifestSha256, tables }: EvidenceSummary) => ({
	name: `ipe-${manifest.dropId}`,
	what: `Declared against found of ${manifest.dropId} as CSV`,
	facts: [
		['drop', manifest.dropId],
		['company', manifest.company],
		['as of', new Date(manifest.asOf).toISOString()],
		['manifest sha-256', manifestSha256],
	] as const,
	header: ['table', 'file', 'verdict', 'rows', 'bytes', 'sha256', 'set_aside', 'difference', 'declared', 'found'],
	rows: tables.flatMap(({ table, file, verdict, rows, bytes, sha256, quarantined, differences }) => {
		const own = [table, file, verdict, String(rows), String(bytes), sha256 ?? '', String(quarantined)];
		return differences.length === 0
			? [[...own, '', '', '']]
			: differences.map(({ what, declared, found }) => [...own, what, declared, found]);
	}),
});
