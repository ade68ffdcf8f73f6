/** One column of what the filter keeps: how many, empty, distinct, least, most, sums by currency, and how they spread. */

import { Modal } from '@mantine/core';
import { type ColumnProfile, type CurrencyProfile, type OrderColumnId, orderColumnTitle, plainAmount } from '#explore';
import { formatCount, formatDuration, formatInstantLocal, formatMinor } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList } from '../../components/Frame.tsx';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import type { OrderView } from '../../vault/ordersApi.ts';
import facetsStyles from './Facets.module.css';
import { Histogram } from './Facets.tsx';
import { addChip, toggleValue } from './state.ts';

interface ProfileDialogProps {
	readonly view: OrderView;
	/** Null: closed. */
	readonly column: OrderColumnId | null;
	readonly onClose: () => void;
}

export function ProfileDialog({ view, column, onClose }: ProfileDialogProps) {
	return (
		<Modal
			lockScroll={false}
			opened={column !== null}
			onClose={onClose}
			title={column === null ? '' : `Column: ${orderColumnTitle(column)}`}
			size="lg"
			closeButtonProps={{ 'aria-label': 'Close' }}
		>
			{column === null ? null : <Profile view={view} column={column} onClose={onClose} />}
		</Modal>
	);
}

function Profile({ view, column, onClose }: { view: OrderView; column: OrderColumnId; onClose: () => void }) {
	const query = useQuery((vault) => vault.orders.profile(view.viewId, column), [view.viewId, column]);
	return (
		<Ask query={query}>
			{(profile) => (
				<>
					<p className={textStyles['muted']}>Of {view.query}.</p>
					<FactList facts={factsOf(profile)} />
					<Spread profile={profile} onClose={onClose} />
				</>
			)}
		</Ask>
	);
}

function factsOf({ kind, rows, nulls, distinct, least, most }: ColumnProfile) {
	const value = (one: number | null): string => (one === null ? '–' : kind === 'instant' ? formatInstantLocal(one) : formatCount(one));
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

function Spread({ profile, onClose }: { profile: ColumnProfile; onClose: () => void }) {
	const { column, kind, bins, top, currencies } = profile;
	if (kind === 'amount')
		return currencies.length === 0 ? (
			<p>No row has an amount.</p>
		) : (
			currencies.map((one) => <CurrencyPart key={one.currency} profile={one} onClose={onClose} />)
		);
	if (kind === 'text')
		return (
			<PlainTable head={['Most frequent', numberHead('Rows')]}>
				{top.map(({ value, label, count }) => (
					<tr key={value}>
						<td>
							<button
								type="button"
								className={textStyles['link']}
								onClick={() => {
									toggleValue(column, value);
									onClose();
								}}
							>
								{label}
							</button>
						</td>
						<NumberCell>{formatCount(count)}</NumberCell>
					</tr>
				))}
			</PlainTable>
		);
	const text = (at: string): string =>
		kind === 'instant'
			? formatInstantLocal(Number(at))
			: column === 'age_hours'
				? formatDuration(Number(at) * 3_600_000)
				: formatCount(Number(at));
	return (
		<Histogram
			bins={bins}
			nameOf={({ from, to }) => (from === to ? text(from) : `${text(from)} to ${text(to)}`)}
			onPick={({ from, to }) => {
				const values = kind === 'instant' ? [new Date(Number(from)).toISOString(), new Date(Number(to)).toISOString()] : [from, to];
				addChip({ column, op: 'between', values });
				onClose();
			}}
		/>
	);
}

/** A currency by itself: sums never go over currencies. */
function CurrencyPart({ profile, onClose }: { profile: CurrencyProfile; onClose: () => void }) {
	const { currency, count, minor, least, most, bins } = profile;
	return (
		<section className={facetsStyles['currency']}>
			<h3>{currency}</h3>
			<FactList
				facts={[
					{ label: 'Rows', value: formatCount(count) },
					{ label: 'Sum', value: <Money minor={minor} currency={currency} /> },
					{ label: 'Least', value: <Money minor={least} currency={currency} /> },
					{ label: 'Most', value: <Money minor={most} currency={currency} /> },
				]}
			/>
			<Histogram
				bins={bins}
				nameOf={({ from, to }) => `${formatMinor(BigInt(from), currency)} to ${formatMinor(BigInt(to), currency)} ${currency}`}
				onPick={({ from, to }) => {
					addChip({ column: 'total', op: 'between', values: [plainAmount(BigInt(from), currency), plainAmount(BigInt(to), currency)] });
					addChip({ column: 'currency', op: 'is', values: [currency] });
					onClose();
				}}
			/>
		</section>
	);
}
