/** The lines of the reconciliation as a file, as they are filtered and sorted. */
import { RECONCILE_REASONS, type ReconcileFilter, type ReconcileSort, STAGE_TITLES } from '#explore';
import { exportList } from '../../app/exportList.ts';
import { openVault } from '../../app/vault.ts';
import { shownColumns } from '../../components/columnOrder.ts';
import type { ReconciliationQueue, ReconciliationView } from '../../vault/reconciliationApi.ts';
import { sumsText } from './Matrix.tsx';
import { columnsOf, KEEP_AS } from './queueColumns.tsx';
import { CLASSES } from './words.ts';

/** The filter in words; without a condition, the queue is that of the breaks. */
export function filterWords({ stage, reason, classes, text }: ReconcileFilter): string {
	const parts = [
		stage ? `stage ${STAGE_TITLES[stage]}` : '',
		reason ? `reason ${RECONCILE_REASONS.find(({ code }) => code === reason)?.title ?? reason}` : '',
		classes ? `class ${classes.map((one) => CLASSES[one].word).join(' or ')}` : reason ? '' : 'all breaks',
		text ? `text “${text}”` : '',
	];
	return parts.filter((part) => part !== '').join(', ');
}

export const exportQueue = (
	view: ReconciliationView,
	queue: ReconciliationQueue,
	filter: ReconcileFilter,
	sort: ReconcileSort,
	isDescending: boolean,
): Promise<void> =>
	exportList({
		name: 'reconciliation',
		what: 'Lines of the reconciliation as CSV',
		facts: [
			['what', 'Lines of the reconciliation'],
			['condition', filterWords(filter)],
			['sums', sumsText(queue.sums) || 'no amount'],
			['as of', view.asOf],
			['tolerance', `${view.toleranceMinor} minor units, ${view.tolerancePercent} %`],
		],
		columns: shownColumns(columnsOf(view.books), KEEP_AS),
		total: queue.count,
		fetchRows: (from, to) => openVault().reconciliation.rows(filter, sort, isDescending, from, to),
	});
