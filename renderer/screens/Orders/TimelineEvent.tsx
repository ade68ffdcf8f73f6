/** One event of an order's timeline, and the gap before it. */
import type { EventGap } from '#explore';
import type { HashStatus, LedgerEffect, TimelineEvent } from '#pack';
import { formatDuration, plural } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant, Money } from '../../components/Values.tsx';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import orderStyles from './Order.module.css';

const HASH: Readonly<Record<HashStatus, { readonly tone: Tone; readonly word: string; readonly glyph?: string }>> = {
	verified: { tone: 'pass', word: 'Verified' },
	not_verifiable: { tone: 'neutral', word: 'Not verifiable', glyph: '?' },
	link_broken: { tone: 'fail', word: 'Altered' },
	unsealed: { tone: 'neutral', word: 'Not sealed', glyph: '–' },
	withheld: { tone: 'neutral', word: 'Withheld', glyph: '▨' },
};

export function HashBadge({ status }: { status: HashStatus }) {
	const { tone, word, glyph } = HASH[status];
	return (
		<VerdictBadge tone={tone} {...(glyph === undefined ? {} : { glyph })}>
			{word}
		</VerdictBadge>
	);
}

/** Events of one moment need no line that says so. */
const SHORTEST_GAP_MS = 1000;

const GLYPHS: Readonly<Record<HashStatus, string>> = { verified: '●', not_verifiable: '○', link_broken: '✕', unsealed: '○', withheld: '▨' };

interface EventProps {
	readonly event: TimelineEvent;
	readonly gap: EventGap | null;
	readonly isLawful: boolean | null;
	readonly isCurrent: boolean;
	readonly at: number;
	readonly reasons: readonly string[];
	readonly onCurrent: () => void;
}

export function Event({ event, gap, isLawful, isCurrent, at, reasons, onCurrent }: EventProps) {
	const go = useNav((nav) => nav.go);
	return (
		<li
			className={orderStyles['event']}
			data-status={event.hashStatus}
			data-current={isCurrent}
			data-event={at}
			aria-current={isCurrent ? 'step' : undefined}
		>
			{gap && (gap.isBackwards || (gap.elapsedMs ?? 0) >= SHORTEST_GAP_MS) ? <Gap gap={gap} /> : null}
			<div className={orderStyles['eventRow']}>
				<span className={orderStyles['eventGlyph']} aria-hidden>
					{GLYPHS[event.hashStatus]}
				</span>
				<button type="button" className={orderStyles['eventTitle']} onClick={onCurrent} tabIndex={isCurrent ? 0 : -1}>
					<strong>{event.type}</strong>
					<States event={event} isLawful={isLawful} />
				</button>
				<span className={orderStyles['eventTime']}>
					<Instant at={event.occurredAt} />
				</span>
				<span>
					{event.actorName ?? event.actorId} <span className={textStyles['muted']}>({event.actorRole})</span>
				</span>
				<span className={textStyles['muted']}>
					{event.sourceSystem}
					{event.sourceSeq === null ? '' : ` #${event.sourceSeq}`}
				</span>
				<span className={orderStyles['eventHash']}>
					<span className={textStyles['muted']}>#{event.orderSeq}</span> {event.leafHash ? <Hash value={event.leafHash} /> : null}
					<HashBadge status={event.hashStatus} />
					<button
						type="button"
						className={textStyles['link']}
						onClick={() => go('integrity', { table: 'order_event', key: event.eventId })}
						aria-label={`Proof of event ${event.orderSeq}, ${event.type}`}
						tabIndex={isCurrent ? 0 : -1}
					>
						Proof
					</button>
				</span>
			</div>
			<Details event={event} reasons={reasons} />
		</li>
	);
}

function States({ event: { fromState, toState }, isLawful }: { event: TimelineEvent; isLawful: boolean | null }) {
	if (toState === null) return null;
	return (
		<span className={orderStyles['states']} data-lawful={isLawful ?? 'unknown'}>
			{fromState === null ? '' : `${fromState} → `}
			{toState}
			{isLawful === false ? <span className={textStyles['adverse']}> ✕ not allowed then</span> : null}
		</span>
	);
}

function Gap({ gap: { elapsedMs, businessMs, isBackwards } }: { gap: EventGap }) {
	return (
		<div className={orderStyles['gap']}>
			{formatDuration(elapsedMs ?? 0)}
			{businessMs === null || businessMs === elapsedMs ? '' : ` · ${formatDuration(businessMs)} of business hours`}
			{isBackwards ? <span className={textStyles['warn']}> ▲ happened before the event above, by its own time</span> : null}
		</div>
	);
}

/** What hangs on an event: when it was stored, quantity, reason, correction, documents, ledger, the tests that cite it. */
function Details({ event, reasons }: { event: TimelineEvent; reasons: readonly string[] }) {
	const go = useNav((nav) => nav.go);
	const lag = Date.parse(event.recordedAt) - Date.parse(event.occurredAt);
	const facts = [
		Number.isNaN(lag) ? null : lag < 0 ? `▲ stored ${formatDuration(-lag)} before it happened` : `stored ${formatDuration(lag)} later`,
		event.lineId === null ? null : `line ${event.lineId}`,
		event.quantity === null ? null : `quantity ${event.quantity}`,
		event.reasonCode === null ? null : `reason ${event.reasonCode}`,
		event.correctsEventId === null ? null : `corrects ${event.correctsEventId}`,
	].filter((fact) => fact !== null);
	return (
		<div className={orderStyles['details']}>
			<span className={textStyles['muted']}>{facts.join(' · ')}</span>
			{event.documents.map(({ documentId, fileName, kind, status }) => (
				<span key={documentId}>
					▤ {fileName || documentId} <span className={textStyles['muted']}>({kind})</span>
					{status === 'present' ? '' : <span className={textStyles['adverse']}> ✕ {status}</span>}
				</span>
			))}
			{event.ledger.map((effect) => (
				<Effect key={`${effect.kind}/${effect.id}`} effect={effect} />
			))}
			{event.citedBy.map((test, i) => (
				<button
					key={test}
					type="button"
					className={orderStyles['cited']}
					title={reasons.filter((reason) => reason.startsWith(test)).join('\n')}
					onClick={() => go('exceptions', { test })}
				>
					✕ {test}
					{i === event.citedBy.length - 1 && event.citedBy.length > 1 ? ` · ${plural(event.citedBy.length, 'test')} cite this event` : ''}
				</button>
			))}
		</div>
	);
}

function Effect({ effect }: { effect: LedgerEffect }) {
	if (effect.kind === 'revenue')
		return (
			<span>
				◈ revenue {effect.action} {effect.id}: <Money minor={BigInt(effect.amountMinor)} currency={effect.currency} />{' '}
				<span className={textStyles['muted']}>period {effect.period}</span>
			</span>
		);
	const isDebit = BigInt(effect.debitMinor) !== 0n;
	return (
		<span>
			◇ journal {effect.id}: account {effect.account} {isDebit ? 'Dr' : 'Cr'}{' '}
			<Money minor={BigInt(isDebit ? effect.debitMinor : effect.creditMinor)} currency={effect.currency} />
		</span>
	);
}
