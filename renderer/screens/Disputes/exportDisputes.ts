/** Disputes and holds as files: the list as it is narrowed and sorted, and all holds. */
import type { DisputeFilter, DisputeSort } from '#explore';
import type { CsvExport } from '../../app/exportCsv.ts';
import { exportList } from '../../app/exportList.ts';
import { openVault } from '../../app/vault.ts';
import { shownColumns } from '../../components/columnOrder.ts';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { columnsOf, KEEP_AS } from './disputeColumns.tsx';
import { holdColumnsOf, KEEP_HOLDS_AS } from './holdColumns.tsx';
import { VIEWS } from './words.ts';

/** The filter in words. */
export function filterWords({ only, text, age }: DisputeFilter): string {
	const parts = [
		VIEWS.find(([view]) => view === (only ?? null))?.[1] ?? '',
		age ? `open for ${age.fromDays} days or more${age.toDays === null ? '' : `, less than ${age.toDays}`}` : '',
		text ? `text “${text}”` : '',
	];
	return parts.filter((part) => part !== '').join(', ');
}

/** Tests that could not be run: no exception of theirs is no pass. */
const untold = ({ notTold }: DisputesView): CsvExport['facts'] => notTold.map(({ test, why }) => [`${test} could not be run`, why]);

export const exportDisputes = (view: DisputesView, filter: DisputeFilter, sort: DisputeSort, isDescending: boolean): Promise<void> =>
	exportList({
		name: 'disputes',
		what: 'Disputes as CSV',
		facts: [
			['what', 'Disputes'],
			['condition', filterWords(filter)],
			['disputes in all', String(view.of)],
			['as of', view.asOf],
			...untold(view),
		],
		columns: shownColumns(columnsOf(view.notTold), KEEP_AS),
		total: view.count,
		fetchRows: (from, to) => openVault().disputes.rows(filter, sort, isDescending, from, to),
	});

export const exportHolds = (view: DisputesView): Promise<void> =>
	exportList({
		name: 'holds',
		what: 'Holds as CSV',
		facts: [
			['what', 'All holds'],
			['in force', String(view.holds?.inForce ?? 'not told')],
			['lines set aside', String(view.holds?.setAside ?? 'not told')],
			['as of', view.asOf],
			...untold(view),
		],
		columns: shownColumns(holdColumnsOf(view.notTold), KEEP_HOLDS_AS),
		total: view.holds?.count ?? 0,
		fetchRows: (from, to) => openVault().disputes.holds(from, to),
	});
