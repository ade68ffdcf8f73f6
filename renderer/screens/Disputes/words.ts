/** Words and tones of disputes and holds. */
import type { EscalationState, EvidenceState } from '#explore';
import type { Tone } from '../../components/VerdictBadge.tsx';
import type { DisputesView, DisputeView } from '../../vault/disputesApi.ts';

export const VIEWS: readonly (readonly [DisputeView | null, string])[] = [
	[null, 'All'],
	['open', 'Open'],
	['escalation_due', 'Escalation missed or late'],
	['released_without_evidence', 'Released without evidence'],
	['posted_under_dispute', 'Revenue posted while disputed'],
	['not_held', 'Not held in time'],
	['with_exceptions', 'With exceptions'],
];

/** Without some of the tests, that there is no exception is only what the others say. */
export const noneWord = (notTold: DisputesView['notTold']): string => (notTold.length === 0 ? 'none' : 'none found');

export const ESCALATION: Readonly<Record<EscalationState, { readonly tone: Tone; readonly word: string; readonly glyph?: string }>> = {
	in_time: { tone: 'info', word: 'In time', glyph: '✓' },
	late: { tone: 'warn', word: 'Late' },
	missed: { tone: 'fail', word: 'Missed' },
	not_due: { tone: 'neutral', word: 'Not due yet' },
	not_needed: { tone: 'neutral', word: 'Not needed', glyph: '–' },
};

export const EVIDENCE: Readonly<Record<EvidenceState, { readonly tone: Tone; readonly word: string; readonly glyph?: string }>> = {
	enough: { tone: 'info', word: 'reaches the threshold', glyph: '≥' },
	short: { tone: 'fail', word: 'below the threshold', glyph: '<' },
	not_scored: { tone: 'warn', word: 'not scored' },
	no_threshold: { tone: 'neutral', word: 'no threshold', glyph: '–' },
};

const STATUS: Readonly<Record<string, string>> = {
	open: 'Open',
	resolved_customer: 'Resolved for the customer',
	resolved_company: 'Resolved for the company',
};

export const statusWord = (status: string): string => STATUS[status] ?? status.replaceAll('_', ' ');

/** For columns, where the head says what it is about. */
export const SHORT_STATUS: Readonly<Record<string, string>> = {
	open: 'Open',
	resolved_customer: 'for customer',
	resolved_company: 'for company',
};
