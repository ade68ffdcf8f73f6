/** Acts that nobody else has yet: who, what, when; and the ways by which they go. */
import { Button } from '@mantine/core';
import { formatCount } from '../../app/format.ts';
import { exchangePapers } from '../../app/syncActions.ts';
import { useQuery } from '../../app/useQuery.ts';
import { SYNC_JOB, usePapersStatus } from '../../app/useSync.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { useRunningJobId } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { OutboxRow, PapersStatus } from '../../vault/syncApi.ts';
import { QuietButton } from './QuietButton.tsx';
import styles from './Sync.module.css';

const COLUMNS: readonly RowColumn<OutboxRow>[] = [
	{
		id: 'sentence',
		title: 'What and who',
		wraps: true,
		cell: ({ sentence, member }) => (
			<>
				{sentence}
				<div className={textStyles['muted']}>{member}</div>
			</>
		),
	},
	{ id: 'at', title: 'When', cell: ({ at }) => <Instant at={at} /> },
];

/** More are only counted: they all go. */
const SHOWN = 200;

export function ToSend({ isConnected }: { isConnected: boolean }) {
	const set = useNav((nav) => nav.set);
	const isRunning = useRunningJobId(SYNC_JOB) !== null;
	const papers = usePapersStatus();
	const outbox = useQuery((vault) => vault.sync.outbox(), [], ['workbook', 'sync']);
	const count = outbox.state === 'ready' ? outbox.data.length : null;
	return (
		<Panel title={count === null ? 'To send' : `To send ${formatCount(count)}`} className={styles['column'] ?? ''}>
			<div className={`${layoutStyles['row']} ${styles['ways']}`}>
				{isConnected ? (
					<QuietButton variant="default" why={isRunning ? 'A synchronisation runs already.' : null} onClick={() => void exchangePapers()}>
						Send now
					</QuietButton>
				) : null}
				<Button variant="default" onClick={() => set({ file: 'export' })}>
					Hand over by file…
				</Button>
				<Button variant="default" onClick={() => set({ file: 'import' })}>
					Take a file in…
				</Button>
			</div>
			<Ask query={outbox} lines={3}>
				{(rows) =>
					rows.length === 0 ? (
						<p className={textStyles['muted']}>Nothing waits to be sent.</p>
					) : (
						<>
							<RowTable
								label="Acts to send"
								columns={COLUMNS}
								rows={rows.slice(0, SHOWN)}
								rowKey={({ ref: { replica, seq } }) => `${replica}/${seq}`}
							/>
							{rows.length > SHOWN ? (
								<p className={textStyles['note']}>and {formatCount(rows.length - SHOWN)} more, which go as well</p>
							) : null}
						</>
					)
				}
			</Ask>
			{papers.state === 'ready' ? <p className={textStyles['note']}>{orderWords(papers.data)}</p> : null}
		</Panel>
	);
}

function orderWords({ confirmed, sequencer: { kind, name } }: PapersStatus): string {
	const who = kind === 'this_copy' ? 'this copy' : kind === 'hub' ? `the hub of ${name}` : `another copy of this engagement (${name})`;
	return `${formatCount(confirmed)} acts have their confirmed place. Places are given by ${who}.`;
}
