/** How old open disputes are: one bar a band, drawn by length and said in numbers. */

import type { AgeBand, AgeRange, DisputeFilter } from '#explore';
import { formatCount, formatMinor } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import styles from './Disputes.module.css';
import { useDisputes } from './state.ts';

export function Ageing({ bands }: { bands: readonly AgeBand[] }) {
	const { filter, set } = useDisputes();
	const most = Math.max(1, ...bands.map(({ count }) => count));
	const all = bands.reduce((sum, { count }) => sum + count, 0);
	if (all === 0) return null;
	return (
		<section className={styles['ageing']} aria-label="Age of open disputes">
			<span className={styles['ageingTitle']}>Open, by age</span>
			{bands.map(({ label, count, sums, fromDays, toDays }) => (
				<button
					key={label}
					type="button"
					disabled={count === 0}
					aria-pressed={filter.age?.fromDays === fromDays}
					title={sums.map(({ currency, minor }) => `${formatMinor(minor, currency)} ${currency}`).join(' · ') || 'no amount'}
					onClick={() => set({ filter: toggledAge(filter, { fromDays, toDays }), sort: 'age', isDescending: true, disputeId: null })}
				>
					<span className={styles['ageBar']}>
						<span style={{ height: `${Math.max(count === 0 ? 0 : 8, Math.round((count * 100) / most))}%` }} />
					</span>
					<strong>{formatCount(count)}</strong>
					<span className={textStyles['muted']}>{label}</span>
				</button>
			))}
		</section>
	);
}

/** A band narrows the list to its ages; pressed again it lets go. Only open disputes age, so their view goes with it. */
function toggledAge(filter: DisputeFilter, age: AgeRange): DisputeFilter {
	if (filter.age?.fromDays !== age.fromDays) return { ...filter, only: 'open', age };
	const { age: _, ...others } = filter;
	return others;
}
