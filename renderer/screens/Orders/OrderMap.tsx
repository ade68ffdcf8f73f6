/** How orders moved: states and transitions as a map, beginning with the most frequent ways; what the state table forbids is red. */
import textStyles from '../../components/Text.module.css';
import '@xyflow/react/dist/base.css';
import { Button, Checkbox, Slider } from '@mantine/core';
import { useState } from 'react';
import type { TransitionMap, VariantList } from '#explore';
import { formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { EmptyState } from '../../components/States.tsx';
import type { OrderView } from '../../vault/ordersApi.ts';
import mapStyles from './Map.module.css';
import { MapGraph } from './MapGraph.tsx';
import { MapTable } from './MapTable.tsx';
import styles from './Orders.module.css';
import { Variants } from './Variants.tsx';

const VARIANTS_SHOWN = 100;
const FIRST_VARIANTS = 8;

export function OrderMap({ view }: { view: OrderView }) {
	const [most, setMost] = useState(FIRST_VARIANTS);
	const [isTable, setTable] = useState(false);
	const [hasUnseen, setUnseen] = useState(false);
	const variants = useQuery((vault) => vault.orders.variants(view.viewId, VARIANTS_SHOWN), [view.viewId]);
	const total = variants.state === 'ready' ? variants.data.total : 0;
	const isAll = most >= total;
	const map = useQuery((vault) => vault.orders.map(view.viewId, isAll ? null : most), [view.viewId, isAll ? null : most]);
	if (view.count === 0) return <EmptyState title="No order to map">{view.query}</EmptyState>;
	return (
		<div className={mapStyles['map']}>
			<div className={mapStyles['mapMain']}>
				<Ask query={map}>
					{(data) => (
						<>
							<MapFacts map={data} view={view} />
							<div className={mapStyles['mapTools']}>
								<div className={mapStyles['slider']}>
									<span id="orders-variants">Ways shown</span>
									<Slider
										min={1}
										max={Math.max(1, Math.min(total, VARIANTS_SHOWN))}
										value={Math.min(most, Math.max(1, total))}
										onChange={setMost}
										label={null}
										w={220}
										size="sm"
										thumbProps={{ 'aria-labelledby': 'orders-variants', 'aria-valuetext': `${formatCount(most)} of ${formatCount(total)}` }}
									/>
									<span>
										{formatCount(Math.min(most, total))} of {formatCount(total)}
									</span>
								</div>
								<Button variant="default" size="compact-xs" onClick={() => setMost(Number.MAX_SAFE_INTEGER)} disabled={isAll}>
									All ways
								</Button>
								<Checkbox
									label={`Allowed, never seen (${formatCount(data.edges.filter(({ isUnseen }) => isUnseen).length)})`}
									checked={hasUnseen}
									disabled={isTable}
									onChange={(event) => setUnseen(event.currentTarget.checked)}
								/>
								<span className={styles['grow']} />
								<Button variant="default" size="compact-xs" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
									{isTable ? 'Show as map' : 'Show as table'}
								</Button>
							</div>
							{data.nodes.length === 0 ? (
								<EmptyState title={data.hasEvents ? 'No transitions' : 'Events were not supplied'}>
									{data.hasEvents
										? 'None of these orders has an event that reaches a state.'
										: 'The drop has no table order_event, so it is not known where these orders went.'}
								</EmptyState>
							) : isTable ? (
								<MapTable map={data} />
							) : (
								<MapGraph map={data} hasUnseen={hasUnseen} />
							)}
						</>
					)}
				</Ask>
			</div>
			<aside className={mapStyles['variants']} aria-label="Variants">
				<Ask query={variants}>{(data: VariantList) => <Variants list={data} shown={most} />}</Ask>
			</aside>
		</div>
	);
}

function Illegal({ map }: { map: TransitionMap }) {
	const illegal = map.edges.reduce((sum, edge) => sum + (edge.illegal ?? 0), 0);
	if (map.edges.some((edge) => edge.illegal === null))
		return <span className={textStyles['warn']}> · what the state table did not allow can’t be told: lines of it were set aside</span>;
	return (
		<span className={illegal > 0 ? textStyles['adverse'] : ''}> · {plural(illegal, 'transition')} the state table did not allow then</span>
	);
}

/** What the map is of, and what is not on it. */
function MapFacts({ map, view }: { map: TransitionMap; view: OrderView }) {
	if (!map.hasEvents)
		return <p className={mapStyles['mapFacts']}>Of {plural(view.count, 'order')} no event is known: order_event was not supplied.</p>;
	return (
		<p className={mapStyles['mapFacts']}>
			<strong>
				{formatCount(map.orders)} of {plural(view.count, 'order')}
			</strong>{' '}
			on the map · {formatCount(map.ended)} ended · {formatCount(map.open)} still open, so never “conforming” ·{' '}
			{formatCount(map.withoutPath)} without any transition
			{map.hasStateTable ? (
				<Illegal map={map} />
			) : (
				<span className={textStyles['warn']}> · no state table was supplied: nothing can be judged</span>
			)}
			{map.setAside.map(({ table, lines }) => (
				<span key={table} className={textStyles['warn']}>
					{' '}
					· {plural(lines, 'line')} of {table} set aside
				</span>
			))}
			{map.backwards > 0 ? <span className={textStyles['warn']}> · {plural(map.backwards, 'duration')} negative, in no median</span> : null}
		</p>
	);
}
