/** Says that the store was damaged and cut back to its whole part, and what to do about it. */
import { Callout } from '../../components/Callout.tsx';
import styles from './Unlock.module.css';

/** @param keptIn where the damaged part lies */
export function DamagedStore({ keptIn }: { keptIn: string }) {
	return (
		<Callout tone="fail" isAlert>
			<strong>✕ The store on this disk was damaged.</strong> What was stored before the damage is here; what was written after it may be
			missing.
			<ol className={styles['todo']}>
				<li>Open each engagement and look at its last entries in Activity.</li>
				<li>Restore a backup where work is missing.</li>
				<li>Have the disk examined.</li>
			</ol>
			The damaged part is kept in <span className={styles['path']}>{keptIn}</span>
		</Callout>
	);
}
