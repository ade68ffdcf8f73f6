/** The list on its way out: as CSV, as text for a spreadsheet, as a link inside the program. What is selected, or all that the filter keeps. */
import { Button, Menu } from '@mantine/core';
import { ChevronDown, Download } from 'lucide-react';
import { copyText } from '../../app/bridge.ts';
import { useCommands } from '../../app/commands.ts';
import { plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useVault, type Vault } from '../../app/vault.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { saveBytes } from './saveBytes.ts';
import { selectedCount, selectionOf, useSelection } from './selection.ts';
import { useOrders } from './state.ts';

async function exportCsv(vault: Vault, view: OrderView): Promise<void> {
	const answer = await vault.orders.exportCsv(view.viewId, useOrders.getState().columns, selectionOf(useSelection.getState()));
	if (!answer.ok) {
		notify({ tone: answer.error.code === 'cancelled' ? 'warn' : 'failed', message: answer.error.message });
		return;
	}
	const { fileName, bytes, rows, sha256 } = answer.value;
	const saved = await saveBytes(fileName, bytes);
	if (saved === null) return;
	notify(
		saved.ok
			? { tone: 'done', message: `${plural(rows, 'row')} exported; SHA-256 of the lines ${sha256.slice(0, 12)}…` }
			: { tone: 'failed', message: saved.message },
	);
}

async function copyTsv(vault: Vault, view: OrderView): Promise<void> {
	const answer = await vault.orders.copyTsv(view.viewId, useOrders.getState().columns, selectionOf(useSelection.getState()));
	if (!answer.ok) {
		notify({ tone: 'failed', message: answer.error.message });
		return;
	}
	const isCopied = await copyText(answer.value.text);
	notify(isCopied ? { tone: 'done', message: `${plural(answer.value.rows, 'row')} copied with headers` } : TOO_LARGE);
}

const TOO_LARGE = {
	tone: 'failed',
	message: 'The clipboard did not take it: it may be too large. Export the rows as CSV instead.',
} as const;

export function ExportMenu({ view }: { view: OrderView | null }) {
	const vault = useVault();
	const selection = useSelection();
	const selected = view ? selectedCount(selection, view.count) : 0;
	const what = selected > 0 ? `${plural(selected, 'selected row')}` : view ? `all ${plural(view.count, 'row')}` : 'rows';
	useCommands(
		() => [
			{
				id: 'orders.export',
				title: 'Export orders as CSV',
				group: 'Orders',
				disabled: view === null || view.count === 0 ? 'There are no rows' : null,
				run: () => (view ? exportCsv(vault, view) : undefined),
			},
		],
		[view, vault],
	);
	return (
		<Menu position="bottom-end" withinPortal disabled={view === null || view.count === 0}>
			<Menu.Target>
				<Button
					variant="default"
					size="compact-sm"
					leftSection={<Download size={14} />}
					rightSection={<ChevronDown size={14} />}
					disabled={!view || view.count === 0}
				>
					Export
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>{what}</Menu.Label>
				<Menu.Item onClick={() => view && void exportCsv(vault, view)}>CSV file …</Menu.Item>
				<Menu.Item onClick={() => view && void copyTsv(vault, view)}>Copy with headers</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
