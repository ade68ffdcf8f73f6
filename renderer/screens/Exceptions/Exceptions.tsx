/** Exceptions: queues, conditions, the list, and the panel in which the row in hand is judged by keys. */
import { Button } from '@mantine/core';
import { ok } from '#kernel';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { KeyHint, ScreenHeader } from '../../components/Frame.tsx';
import { EmptyState } from '../../components/States.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import type { ExceptionCounts } from '../../vault/exceptionsApi.ts';
import { BulkDialog } from './BulkDialog.tsx';
import { useDialogs } from './dialogs.ts';
import styles from './Exceptions.module.css';
import { exportExceptions } from './exportExceptions.ts';
import { Facets } from './Facets.tsx';
import { QUEUES, useTriage } from './state.ts';
import { TriageToolbar } from './Toolbar.tsx';
import { Triage } from './Triage.tsx';
import { useAsked, useSeeking, useStaying } from './useAsked.ts';
import { ViewMenu } from './ViewMenu.tsx';

export function Exceptions() {
	const { filter, sort, refresh, narrow, again } = useTriage();
	const dialogs = useDialogs();
	useAsked();
	const list = useQuery(
		async (vault) => {
			const opened = await vault.exceptions.open(filter, sort);
			return opened.ok ? ok({ ...opened.value, filter, sort }) : opened;
		},
		[filter, sort, refresh],
		['results', 'evidence'],
	);
	// The list before stays on screen while one of other conditions is made: what is sought in this one is not looked for in that.
	const madeId = list.state === 'ready' && list.data.filter === filter && list.data.sort === sort ? list.data.listId : null;
	useStaying(madeId, [filter, sort, refresh]);
	useSeeking(madeId);
	const listId = list.state === 'ready' ? list.data.listId : '';
	const counted = useQuery((vault) => vault.exceptions.counts(filter, listId), [filter, listId], ['workbook', 'results']);
	const counts = counted.state === 'ready' ? counted.data : null;
	useCommands(
		() => [
			...QUEUES.map(([id, title], at) => ({
				id: `exceptions.queue.${id}`,
				title: `Queue: ${title}`,
				group: 'Exceptions',
				keys: `Alt+${at + 1}`,
				run: () => narrow({ queue: id }),
			})),
			{ id: 'exceptions.bulk', title: 'Judge all that match …', group: 'Exceptions', keys: 'b', run: () => dialogs.open('bulk') },
			{ id: 'exceptions.again', title: 'Fetch the queue anew', group: 'Exceptions', keys: 'r', run: again },
			{
				id: 'exceptions.search',
				title: 'Search exceptions',
				group: 'Exceptions',
				keys: '/',
				run: () => document.querySelector<HTMLElement>('[data-search=triage]')?.focus(),
			},
			{ id: 'exceptions.export', title: 'Export this list as CSV', group: 'Exceptions', run: () => exportExceptions(filter, sort, listId) },
		],
		[narrow, again, filter, sort, listId, dialogs.open],
	);
	return (
		<>
			<ScreenHeader
				title="Exceptions"
				tabs={
					<Tabs
						label="Queues"
						tabs={QUEUES}
						tab={filter.queue ?? 'all'}
						onTab={(queue) => narrow({ queue })}
						countOf={(queue) => (counts ? formatCount(counts.queues[queue]) : '')}
					/>
				}
				meta={counts ? <Meta counts={counts} /> : null}
				actions={
					<>
						<ViewMenu />
						<Button variant="default" disabled={list.state !== 'ready'} onClick={() => void exportExceptions(filter, sort, listId)}>
							Export CSV
						</Button>
						<Button
							variant="default"
							disabled={list.state !== 'ready'}
							onClick={() => dialogs.open('bulk')}
							rightSection={<KeyHint keys="b" />}
						>
							Judge all that match
						</Button>
					</>
				}
			/>
			<TriageToolbar />
			<Ask query={list}>
				{({ listId: id, count }) => (
					<div className={styles['body']}>
						<Facets counts={counts} />
						{count === 0 ? <Nothing counts={counts} /> : <Triage key={id} listId={id} count={count} counts={counts} />}
					</div>
				)}
			</Ask>
			<BulkDialog isOpen={dialogs.shown === 'bulk'} onClose={dialogs.close} />
		</>
	);
}

function Meta({ counts: { of, gone } }: { counts: ExceptionCounts }) {
	return (
		<>
			<span role="status">{formatCount(of)} exceptions in the last run</span>
			{gone > 0 ? (
				<span title="They were judged; the last run does not find them any more. Their judgements stay in the log.">
					{formatCount(gone)} judged before are no longer found
				</span>
			) : null}
		</>
	);
}

function Nothing({ counts }: { counts: ExceptionCounts | null }) {
	const { filter, sought, replace, narrow } = useTriage();
	if (sought?.missing)
		return (
			<EmptyState title="The exception is not here" action={<Button onClick={() => replace({ queue: 'all' })}>Show all exceptions</Button>}>
				{sought.missing}
			</EmptyState>
		);
	if (counts?.of === 0)
		return (
			<EmptyState title="The last run found no exception">
				What it could not tell is on Procedures: tests that are incomplete or not testable are no passes.
			</EmptyState>
		);
	const isWhole = Object.keys(filter).every((name) => name === 'queue');
	if (filter.queue === 'new' && isWhole)
		return (
			<EmptyState title="Nothing new is left" action={<Button onClick={() => narrow({ queue: 'all' })}>Show all</Button>}>
				Every exception of the last run is judged. Those that wait for the client are in the queue Waiting.
			</EmptyState>
		);
	return (
		<EmptyState title="Nothing here" action={<Button onClick={() => replace({ queue: 'all' })}>Show all exceptions</Button>}>
			No exception of this queue meets the conditions.
		</EmptyState>
	);
}
