/** A fingerprint in 16 groups, as it stands on paper. */
import { groupsOf } from './fingerprintEnds.ts';
import styles from './Sync.module.css';

/** @param hidesEnds the first and last group are to be typed from paper, so that they are not shown */
export function Fingerprint({ fingerprint, hidesEnds = false }: { fingerprint: string; hidesEnds?: boolean }) {
	const groups = groupsOf(fingerprint);
	return (
		<ol className={styles['fingerprint']} aria-label="Fingerprint, 16 groups">
			{groups.map((group, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: groups never move, and two may be equal
				<li key={at}>
					{hidesEnds && (at === 0 || at === groups.length - 1) ? (
						<>
							<span aria-hidden="true">····</span>
							<span className="visuallyHidden">from paper</span>
						</>
					) : (
						group
					)}
				</li>
			))}
		</ol>
	);
}
