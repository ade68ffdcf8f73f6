/** Every import of this engagement, from the signed log of acts: who, when, what, and which one is loaded. */

import { formatBytes, formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { ImportRecord } from '../../vault/evidenceRecordsApi.ts';

const COLUMNS: readonly RowColumn<ImportRecord>[] = [
	{ id: 'at', title: 'Imported', cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
	{ id: 'by', title: 'By', cell: ({ by }) => by },
	{ id: 'drop', title: 'Drop', cell: ({ dropId }) => dropId },
	{ id: 'company', title: 'Company', cell: ({ company }) => company },
	{ id: 'asOf', title: 'As of', cell: ({ asOf }) => <Instant at={asOf} />, text: ({ asOf }) => asOf },
	{ id: 'rows', title: 'Rows', align: 'right', cell: ({ rows }) => formatCount(rows) },
	{ id: 'bytes', title: 'Size', align: 'right', cell: ({ bytes }) => formatBytes(bytes), text: ({ bytes }) => String(bytes) },
	{ id: 'differing', title: 'Not as declared', align: 'right', cell: ({ differing }) => formatCount(differing) },
	{ id: 'quarantined', title: 'Set aside', align: 'right', cell: ({ quarantined }) => formatCount(quarantined) },
	{
		id: 'manifest',
		title: 'Manifest',
		cell: ({ manifestSha256 }) => <Hash value={manifestSha256} />,
		text: ({ manifestSha256 }) => manifestSha256,
	},
	{
		id: 'loaded',
		title: 'State',
		cell: ({ isLoaded }) =>
			isLoaded ? <VerdictBadge tone="info">Loaded</VerdictBadge> : <span className={textStyles['muted']}>replaced</span>,
	},
];

export function ImportsTab() {
	const query = useQuery((vault) => vault.evidence.imports(), [], ['workbook', 'evidence']);
	return (
		<Ask query={query}>
			{(imports) => (
				<RowTable
					label="Imports of this engagement"
					columns={COLUMNS}
					rows={imports}
					rowKey={({ importId }) => importId}
					empty="Nothing was imported yet."
				/>
			)}
		</Ask>
	);
}
