/** The columns of the catalogue's list. */
import type { ReactNode } from 'react';
import { formatCount, formatInstantLocal } from '../../app/format.ts';
import type { RowColumn } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { TestVerdict, VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { CatalogueRow } from '../../vault/proceduresCatalogue.ts';
import styles from './Procedures.module.css';
import { verdictOf } from './procedures.ts';

export const CATALOGUE_COLUMNS: readonly RowColumn<CatalogueRow>[] = [
	{ id: 'id', title: 'Test', sortable: true, cell: ({ id }) => <span className={textStyles['code']}>{id}</span> },
	{ id: 'title', title: 'Title', sortable: true, wraps: true, cell: ({ title }) => <span className={styles['title']}>{title}</span> },
	{ id: 'severity', title: 'Severity', sortable: true, cell: ({ severity }) => severity },
	{ id: 'verdict', title: 'Verdict', sortable: true, cell: (row) => <Verdict row={row} /> },
	{
		id: 'exceptions',
		title: 'Exceptions',
		align: 'right',
		sortable: true,
		cell: ({ last }) => (last ? formatCount(last.exceptions) : '–'),
	},
	{ id: 'rows', title: 'Tested', align: 'right', sortable: true, cell: ({ last }) => (last ? formatCount(last.rows) : '–') },
	{ id: 'delta', title: 'Since', cell: (row) => <Delta row={row} /> },
	{
		id: 'why',
		title: 'Open, why',
		cell: ({ last }) => (
			<span className={styles['why']} title={last?.why ?? undefined}>
				{last?.why ?? ''}
			</span>
		),
	},
	{
		id: 'source',
		title: 'Source',
		cell: ({ source }) => (
			<span className={styles['source']} title={source}>
				{source}
			</span>
		),
	},
	{ id: 'version', title: 'Rule', align: 'right', cell: ({ version, isInThisVersion }) => (isInThisVersion ? `v${version}` : '–') },
	{
		id: 'at',
		title: 'Last run',
		sortable: true,
		cell: ({ last }) => <span className={styles['time']}>{last ? formatInstantLocal(last.at) : '–'}</span>,
	},
];

function Verdict({ row }: { row: CatalogueRow }) {
	if (row.isInThisVersion) return <TestVerdict verdict={verdictOf(row)} {...(row.last?.why ? { title: row.last.why } : {})} />;
	return (
		<VerdictBadge tone="neutral" glyph="–">
			Not in this version
		</VerdictBadge>
	);
}

function Delta({ row }: { row: CatalogueRow }): ReactNode {
	if (row.isStale)
		return (
			<VerdictBadge tone="warn" title="The evidence, a parameter, the rule or the trusted keys are others than at the last run">
				Run again
			</VerdictBadge>
		);
	return row.hasChanged ? (
		<VerdictBadge tone="info" glyph="Δ" title="The result differs from that of the run before">
			Changed
		</VerdictBadge>
	) : null;
}
