/** What disputes are drawn from and is not there: without it an empty list would read as a fact. */
import type { DisputeSupply } from '#explore';
import type { TableName } from '#model';
import { plural } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';

/** "▲ hold, approval not supplied", "▲ 2 lines of revenue_event set aside". */
export function Lacking({ supply: { notSupplied, setAside } }: { supply: DisputeSupply }) {
	return (
		<>
			{notSupplied.length === 0 ? null : (
				<span className={textStyles['warn']} title="What these tables would say can’t be told.">
					▲ {notSupplied.join(', ')} not supplied
				</span>
			)}
			{setAside.map(({ table, lines }) => (
				<span key={table} className={textStyles['warn']} title="Malformed lines: there may be more than is shown.">
					▲ {plural(lines, 'line')} of {table} set aside
				</span>
			))}
		</>
	);
}

/** In place of a part that is drawn from a table that was not supplied. */
export function NotTold({ table }: { table: TableName }) {
	return (
		<p>
			<VerdictBadge tone="neutral" glyph="?">
				Not told
			</VerdictBadge>{' '}
			The table {table} was not supplied.
		</p>
	);
}

/** Whether a table was not supplied. */
export const lacks = ({ notSupplied }: DisputeSupply, table: TableName): boolean => notSupplied.includes(table);

/** Under a part whose table has lines that were set aside. */
export function SetAside({ supply, table }: { supply: DisputeSupply; table: TableName }) {
	const lines = supply.setAside.find((one) => one.table === table)?.lines ?? 0;
	return lines === 0 ? null : (
		<p className={textStyles['warn']}>
			▲ {plural(lines, 'line')} of {table} set aside: there may be more than is shown.
		</p>
	);
}
