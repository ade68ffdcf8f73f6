/** What stands above the list of orders: how it is laid out, and what is chosen of it. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { ChartColumn, PanelBottom, PanelLeft, PanelRight } from 'lucide-react';
import { formatCount } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import styles from './Orders.module.css';
import { useSelection } from './selection.ts';
import { useOrders } from './state.ts';

/** Which parts of the screen are shown, as buttons and as commands. */
export function LayoutBar() {
	const { hasFacets, hasPanel, panelPlace, profiled, set } = useOrders();
	const tools = [
		{ label: hasFacets ? 'Hide facets' : 'Show facets', Icon: PanelLeft, isOn: hasFacets, run: () => set({ hasFacets: !hasFacets }) },
		{
			label: profiled === null ? 'Show column statistics' : 'Hide column statistics',
			Icon: ChartColumn,
			isOn: profiled !== null,
			run: () => set({ profiled: profiled === null ? 'total' : null }),
		},
		{
			label: 'Order below the list',
			Icon: PanelBottom,
			isOn: hasPanel && panelPlace === 'bottom',
			run: () => set({ panelPlace: 'bottom', hasPanel: !(hasPanel && panelPlace === 'bottom') }),
		},
		{
			label: 'Order beside the list',
			Icon: PanelRight,
			isOn: hasPanel && panelPlace === 'right',
			run: () => set({ panelPlace: 'right', hasPanel: !(hasPanel && panelPlace === 'right') }),
		},
	];
	return (
		<div className={styles['layoutBar']} role="toolbar" aria-label="Layout of the list">
			<SelectionWords />
			<span className={styles['grow']} />
			<ColumnsMenu />
			{tools.map(({ label, Icon, isOn, run }) => (
				<Tooltip key={label} label={label}>
					<ActionIcon
						aria-label={label}
						aria-pressed={isOn}
						variant={isOn ? 'light' : 'subtle'}
						color={isOn ? 'accent' : 'gray'}
						size={24}
						onClick={run}
					>
						<Icon size={14} />
					</ActionIcon>
				</Tooltip>
			))}
		</div>
	);
}

function SelectionWords() {
	const { kind, ids, clear } = useSelection();
	if (kind === 'list' && ids.size === 0)
		return <span className={textStyles['muted']}>Space selects · Ctrl+A all matching · . filter by cell · Shift+F summarise column</span>;
	return (
		<span>
			{kind === 'all_but'
				? ids.size === 0
					? 'All matching orders are selected'
					: `All matching orders but ${formatCount(ids.size)} are selected`
				: `${formatCount(ids.size)} selected`}{' '}
			<button type="button" className={textStyles['link']} onClick={clear}>
				Clear
			</button>
		</span>
	);
}
