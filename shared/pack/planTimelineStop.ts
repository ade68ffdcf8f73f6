/** One event of an order's timeline: its states, who and when, how its hash stands, its documents and what it did to the ledger. */
import { fileAnchor, testAnchor } from './planAnchors.ts';
import type { Chip, Run, TimelineStop } from './planBlocks.ts';
import { dayAndClock, documentKind, elapsed, figure, HASH_CHIPS, hashRun, instant, isZero, spaced } from './planFormat.ts';
import type { HashStatus, LedgerEffect, TimelineDocument, TimelineEvent } from './planInput.ts';

const MARKERS: Readonly<Record<HashStatus, TimelineStop['marker']>> = {
	verified: 'solid',
	not_verifiable: 'ring',
	link_broken: 'cross',
	unsealed: 'ring',
	withheld: 'dash',
};

export function timelineStop(event: TimelineEvent, previous: TimelineEvent | null): TimelineStop {
	const [date, time] = dayAndClock(event.occurredAt);
	const status = HASH_CHIPS[event.hashStatus];
	const gap = previous === null ? null : elapsed(previous.occurredAt, event.occurredAt);
	return {
		marker: MARKERS[event.hashStatus],
		tone: status.tone,
		elapsed: gap === null ? null : gap.startsWith('-') ? `${gap.slice(1)} earlier` : `+ ${gap}`,
		date,
		time,
		title: `${event.orderSeq}  ${event.type}`,
		chips: stateChips(event),
		status,
		details: details(event),
		ledger: event.ledger.map(ledgerEntry),
	};
}

/** States are the company's own words: one too long for a chip is printed as a line instead. */
export const fitsChip = (state: string): boolean => state.length <= 28;
const stateChipsFit = ({ fromState, toState }: TimelineEvent): boolean => fitsChip(fromState ?? '') && fitsChip(toState ?? '');

function stateChips(event: TimelineEvent): Chip[] {
	const { fromState, toState } = event;
	if (toState === null || !stateChipsFit(event)) return [];
	const tone = toState === fromState ? 'neutral' : HELD.has(toState) ? 'hold' : 'accent';
	return [...(fromState === null ? [] : [stateChip(fromState, 'neutral')]), stateChip(toState, tone)];
}

function details(event: TimelineEvent): TimelineStop['details'] {
	const lag = elapsed(event.occurredAt, event.recordedAt);
	const about = [
		...(event.lineId === null ? [] : [`line ${event.lineId}`]),
		...(event.quantity === null ? [] : [`quantity ${event.quantity}`]),
		...(event.reasonCode === null ? [] : [`reason ${event.reasonCode}`]),
		...(event.correctsEventId === null ? [] : [`corrects event ${event.correctsEventId}`]),
	].join(' · ');
	const source = `${event.sourceSystem}${event.sourceSeq === null ? '' : ` no. ${event.sourceSeq}`}`;
	const late = lag === null || lag === '0 ms' ? '' : lag.startsWith('-') ? `  (${lag.slice(1)} before it occurred)` : `  (${lag} later)`;
	return [
		...(stateChipsFit(event) ? [] : [{ label: 'State', words: `${event.fromState ?? '—'} → ${event.toState ?? '—'}` }]),
		{
			label: 'Actor',
			words: `${event.actorName === null || event.actorName === event.actorId ? event.actorId : `${event.actorName} (${event.actorId})`} as ${event.actorRole}`,
		},
		{ label: 'Recorded', words: [{ text: instant(event.recordedAt) }, { text: late, tone: 'muted' }, { text: ` by ${source}` }] },
		...(about === '' ? [] : [{ label: 'About', words: about }]),
		...(event.leafHash === null ? [] : [{ label: 'Leaf hash', words: [hashRun(event.leafHash)] }]),
		...event.documents.map((document) => ({ label: 'Document', words: documentWords(document) })),
		...(event.citedBy.length === 0 ? [] : [{ label: 'Cited by', words: testLinks(event.citedBy) }]),
	];
}

export const stateChip = (state: string, tone: Chip['tone']): Chip => ({ tone, glyph: '', label: spaced(state) });

export const HELD = new Set(['on_hold', 'disputed', 'credit_hold']);
export const testLinks = (tests: readonly string[]): Run[] =>
	tests.flatMap((test, i) => [...(i === 0 ? [] : [{ text: ', ' }]), { text: test, link: testAnchor(test) }]);

export function documentWords(document: TimelineDocument): Run[] {
	const { attachment, status } = document;
	const tail = `${document.datedAt === null ? '' : `, dated ${instant(document.datedAt)}`}`;
	const name: Run = attachment === null ? { text: document.fileName } : { text: document.fileName, link: fileAnchor(attachment) };
	const standing: Run[] =
		status === 'present'
			? [{ text: attachment === null ? ' (not attached)' : ' (attached)', tone: 'muted' }]
			: status === 'redacted'
				? [{ text: ' – withheld', tone: 'neutral', bold: true }]
				: [{ text: ` ✕ ${status}`, tone: 'fail', bold: true }];
	return [{ text: `${documentKind(document.kind)} ` }, name, ...standing, { text: tail }];
}

const ACTIONS: Readonly<Record<'recognise' | 'reverse' | 'reinstate', string>> = {
	recognise: 'Revenue recognised',
	reverse: 'Revenue reversed',
	reinstate: 'Revenue reinstated',
};

export function ledgerEntry(effect: LedgerEffect): TimelineStop['ledger'][number] {
	if (effect.kind === 'revenue') {
		const sign = effect.action === 'reverse' && !isZero(effect.amountMinor) ? '−' : '';
		return {
			label: `${ACTIONS[effect.action]} ${effect.id}`,
			detail: `period ${effect.period}, at ${instant(effect.recognisedAt).replace(/ UTC$/, '')}, posted ${instant(effect.postedAt)}`,
			amount: `${sign}${figure(effect.amountMinor, effect.currency)}`,
			currency: effect.currency,
		};
	}
	const isDebit = isZero(effect.creditMinor);
	return {
		label: `Journal ${effect.id}`,
		detail: `${isDebit ? 'Dr' : 'Cr'} ${effect.account}, period ${effect.period}, effective ${effect.effectiveOn}${effect.description === '' ? '' : `, “${effect.description}”`}`,
		amount: `${isDebit ? 'Dr ' : 'Cr '}${figure(isDebit ? effect.debitMinor : effect.creditMinor, effect.currency)}`,
		currency: effect.currency,
	};
}
