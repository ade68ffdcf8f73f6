/** What an order came to in billing, revenue and ledger, and the goods, holds and approvals behind it: rows as the drop has them. */

import type { OrderDossier } from '#explore';
import { formatMinor } from '../../app/format.ts';
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
	if (rows.length === 0)
		return (
			<p className={orderStyles['none']}>
				<strong>{title}</strong>: {dossier.notSupplied.includes(table) ? 'not supplied, so nothing is known' : 'none'}
			</p>
		);
	return (
		<section className={orderStyles['ledgerPart']}>
			<h3>
				{title} <span className={styles['muted']}>{whole === undefined ? rows.length : `the first ${rows.length} of ${whole}`}</span>
			</h3>
			<table className={styles['table']}>
				<thead>
					<tr>
						{columns.map(([column, head]) => (
							<th key={column} scope="col" className={isNumber(column) ? styles['right'] : undefined}>
								{head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ key, cells }) => (
						<tr key={key}>
							{columns.map(([column]) => (
								<td key={column} className={isNumber(column) ? styles['right'] : undefined}>
									<Cell column={column} value={cells[column] ?? null} currency={cells['currency'] ?? currency} />
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

const isNumber = (column: string): boolean => column.endsWith('_minor') || column === 'quantity' || column === 'line_no';

function Cell({ column, value, currency }: { column: string; value: string | null; currency: string }) {
	if (value === null) return <span className={styles['null']}>–</span>;
	if (column.endsWith('_minor')) return <>{formatMinor(BigInt(value), currency)}</>;
	if (column.endsWith('_at')) return <Instant at={value} />;
	return <>{value}</>;
}
