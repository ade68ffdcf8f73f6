/** What the filter keeps, counted: by state, chain, region, customer, month and age. Each bar keeps the rows behind it. */

import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Facet, orderColumnTitle } from '#explore';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import type { OrderStatistics, OrderView } from '../../vault/ordersApi.ts';
import { type Bar, BarChart } from './BarChart.tsx';
import mapStyles from './Map.module.css';
import styles from './Orders.module.css';
import { addChip, useOrders } from './state.ts';

interface Chart {
	readonly id: string;
	readonly title: string;
	readonly bars: readonly Bar[];
	/** What is in no bar. */
	readonly rest: string;
	readonly isVertical: boolean;
}

export function Statistics({ view }: { view: OrderView }) {
	const query = useQuery((vault) => vault.orders.statistics(view.viewId), [view.viewId]);
	const [isTable, setTable] = useState(false);
	return (
		<Ask query={query}>
			{(data) => (
				<div className={mapStyles['statistics']}>
					<div className={mapStyles['mapTools']}>
						<span className={textStyles['muted']}>
							{formatCount(data.count)} of {formatCount(view.of)} orders: {view.query}. A bar keeps its orders and opens the list.
						</span>
						<span className={styles['grow']} />
						<Button variant="default" size="compact-xs" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
							{isTable ? 'Show as charts' : 'Show as tables'}
						</Button>
					</div>
					<div className={mapStyles['charts']}>
						{chartsOf(data).map((chart) => (
							<section key={chart.id} className={mapStyles['chart']} aria-label={chart.title}>
								<h2>{chart.title}</h2>
								{chart.bars.length === 0 ? (
									<p className={textStyles['muted']}>Nothing to count.</p>
								) : isTable ? (
									<BarTable chart={chart} />
								) : (
									<BarChart title={chart.title} bars={chart.bars} isVertical={chart.isVertical} />
								)}
								{chart.rest === '' ? null : <p className={textStyles['muted']}>{chart.rest}</p>}
							</section>
						))}
					</div>
				</div>
			)}
		</Ask>
	);
}

function BarTable({ chart: { title, bars } }: { chart: Chart }) {
	return (
		<PlainTable caption={<span className="visuallyHidden">{title}</span>} head={['Value', numberHead('Orders')]}>
			{bars.map(({ label, count, open }) => (
				<tr key={label}>
					<td>
						<button type="button" className={textStyles['link']} onClick={open}>
							{label}
						</button>
					</td>
					<NumberCell>{formatCount(count)}</NumberCell>
				</tr>
			))}
		</PlainTable>
	);
}

function barsOf({ column, values }: Facet): Bar[] {
	return values.map(({ value, label, count }) => ({
		label,
		count,
		open: () => {
			addChip({ column, op: 'is', values: [value] });
			useOrders.getState().set({ tab: 'list' });
		},
	}));
}

const restOf = ({ others, nulls }: Facet): string =>
	[
		others.values > 0 ? `${formatCount(others.rows)} orders in ${formatCount(others.values)} further values` : '',
		nulls > 0 ? `${formatCount(nulls)} without a value` : '',
	]
		.filter((part) => part !== '')
		.join(' · ');

const chartOf = (facet: Facet, isVertical: boolean): Chart => ({
	id: facet.column,
	title: `By ${orderColumnTitle(facet.column).toLowerCase()}`,
	bars: barsOf(facet),
	rest: restOf(facet),
	isVertical,
});

function chartsOf({ state, region, customer, month, chain, age }: OrderStatistics): Chart[] {
	return [
		chartOf(month, true),
		{
			id: 'age',
			title: 'By age since the last event',
			bars: age.bins.map(({ from, to, count }) => ({
				label: Number(to) >= 48 ? `${Math.floor(Number(from) / 24)}–${Math.ceil(Number(to) / 24)} d` : `${from}–${to} h`,
				count,
				open: () => {
					addChip({ column: 'age_hours', op: 'between', values: [from, to] });
					useOrders.getState().set({ tab: 'list' });
				},
			})),
			rest: age.nulls > 0 ? `${formatCount(age.nulls)} without a known age` : '',
			isVertical: true,
		},
		chartOf(state, false),
		chartOf(customer, false),
		chartOf(region, false),
		chartOf(chain, false),
	];
}
