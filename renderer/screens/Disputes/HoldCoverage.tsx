/** The span of a dispute as a bar, a row a hold below it, the gaps hatched, and revenue posted in it as marks; then the same as words. */

import type { DossierHold } from '#explore';
import { formatDuration, formatInstantLocal, formatMinor, plural } from '../../app/format.ts';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import type { DossierView } from '../../vault/disputesApi.ts';
import styles from './Disputes.module.css';
import { lacks, NotTold, SetAside } from './Lacking.tsx';

const MARGIN = 0.04;

export function HoldCoverage({ data }: { data: DossierView }) {
	const { span, holds, gaps, revenue, row, supply } = data;
	const length = Math.max(1, span.to - span.from);
	const from = span.from - length * MARGIN;
	const to = span.to + length * MARGIN;
	const place = (at: number): number => (Math.min(to, Math.max(from, at)) - from) / (to - from);
	const stretch = (start: number, end: number) => ({
		left: `${place(start) * 100}%`,
		width: `${Math.max(0.4, (place(end) - place(start)) * 100)}%`,
	});
	const marks = revenue.filter(({ postedAt }) => postedAt >= from && postedAt <= to);
	const shown = holds.filter((hold) => (hold.to ?? Number.POSITIVE_INFINITY) > from && hold.from < to);
	if (lacks(supply, 'hold')) return <NotTold table="hold" />;
	const held = row.heldMs === null ? 'no readable hold' : `held for ${formatDuration(row.heldMs)} of ${formatDuration(row.ageMs)}`;
	return (
		<>
			<div
				className={styles['lanes']}
				role="img"
				aria-label={`Hold coverage: ${held}, ${plural(gaps.length, 'gap')}. The table below says the same.`}
			>
				<div className={styles['lane']}>
					<span className={styles['spanBar']} style={stretch(span.from, span.to)} />
					{gaps.map((gap) => (
						<span key={gap.from} className={styles['gapBar']} style={stretch(gap.from, gap.to)} />
					))}
				</div>
				{shown.map((hold) => (
					<div key={hold.holdId} className={styles['lane']}>
						<span className={styles['holdBar']} data-own={hold.isOwn} style={stretch(hold.from, hold.to ?? to)} />
					</div>
				))}
				<div className={styles['lane']}>
					{marks.map(({ revenueId, postedAt, signedMinor, during }) => (
						<span
							key={revenueId}
							className={styles['mark']}
							data-adverse={during === 'under_dispute' && signedMinor > 0n}
							style={{ left: `${place(postedAt) * 100}%` }}
						>
							{signedMinor < 0n ? '▽' : '▲'}
						</span>
					))}
				</div>
			</div>
			<div className={styles['scale']} aria-hidden="true">
				<span>{formatInstantLocal(span.from)}</span>
				<span>{row.isOpen ? `as of ${formatInstantLocal(span.to)}` : formatInstantLocal(span.to)}</span>
			</div>
			<p className={styles['sentence']}>
				{row.heldMs === null
					? 'No hold on this line could be read; one may be among the lines set aside.'
					: `A hold was in force for ${formatDuration(row.heldMs)} of ${formatDuration(row.ageMs)} (${percentOf(row.heldMs, row.ageMs)} %).`}
				{gaps.length === 0 ? ' There is no gap.' : ''}
			</p>
			<SetAside supply={supply} table="hold" />
			<PlainTable head={['Hold or gap', 'From, to', numberHead('For'), 'Remark']}>
				{holds.map((hold) => (
					<HoldLine key={hold.holdId} hold={hold} asOf={data.asOf} />
				))}
				{gaps.map((gap) => (
					<tr key={gap.from}>
						<td>no hold</td>
						<td className={styles['times']}>
							<Instant at={gap.from} />
							<Instant at={gap.to} />
						</td>
						<NumberCell>{formatDuration(gap.to - gap.from)}</NumberCell>
						<td className={gap.postedMinor !== null && gap.postedMinor > 0n ? textStyles['adverse'] : textStyles['muted']}>
							{gap.postedMinor === null
								? 'revenue not told: revenue_event was not supplied'
								: gap.postedMinor > 0n
									? `✕ ${formatMinor(gap.postedMinor, row.currency ?? '')} ${row.currency ?? ''} posted in it`
									: 'no revenue in it'}
						</td>
					</tr>
				))}
			</PlainTable>
		</>
	);
}

const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));

function HoldLine({ hold, asOf }: { hold: DossierHold; asOf: number }) {
	return (
		<tr>
			<td>
				{hold.holdId}
				{hold.isOwn ? '' : ' (another hold on the order)'}
			</td>
			<td className={styles['times']}>
				<Instant at={hold.from} />
				{hold.to === null ? <span>in force</span> : <Instant at={hold.to} />}
			</td>
			<NumberCell>{formatDuration((hold.to ?? asOf) - hold.from)}</NumberCell>
			<td className={textStyles['muted']}>
				{hold.reason}
				{hold.openedBy === null ? '' : ` · opened by ${hold.openedBy}`}
				{hold.closedBy === null ? '' : ` · closed by ${hold.closedBy}`}
			</td>
		</tr>
	);
}
