/** The map as tables: the same numbers, for screen readers and for whoever reads rows better than arrows. */

import type { MapEdge, TransitionMap } from '#explore';
import { formatCount, formatDuration } from '../../app/format.ts';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import mapStyles from './Map.module.css';
import styles from './Orders.module.css';
import { addChip } from './state.ts';

const span = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

export function MapTable({ map }: { map: TransitionMap }) {
	return (
		<div className={mapStyles['mapTables']} data-keys="list">
			<table className={styles['table']}>
				<caption>Transitions</caption>
				<thead>
					<tr>
						<th scope="col">From → to</th>
						<th scope="col" className={styles['right']}>
							Times
						</th>
						<th scope="col" className={styles['right']}>
							Orders
						</th>
						<th scope="col" className={styles['right']}>
							Median
						</th>
						<th scope="col" className={styles['right']}>
							95 % within
						</th>
						<th scope="col">State table</th>
					</tr>
				</thead>
				<tbody>
					{map.edges.map((edge) => (
						<tr key={`${edge.from}>${edge.to}`}>
							<td>
								<button
									type="button"
									className={styles['link']}
									disabled={edge.isUnseen}
									onClick={() => addChip({ column: 'path', op: 'passes', values: [edge.from, edge.to] })}
								>
									{edge.from === '' ? '(the beginning)' : edge.from} → {edge.to}
								</button>
							</td>
							<td className={styles['right']}>{formatCount(edge.count)}</td>
							<td className={styles['right']}>{formatCount(edge.orders)}</td>
							<td className={styles['right']}>{span(edge.medianMs)}</td>
							<td className={styles['right']}>{span(edge.p95Ms)}</td>
							<td>
								<Lawfulness edge={edge} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<table className={styles['table']}>
				<caption>States</caption>
				<thead>
					<tr>
						<th scope="col">State</th>
						<th scope="col" className={styles['right']}>
							Orders
						</th>
						<th scope="col" className={styles['right']}>
							Still here
						</th>
						<th scope="col" className={styles['right']}>
							Median stay
						</th>
						<th scope="col" className={styles['right']}>
							95 % within
						</th>
					</tr>
				</thead>
				<tbody>
					{map.nodes.map((node) => (
						<tr key={node.state}>
							<td>
								<button
									type="button"
									className={styles['link']}
									onClick={() => addChip({ column: 'path', op: 'visits', values: [node.state] })}
								>
									{node.state}
								</button>
								{node.isTerminal ? <span className={styles['muted']}> end</span> : null}
							</td>
							<td className={styles['right']}>{formatCount(node.orders)}</td>
							<td className={styles['right']}>{formatCount(node.standing)}</td>
							<td className={styles['right']}>{span(node.medianMs)}</td>
							<td className={styles['right']}>{span(node.p95Ms)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Lawfulness({ edge: { illegal, isUnseen, count } }: { edge: MapEdge }) {
	if (isUnseen) return <VerdictBadge tone="neutral">allowed, never seen</VerdictBadge>;
	if (illegal === null) return <VerdictBadge tone="neutral">not testable</VerdictBadge>;
	if (illegal === 0) return <span className={styles['muted']}>allowed</span>;
	return (
		<VerdictBadge tone="fail">
			{formatCount(illegal)} of {formatCount(count)} not allowed
		</VerdictBadge>
	);
}
