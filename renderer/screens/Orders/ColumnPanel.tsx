/** One column of what the filter keeps, beside the list: how many, empty, distinct, least, most, sums by currency, and how they spread. */

import { X } from 'lucide-react';
import { type ColumnProfile, type CurrencyProfile, type HistogramBin, type OrderColumnId, orderColumnTitle, plainAmount } from '#explore';
import { formatCount, formatDuration, formatInstantLocal, formatMinor } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FacetValue } from '../../components/FacetList.tsx';
import { FactList } from '../../components/Frame.tsx';
import { Money } from '../../components/Values.tsx';
import type { OrderView } from '../../vault/ordersApi.ts';
import styles from './ColumnPanel.module.css';
import { coarser, Histogram } from './Histogram.tsx';
import { addChip, toggleValue, useOrders } from './state.ts';

interface ColumnPanelProps {
	readonly view: OrderView;
	readonly column: OrderColumnId;
	readonly onClose: () => void;
}

export function ColumnPanel({ view, column, onClose }: ColumnPanelProps) {
	const query = useQuery((vault) => vault.orders.profile(view.viewId, column), [view.viewId, column]);
	const title = `Column: ${orderColumnTitle(column)}`;
	return (
		<aside className={styles['panel']} aria-label={title}>
			<div className={styles['head']}>
				<h2>{title}</h2>
				<button type="button" aria-label="Close column statistics" title="Close (Shift+F)" onClick={onClose}>
					<X size={14} aria-hidden="true" />
				</button>
			</div>
			<Ask query={query} lines={4}>
				{(profile) => (
					<>
						<FactList facts={factsOf(profile)} isNarrow />
						<Spread profile={profile} />
					</>
				)}
			</Ask>
		</aside>
	);
}

function factsOf({ kind, rows, nulls, distinct, least, most, column }: ColumnProfile) {
	const value = (one: number | null): string => (one === null ? '–' : spelling(column, kind)(one));
	return [
		{ label: 'Rows', value: formatCount(rows) },
		{ label: 'Empty', value: formatCount(nulls) },
		{ label: 'Distinct', value: formatCount(distinct) },
		...(kind === 'number' || kind === 'instant'
			? [
					{ label: 'Least', value: value(least) },
					{ label: 'Most', value: value(most) },
				]
			: []),
	];
}

function Spread({ profile }: { profile: ColumnProfile }) {
	const { column, kind, bins, top, currencies } = profile;
	if (kind === 'amount')
		return currencies.length === 0 ? (
			<p className={styles['none']}>No row has an amount.</p>
		) : (
			currencies.map((one) => <CurrencyPart key={one.currency} profile={one} />)
		);
	if (kind === 'text') return <MostFrequent column={column} top={top} />;
	const spell = spelling(column, kind);
	return (
		<Histogram
			bins={coarser(bins)}
			nameOf={({ from, to }) => (from === to ? spell(Number(from)) : `${spell(Number(from))} to ${spell(Number(to))}`)}
			onPick={(bin) => addChip({ column, op: 'between', values: boundsOf(kind, bin) })}
		/>
	);
}

const spelling =
	(column: OrderColumnId, kind: ColumnProfile['kind']) =>
	(value: number): string =>
		kind === 'instant' ? formatInstantLocal(value) : column === 'age_hours' ? formatDuration(value * 3_600_000) : formatCount(value);

const boundsOf = (kind: ColumnProfile['kind'], { from, to }: HistogramBin): string[] =>
	kind === 'instant' ? [new Date(Number(from)).toISOString(), new Date(Number(to)).toISOString()] : [from, to];

function MostFrequent({ column, top }: Pick<ColumnProfile, 'column' | 'top'>) {
	const filter = useOrders((state) => state.filter);
	const most = Math.max(1, ...top.map(({ count }) => count));
	return (
		<section aria-label="Most frequent">
			<h3>Most frequent</h3>
			<ul className={styles['values']}>
				{top.map(({ value, label, count }) => (
					<li key={value}>
						<FacetValue
							label={label}
							count={count}
							most={most}
							isPressed={filter.chips.some((chip) => chip.column === column && chip.op === 'is' && chip.values.includes(value))}
							onPress={() => toggleValue(column, value)}
						/>
					</li>
				))}
			</ul>
		</section>
	);
}

/** A currency by itself: sums never go over currencies. */
function CurrencyPart({ profile: { currency, count, minor, least, most, bins } }: { profile: CurrencyProfile }) {
	return (
		<section className={styles['currency']} aria-label={currency}>
			<h3>{currency}</h3>
			<FactList
				isNarrow
				facts={[
					{ label: 'Rows', value: formatCount(count) },
					{ label: 'Sum', value: <Money minor={minor} currency={currency} /> },
					{ label: 'Least', value: <Money minor={least} currency={currency} /> },
					{ label: 'Most', value: <Money minor={most} currency={currency} /> },
				]}
			/>
			<Histogram
				bins={coarser(bins)}
				nameOf={({ from, to }) => `${formatMinor(BigInt(from), currency)} to ${formatMinor(BigInt(to), currency)} ${currency}`}
				onPick={({ from, to }) => {
					addChip({ column: 'total', op: 'between', values: [plainAmount(BigInt(from), currency), plainAmount(BigInt(to), currency)] });
					addChip({ column: 'currency', op: 'is', values: [currency] });
				}}
			/>
		</section>
	);
}
