/** What happened to an order, event by event: when, who, from which system, how its bytes stand, and what the ledger made of it. */

import { useEffect, useRef } from 'react';
import { lackingOf, type OrderDossier } from '#explore';
import { formatDuration, plural } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import type { OrderFile } from '../../vault/ordersApi.ts';
import orderStyles from './Order.module.css';
import { Event } from './TimelineEvent.tsx';

interface TimelineProps {
	readonly file: OrderFile;
	/** The event one stands on. */
	readonly current: number;
	readonly onCurrent: (event: number) => void;
}

export function Timeline({ file, current, onCurrent }: TimelineProps) {
	const { timeline, dossier, hashNote, exceptions } = file;
	const list = useRef<HTMLOListElement>(null);
	useEffect(() => {
		list.current?.querySelector<HTMLElement>(`[data-event="${current}"]`)?.scrollIntoView({ block: 'nearest' });
	}, [current]);
	return (
		<>
			<TimelineLack dossier={dossier} />
			{hashNote && timeline.events.length > 0 ? <p className={orderStyles['note']}>{hashNote}</p> : null}
			<ol className={orderStyles['timeline']} ref={list} aria-label={`Events of ${timeline.orderId}`}>
				{timeline.events.map((event, at) => (
					<Event
						key={event.eventId}
						event={event}
						gap={dossier.gaps[at] ?? null}
						isLawful={dossier.lawful[at] ?? null}
						isCurrent={at === current}
						at={at}
						reasons={(exceptions ?? [])
							.filter(({ eventIds }) => eventIds.includes(event.eventId))
							.map(({ test, reason }) => `${test}: ${reason}`)}
						onCurrent={() => onCurrent(at)}
					/>
				))}
			</ol>
			{dossier.stale ? (
				<p className={orderStyles['tail']} data-stale={dossier.stale.isStale}>
					{dossier.stale.isStale ? '▲ ' : '○ '}
					Nothing since, for {formatDuration(dossier.stale.idleMs)} at as-of; the limit is {formatDuration(dossier.stale.limitMs)} (T58).
				</p>
			) : null}
		</>
	);
}

/** An empty or short timeline is no fact where events were not supplied or could not be read. */
function TimelineLack({ dossier }: { dossier: OrderDossier }) {
	const { notSupplied, setAside } = lackingOf(dossier, 'order_event');
	if (notSupplied.length > 0)
		return <p className={textStyles['warn']}>▲ order_event was not supplied: what happened to the order is not known.</p>;
	return setAside.map(({ table, lines }) => (
		<p key={table} className={textStyles['warn']}>
			▲ {plural(lines, 'line')} of {table} set aside: events of this order may be among them.
		</p>
	));
}
