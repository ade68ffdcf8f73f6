/** One sealed table's lines by what is known of them: a bar, and the numbers that add up to what was expected. */

import type { SealedTableView } from '#explore';
import { formatCount } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import styles from './Integrity.module.css';
import { COVERAGE, VERDICTS } from './words.ts';

export function Coverage({ table: { table, rows, declared, verdict, coverage, sealed } }: { table: SealedTableView }) {
	const { expected, unplaced } = coverage;
	const sum = COVERAGE.reduce((total, [name]) => total + coverage[name], 0);
	const shown = VERDICTS[verdict];
	const words = COVERAGE.map(([name, word]) => `${formatCount(coverage[name])} ${word}`).join(', ');
	return (
		<div className={styles['coverage']}>
			<div className={styles['coverageHead']}>
				<h3>{table}</h3>
				<VerdictBadge tone={shown.tone} {...(shown.glyph === undefined ? {} : { glyph: shown.glyph })}>
					{shown.word}
				</VerdictBadge>
				<span className={textStyles['muted']}>
					{formatCount(rows)} lines there · {declared === null ? 'not declared' : `${formatCount(declared)} declared`} ·{' '}
					{formatCount(sealed)} under a trusted checkpoint
				</span>
			</div>
			<div className={styles['bar']} role="img" aria-label={`${table}: of ${formatCount(expected)} expected lines ${words}`}>
				{COVERAGE.map(([name, , tone]) =>
					coverage[name] === 0 ? null : (
						<span key={name} data-part={tone} style={{ flexGrow: coverage[name], minWidth: 4 }} aria-hidden="true" />
					),
				)}
			</div>
			<dl className={styles['parts']}>
				{COVERAGE.map(([name, word, tone]) => (
					<div key={name} data-part={coverage[name] === 0 ? 'none' : tone}>
						<dt>{word}</dt>
						<dd>{formatCount(coverage[name])}</dd>
					</div>
				))}
				<div>
					<dt>expected</dt>
					<dd>
						{formatCount(expected)} <span className={textStyles['muted']}>{sum === expected ? 'Σ agrees' : 'Σ differs'}</span>
					</dd>
				</div>
			</dl>
			{unplaced > 0 ? (
				<p className={textStyles['warn']}>
					▲ {formatCount(unplaced)} proven {unplaced === 1 ? 'change' : 'changes'} can’t be placed on one line; the problems name the
					interval.
				</p>
			) : null}
		</div>
	);
}
