/** Verdicts and severities as glyph, word and colour. */
import { type TriageVerdict, VERDICT_WORDS } from '#findings';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';

const TRIAGE: Readonly<Record<TriageVerdict, readonly [Tone, string]>> = {
	new: ['neutral', '○'],
	confirmed: ['fail', '✕'],
	explained: ['info', '≈'],
	duplicate: ['neutral', '⧉'],
	below_trivial: ['neutral', '▽'],
	waiting: ['warn', '⌛'],
};

export function TriageBadge({ verdict }: { verdict: TriageVerdict }) {
	const [tone, glyph] = TRIAGE[verdict];
	return (
		<VerdictBadge tone={tone} glyph={glyph}>
			{VERDICT_WORDS[verdict]}
		</VerdictBadge>
	);
}

const SEVERITIES: Readonly<Record<string, readonly [string, string]>> = {
	critical: ['▲▲', 'Critical'],
	high: ['▲', 'High'],
	medium: ['◆', 'Medium'],
	low: ['▽', 'Low'],
};

export const severityWord = (severity: string): string => SEVERITIES[severity]?.[1] ?? severity;

/** Plain words with a glyph: colour is for verdicts. */
export function SeverityMark({ severity }: { severity: string }) {
	const [glyph, word] = SEVERITIES[severity] ?? ['', severity];
	return (
		<span>
			<span aria-hidden="true">{glyph} </span>
			{word}
		</span>
	);
}
