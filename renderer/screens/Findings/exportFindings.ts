/** The list of findings as a file. */
import { ok } from '#kernel';
import { exportList } from '../../app/exportList.ts';
import type { TextColumn } from '../../components/rowText.ts';
import type { FindingRow } from '../../vault/findingsApi.ts';

const COLUMNS: readonly TextColumn<FindingRow>[] = [
	{ title: 'finding', text: ({ label }) => label },
	{ title: 'title', text: ({ title }) => title },
	{ title: 'severity', text: ({ severity }) => severity },
	{ title: 'state', text: ({ state }) => state },
	{ title: 'evidence', text: ({ evidence }) => String(evidence) },
	{ title: 'open notes', text: ({ openNotes }) => String(openNotes) },
	{ title: 'prepared', text: ({ prepared }) => prepared.replaceAll('_', ' ') },
	{ title: 'prepared by', text: ({ preparedBy }) => preparedBy },
	{ title: 'reviewed', text: ({ reviewed }) => reviewed.replaceAll('_', ' ') },
	{ title: 'reviewed by', text: ({ reviewedBy }) => reviewedBy },
	{ title: 'changed at', text: ({ changedAt }) => changedAt },
	{ title: 'changed by', text: ({ changedBy }) => changedBy },
];

export const exportFindings = (rows: readonly FindingRow[]): Promise<void> =>
	exportList({
		name: 'findings',
		what: 'Findings as CSV',
		facts: [['what', 'All findings of this engagement']],
		columns: COLUMNS,
		total: rows.length,
		fetchRows: (from, to) => Promise.resolve(ok(rows.slice(from, to))),
	});
