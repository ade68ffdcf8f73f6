/** How the hub's feeds stand now, by the hub's own word: how far, how late, what could not be taken, what hangs on it. */
import type { FeedsAnswer } from '#sync';
import { formatCount, formatSpan, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant, Money } from '../../components/Values.tsx';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import { DeadLetters } from './DeadLetters.tsx';
import { type FeedTotals, feedTotals, sumsOf } from './feedTotals.ts';
import { NoHub, OrOffline } from './HubStates.tsx';
import styles from './Sync.module.css';

type Feed = FeedsAnswer['feeds'][number];

export function Feeds({ isConnected }: { isConnected: boolean }) {
	if (!isConnected) return <NoHub what="Feeds are the company’s systems as its hub sees them: their position, lag and faults." />;
	return (
		<>
			<FeedTable />
			<DeadLetters />
		</>
	);
}

function FeedTable() {
	const query = useQuery((vault) => vault.feed.feeds(), [], ['sync']);
	return (
		<OrOffline query={query}>
			{({ as_of, feeds }) => (
				<Panel
					title={`Feeds ${formatCount(feeds.length)}`}
					actions={
						<span className={textStyles['muted']}>
							as the hub says, <Instant at={as_of} />
						</span>
					}
				>
					<Totals totals={feedTotals(feeds)} />
					<RowTable label="Feeds" columns={COLUMNS} rows={feeds} rowKey={({ feed }) => feed} empty="The hub has no feeds yet." />
				</Panel>
			)}
		</OrOffline>
	);
}

function Totals({ totals: { stale, degraded, waiting, deadLetters, atRisk } }: { totals: FeedTotals }) {
	return (
		<div className={`${layoutStyles['row']} ${styles['totals']}`} role="status">
			{stale > 0 ? <VerdictBadge tone="warn">{formatCount(stale)} stale</VerdictBadge> : null}
			{degraded > 0 ? <VerdictBadge tone="warn">{formatCount(degraded)} degraded</VerdictBadge> : null}
			{deadLetters > 0 ? (
				<VerdictBadge tone="warn">{plural(deadLetters, 'dead letter')}</VerdictBadge>
			) : (
				<span className={textStyles['muted']}>no dead letters</span>
			)}
			{atRisk.length > 0 ? (
				<span>
					revenue at risk{' '}
					{atRisk.map(({ currency, minor }, at) => (
						<span key={currency}>
							{at > 0 ? ' · ' : ''}
							<Money minor={minor} currency={currency} />
						</span>
					))}
				</span>
			) : null}
			<span className={textStyles['muted']}>{plural(waiting, 'event')} wait for a predecessor</span>
		</div>
	);
}

const FRESHNESS: Readonly<Record<Feed['freshness'], readonly [Tone, string, string]>> = {
	fresh: ['neutral', '●', 'Fresh'],
	stale: ['warn', '▲', 'Stale'],
	silent: ['neutral', '–', 'Silent'],
};

const COLUMNS: readonly RowColumn<Feed>[] = [
	{ id: 'feed', title: 'Feed', cell: ({ feed }) => feed },
	{
		id: 'mode',
		title: 'Mode',
		cell: ({ mode, kind, channels }) => (
			<span title={kind === 'sealed' ? 'A log: sealed and signed' : 'A table: as of its revision'}>
				{mode === 'stream' ? 'by event' : 'by batch'}
				{channels.length > 0 ? <span className={textStyles['muted']}> {channels.join(', ')}</span> : null}
			</span>
		),
	},
	{
		id: 'position',
		title: 'Position',
		align: 'right',
		cell: ({ position, kind }) => `${kind === 'sealed' ? '' : 'rev. '}${formatCount(position)}`,
	},
	{ id: 'rows', title: 'Rows', align: 'right', cell: ({ rows }) => formatCount(rows) },
	{ id: 'received', title: 'Last received', cell: ({ last_received_at: at }) => (at === null ? 'never' : <Instant at={at} />) },
	{ id: 'lag', title: 'Lag', align: 'right', cell: ({ lag_ms: lag }) => (lag === null ? '–' : formatSpan(lag)) },
	{
		id: 'freshness',
		title: 'Freshness',
		cell: ({ freshness }) => {
			const [tone, glyph, word] = FRESHNESS[freshness];
			return (
				<VerdictBadge tone={tone} glyph={glyph}>
					{word}
				</VerdictBadge>
			);
		},
	},
	{ id: 'waiting', title: 'Waiting', align: 'right', cell: ({ waiting }) => formatCount(waiting) },
	{
		id: 'dead',
		title: 'Dead letters',
		align: 'right',
		cell: ({ dead_letters: { count } }) => (count > 0 ? <span className={textStyles['warn']}>▲ {formatCount(count)}</span> : '0'),
	},
	{
		id: 'risk',
		title: 'Revenue at risk',
		align: 'right',
		cell: ({ dead_letters: { revenue } }) =>
			sumsOf(revenue).map(({ currency, minor }) => (
				<div key={currency}>
					<Money minor={minor} currency={currency} />
				</div>
			)),
	},
	{
		id: 'service',
		title: 'p50 · p95 · p99',
		align: 'right',
		cell: ({ latency, degraded }) => (
			<>
				{latency ? (
					`${[latency.p50, latency.p95, latency.p99].map((value) => formatCount(Math.round(value))).join(' · ')} ms`
				) : (
					<span className={textStyles['muted']}>not measured</span>
				)}
				{degraded ? (
					<div>
						<VerdictBadge tone="warn">Degraded</VerdictBadge>
					</div>
				) : null}
			</>
		),
	},
];
