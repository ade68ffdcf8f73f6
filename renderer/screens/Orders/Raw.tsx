/** The lines of an order as they were handed over, hashed now: what the recomputed hash is, and whether the chain names it. */

import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { RawLine } from '../../vault/ordersApi.ts';
import { traceIdOf } from '../Sync/waterfall.ts';
import orderStyles from './Order.module.css';
import { HashBadge } from './TimelineEvent.tsx';

export function Raw({ orderId }: { orderId: string }) {
	const query = useQuery((vault) => vault.orders.rawLines(orderId), [orderId], ['evidence']);
	return (
		<Ask query={query}>
			{(lines) => (
				<ol className={orderStyles['rawLines']}>
					{lines.map((line) => (
						<li key={`${line.table}/${line.line}`}>
							<Line line={line} />
						</li>
					))}
				</ol>
			)}
		</Ask>
	);
}

function Line({ line: { table, line, key, text, sha256, leaf, prev, isLinked, status } }: { line: RawLine }) {
	const go = useNav((nav) => nav.go);
	const trace = traceIdOf(text);
	return (
		<>
			<div className={orderStyles['rawHead']}>
				<strong>
					{table} {key}
				</strong>
				<span className={textStyles['muted']}>line {line}</span>
				{isLinked === null ? null : (
					<VerdictBadge tone={isLinked ? 'neutral' : 'fail'} glyph={isLinked ? '←' : '✕'}>
						{isLinked ? (prev === null ? 'first of its chain' : 'prev fits') : 'prev does not fit'}
					</VerdictBadge>
				)}
				{table === 'order_event' ? <HashBadge status={status} /> : null}
			</div>
			<pre className={orderStyles['raw']}>{text}</pre>
			{trace === null ? null : (
				<button type="button" className={textStyles['link']} onClick={() => go('sync', { tab: 'trace', trace })}>
					Its way from hop to hop
				</button>
			)}
			<FactList
				facts={[
					{ label: 'SHA-256 of the line', value: <Hash value={sha256} /> },
					...(leaf === null ? [] : [{ label: 'Leaf hash, recomputed', value: <Hash value={leaf} /> }]),
					...(isLinked === null ? [] : [{ label: 'Names as predecessor', value: prev === null ? 'none' : <Hash value={prev} /> }]),
				]}
			/>
		</>
	);
}
