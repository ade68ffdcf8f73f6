/** Reconciliation: the matrix of stages and reasons on top, the queue of lines below it, and the line in hand over the five books. */

import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { RECONCILE_CLASSES, RECONCILE_REASONS, RECONCILE_STAGES, type ReconcileFilter } from '#explore';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { ToggleBar } from '../../components/ToggleBar.tsx';
import { TopPane } from '../../components/TopPane.tsx';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { ReconciliationView } from '../../vault/reconciliationApi.ts';
import { Matrix } from './Matrix.tsx';
import { Queue } from './Queue.tsx';
import styles from './Reconciliation.module.css';
import { BREAKS, type ReconciliationTab, useReconciliation } from './state.ts';
import { ToleranceDialog } from './ToleranceDialog.tsx';
import { Totals } from './Totals.tsx';
import { CLASSES } from './words.ts';

/** The wanted height: six reasons of two lines under the stage and its bar. */
const MATRIX_PX = 280;

const TABS: readonly (readonly [ReconciliationTab, string])[] = [
	['queue', 'Lines'],
	['totals', 'Totals and GL'],
];

export function Reconciliation() {
	const { tab, set } = useReconciliation();
	const view = useQuery((vault) => vault.reconciliation.summary(), [], ['evidence', 'workbook']);
	const [isSetting, setSetting] = useState(false);
	useParams();
	useCommands(
		() => [
			{
				id: 'reconciliation.breaks',
				title: 'Reconciliation: show all breaks',
				group: 'Reconciliation',
				keys: 'Alt+0',
				run: () => set({ filter: BREAKS, tab: 'queue' }),
			},
			{ id: 'reconciliation.tolerance', title: 'Reconciliation: set the tolerance', group: 'Reconciliation', run: () => setSetting(true) },
			...TABS.map(([id, title], at) => ({
				id: `reconciliation.tab.${id}`,
				title: `Reconciliation: ${title}`,
				group: 'Reconciliation',
				keys: `Alt+${at + 1}`,
				run: () => set({ tab: id }),
			})),
		],
		[set],
	);
	return (
		<>
			<ScreenHeader
				title="Reconciliation"
				tabs={<Tabs label="Faces of the reconciliation" tabs={TABS} tab={tab} onTab={(next) => set({ tab: next })} />}
				meta={view.state === 'ready' ? <Meta view={view.data} /> : 'Orders ↔ Shipments ↔ Billing ↔ Revenue ↔ GL'}
				actions={
					<Button variant="default" disabled={view.state !== 'ready'} onClick={() => setSetting(true)}>
						Tolerance…
					</Button>
				}
			/>
			<Ask query={view}>
				{(data) => (
					<div className={styles['body']} role="tabpanel" aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}>
						<Classes view={data} />
						{tab === 'queue' ? (
							<>
								<TopPane storageKey="reconciliation.matrix" label="where chains stop" initial={MATRIX_PX}>
									<Matrix view={data} />
								</TopPane>
								<Queue view={data} />
							</>
						) : (
							<Totals view={data} />
						)}
						<ToleranceDialog view={data} isOpen={isSetting} onClose={() => setSetting(false)} />
					</div>
				)}
			</Ask>
		</>
	);
}

function Meta({ view }: { view: ReconciliationView }) {
	const { toleranceMinor, tolerancePercent, delta } = view;
	const isExact = toleranceMinor === '0' || tolerancePercent === '0';
	return (
		<>
			<span>
				as of <Instant at={view.asOf} />
			</span>
			<span>
				tolerance:{' '}
				{isExact ? 'one minor unit a row' : `min(${toleranceMinor} minor units; ${tolerancePercent} %), at least one minor unit a row`}
			</span>
			{delta ? (
				<span
					title={`Breaks against what the import before came to${delta.isSameRule ? '' : ', by another tolerance or parameter: part of the change may be that'}`}
				>
					Δ since the import before: −{formatCount(delta.gone)} +{formatCount(delta.added)}
					{delta.moved > 0 ? `, ${formatCount(delta.moved)} stop elsewhere` : ''}
					{delta.untold > 0 ? `, ${formatCount(delta.untold)} can’t be told now` : ''}
					{delta.isSameRule ? '' : ' ▲ other rule'}
				</span>
			) : null}
		</>
	);
}

/** The classes with how many items each has; a click shows them in the queue. They add up to all items. */
function Classes({ view }: { view: ReconciliationView }) {
	const { filter, set } = useReconciliation();
	const chosen = filter.stage || filter.reason ? [] : (filter.classes ?? ['unmatched', 'conflicting']);
	return (
		<ToggleBar
			label="Classes"
			items={RECONCILE_CLASSES.map((id) => ({
				id,
				title: `${CLASSES[id].word}: ${CLASSES[id].about}`,
				count: formatCount(view.classes[id]),
				face: (
					<VerdictBadge
						tone={view.classes[id] === 0 && CLASSES[id].tone === 'fail' ? 'neutral' : CLASSES[id].tone}
						glyph={CLASSES[id].glyph}
					>
						{CLASSES[id].word}
					</VerdictBadge>
				),
			}))}
			pressed={chosen.length === 1 ? chosen[0] : undefined}
			onPress={(one) => set({ filter: { classes: [one] }, tab: 'queue', item: null })}
		>
			<span className={textStyles['muted']}>Σ {formatCount(view.items)}: order lines, and rows that belong to none</span>
		</ToggleBar>
	);
}

/** What another screen asked to see: `stage`, `reason`, `order`. */
function useParams(): void {
	const params = useNav((nav) => nav.params);
	const { stage, reason, order } = params;
	useEffect(() => {
		if (stage === undefined && reason === undefined && order === undefined) return;
		const filter: ReconcileFilter = {
			stage: RECONCILE_STAGES.find((one) => one === stage) ?? null,
			reason: RECONCILE_REASONS.find(({ code }) => code === reason)?.code ?? null,
			...(order === undefined ? {} : { text: order, classes: RECONCILE_CLASSES }),
		};
		useReconciliation.getState().set({ filter, tab: 'queue', item: null });
	}, [stage, reason, order]);
}
