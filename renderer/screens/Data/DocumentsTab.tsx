/** Supporting documents: there and cited, missing, altered, or cited by nobody. One click shows a PDF. */

import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ok } from '#kernel';
import { formatBytes, formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useRows } from '../../app/useRows.ts';
import { Ask } from '../../components/Ask.tsx';
import { DataGrid, type GridColumn } from '../../components/DataGrid.tsx';
import { FactList, Panel, Toolbar } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { PdfView } from '../../components/PdfView.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { useFirstRow } from '../../components/useFirstRow.ts';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { DocumentEntry, DocumentState } from '../../vault/evidenceDocuments.ts';
import type { EvidenceSummary } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';
import { citingWords, DOCUMENT_STATES } from './ipe.ts';

const COLUMNS: readonly GridColumn<DocumentEntry>[] = [
	{
		id: 'state',
		title: 'State',
		width: 110,
		cell: ({ state }) => <VerdictBadge tone={DOCUMENT_STATES[state].tone}>{DOCUMENT_STATES[state].word}</VerdictBadge>,
		text: ({ state }) => DOCUMENT_STATES[state].word,
	},
	{ id: 'file', title: 'File name', flex: 1, width: 210, cell: ({ fileName }) => fileName ?? '–', text: ({ fileName }) => fileName ?? '' },
	{ id: 'kind', title: 'Kind', width: 104, cell: ({ kind }) => kind ?? '–', text: ({ kind }) => kind ?? '' },
	{ id: 'order', title: 'Order', width: 112, cell: ({ orderId }) => orderId ?? '–', text: ({ orderId }) => orderId ?? '' },
	{
		id: 'bytes',
		title: 'Size',
		width: 90,
		align: 'right',
		cell: ({ bytes }) => (bytes === null ? '–' : formatBytes(bytes)),
		text: ({ bytes }) => (bytes === null ? '' : String(bytes)),
	},
	{
		id: 'sha256',
		title: 'Must hash to',
		width: 130,
		cell: ({ name }) => <span className={textStyles['code']}>{name.slice(0, 12)}…</span>,
		text: ({ name }) => name,
	},
];

const keyOf = ({ state, name }: DocumentEntry): string => `${state} ${name}`;

const ORDER: readonly DocumentState[] = ['missing', 'altered', 'uncited', 'misnamed', 'present'];

export function DocumentsTab({ summary }: { summary: EvidenceSummary }) {
	const [state, setState] = useState<DocumentState | 'all'>('all');
	const [focused, setFocused] = useState<DocumentEntry | null>(null);
	const wanted = state === 'all' ? null : state;
	const head = useQuery((ask) => ask.evidence.documents(wanted, 0, 0), [wanted], ['evidence']);
	const fetchRows = useRows(
		async (ask, from, to) => {
			const answer = await ask.evidence.documents(wanted, from, to);
			return answer.ok ? ok(answer.value.rows) : answer;
		},
		[wanted],
	);
	useFirstRow(fetchRows, setFocused);
	const open = citingWords(summary);
	return (
		<Ask query={head}>
			{({ total, counts }) => (
				<SplitView
					storageKey="data.document"
					sideLabel="Document"
					initial={480}
					main={
						<>
							<Toolbar label="Documents">
								<SegmentedControl
									aria-label="State"
									value={state}
									onChange={(next) => setState(next as DocumentState | 'all')}
									data={[
										{ value: 'all', label: 'All' },
										...ORDER.filter((one) => counts[one] > 0 || one === state).map((one) => ({
											value: one,
											label: `${DOCUMENT_STATES[one].word} ${formatCount(counts[one])}`,
										})),
									]}
								/>
							</Toolbar>
							{open === null ? null : (
								<div className={styles['inset']}>
									<p className={textStyles['warn']}>▲ {open}</p>
								</div>
							)}
							{total === 0 ? (
								<EmptyState title="No documents">
									The drop has no supporting documents{wanted ? ' in this state' : ' and no row that could be read cites one'}.
								</EmptyState>
							) : (
								<DataGrid<DocumentEntry>
									label="Documents"
									columns={COLUMNS}
									keepAs="data.documents"
									rowCount={total}
									rowKey={keyOf}
									fetchRows={fetchRows}
									version={`${summary.importId} ${state}`}
									activeKey={focused === null ? null : keyOf(focused)}
									onFocusRow={(row) => row && setFocused(row)}
								/>
							)}
						</>
					}
					side={
						focused ? (
							<Entry key={focused.name} entry={focused} />
						) : (
							<EmptyState title="No document chosen">Choose a document to see its facts and, for a PDF, its pages.</EmptyState>
						)
					}
				/>
			)}
		</Ask>
	);
}

function Entry({ entry }: { entry: DocumentEntry }) {
	const { state, name, fileName, kind, orderId, documentId, bytes } = entry;
	const words = DOCUMENT_STATES[state];
	const isHere = state !== 'missing' && state !== 'misnamed';
	return (
		<div className={layoutStyles['detail']}>
			<Panel title={fileName ?? 'Document'} actions={<VerdictBadge tone={words.tone}>{words.word}</VerdictBadge>}>
				<p>{words.means}.</p>
				<FactList
					facts={[
						{
							label: state === 'misnamed' ? 'Name in the drop' : 'Must hash to',
							value: state === 'misnamed' ? name : <Hash value={name} />,
						},
						{ label: 'Kind', value: kind ?? '–' },
						{ label: 'Document', value: documentId ?? 'no row cites it' },
						{ label: 'Order', value: orderId ?? '–' },
						{ label: 'Size', value: bytes === null ? 'not there' : formatBytes(bytes) },
					]}
				/>
			</Panel>
			{isHere ? <Pages sha256={name} label={fileName ?? name} /> : null}
		</div>
	);
}

const isPdf = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(0, 5)) === '%PDF-';

function Pages({ sha256, label }: { sha256: string; label: string }) {
	const query = useQuery((vault) => vault.evidence.document(sha256), [sha256], ['evidence']);
	return (
		<Ask query={query}>
			{({ bytes }) =>
				isPdf(bytes) ? (
					<PdfView bytes={bytes} label={label} />
				) : (
					<EmptyState title="No PDF">
						By its first bytes this is no PDF, so it is not shown here. Its hash is judged all the same.
					</EmptyState>
				)
			}
		</Ask>
	);
}
