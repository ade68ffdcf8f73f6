/** How values spread, as bars that keep the orders in them; beside a list there is room for a few wide ones only. */
import type { HistogramBin } from '#explore';
import { formatCount } from '../../app/format.ts';
import facetsStyles from './Facets.module.css';

const NARROW_BINS = 7;

/** Neighbours put together, so that each bar is wide enough to be hit. */
export function coarser(bins: readonly HistogramBin[]): HistogramBin[] {
	const size = Math.ceil(bins.length / NARROW_BINS);
	const merged: HistogramBin[] = [];
	for (let at = 0; at < bins.length; at += size) {
		const group = bins.slice(at, at + size);
		const [first, last] = [group[0], group.at(-1)];
		if (first && last) merged.push({ from: first.from, to: last.to, count: group.reduce((sum, { count }) => sum + count, 0) });
	}
	return merged;
}

interface HistogramProps {
	readonly bins: readonly HistogramBin[];
	readonly nameOf: (bin: HistogramBin) => string;
	readonly onPick: (bin: HistogramBin) => void;
}

/** Bars of equal width; each keeps the rows in it. */
export function Histogram({ bins, nameOf, onPick }: HistogramProps) {
	const most = Math.max(1, ...bins.map(({ count }) => count));
	return (
		<div className={facetsStyles['histogram']}>
			{bins.map((bin) => (
				<button
					key={bin.from}
					type="button"
					title={`${nameOf(bin)}: ${formatCount(bin.count)}`}
					aria-label={`${nameOf(bin)}: ${formatCount(bin.count)} orders`}
					disabled={bin.count === 0}
					onClick={() => onPick(bin)}
				>
					<span style={{ height: `${bin.count === 0 ? 0 : Math.max(4, (100 * bin.count) / most)}%` }} />
				</button>
			))}
		</div>
	);
}
