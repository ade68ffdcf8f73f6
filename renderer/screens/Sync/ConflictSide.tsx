/** One of two values that stand against each other: whose it is, when and on which copy it was written, and what it says. */
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import type { ConflictRow } from '../../vault/syncApi.ts';
import { cellText } from './cellText.ts';
import styles from './Sync.module.css';

interface ConflictSideProps {
	/** What its button is called by; null for an earlier value, which is not kept. */
	readonly letter: 'A' | 'B' | null;
	readonly cell: string;
	readonly side: ConflictRow['first'];
}

export function ConflictSide({ letter, cell, side: { value, member, at, ref, isOwn } }: ConflictSideProps) {
	return (
		<div className={styles['side']}>
			<div className={styles['sideHead']}>
				{letter === null ? null : <strong className={styles['letter']}>{letter}</strong>}
				<strong>{member}</strong>
				<span className={`${textStyles['muted']} ${styles['copy']}`}>
					<Instant at={at} /> · <span title={`Copy ${ref.replica}`}>{isOwn ? 'this copy' : `copy ${ref.replica.slice(0, 4)}`}</span>
				</span>
			</div>
			<p className={styles['value']} data-empty={value === null || value === ''}>
				{cellText(cell, value)}
			</p>
		</div>
	);
}
