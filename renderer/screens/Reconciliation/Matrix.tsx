/** The four places where a chain can stop, each with its reasons, counts and amounts. Every mark opens its lines. */

import type { MatrixCell, StageSummary, Sum } from '#explore';
import { RECONCILE_CLASSES } from '#explore';
import { formatCount, formatMinor } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import type { ReconciliationView } from '../../vault/reconciliationApi.ts';
import styles from './Reconciliation.module.css';
import { useReconciliation } from './state.ts';
import { CLASSES, lackWords } from './words.ts';

export function Matrix({ view }: { view: ReconciliationView }) {
	return (
		<section className={styles['matrix']} aria-label="Where chains stop">
			{view.stages.map((stage) => (
				<Stage key={stage.stage} stage={stage} cells={view.matrix.filter((cell) => cell.stage === stage.stage)} />
			))}
		</section>
	);
}

const ORDER = ['unmatched', 'conflicting', 'not_compared', 'open', 'within_tolerance', 'matched'];

function Stage({ stage, cells }: { stage: StageSummary; cells: readonly MatrixCell[] }) {
	const { filter, set } = useReconciliation();
	const all = Object.values(stage.counts).reduce((sum, count) => sum + count, 0);
	const words = RECONCILE_CLASSES.map((one) => `${formatCount(stage.counts[one])} ${CLASSES[one].word.toLowerCase()}`).join(', ');
	const sorted = cells.toSorted((a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class) || b.count - a.count);
	return (
		<div className={styles['stage']}>
			<h2 data-line="">{stage.title}</h2>
			{stage.missing.length > 0 ? (
				<p className={textStyles['muted']} data-line="">
					Not compared: {lackWords(stage.missing)}.
				</p>
			) : (
				<div className={styles['bar']} role="img" data-line="" aria-label={`${stage.title}: ${words}`}>
					{RECONCILE_CLASSES.map((one) =>
						stage.counts[one] === 0 ? null : (
							<span
								key={one}
								data-class={one}
								style={{ flexGrow: Math.max(stage.counts[one], all / 100), minWidth: 3 }}
								title={`${CLASSES[one].word}: ${formatCount(stage.counts[one])}`}
							/>
						),
					)}
				</div>
			)}
			<ul>
				{sorted.map((cell) => (
					<li key={cell.reason} data-line="">
						<button
							type="button"
							aria-pressed={filter.stage === cell.stage && filter.reason === cell.reason}
							onClick={() => set({ filter: { stage: cell.stage, reason: cell.reason }, item: null })}
						>
							<span className={styles['glyph']} data-class={cell.class} title={CLASSES[cell.class].word}>
								<span aria-hidden="true">{CLASSES[cell.class].glyph}</span>
								<span className="visuallyHidden">{CLASSES[cell.class].word}</span>
							</span>
							<span className={styles['reason']}>{cell.title}</span>
							<span className={styles['count']}>{formatCount(cell.count)}</span>
							{cell.sums.length === 0 || cell.class === 'matched' ? null : <span className={styles['sums']}>{sumsText(cell.sums)}</span>}
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}

/** Amounts per currency, never added up over them. */
export const sumsText = (sums: readonly Sum[]): string => {
	// Nothing at issue says nothing here: a shipment of no order has neither amount nor currency.
	const known = sums.filter(({ minor }) => minor !== 0n);
	const shown = known.slice(0, 3).map(({ currency, minor }) => `${formatMinor(minor, currency)} ${currency || '(no currency)'}`);
	return known.length > 3 ? `${shown.join(' · ')} · …` : shown.join(' · ');
};
