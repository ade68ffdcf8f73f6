/** What only a person can decide: a hub that is not believed, values that two members changed, acts that the rules refused. */
import { formatCount, plural } from '../../app/format.ts';
import { needsPerson } from '../../app/syncPill.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useLook, usePapersStatus, waitingOf } from '../../app/useSync.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { SyncStatus } from '../../vault/feedApi.ts';
import { ConflictCard } from './ConflictCard.tsx';
import { EquivocationCard } from './EquivocationCard.tsx';
import { LostDocuments } from './LostDocuments.tsx';
import { RefusedCard } from './RefusedCard.tsx';
import { PapersStop, StopCard } from './StopCards.tsx';
import styles from './Sync.module.css';

export function NeedsYou({ status }: { status: SyncStatus }) {
	const papers = usePapersStatus();
	const conflicts = useQuery((vault) => vault.sync.conflicts(), [], ['workbook']);
	const pairs = useQuery((vault) => vault.feed.equivocations(), [], ['sync', 'workbook']);
	const refused = useQuery((vault) => vault.sync.refused(), [], ['workbook']);
	const standing = papers.state === 'ready' ? papers.data : null;
	const papersStop = useLook((look) => look.papersStop);
	const count = waitingOf(status, standing) + (papersStop ? 1 : 0);
	const { lastStop } = status;
	return (
		<Panel title={`Needs you ${formatCount(count)}`} className={`${styles['column']} ${styles['needs']}`}>
			{lastStop && needsPerson(lastStop) ? <StopCard stop={lastStop} status={status} /> : null}
			<LostDocuments names={status.lost} />
			<Ask query={pairs} lines={1}>
				{(rows) => rows.filter(({ settled }) => settled === null).map((pair) => <EquivocationCard key={pair.id} pair={pair} />)}
			</Ask>
			{standing?.stopped ? <PapersStop code={standing.stopped.code} message={standing.stopped.message} at={standing.stopped.at} /> : null}
			{papersStop ? <PapersStop code={papersStop.code} message={papersStop.message} at={null} /> : null}
			<Ask query={conflicts} lines={2}>
				{(rows) =>
					rows
						.filter(({ settled }) => settled === null)
						.map((row) => <ConflictCard key={`${row.conflictId} ${JSON.stringify([row.first.value, row.second.value])}`} conflict={row} />)
				}
			</Ask>
			<Ask query={refused} lines={2}>
				{(rows) =>
					rows
						.filter(({ dismissed }) => dismissed === null)
						.map((row) => <RefusedCard key={`${row.ref.replica}/${row.ref.seq}`} refused={row} />)
				}
			</Ask>
			{count === 0 ? <p className={textStyles['muted']}>Nothing waits for a decision.</p> : null}
			<Settled
				conflicts={conflicts.state === 'ready' ? conflicts.data.filter(({ settled }) => settled !== null).length : 0}
				refused={refused.state === 'ready' ? refused.data.filter(({ dismissed }) => dismissed !== null).length : 0}
			/>
		</Panel>
	);
}

function Settled({ conflicts, refused }: { conflicts: number; refused: number }) {
	const go = useNav((nav) => nav.go);
	if (conflicts + refused === 0) return null;
	const what = [...(conflicts > 0 ? [plural(conflicts, 'conflict')] : []), ...(refused > 0 ? [plural(refused, 'refused act')] : [])].join(
		' and ',
	);
	return (
		<p className={textStyles['note']}>
			{what} settled already: see{' '}
			<button type="button" className={textStyles['link']} onClick={() => go('activity')}>
				Activity
			</button>
		</p>
	);
}
