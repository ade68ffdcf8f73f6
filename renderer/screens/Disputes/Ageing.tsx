/** How old open disputes are: one bar a band, drawn by length and said in numbers. */
import type { AgeBand } from '#explore';
import { formatCount, formatMinor } from '../../app/format.ts';
import styles from './Disputes.module.css';
import { useDisputes } from './state.ts';

export function Ageing({ bands }: { bands: readonly AgeBand[] }) {
	const { filter, set } = useDisputes();
	const most = Math.max(1, ...bands.map(({ count }) => count));
	const all = bands.reduce((sum, { count }) => sum + count, 0);
	if (all === 0) return null;
	return (
		<section className={styles['ageing']} aria-label="Age of open disputes">
			{bands.map(({ label, count, sums }) => (
				<button
					key={label}
					type="button"
					disabled={count === 0}
					title={sums.map(({ currency, minor }) => `${formatMinor(minor, currency)} ${currency}`).join(' · ') || 'no amount'}
					onClick={() => set({ filter: { ...filter, only: 'open' }, sort: 'age', isDescending: true, disputeId: null })}
				>
					<span className={styles['ageBar']}>
						<span style={{ height: `${Math.max(count === 0 ? 0 : 8, Math.round((count * 100) / most))}%` }} />
					</span>
					<strong>{formatCount(count)}</strong>
					<span className={styles['muted']}>{label}</span>
				</button>
			))}
		</section>
	);
}
