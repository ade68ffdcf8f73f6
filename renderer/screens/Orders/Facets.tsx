/** Counts by value beside the list: a click keeps the value, another one lets it go, the sign beside it leaves it out. */

import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { type ColumnProfile, type Facet, type OrderColumnId, type OrderFilter, orderColumnTitle } from '#explore';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { FacetBlock, FacetList, FacetValue } from '../../components/FacetList.tsx';
import textStyles from '../../components/Text.module.css';
import type { OrderView } from '../../vault/ordersApi.ts';
import facetsStyles from './Facets.module.css';
import { coarser, Histogram } from './Histogram.tsx';
import styles from './Orders.module.css';
import { addChip, toggleValue, useOrders } from './state.ts';

const COLUMNS: readonly OrderColumnId[] = ['state', 'chain', 'severity', 'region', 'entity', 'currency', 'customer', 'month'];
const SHORT = 8;

export function Facets({ view }: { view: OrderView }) {
	const facets = useQuery((vault) => vault.orders.facets(view.viewId, COLUMNS), [view.viewId]);
	const age = useQuery((vault) => vault.orders.profile(view.viewId, 'age_hours'), [view.viewId]);
	return (
		<FacetList label="Facets" className={facetsStyles['facets']} isBusy={facets.state === 'loading'}>
			{facets.state === 'ready' ? facets.data.map((facet) => <FacetPart key={facet.column} facet={facet} />) : null}
			{age.state === 'ready' && age.data.bins.length > 0 ? <AgePart profile={age.data} /> : null}
			{facets.state === 'failed' ? (
				<p role="alert" className={styles['fault']}>
					{facets.error.message}
				</p>
			) : null}
		</FacetList>
	);
}

const isKept = (filter: OrderFilter, column: OrderColumnId, value: string, op: 'is' | 'is_not'): boolean =>
	filter.chips.some((chip) => chip.column === column && chip.op === op && chip.values.includes(value));

function FacetPart({ facet: { column, values, others, nulls, nullLabel } }: { facet: Facet }) {
	const filter = useOrders((state) => state.filter);
	const [isOpen, setOpen] = useState(column !== 'month' && column !== 'entity');
	const [isLong, setLong] = useState(false);
	const most = Math.max(1, ...values.map(({ count }) => count));
	const shown = isLong ? values : values.slice(0, SHORT);
	return (
		<FacetBlock label={orderColumnTitle(column)} className={facetsStyles['facet']}>
			<h3>
				<button type="button" className={facetsStyles['facetHead']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
					{isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
					{orderColumnTitle(column)}
				</button>
			</h3>
			{isOpen ? (
				<ul>
					{shown.map(({ value, label, count }) => {
						const kept = isKept(filter, column, value, 'is');
						const left = isKept(filter, column, value, 'is_not');
						return (
							<li key={value} className={facetsStyles['facetValue']}>
								<FacetValue
									label={label}
									count={count}
									most={most}
									isPressed={kept}
									isLeftOut={left}
									onPress={() => toggleValue(column, value)}
								/>
								<button
									type="button"
									className={facetsStyles['exclude']}
									aria-pressed={left}
									aria-label={`Exclude ${label}`}
									title={`Exclude ${label}`}
									onClick={() => toggleValue(column, value, 'is_not')}
								>
									≠
								</button>
							</li>
						);
					})}
					{values.length > SHORT ? (
						<li>
							<button type="button" className={textStyles['link']} onClick={() => setLong(!isLong)}>
								{isLong ? 'Fewer' : `${formatCount(values.length - SHORT)} more values`}
							</button>
						</li>
					) : null}
					{others.values > 0 && (isLong || values.length <= SHORT) ? (
						<li className={facetsStyles['facetRest']}>
							{formatCount(others.values)} further values: {formatCount(others.rows)}
						</li>
					) : null}
					{nulls > 0 ? (
						<li className={facetsStyles['facetValue']}>
							<FacetValue label={nullLabel} count={nulls} most={null} onPress={() => addChip({ column, op: 'is_null', values: [] })} />
							<span className={facetsStyles['noExclude']} />
						</li>
					) : null}
				</ul>
			) : null}
		</FacetBlock>
	);
}

function AgePart({ profile }: { profile: ColumnProfile }) {
	return (
		<FacetBlock label="Age since last event" className={facetsStyles['facet']}>
			<h3 className={facetsStyles['facetHead']}>Age since last event</h3>
			<Histogram
				bins={coarser(profile.bins)}
				nameOf={({ from, to }) => `${hoursText(from)} to ${hoursText(to)}`}
				onPick={({ from, to }) => addChip({ column: 'age_hours', op: 'between', values: [from, to] })}
			/>
			<div className={facetsStyles['ends']}>
				<span>{hoursText(String(profile.least ?? 0))}</span>
				<span>{hoursText(String(profile.most ?? 0))}</span>
			</div>
			<button type="button" className={textStyles['link']} onClick={() => addChip({ column: 'age_hours', op: 'at_least', values: ['72'] })}>
				72 h and older
			</button>
		</FacetBlock>
	);
}

const hoursText = (hours: string): string => {
	const count = Number(hours);
	return Math.abs(count) >= 48 ? `${formatCount(Math.floor(count / 24))} d` : `${formatCount(count)} h`;
};
