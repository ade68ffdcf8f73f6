/** What came from the hub: publications that were verified and stored, and the hub's own sealed records. */
import { formatBytes, formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { SyncStatus } from '../../vault/feedApi.ts';
import type { PulledPublication, Received as ReceivedView } from '../../vault/feedHistory.ts';
import { NoHub } from './HubStates.tsx';
import { kindWord, recordSentence } from './recordWords.ts';
import styles from './Sync.module.css';

export function Received({ isConnected, begun }: { isConnected: boolean; begun: SyncStatus['begun'] }) {
	const query = useQuery((vault) => vault.feed.received(), [], ['sync', 'evidence', 'workbook']);
	return (
		<Panel title="Received" className={styles['column'] ?? ''}>
			<Ask query={query} lines={3}>
				{(data) =>
					data.publications.length === 0 && data.records === 0 && !isConnected ? (
						<NoHub what="Evidence comes in as drops by hand, or from the company’s hub. Work papers of colleagues come by file." />
					) : (
						<>
							{begun ? (
								<p className={textStyles['note']} role="status">
									Publication {formatCount(begun.publication)} was broken off: {formatBytes(begun.bytes)} of it are kept apart and are no
									evidence yet. Sync now goes on from there.
								</p>
							) : null}
							<Publications received={data} />
							<Records received={data} />
						</>
					)
				}
			</Ask>
		</Panel>
	);
}

function Publications({ received: { publications } }: { received: ReceivedView }) {
	if (publications.length === 0)
		return <p className={textStyles['muted']}>No publication was brought in yet. Sync now brings the newest.</p>;
	return (
		<PlainTable caption="Publications of the hub" head={[numberHead('No.'), 'Stored', numberHead('Rows'), 'Signed heads']}>
			{publications.map((publication) => (
				<tr key={publication.importId}>
					<NumberCell>{formatCount(publication.number)}</NumberCell>
					<td>
						<Instant at={publication.at} />
						{publication.isLoaded ? (
							<>
								{' '}
								<VerdictBadge tone="info">Loaded</VerdictBadge>
							</>
						) : null}
					</td>
					<NumberCell>{formatCount(publication.rows)}</NumberCell>
					<td>
						<Heads publication={publication} />
					</td>
				</tr>
			))}
		</PlainTable>
	);
}

function Heads({ publication: { heads } }: { publication: PulledPublication }) {
	return Object.entries(heads).map(([table, { size, root }]) => (
		<div key={table}>
			{table} {formatCount(size)} <Hash value={root} />
		</div>
	));
}

function Records({ received: { records, recent, heads } }: { received: ReceivedView }) {
	if (records === 0) return <p className={textStyles['muted']}>The hub’s own log was not brought in yet, or is empty.</p>;
	return (
		<>
			<PlainTable
				caption={`The hub’s own records: ${formatCount(records)} verified${recent.length < records ? `, the last ${formatCount(recent.length)} shown` : ''}`}
				head={[numberHead('Line'), 'Kind', 'What it says']}
			>
				{recent.map((record) => (
					<tr key={record.place}>
						<NumberCell>{formatCount(record.place)}</NumberCell>
						<td>{kindWord(record.kind)}</td>
						<td title={record.line}>{recordSentence(record)}</td>
					</tr>
				))}
			</PlainTable>
			{Object.values(heads).map(({ table, day, size, orders }) => (
				<p key={table} className={textStyles['note']}>
					Nothing is hidden at the end of any order in {table} up to line {formatCount(size)}: the heads record of {day} over{' '}
					{formatCount(orders)} orders was compared.
				</p>
			))}
		</>
	);
}
