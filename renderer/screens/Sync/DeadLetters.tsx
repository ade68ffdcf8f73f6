/** What the hub could not take: why, how often it was tried, and the revenue that hangs on it. Sending again is the company's to do. */
import type { z } from 'zod';
import type { deadLetterSchema } from '#sync';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Panel } from '../../components/Frame.tsx';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant, Money } from '../../components/Values.tsx';
import { sumsOf } from './feedTotals.ts';
import { OrOffline } from './HubStates.tsx';

type DeadLetter = z.infer<typeof deadLetterSchema>;

const COLUMNS: readonly RowColumn<DeadLetter>[] = [
	{ id: 'feed', title: 'Feed', cell: ({ feed }) => feed },
	{ id: 'source', title: 'Source', cell: ({ source_system: source, channel }) => `${source ?? 'unknown'} · ${channel}` },
	{
		id: 'why',
		title: 'Why',
		wraps: true,
		cell: ({ code, message }) => (
			<>
				{message} <span className={textStyles['muted']}>{code}</span>
			</>
		),
	},
	{ id: 'attempts', title: 'Tried', align: 'right', cell: ({ attempts }) => `${formatCount(attempts)} ×` },
	{
		id: 'risk',
		title: 'Revenue at risk',
		align: 'right',
		cell: ({ revenue }) =>
			sumsOf(revenue).map(({ currency, minor }) => (
				<div key={currency}>
					<Money minor={minor} currency={currency} />
				</div>
			)),
	},
	{ id: 'first', title: 'First', cell: ({ first_at: at }) => <Instant at={at} /> },
	{ id: 'last', title: 'Last', cell: ({ last_at: at }) => <Instant at={at} /> },
];

export function DeadLetters() {
	const query = useQuery((vault) => vault.feed.deadLetters(), [], ['sync']);
	// The feeds above say already that the hub is out of reach.
	if (query.state === 'failed' && query.error.code === 'not_connected') return null;
	return (
		<OrOffline query={query}>
			{({ dead_letters: letters, next }) => (
				<Panel title={`Dead letters ${formatCount(letters.length)}${next === null ? '' : '+'}`}>
					<RowTable
						label="Dead letters"
						columns={COLUMNS}
						rows={letters}
						rowKey={({ id }) => id}
						empty="Everything that was sent to the hub was taken."
					/>
					<p className={textStyles['note']}>
						What is not taken is not in the evidence: revenue that hangs on it is missing from the population, not wrong in it.
						{next === null ? '' : ' The hub has more than are listed here.'}
					</p>
				</Panel>
			)}
		</OrOffline>
	);
}
