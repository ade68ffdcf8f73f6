/** Words and tones of the reconciliation screen. */
import type { ReconcileClass } from '#explore';
import type { Tone } from '../../components/VerdictBadge.tsx';

export const CLASSES: Readonly<
	Record<ReconcileClass, { readonly tone: Tone; readonly word: string; readonly glyph: string; readonly about: string }>
> = {
	matched: { tone: 'pass', word: 'Matched', glyph: '✓', about: 'agree on every field compared' },
	within_tolerance: { tone: 'warn', word: 'Within tolerance', glyph: '≈', about: 'differ by no more than the tolerance' },
	open: { tone: 'info', word: 'Open by terms', glyph: '◐', about: 'may differ now, by contract or by days allowed' },
	not_compared: { tone: 'neutral', word: 'Not compared', glyph: '?', about: 'could not be told' },
	unmatched: { tone: 'fail', word: 'Unmatched', glyph: '✕', about: 'one book has nothing for it' },
	conflicting: { tone: 'fail', word: 'Conflicting', glyph: '≠', about: 'both books have it and disagree' },
};

/** "journal_line, account were not supplied": why nothing is said of a book or a pair of books. */
export const lackWords = (tables: readonly string[]): string => `${tables.join(', ')} ${tables.length === 1 ? 'was' : 'were'} not supplied`;

export const BOOKS = ['Orders', 'Shipments', 'Billing', 'Revenue', 'GL'] as const;
