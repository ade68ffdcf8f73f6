/** What was signed beside what stands now, word by word. */
import type { SignoffSlot } from '../../vault/findingsApi.ts';
import { type DiffPart, diffWords } from './diffWords.ts';
import styles from './Findings.module.css';

export function DiffView({ changes }: { changes: SignoffSlot['changes'] }) {
	return (
		<div className={styles['diff']}>
			{changes.map(({ field, before, now }) => {
				const parts = diffWords(before, now);
				return (
					<section key={field} aria-label={field}>
						<h3>{field}</h3>
						<div className={styles['diffPair']}>
							<div>
								<p className={styles['muted']}>As signed</p>
								<p className={styles['said']}>{before === '' ? <em>empty</em> : <Side parts={parts} side="before" />}</p>
							</div>
							<div>
								<p className={styles['muted']}>Now</p>
								<p className={styles['said']}>{now === '' ? <em>empty</em> : <Side parts={parts} side="now" />}</p>
							</div>
						</div>
					</section>
				);
			})}
		</div>
	);
}

function Side({ parts, side }: { parts: readonly DiffPart[]; side: 'before' | 'now' }) {
	return parts
		.filter(({ kind }) => kind === 'same' || kind === (side === 'before' ? 'removed' : 'added'))
		.map(({ kind, text }, at) => {
			const key = `${at} ${kind}`;
			if (kind === 'removed') return <del key={key}>{text}</del>;
			return kind === 'added' ? <ins key={key}>{text}</ins> : <span key={key}>{text}</span>;
		});
}
