/** The list of disputes of a view, their ages, and the dossier of the one in hand. */

import { useCallback, useMemo, useRef, useState } from 'react';
import type { AgeBand, AgeRange, DisputeRow, DisputeSort } from '#explore';
import { openBegun } from '../../app/begunFinding.ts';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { Chip } from '../../components/Frame.tsx';
import { ListFilter } from '../../components/ListFilter.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { SortedGrid } from '../../components/SortedGrid.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useFirstRow } from '../../components/useFirstRow.ts';
import { useNav } from '../../state/nav.ts';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { Ageing } from './Ageing.tsx';
import styles from './Disputes.module.css';
import { Dossier } from './Dossier.tsx';
import { columnsOf, KEEP_AS, SORTS } from './disputeColumns.tsx';
import { exportDisputes } from './exportDisputes.ts';
import { useDisputes } from './state.ts';

export function DisputeList({ view }: { view: DisputesView }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { filter, sort, isDescending, disputeId, set } = useDisputes();
	const [row, setRow] = useState<DisputeRow | null>(null);
	const columns = useMemo(() => columnsOf(view.notTold), [view.notTold]);
	const why = filter.only ? view.untold[filter.only] : undefined;
	const fetchRows = useRows((ask, from, to) => ask.disputes.rows(filter, sort, isDescending, from, to), [filter, sort, isDescending]);
	// One that was asked for by name stays in hand.
	useFirstRow(fetchRows, (first) => {
		const asked = useDisputes.getState().disputeId;
		// Its key O must not open the order of another one.
		setRow(asked === null || asked === first?.disputeId ? first : null);
		if (asked === null) set({ disputeId: first?.disputeId ?? null });
	});
	const openOrder = useCallback(() => {
		if (row?.orderId) go('orders', { order: row.orderId });
	}, [row, go]);
	const begin = useCallback(async () => {
		if (disputeId !== null)
			openBegun(await vault.disputes.createFinding(disputeId), 'A finding was begun; the exceptions of this dispute are its evidence.');
	}, [vault, disputeId]);
	useCommands(
		() => [
			{
				id: 'disputes.order',
				title: 'Open the order of this dispute',
				group: 'Disputes',
				keys: 'o',
				when: 'list',
				disabled: row?.orderId ? null : 'There is no order.',
				run: openOrder,
			},
			{
				id: 'disputes.finding',
				title: 'Begin a finding on this dispute',
				group: 'Disputes',
				keys: 'f',
				when: 'list',
				disabled: disputeId ? null : 'There is no dispute.',
				run: begin,
			},
		],
		[row, openOrder, begin, disputeId],
	);
	return (
		<SplitView
			storageKey="disputes.dossier"
			sideLabel="Dossier"
			initial={524}
			main={
				<div className={styles['list']}>
					<Narrowing view={view} />
					<Ageing bands={view.ageing} />
					<SortedGrid<DisputeRow, DisputeSort>
						label="Disputes"
						columns={columns}
						keepAs={KEEP_AS}
						count={view.count}
						rowKey={(one) => one.disputeId}
						fetchRows={fetchRows}
						version={JSON.stringify([view.version, filter])}
						sort={sort}
						isDescending={isDescending}
						sorts={SORTS}
						onSort={(column, isDown) => set({ sort: column, isDescending: isDown })}
						activeKey={disputeId}
						onRow={(one) => {
							setRow(one);
							set({ disputeId: one?.disputeId ?? null });
						}}
						onOpen={(one) => one.orderId && go('orders', { order: one.orderId })}
						empty={
							<EmptyState title={why === undefined ? 'No dispute in this view' : 'Which disputes belong here can’t be told'}>
								{why !== undefined
									? `${why}.`
									: view.of === 0
										? 'The table of disputes is empty.'
										: 'Choose another view, or clear the search.'}
							</EmptyState>
						}
					/>
				</div>
			}
			side={disputeId === null ? null : <Dossier disputeId={disputeId} onFinding={() => void begin()} />}
		/>
	);
}

const bandLabel = (age: AgeRange, bands: readonly AgeBand[]): string =>
	bands.find(({ fromDays }) => fromDays === age.fromDays)?.label ?? `from ${age.fromDays} d`;

function Narrowing({ view }: { view: DisputesView }) {
	const { filter, sort, isDescending, set } = useDisputes();
	const save = useCallback(() => exportDisputes(view, filter, sort, isDescending), [view, filter, sort, isDescending]);
	const box = useRef<HTMLInputElement>(null);
	const onText = useCallback((text: string) => set({ filter: { ...useDisputes.getState().filter, text }, disputeId: null }), [set]);
	useCommands(
		() => [
			{ id: 'disputes.search', title: 'Find a dispute', group: 'Disputes', keys: '/', run: () => box.current?.focus() },
			{ id: 'disputes.csv', title: 'Export this list of disputes as CSV', group: 'Disputes', run: save },
		],
		[save],
	);
	return (
		<ListFilter
			status={`${formatCount(view.count)} of ${formatCount(view.of)}`}
			onExport={() => void save()}
			onReset={filter.only || filter.age || filter.text ? () => set({ filter: {}, disputeId: null }) : null}
		>
			{filter.age ? (
				<Chip
					label={`open for ${bandLabel(filter.age, view.ageing)}`}
					onRemove={() => set({ filter: { ...filter, age: null }, disputeId: null })}
				/>
			) : null}
			<SearchBox
				label="Find a dispute, order or customer"
				placeholder="Dispute, order, customer  /"
				text={filter.text ?? ''}
				onText={onText}
				inputRef={box}
			/>
		</ListFilter>
	);
}
