/** Every book per currency, and where the revenue events of an entity do not net to its revenue accounts. */

import type { ReconcileBook } from '#explore';
import { formatCount, formatMinor } from '../../app/format.ts';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { ReconciliationView } from '../../vault/reconciliationApi.ts';
import styles from './Reconciliation.module.css';
import { Supply } from './Supply.tsx';

const BOOK_COLUMNS = [
	['ordered', 'Ordered'],
	['shipped', 'Shipped, at order price'],
	['invoicedNet', 'Invoiced − credited'],
	['recognised', 'Recognised, net'],
	['ledger', 'In the GL'],
] as const satisfies readonly (readonly [ReconcileBook, string])[];

export function Totals({ view }: { view: ReconciliationView }) {
	const isPartial = view.books.recognised.setAside + view.books.ledger.setAside > 0;
	return (
		<div className={styles['totals']}>
			<Panel title="The five books, per currency">
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
				<section className={styles['compareScroll']} tabIndex={0} aria-label="The five books, per currency">
					<table className={styles['books']}>
						<thead>
							<tr className={styles['booksHead']}>
								<th scope="col">Currency</th>
								<th scope="col">Lines</th>
								{BOOK_COLUMNS.map(([name, title]) => (
									<th key={name} scope="col">
										{title}
										<Supply supply={view.books[name]} />
									</th>
								))}
								<th scope="col">Revenue − GL</th>
							</tr>
						</thead>
						<tbody>
							{view.totals.map((totals) => (
								<tr key={totals.currency}>
									<th scope="row">{totals.currency || 'unknown'}</th>
									<td>{formatCount(totals.lines)}</td>
									{BOOK_COLUMNS.map(([name]) => (
										<td key={name}>
											<Amount minor={totals[name]} currency={totals.currency} />
											<Share part={totals[name]} whole={totals.ordered} />
										</td>
									))}
									<td data-off={!isPartial && totals.offLedger !== null && totals.offLedger !== 0n}>
										{totals.offLedger === null ? (
											<span className={textStyles['muted']}>not told</span>
										) : (
											formatMinor(totals.offLedger, totals.currency)
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</section>
				<p className={textStyles['muted']}>
					Amounts of different currencies are never added. The GL counts revenue accounts over journals that name a revenue event of a line.
					{isPartial ? ' Lines of a book were set aside, so a difference between revenue and GL may be those lines.' : ''}
				</p>
			</Panel>
			<Panel
				title={
					view.controlNotTold === null
						? `Sub-ledger against GL (T41): ${formatCount(view.control.length)} differences${view.controlOpen === null ? '' : ' so far'}`
						: 'Sub-ledger against GL (T41)'
				}
			>
				{view.controlOpen === null ? null : <p className={textStyles['warn']}>▲ There may be more: {view.controlOpen}.</p>}
				{view.controlNotTold === null ? (
					<RowTable
						label="Differences of sub-ledger and GL"
						rows={view.control}
						rowKey={({ entityId, period, currency }) => `${entityId}/${period}/${currency}`}
						empty={
							view.controlOpen === null
								? 'Per entity, period and currency the revenue events net to the revenue accounts, to the minor unit.'
								: 'No difference was found in what could be compared.'
						}
						columns={[
							{ id: 'entity', title: 'Entity', width: '120px', cell: ({ entityId }) => entityId },
							{ id: 'period', title: 'Period', width: '90px', cell: ({ period }) => period },
							{ id: 'currency', title: 'Cur', width: '54px', cell: ({ currency }) => currency },
							{
								id: 'difference',
								title: 'Difference',
								align: 'right',
								width: '160px',
								cell: ({ differenceMinor, currency }) => <Money minor={differenceMinor} currency={currency} />,
								money: ({ differenceMinor, currency }) => ({ minor: differenceMinor, currency }),
							},
							{ id: 'sentence', title: 'What differs', cell: ({ sentence }) => <span className={styles['wrap']}>{sentence}</span> },
						]}
					/>
				) : (
					<p>
						<VerdictBadge tone="neutral" glyph="?">
							Not compared
						</VerdictBadge>{' '}
						{view.controlNotTold}
					</p>
				)}
			</Panel>
			{view.notTold.length === 0 ? null : (
				<Panel title="Could not be told">
					<ul className={layoutStyles['bulleted']}>
						{view.notTold.map(({ test, why }) => (
							<li key={test}>
								<strong>{test}</strong> {why}
							</li>
						))}
					</ul>
				</Panel>
			)}
		</div>
	);
}

function Amount({ minor, currency }: { minor: bigint | null; currency: string }) {
	return minor === null ? <span className={textStyles['muted']}>not supplied</span> : formatMinor(minor, currency);
}

const PERCENT = 1000n;

/** How far a book has come, as a bar under its amount. */
function Share({ part, whole }: { part: bigint | null; whole: bigint | null }) {
	if (part === null || whole === null || whole <= 0n) return null;
	const thousandth = Number((part * PERCENT) / whole);
	const width = Math.max(0, Math.min(1000, thousandth)) / 10;
	return (
		<span className={styles['share']} title={`${(thousandth / 10).toFixed(1)} % of what was ordered`}>
			<span style={{ width: `${width}%` }} />
		</span>
	);
}
