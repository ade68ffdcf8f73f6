/** The way of one event from hop to hop, drawn on one scale, with the slowest marked. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import type { TraceAnswer } from '#sync';
import { formatInstantExact, formatSpan, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Panel } from '../../components/Frame.tsx';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import { NoHub, OrOffline } from './HubStates.tsx';
import styles from './Sync.module.css';
import { type Hop, waterfallOf } from './waterfall.ts';

const isTraceId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

export function Trace({ isConnected }: { isConnected: boolean }) {
	const { params, set } = useNav();
	const asked = params['trace'] ?? '';
	const [typed, setTyped] = useState(asked);
	useEffect(() => setTyped(asked), [asked]);
	if (!isConnected) return <NoHub what="The hub notes when each event was sent, received, sealed and published." />;
	const id = typed.trim().toLowerCase();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		if (isTraceId(id)) set({ trace: id });
	};
	return (
		<>
			<form className={styles['ask']} onSubmit={submit}>
				<TextInput
					label="Trace id"
					description="32 hexadecimal digits; an order’s events name theirs under Raw"
					spellCheck={false}
					autoComplete="off"
					className={styles['grow'] ?? ''}
					value={typed}
					error={id === '' || isTraceId(id) ? null : 'A trace id has 32 hexadecimal digits.'}
					onChange={({ currentTarget }) => setTyped(currentTarget.value)}
				/>
				<Button type="submit" variant="default" disabled={!isTraceId(id)}>
					Show
				</Button>
			</form>
			{isTraceId(asked) ? (
				<Found id={asked} />
			) : (
				<EmptyState title="No trace asked for">
					Enter a trace id, or open an order’s events under Raw and follow its trace from there.
				</EmptyState>
			)}
		</>
	);
}

function Found({ id }: { id: string }) {
	const query = useQuery((vault) => vault.feed.trace(id), [id]);
	return (
		<OrOffline query={query} title="The hub gave no trace">
			{(trace) => <Hops trace={trace} />}
		</OrOffline>
	);
}

function Hops({ trace }: { trace: TraceAnswer }) {
	const go = useNav((nav) => nav.go);
	const { hops, total, slowest } = waterfallOf(trace.spans);
	const { order_id: order } = trace;
	return (
		<Panel
			title={`${plural(hops.length, 'hop')} in ${formatSpan(total)}`}
			actions={
				order === null ? null : (
					<Button variant="default" onClick={() => go('orders', { order })}>
						Open order {order}
					</Button>
				)
			}
		>
			<p>
				{slowest ? (
					<>
						Slowest: <strong>{slowest.hop}</strong>, {formatSpan(slowest.ms)} of {formatSpan(total)}.
					</>
				) : (
					'No hop took any time that could be measured.'
				)}
			</p>
			<PlainTable head={['Hop', 'Began', numberHead('After'), numberHead('Took'), { title: 'On one scale' }, 'Mark']}>
				{hops.map((hop) => (
					<tr key={hop.spanId}>
						<td>{hop.hop}</td>
						<td title={hop.startedAt}>{formatInstantExact(hop.startedAt)}</td>
						<NumberCell>{formatSpan(hop.offset)}</NumberCell>
						<NumberCell>{formatSpan(hop.ms)}</NumberCell>
						<td className={styles['barCell']}>
							<Bar hop={hop} />
						</td>
						<td>{hop.isSlowest ? <VerdictBadge tone="warn">Slowest</VerdictBadge> : null}</td>
					</tr>
				))}
			</PlainTable>
			<p className={textStyles['note']}>
				Times are by the clocks of the systems that did the hop; hops of two systems may overlap or gape.
			</p>
		</Panel>
	);
}

function Bar({ hop: { from, share, isSlowest } }: { hop: Hop }) {
	return (
		<div className={styles['barTrack']} aria-hidden="true">
			<div className={styles['bar']} data-slowest={isSlowest} style={{ left: `${from * 100}%`, width: `max(2px, ${share * 100}%)` }} />
		</div>
	);
}
