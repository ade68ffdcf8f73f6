/** The lines that a filter keeps, and the one in hand over the five books. */

import { useCallback, useMemo, useRef, useState } from 'react';
import { RECONCILE_REASONS, type ReconcileRow, type ReconcileSort, STAGE_TITLES } from '#explore';
import { openBegun } from '../../app/begunFinding.ts';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Chip } from '../../components/Frame.tsx';
import { ListFilter } from '../../components/ListFilter.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { SortedGrid } from '../../components/SortedGrid.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useFirstRow } from '../../components/useFirstRow.ts';
import { useNav } from '../../state/nav.ts';
import type { ReconciliationQueue, ReconciliationView } from '../../vault/reconciliationApi.ts';
import { Compare } from './Compare.tsx';
import { exportQueue } from './exportQueue.ts';
import { sumsText } from './Matrix.tsx';
import { columnsOf, KEEP_AS, SORTS } from './queueColumns.tsx';
import styles from './Reconciliation.module.css';
import { BREAKS, useReconciliation } from './state.ts';
import { CLASSES } from './words.ts';

export function Queue({ view }: { view: ReconciliationView }) {
	const { filter } = useReconciliation();
	const queue = useQuery((vault) => vault.reconciliation.queue(filter), [filter, view.version]);
	return <Ask query={queue}>{(data) => <QueueBody view={view} queue={data} />}</Ask>;
}

function QueueBody({ view, queue }: { view: ReconciliationView; queue: ReconciliationQueue }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { filter, sort, isDescending, item, set } = useReconciliation();
	const [row, setRow] = useState<ReconcileRow | null>(null);
	const columns = useMemo(() => columnsOf(view.books), [view.books]);
	const fetchRows = useRows((ask, from, to) => ask.reconciliation.rows(filter, sort, isDescending, from, to), [filter, sort, isDescending]);
	useFirstRow(fetchRows, (first) => {
		setRow(first);
		set({ item: first?.item ?? null });
	});
	const begin = useCallback(async () => {
		if (item !== null)
			openBegun(
				await vault.reconciliation.createFinding(item),
				'A finding was begun; the rows and exceptions of this line are its evidence.',
			);
	}, [vault, item]);
	const openOrder = useCallback(() => {
		if (row?.orderId) go('orders', { order: row.orderId });
	}, [row, go]);
	useCommands(
		() => [
			{
				id: 'reconciliation.order',
				title: 'Open the order of this line',
				group: 'Reconciliation',
				keys: 'o',
				when: 'list',
				disabled: row?.orderId ? null : 'This row names no order.',
				run: openOrder,
			},
			{
				id: 'reconciliation.finding',
				title: 'Begin a finding on this line',
				group: 'Reconciliation',
				keys: 'f',
				when: 'list',
				disabled: row ? null : 'There is no line.',
				run: begin,
			},
			{
				id: 'reconciliation.same',
				title: 'Show all lines of this reason',
				group: 'Reconciliation',
				keys: '.',
				when: 'list',
				disabled: row ? null : 'There is no line.',
				run: () => row && set({ filter: { stage: row.stage, reason: row.reason }, item: null }),
			},
		],
		[row, openOrder, begin, set],
	);
	return (
		<SplitView
			storageKey="reconciliation.compare"
			sideLabel="The line over the books"
			initial={520}
			main={
				<div className={styles['queue']}>
					<FilterLine view={view} queue={queue} />
					<SortedGrid<ReconcileRow, ReconcileSort>
						label="Lines of the reconciliation"
						columns={columns}
						keepAs={KEEP_AS}
						count={queue.count}
						rowKey={(one) => String(one.item)}
						fetchRows={fetchRows}
						version={JSON.stringify([view.version, filter])}
						sort={sort}
						isDescending={isDescending}
						sorts={SORTS}
						onSort={(column, isDown) => set({ sort: column, isDescending: isDown })}
						activeKey={item === null ? null : String(item)}
						onRow={(one) => {
							setRow(one);
							set({ item: one?.item ?? null });
						}}
						onOpen={(one) => one.orderId && go('orders', { order: one.orderId })}
						empty={
							<EmptyState title="No such line">
								{filter.reason || filter.text
									? 'No line of this filter. Remove a condition above.'
									: `Every chain that could be compared runs through, or is open by its terms; ${formatCount(view.classes.not_compared)} could not be compared.`}
							</EmptyState>
						}
					/>
				</div>
			}
			side={item === null ? null : <Compare item={item} version={view.version} onOrder={openOrder} onFinding={() => void begin()} />}
		/>
	);
}

function FilterLine({ view, queue }: { view: ReconciliationView; queue: ReconciliationQueue }) {
	const { filter, sort, isDescending, set } = useReconciliation();
	const save = useCallback(() => exportQueue(view, queue, filter, sort, isDescending), [view, queue, filter, sort, isDescending]);
	const box = useRef<HTMLInputElement>(null);
	const onText = useCallback((text: string) => set({ filter: { ...useReconciliation.getState().filter, text }, item: null }), [set]);
	useCommands(
		() => [
			{
				id: 'reconciliation.search',
				title: 'Find an order in this list',
				group: 'Reconciliation',
				keys: '/',
				run: () => box.current?.focus(),
			},
			{ id: 'reconciliation.csv', title: 'Export these lines as CSV', group: 'Reconciliation', run: save },
		],
		[save],
	);
	const reason = RECONCILE_REASONS.find(({ code }) => code === filter.reason);
	return (
		<ListFilter
			status={`${formatCount(queue.count)} ${queue.count === 1 ? 'line' : 'lines'} · ${sumsText(queue.sums) || 'no amount'}`}
			onExport={() => void save()}
			onReset={filter.stage || filter.reason || filter.classes || filter.text ? () => set({ filter: BREAKS, item: null }) : null}
		>
			{filter.stage ? (
				<Chip label={STAGE_TITLES[filter.stage]} onRemove={() => set({ filter: { ...filter, stage: null }, item: null })} />
			) : null}
			{reason ? <Chip label={reason.title} onRemove={() => set({ filter: { ...filter, reason: null }, item: null })} /> : null}
			{filter.classes && !reason ? (
				<Chip
					label={filter.classes.length > 2 ? 'all classes' : filter.classes.map((one) => CLASSES[one].word).join(' or ')}
					onRemove={() => set({ filter: BREAKS, item: null })}
				/>
			) : null}
			{!filter.classes && !reason ? <strong>All breaks</strong> : null}
			<SearchBox label="Find an order" placeholder="Order  /" text={filter.text ?? ''} onText={onText} width={140} inputRef={box} />
		</ListFilter>
	);
}
