/** Disputes & holds: views with their counts, the list, and the dossier of the dispute in hand. */

import { useEffect } from 'react';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { ToggleBar } from '../../components/ToggleBar.tsx';
import { Instant } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { DisputeList } from './DisputeList.tsx';
import { Holds } from './Holds.tsx';
import { Lacking } from './Lacking.tsx';
import { type DisputesTab, useDisputes } from './state.ts';
import { VIEWS } from './words.ts';

const TABS: readonly (readonly [DisputesTab, string])[] = [
	['disputes', 'Disputes'],
	['holds', 'Holds'],
];

export function Disputes() {
	const { tab, filter, set } = useDisputes();
	const view = useQuery((vault) => vault.disputes.view(filter), [filter], ['evidence', 'workbook']);
	useParams();
	useCommands(
		() => [
			...TABS.map(([id, title], at) => ({
				id: `disputes.tab.${id}`,
				title: `Disputes & holds: ${title}`,
				group: 'Disputes',
				keys: `Alt+${at + 1}`,
				run: () => set({ tab: id }),
			})),
			...VIEWS.map(([only, title]) => ({
				id: `disputes.view.${only ?? 'all'}`,
				title: `Disputes: ${title}`,
				group: 'Disputes',
				run: () => set({ tab: 'disputes', filter: { ...useDisputes.getState().filter, only, age: null }, disputeId: null }),
			})),
		],
		[set],
	);
	return (
		<>
			<ScreenHeader
				title="Disputes & holds"
				tabs={<Tabs label="Faces of disputes and holds" tabs={TABS} tab={tab} onTab={(next) => set({ tab: next })} />}
				meta={view.state === 'ready' ? <Meta view={view.data} /> : null}
			/>
			<Ask query={view}>
				{(data) => (
					<div className={layoutStyles['fill']} role="tabpanel" aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}>
						{tab === 'disputes' ? (
							<>
								<Views view={data} />
								<DisputeList view={data} />
							</>
						) : (
							<Holds view={data} />
						)}
					</div>
				)}
			</Ask>
		</>
	);
}

function Meta({ view }: { view: DisputesView }) {
	return (
		<>
			<span>
				{formatCount(view.of)} disputes, {formatCount(view.counts.open ?? 0)} open
			</span>
			<span>
				{view.holds === null ? 'holds not supplied' : `${formatCount(view.holds.count)} holds, ${formatCount(view.holds.inForce)} in force`}
			</span>
			<Lacking supply={view.supply} />
			<span>
				as of <Instant at={view.asOf} />
			</span>
			{view.notTold.map(({ test, why }) => (
				<span key={test} className={textStyles['warn']} title={why}>
					▲ {test} could not be run
				</span>
			))}
		</>
	);
}

function Views({ view }: { view: DisputesView }) {
	const { filter, set } = useDisputes();
	return (
		<ToggleBar
			label="Views"
			items={VIEWS.map(([id, title]) => viewItem(view, id, title))}
			pressed={filter.age ? undefined : (filter.only ?? null)}
			onPress={(only) => set({ filter: { ...filter, only, age: null }, disputeId: null })}
		/>
	);
}

function viewItem({ of, counts, untold }: DisputesView, id: (typeof VIEWS)[number][0], title: string) {
	const count = id === null ? of : counts[id];
	const why = id === null ? undefined : untold[id];
	return { id, face: title, count: count === null ? '?' : formatCount(count), ...(why === undefined ? {} : { title: `Not told: ${why}` }) };
}

/** What another screen asked to see: `dispute`, or `view`. */
function useParams(): void {
	const params = useNav((nav) => nav.params);
	const { dispute, view } = params;
	useEffect(() => {
		const { set } = useDisputes.getState();
		if (dispute !== undefined) set({ tab: 'disputes', filter: { text: dispute }, disputeId: dispute });
		const wanted = VIEWS.find(([only]) => only === view);
		if (view !== undefined && wanted) set({ tab: 'disputes', filter: { only: wanted[0] }, disputeId: null });
	}, [dispute, view]);
}
