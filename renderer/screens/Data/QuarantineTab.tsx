/** Lines that could not be read: each with its file, line, offset, reason and its bytes as text. Nothing is dropped in silence. */

import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { exportCsv, gatherRows } from '../../app/exportCsv.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { DataGrid, type GridColumn } from '../../components/DataGrid.tsx';
import { FactList, Panel, Toolbar } from '../../components/Frame.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { EvidenceSummary, QuarantineRow } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';

const COLUMNS: readonly GridColumn<QuarantineRow>[] = [
	{ id: 'table', title: 'Table', width: 150, cell: ({ table }) => table, text: ({ table }) => table },
	{ id: 'line', title: 'Line', width: 90, align: 'right', cell: ({ line }) => formatCount(line), text: ({ line }) => String(line) },
	{
		id: 'offset',
		title: 'Byte',
		width: 110,
		align: 'right',
		cell: ({ offset }) => formatCount(offset),
		text: ({ offset }) => String(offset),
	},
	{ id: 'reason', title: 'Reason', flex: 2, width: 240, cell: ({ reason }) => reason, text: ({ reason }) => reason },
	{
		id: 'raw',
		title: 'Line as it stands',
		flex: 2,
		width: 200,
		cell: ({ raw }) => raw ?? 'no readable text',
		text: ({ raw }) => raw ?? '',
	},
];

export function QuarantineTab({ summary }: { summary: EvidenceSummary }) {
	const vault = useVault();
	const { params, set } = useNav();
	const tables = summary.tables.filter(({ quarantined }) => quarantined > 0);
	const table = tables.find((one) => one.table === params['quarantine'])?.table ?? null;
	const total = table === null ? summary.quarantined : (tables.find((one) => one.table === table)?.quarantined ?? 0);
	const [focused, setFocused] = useState<QuarantineRow | null>(null);
	const fetchRows = useRows((ask, from, to) => ask.evidence.quarantineLines(table, from, to), [table]);
	const save = async (): Promise<void> => {
		const rows = await gatherRows(total, (from, to) => vault.evidence.quarantineLines(table, from, to));
		if (!rows.ok) return notify({ tone: 'failed', message: rows.error.message });
		const saved = await exportCsv(vault, {
			name: `quarantine-${summary.manifest.dropId}`,
			what: `Quarantine as CSV: ${table ?? 'all tables'}`,
			facts: [
				['drop', summary.manifest.dropId],
				['table', table ?? 'all'],
				['manifest sha-256', summary.manifestSha256],
			],
			header: ['table', 'file', 'line', 'offset', 'code', 'reason', 'raw'],
			rows: rows.value.map(({ file, line, offset, code, reason, raw, ...row }) => [
				row.table,
				file,
				String(line),
				String(offset),
				code,
				reason,
				raw ?? '',
			]),
		});
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `${formatCount(rows.value.length)} lines written: ${saved.value.name}` });
	};
	useCommands(
		() => [
			{
				id: 'data.quarantine.csv',
				title: 'Export the quarantine as CSV',
				group: 'Data & IPE',
				disabled: total === 0 ? 'No line was set aside.' : null,
				run: save,
			},
		],
		[table, total],
	);
	const choices = useMemo(
		() => tables.map((one) => ({ value: one.table, label: `${one.table} (${formatCount(one.quarantined)})` })),
		[tables],
	);
	if (summary.quarantined === 0)
		return (
			<EmptyState title="No line was set aside">
				Every line of every table that this version knows was read. Lines that can’t be read would stand here with their reason.
			</EmptyState>
		);
	return (
		<SplitView
			storageKey="data.quarantine"
			sideLabel="Line set aside"
			initial={420}
			main={
				<>
					<Toolbar label="Quarantine">
						<Select
							aria-label="Table"
							data={[{ value: '', label: `All tables (${formatCount(summary.quarantined)})` }, ...choices]}
							value={table ?? ''}
							allowDeselect={false}
							onChange={(next) => set({ quarantine: next ?? '' })}
						/>
						<Button variant="default" onClick={() => void save()}>
							Export CSV
						</Button>
						<span className={textStyles['muted']}>Set aside, never guessed at: tests that could be wrong without them say so.</span>
					</Toolbar>
					<DataGrid<QuarantineRow>
						label="Lines set aside"
						columns={COLUMNS}
						keepAs="data.quarantine"
						rowCount={total}
						rowKey={(row) => `${row.table} ${row.line}`}
						fetchRows={fetchRows}
						version={`${summary.importId} ${table}`}
						onFocusRow={setFocused}
					/>
				</>
			}
			side={focused ? <Line row={focused} /> : <EmptyState title="No line chosen">Choose a line to see it whole.</EmptyState>}
		/>
	);
}

function Line({ row: { table, file, line, offset, code, reason, raw } }: { row: QuarantineRow }) {
	return (
		<Panel title={`${table}, line ${formatCount(line)}`}>
			<p>{reason}</p>
			<FactList
				facts={[
					{ label: 'File', value: file },
					{ label: 'Byte offset', value: formatCount(offset) },
					{ label: 'Code', value: <span className={textStyles['code']}>{code}</span> },
				]}
			/>
			<h3 className={styles['under']}>The line as it stands</h3>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keys */}
			<pre className={styles['raw']} tabIndex={0}>
				{raw ?? 'Its bytes are no UTF-8 text.'}
			</pre>
		</Panel>
	);
}
