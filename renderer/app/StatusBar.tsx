/** The status bar: totals of the selection, running jobs, and the four facts that stand for a green tick that does not exist. */
import { Money } from '../components/Values.tsx';
import { useChanges } from '../state/changes.ts';
import { useNav } from '../state/nav.ts';
import { usePrefs } from '../state/prefs.ts';
import { useStatus } from '../state/status.ts';
import { formatCount, formatInstantLocal, plural } from './format.ts';
import styles from './Shell.module.css';
import { type Summary, useSummary } from './useSummary.ts';

export function StatusBar({ onJobs }: { onJobs: () => void }) {
	const totals = useStatus((status) => status.totals);
	const zoomPercent = usePrefs((prefs) => prefs.zoomPercent);
	const summary = useSummary();
	return (
		<footer className={styles['statusBar']} data-region>
			<span role="status">
				{totals ? (
					<>
						<strong>{formatCount(totals.count)} selected</strong>
						{totals.of !== undefined && totals.sums.length > 0 ? ` · ${totals.of}` : ''}
						{totals.sums.map(({ currency, minor }) => (
							<span key={currency}>
								{' · Σ '}
								<Money minor={minor} currency={currency} />
							</span>
						))}
						{totals.sums.length > 1 ? ` · ${totals.sums.length} currencies, never added` : ''}
						{totals.without ? ` · ${formatCount(totals.without)} without amount` : ''}
						{totals.note === undefined ? '' : ` · ${totals.note}`}
					</>
				) : (
					'Nothing selected'
				)}
			</span>
			<span className={styles['grow']} />
			<Jobs onJobs={onJobs} />
			{summary?.evidence ? (
				<>
					<span>
						data as of <strong>{formatInstantLocal(summary.evidence.asOf)}</strong>
					</span>
					<Rows evidence={summary.evidence} />
					<span>
						integrity <strong>{summary.evidence.integrity}</strong>
					</span>
					<span>
						signed <strong>{summary.signed}</strong>
					</span>
				</>
			) : (
				<span>no evidence yet</span>
			)}
			{zoomPercent === 100 ? null : <span>{zoomPercent} %</span>}
		</footer>
	);
}

/** What loaded of what was declared, and the way to the lines that did not. */
function Rows({ evidence: { rows, declaredRows, quarantined } }: { evidence: NonNullable<Summary['evidence']> }) {
	const go = useNav((nav) => nav.go);
	return (
		<>
			<span>
				rows <strong>{formatCount(rows)}</strong> of {formatCount(declaredRows)} declared
			</span>
			{quarantined === 0 ? null : (
				<button type="button" className={styles['jobButton']} onClick={() => go('data', { tab: 'quarantine' })}>
					▲ {plural(quarantined, 'line')} set aside
				</button>
			)}
		</>
	);
}

function Jobs({ onJobs }: { onJobs: () => void }) {
	const jobs = useChanges((changes) => changes.jobs);
	const running = jobs.filter((job) => job.outcome === 'running');
	const [first] = running;
	if (!first)
		return (
			<button type="button" className={styles['jobButton']} onClick={onJobs}>
				No jobs
			</button>
		);
	const share = first.total > 0 ? ` ${Math.floor((100 * first.done) / first.total)} %` : '';
	return (
		<button type="button" className={styles['jobButton']} onClick={onJobs}>
			{first.label}
			{share}
			<progress aria-label={first.label} {...(first.total > 0 ? { value: first.done, max: first.total } : {})} />
			{running.length > 1 ? `+${running.length - 1}` : ''}
		</button>
	);
}
