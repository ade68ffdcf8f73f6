/** The list as CSV: what is filtered, whole, with what was judged. */

import { plainAmount } from '#explore';
import { describeFilter, type InboxFilter, type InboxSort, VERDICT_WORDS } from '#findings';
import { exportCsv, gatherRows } from '../../app/exportCsv.ts';
import { notify } from '../../app/notify.ts';
import { openVault } from '../../app/vault.ts';

const HEADER = [
	'test',
	'title',
	'severity',
	'order',
	'keys',
	'amount',
	'currency',
	'why',
	'verdict',
	'cause',
	'note',
	'judged by',
	'judged at',
	'exception',
];

export async function exportExceptions(filter: InboxFilter, sort: readonly InboxSort[], listId: string): Promise<void> {
	const vault = openVault();
	const counts = await vault.exceptions.counts(filter, listId);
	if (!counts.ok) return notify({ tone: 'failed', message: counts.error.message });
	const opened = await vault.exceptions.open(filter, sort);
	if (!opened.ok) return notify({ tone: 'failed', message: opened.error.message });
	const rows = await gatherRows(opened.value.count, (from, to) => vault.exceptions.page(opened.value.listId, from, to));
	if (!rows.ok) return notify({ tone: 'failed', message: rows.error.message });
	const saved = await exportCsv(vault, {
		name: 'exceptions',
		what: `Exceptions as CSV: ${describeFilter(filter)}`,
		facts: [
			['what', 'Exceptions of the last run'],
			['condition', describeFilter(filter)],
			['exceptions in all', String(counts.value.of)],
		],
		header: HEADER,
		rows: rows.value.map((row) => [
			row.test,
			row.title,
			row.severity,
			row.orderId ?? '',
			Object.entries(row.keys)
				.map(([name, key]) => `${name}=${key}`)
				.join('; '),
			row.amountMinor === null ? '' : plainAmount(row.amountMinor, row.currency ?? ''),
			row.currency ?? '',
			row.reason,
			VERDICT_WORDS[row.verdict],
			row.judgement?.cause ?? '',
			row.judgement?.note ?? '',
			row.judgedBy,
			row.judgement?.stamp.at ?? '',
			row.key,
		]),
	});
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value) notify({ tone: 'done', message: `${saved.value.name} written and read back` });
}
