/** Words and tones of the integrity screen. */
import type { IntegrityVerdict } from '#audit';
import type { AttackFamily, AttackOutcome, CheckState, ProofVerdict } from '#explore';
import type { Tone } from '../../components/VerdictBadge.tsx';

export const VERDICTS: Readonly<Record<IntegrityVerdict, { readonly tone: Tone; readonly word: string; readonly glyph?: string }>> = {
	verified: { tone: 'pass', word: 'Verified' },
	altered: { tone: 'fail', word: 'Altered' },
	truncated: { tone: 'fail', word: 'Truncated' },
	forked: { tone: 'fail', word: 'Forked' },
	not_verifiable: { tone: 'neutral', word: 'Not verifiable', glyph: '?' },
};

export const STATES: Readonly<Record<CheckState, { readonly tone: Tone; readonly word: string; readonly glyph: string }>> = {
	holds: { tone: 'pass', word: 'Holds', glyph: '✓' },
	fails: { tone: 'fail', word: 'Fails', glyph: '✕' },
	not_told: { tone: 'neutral', word: 'Not told', glyph: '?' },
};

export const OUTCOMES: Readonly<Record<AttackOutcome['outcome'], { readonly tone: Tone; readonly word: string; readonly glyph: string }>> =
	{
		caught: { tone: 'pass', word: 'Caught', glyph: '✓' },
		shown: { tone: 'warn', word: 'Shown, not contradicted', glyph: '▲' },
		not_caught: { tone: 'warn', word: 'Not caught', glyph: '✕' },
		not_run: { tone: 'neutral', word: 'Could not be run', glyph: '–' },
	};

export const PROOFS: Readonly<Record<ProofVerdict, { readonly tone: Tone; readonly word: string }>> = {
	included: { tone: 'pass', word: 'Verified' },
	claimed: { tone: 'neutral', word: 'Not verifiable' },
	unsigned: { tone: 'neutral', word: 'Not verifiable' },
	not_included: { tone: 'fail', word: 'Altered' },
	no_head: { tone: 'neutral', word: 'Not verifiable' },
};

export const FAMILIES: Readonly<Record<AttackFamily, string>> = {
	lines: 'Single lines',
	history: 'The history of a log',
	seals: 'Checkpoints and keys',
	documents: 'Documents',
	declaration: 'Manifest and plain tables',
	beyond: 'Beyond what hashing can show',
};

export const COVERAGE = [
	['verified', 'verified', 'pass'],
	['altered', 'altered', 'fail'],
	['missing', 'missing', 'fail'],
	['outOfOrder', 'out of order', 'warn'],
	['notVerifiable', 'not verifiable', 'neutral'],
] as const;

export const SIGNATURES: Readonly<Record<'trusted' | 'claimed' | 'unknown' | 'invalid', { readonly tone: Tone; readonly word: string }>> = {
	trusted: { tone: 'pass', word: 'trusted key' },
	claimed: { tone: 'neutral', word: 'claimed key' },
	unknown: { tone: 'warn', word: 'unknown key' },
	invalid: { tone: 'fail', word: 'signature fails' },
};
