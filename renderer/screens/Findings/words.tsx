/** States and sign-offs of findings as glyph, word and colour. */
import { type FindingState, STATE_WORDS } from '#findings';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { SignoffSlot } from '../../vault/findingsApi.ts';

const STATES: Readonly<Record<FindingState, readonly [Tone, string]>> = {
	draft: ['neutral', '○'],
	prepared: ['info', '◐'],
	reviewed: ['info', '◕'],
	issued: ['info', '●'],
	withdrawn: ['neutral', '⊘'],
};

export function StateBadge({ state }: { state: FindingState }) {
	const [tone, glyph] = STATES[state];
	return (
		<VerdictBadge tone={tone} glyph={glyph}>
			{STATE_WORDS[state]}
		</VerdictBadge>
	);
}

export function SignoffBadge({ status }: { status: SignoffSlot['status'] }) {
	switch (status) {
		case 'current':
			return (
				<VerdictBadge tone="info" glyph="✎">
					Signed
				</VerdictBadge>
			);
		case 'changed_since':
			return (
				<VerdictBadge tone="warn" glyph="Δ">
					Changed since
				</VerdictBadge>
			);
		case 'withdrawn':
			return (
				<VerdictBadge tone="neutral" glyph="⊘">
					Withdrawn
				</VerdictBadge>
			);
		default:
			return (
				<VerdictBadge tone="neutral" glyph="–">
					Not signed
				</VerdictBadge>
			);
	}
}
