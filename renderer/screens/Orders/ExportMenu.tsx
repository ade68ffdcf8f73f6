/** The list on its way out: as CSV, as text for a spreadsheet, as a link inside the program. What is selected, or all that the filter keeps. */
import { Button, Menu } from '@mantine/core';
import { ChevronDown, Download } from 'lucide-react';
import { useCommands } from '../../app/commands.ts';
import { plural } from '../../app/format.ts';
import { useVault } from '../../app/vault.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { copyTsv, exportCsv } from './exportOrders.ts';
import { selectedCount, useSelection } from './selection.ts';

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
