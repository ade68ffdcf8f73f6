/** The exceptions of a test's last result. Enter opens them in Exceptions, O the order. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { exportCsv, gatherRows } from '../../app/exportCsv.ts';
import { formatCount, formatMinor } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { DataGrid, type GridColumn } from '../../components/DataGrid.tsx';
import { Toolbar } from '../../components/Frame.tsx';
import { useNav } from '../../state/nav.ts';
import type { KeyedRow } from '../../vault/proceduresApi.ts';
import styles from './Procedures.module.css';

function amountOf({ exception: { amount_minor: minor, currency } }: KeyedRow): string {
	return minor === null || currency === null ? '–' : formatMinor(BigInt(minor), currency);
}

const COLUMNS: readonly GridColumn<KeyedRow>[] = [
	{
		id: 'order',
		title: 'Order',
		width: 130,
		cell: ({ exception }) => exception.order_id ?? Object.values(exception.keys).join('/'),
		text: ({ exception }) => exception.order_id ?? Object.values(exception.keys).join('/'),
	},
	{
		id: 'amount',
		title: 'Amount',
		width: 110,
		align: 'right',
		cell: amountOf,
		text: amountOf,
		money: ({ exception: { amount_minor: minor, currency } }) => (minor === null ? null : { minor: BigInt(minor), currency }),
	},
	{
		id: 'currency',
		title: 'Cur',
		width: 60,
		cell: ({ exception }) => exception.currency ?? '',
		text: ({ exception }) => exception.currency ?? '',
	},
	{
		id: 'reason',
		title: 'Reason',
		flex: 1,
		width: 260,
		cell: ({ exception }) => <span title={exception.reason}>{exception.reason}</span>,
		text: ({ exception }) => exception.reason,
	},
];

export function ProcedureExceptions({ id, total, version }: { id: string; total: number; version: string }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const [focused, setFocused] = useState<KeyedRow | null>(null);
	const fetchRows = useRows((ask, from, to) => ask.procedures.exceptions(id, from, to), [id]);
	const order = focused?.exception.order_id ?? null;
	const save = async (): Promise<void> => {
		const rows = await gatherRows(total, (from, to) => vault.procedures.exceptions(id, from, to));
		if (!rows.ok) return notify({ tone: 'failed', message: rows.error.message });
		const saved = await exportCsv(vault, {
			name: `exceptions-${id}`,
			what: `Exceptions of ${id} as CSV`,
			facts: [
				['test', id],
				['result sha-256', version],
			],
			header: ['key', 'order_id', 'keys', 'amount_minor', 'currency', 'reason', 'rows'],
			rows: rows.value.map(({ key, exception: { order_id: orderId, keys, amount_minor: minor, currency, reason, rows: cited } }) => [
				key,
				orderId ?? '',
				Object.entries(keys)
					.map(([name, value]) => `${name}=${value}`)
					.join(' '),
				minor === null ? '' : String(minor),
				currency ?? '',
				reason,
				cited.map(({ table, key: row }) => `${table} ${row}`).join('; '),
			]),
		});
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `${formatCount(total)} exceptions written: ${saved.value.name}` });
	};
	useCommands(
		() => [
			{
				id: 'procedures.order',
				title: 'Open the order of this exception',
				group: 'Procedures',
				keys: 'o',
				when: 'list',
				disabled: order === null ? 'The exception in front is about no order.' : null,
				run: () => (order === null ? undefined : go('orders', { order })),
			},
			{ id: 'procedures.exceptions.csv', title: `Export the exceptions of ${id} as CSV`, group: 'Procedures', run: save },
		],
		[order, id, total],
	);
	return (
		<>
			<Toolbar label={`Exceptions of ${id}`}>
				<Button variant="default" onClick={() => go('exceptions', { test: id })}>
					Judge them in Exceptions
				</Button>
				<Button variant="default" disabled={order === null} onClick={() => (order === null ? undefined : go('orders', { order }))}>
					Open order
				</Button>
				<Button variant="subtle" onClick={() => void save()}>
					Export CSV
				</Button>
			</Toolbar>
			<div className={styles['gridBox']}>
				<DataGrid<KeyedRow>
					label={`Exceptions of ${id}`}
					columns={COLUMNS}
					keepAs="procedures.exceptions"
					rowCount={total}
					rowKey={({ key }) => key}
					fetchRows={fetchRows}
					version={version}
					onFocusRow={setFocused}
					onActivate={({ key }) => go('exceptions', { test: id, exception: key })}
				/>
			</div>
			{focused ? <p className={styles['reason']}>{focused.exception.reason}</p> : null}
		</>
	);
}
