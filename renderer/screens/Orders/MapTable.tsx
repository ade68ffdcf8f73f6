/** The map as tables: the same numbers, for screen readers and for whoever reads rows better than arrows. */

import type { MapEdge, TransitionMap } from '#explore';
import { formatCount, formatDuration } from '../../app/format.ts';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import mapStyles from './Map.module.css';
import { addChip } from './state.ts';

const span = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

export function MapTable({ map }: { map: TransitionMap }) {
	return (
		<div className={mapStyles['mapTables']} data-keys="list">
			<PlainTable
				caption="Transitions"
				head={['From → to', numberHead('Times'), numberHead('Orders'), numberHead('Median'), numberHead('95 % within'), 'State table']}
			>
				{map.edges.map((edge) => (
					<tr key={`${edge.from}>${edge.to}`}>
						<td>
							<button
								type="button"
								className={textStyles['link']}
								disabled={edge.isUnseen}
								onClick={() => addChip({ column: 'path', op: 'passes', values: [edge.from, edge.to] })}
							>
								{edge.from === '' ? '(the beginning)' : edge.from} → {edge.to}
							</button>
						</td>
						<NumberCell>{formatCount(edge.count)}</NumberCell>
						<NumberCell>{formatCount(edge.orders)}</NumberCell>
						<NumberCell>{span(edge.medianMs)}</NumberCell>
						<NumberCell>{span(edge.p95Ms)}</NumberCell>
						<td>
							<Lawfulness edge={edge} />
						</td>
					</tr>
				))}
			</PlainTable>
			<PlainTable
				caption="States"
				head={['State', numberHead('Orders'), numberHead('Still here'), numberHead('Median stay'), numberHead('95 % within')]}
			>
				{map.nodes.map((node) => (
					<tr key={node.state}>
						<td>
							<button
								type="button"
								className={textStyles['link']}
								onClick={() => addChip({ column: 'path', op: 'visits', values: [node.state] })}
							>
								{node.state}
							</button>
							{node.isTerminal ? <span className={textStyles['muted']}> end</span> : null}
						</td>
						<NumberCell>{formatCount(node.orders)}</NumberCell>
						<NumberCell>{formatCount(node.standing)}</NumberCell>
						<NumberCell>{span(node.medianMs)}</NumberCell>
						<NumberCell>{span(node.p95Ms)}</NumberCell>
					</tr>
				))}
			</PlainTable>
		</div>
	);
}

function Lawfulness({ edge: { illegal, isUnseen, count } }: { edge: MapEdge }) {
	if (isUnseen) return <VerdictBadge tone="neutral">allowed, never seen</VerdictBadge>;
	if (illegal === null) return <VerdictBadge tone="neutral">not testable</VerdictBadge>;
	if (illegal === 0) return <span className={textStyles['muted']}>allowed</span>;
	return (
		<VerdictBadge tone="fail">
			{formatCount(illegal)} of {formatCount(count)} not allowed
		</VerdictBadge>
	);
}
