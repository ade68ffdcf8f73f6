/** Orders: list, map and statistics over one stack of conditions, with the facets on the left and the order in hand beside the list. */

import { useEffect, useMemo } from 'react';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { EmptyState } from '../../components/States.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { FilterBar } from './FilterBar.tsx';
import { OrderList } from './OrderList.tsx';
import { OrderMap } from './OrderMap.tsx';
import styles from './Orders.module.css';
import { Statistics } from './Statistics.tsx';
import { useSelection } from './selection.ts';
import { type OrdersTab, readDefinition, useOrders } from './state.ts';
import { ViewMenu } from './ViewMenu.tsx';

const TABS: readonly (readonly [OrdersTab, string])[] = [
	['list', 'List'],
	['map', 'Map'],
	['statistics', 'Statistics'],
];

export function Orders() {
	const { filter, sort, tab, set } = useOrders();
	useParams();
	const view = useQuery((vault) => vault.orders.table(filter, sort), [filter, sort], ['evidence', 'results']);
	// A selection is of what the filter keeps: another filter, another selection.
	// biome-ignore lint/correctness/useExhaustiveDependencies: the filter is what has changed
	useEffect(() => useSelection.getState().clear(), [filter]);
	useCommands(
		() =>
			TABS.map(([id, title], at) => ({
				id: `orders.tab.${id}`,
				title: `Orders: ${title}`,
				group: 'Orders',
				keys: `Alt+${at + 1}`,
				run: () => set({ tab: id }),
			})),
		[set],
	);
	const opened = view.state === 'ready' ? view.data : null;
	return (
		<>
			<ScreenHeader
				title="Orders"
				tabs={<Tabs label="Faces of the list" tabs={TABS} tab={tab} onTab={(next) => set({ tab: next })} />}
				meta={opened ? <Meta view={opened} /> : null}
				actions={
					<>
						<ViewMenu />
						<ExportMenu view={opened} />
					</>
				}
			/>
			<FilterBar query={opened?.query ?? null} />
			<Ask query={view}>
				{(data) => (
					<div className={styles['body']} role="tabpanel" aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}>
						<Face tab={tab} view={data} />
					</div>
				)}
			</Ask>
		</>
	);
}

function Face({ tab, view }: { tab: OrdersTab; view: OrderView }) {
	if (view.of === 0)
		return (
			<EmptyState title="The drop has no orders">
				Its table of sales orders is empty. See Data &amp; IPE for what was handed over, and ask the company whether that is all.
			</EmptyState>
		);
	if (tab === 'map') return <OrderMap view={view} />;
	if (tab === 'statistics') return <Statistics view={view} />;
	return <OrderList view={view} />;
}

/** How many of how many, and their sums: never added over currencies. */
function Meta({ view: { count, of, totals, strangers } }: { view: OrderView }) {
	const shown = totals.sums.slice(0, 3);
	return (
		<>
			<strong className={styles['count']} role="status">
				{formatCount(count)} of {formatCount(of)}
			</strong>
			{shown.map(({ currency, minor }) => (
				<span key={currency} className={styles['sum']}>
					Σ <Money minor={minor} currency={currency} />
				</span>
			))}
			{totals.sums.length > shown.length ? <span>and {totals.sums.length - shown.length} more currencies</span> : null}
			{totals.without > 0 ? <span>{formatCount(totals.without)} without amount</span> : null}
			{strangers > 0 ? (
				<span
					className={textStyles['warn']}
					title="Events name orders that the table of sales orders does not hold. They are in no list; test T76 reports them."
				>
					▲ {formatCount(strangers)} orders only in events
				</span>
			) : null}
		</>
	);
}

/** What another screen asked to see: `order`, or `filter` as JSON. */
function useParams(): void {
	const params = useNav((nav) => nav.params);
	const { order, filter } = params;
	const definition = useMemo(() => (filter === undefined ? null : readDefinition(`{"filter":${filter},"sort":[],"columns":[]}`)), [filter]);
	useEffect(() => {
		const { set } = useOrders.getState();
		if (definition) set({ filter: definition.filter, tab: 'list', viewId: null });
		if (order !== undefined) set({ orderId: order, hasPanel: true, tab: 'list' });
	}, [order, definition]);
}
