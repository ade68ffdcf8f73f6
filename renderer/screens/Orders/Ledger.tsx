/** What an order came to in billing, revenue and ledger, and the goods, holds and approvals behind it: rows as the drop has them. */

import { lackingOf, type OrderDossier } from '#explore';
import type { TableName } from '#model';
import { formatCount, formatMinor, plural } from '../../app/format.ts';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { type LedgerPart, ledgerParts } from './ledgerParts.ts';
import orderStyles from './Order.module.css';
import styles from './Orders.module.css';

export function Ledger({ dossier }: { dossier: OrderDossier }) {
	return (
		<>
			{ledgerParts(dossier).map((part) => (
				<TablePart key={part.table} part={part} dossier={dossier} />
			))}
		</>
	);
}

function TablePart({ part: { title, table, rows, columns }, dossier }: { part: LedgerPart; dossier: OrderDossier }) {
	const whole = dossier.cut.find((one) => one.table === table)?.rows;
	const currency = dossier.order?.cells['currency'] ?? '';
	const lacking = lackingOf(dossier, table);
	if (rows.length === 0)
		return (
			<p className={orderStyles['none']}>
				<strong>{title}</strong>: {noneWords(table, lacking)}
			</p>
		);
	return (
		<section className={orderStyles['ledgerPart']}>
			<h3>
				{title}{' '}
				<span className={textStyles['muted']}>
					{whole === undefined ? formatCount(rows.length) : `the first ${formatCount(rows.length)} of ${formatCount(whole)}`}
				</span>
			</h3>
			{lacking.notSupplied.length + lacking.setAside.length === 0 ? null : (
				<p className={textStyles['warn']}>▲ There may be more: {lackWords(lacking)}.</p>
			)}
			<PlainTable head={columns.map(([column, head]) => (isNumber(column) ? numberHead(head) : head))}>
				{rows.map(({ key, cells }) => (
					<tr key={key}>
						{columns.map(([column]) => {
							const Shell = isNumber(column) ? NumberCell : 'td';
							return (
								<Shell key={column}>
									<Cell column={column} value={cells[column] ?? null} currency={cells['currency'] ?? currency} />
								</Shell>
							);
						})}
					</tr>
				))}
			</PlainTable>
		</section>
	);
}

type Lacking = ReturnType<typeof lackingOf>;

/** Nothing is there, or nothing is known. */
function noneWords(table: TableName, lacking: Lacking): string {
	if (lacking.notSupplied.includes(table)) return 'not supplied, so nothing is known';
	if (lacking.notSupplied.length > 0) return `not told: ${lackWords(lacking)}`;
	return lacking.setAside.length > 0 ? `none that could be read: ${lackWords(lacking)}` : 'none';
}

const lackWords = ({ notSupplied, setAside }: Lacking): string =>
	[
		...(notSupplied.length > 0 ? [`${notSupplied.join(', ')} not supplied`] : []),
		...setAside.map(({ table, lines }) => `${plural(lines, 'line')} of ${table} set aside`),
	].join('; ');

const isNumber = (column: string): boolean => column.endsWith('_minor') || column === 'quantity' || column === 'line_no';

function Cell({ column, value, currency }: { column: string; value: string | null; currency: string }) {
	if (value === null) return <span className={styles['null']}>–</span>;
	if (column.endsWith('_minor')) return <>{formatMinor(BigInt(value), currency)}</>;
	if (column.endsWith('_at')) return <Instant at={value} />;
	return <>{value}</>;
}
