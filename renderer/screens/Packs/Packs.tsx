/** Packs: making a signed one in three steps on one page, checking any, and the register of those made here. */

import { Tabs } from '@mantine/core';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { ScreenHeader } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { useNav } from '../../state/nav.ts';
import { BuildPack } from './BuildPack.tsx';
import { CheckPack } from './CheckPack.tsx';
import { MadePacks } from './MadePacks.tsx';

const TABS = ['make', 'check', 'made'] as const;

export function Packs() {
	const { params, set } = useNav();
	const tab = TABS.find((one) => one === params['tab']) ?? 'make';
	const made = useQuery((vault) => vault.packs.list(), [], ['workbook']);
	const packs = made.state === 'ready' ? made.data : [];
	const open = packs.filter(({ verdict }) => verdict === null).length;
	const count = packs.length - open;
	useCommands(
		() => [
			{ id: 'packs.make', title: 'New pack', group: 'Packs', run: () => set({ tab: 'make' }) },
			{ id: 'packs.check', title: 'Check a pack', group: 'Packs', run: () => set({ tab: 'check' }) },
			{ id: 'packs.made', title: 'Packs made here', group: 'Packs', run: () => set({ tab: 'made' }) },
		],
		[set],
	);
	return (
		<div className={layoutStyles['fill']}>
			<ScreenHeader title="Packs" meta="A signed PDF that anybody can check without trusting this workstation" />
			<Tabs
				value={tab}
				onChange={(next) => set({ tab: next ?? 'make' })}
				keepMounted={false}
				classNames={{ root: layoutStyles['fill'] ?? '', panel: layoutStyles['fill'] ?? '' }}
			>
				<Tabs.List>
					<Tabs.Tab value="make">New pack</Tabs.Tab>
					<Tabs.Tab value="check">Check a pack</Tabs.Tab>
					<Tabs.Tab value="made">
						Made here {count > 0 ? formatCount(count) : ''} {open > 0 ? `▲ ${formatCount(open)} not completed` : ''}
					</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="make">
					<BuildPack />
				</Tabs.Panel>
				<Tabs.Panel value="check">
					<CheckPack />
				</Tabs.Panel>
				<Tabs.Panel value="made">
					<MadePacks />
				</Tabs.Panel>
			</Tabs>
		</div>
	);
}
