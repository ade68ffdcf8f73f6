/** A verdict: glyph, word, colour, in that order; the colour alone never says anything. */
import { Pause } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './VerdictBadge.module.css';

export type Tone = 'neutral' | 'info' | 'pass' | 'warn' | 'fail' | 'hold';

/** A hold is drawn: the sign for it stands in few fonts, and where it does it may be a coloured picture. */
export const HoldMark = () => <Pause size={10} strokeWidth={4} aria-hidden="true" />;

const GLYPHS: Readonly<Record<Tone, ReactNode>> = { neutral: '○', info: '◐', pass: '✓', warn: '▲', fail: '✕', hold: <HoldMark /> };

export function VerdictBadge({ tone, glyph, title, children }: { tone: Tone; glyph?: string; title?: string; children?: ReactNode }) {
	return (
		<span className={styles['badge']} data-verdict={tone} title={title}>
			<span className={styles['glyph']} aria-hidden="true">
				{glyph ?? GLYPHS[tone]}
			</span>
			{children}
		</span>
	);
}

const TEST_VERDICTS = {
	pass: { tone: 'pass', word: 'Passed' },
	exception: { tone: 'fail', word: 'Exception' },
	incomplete: { tone: 'warn', word: 'Incomplete' },
	not_testable: { tone: 'neutral', word: 'Not testable' },
	not_run: { tone: 'neutral', word: 'Not run' },
} as const;

/** The verdict of an audit test. */
export function TestVerdict({ verdict, title }: { verdict: keyof typeof TEST_VERDICTS; title?: string }) {
	const { tone, word } = TEST_VERDICTS[verdict];
	return (
		<VerdictBadge tone={tone} {...(title === undefined ? {} : { title })}>
			{word}
		</VerdictBadge>
	);
}
