/** What happened to a dispute and its order, one line each, in time. */
import type { TableName } from '#model';
import type { Population } from '#population';
import { type DossierApproval, type DossierDocument, type DossierHold, type DossierRevenue, nameOf } from './disputeRecords.ts';
import type { DisputeRow } from './disputes.ts';

export interface DossierEntry {
	/** Epoch milliseconds. */
	readonly at: number;
	readonly kind: 'dispute' | 'hold' | 'order' | 'revenue' | 'approval' | 'document';
	readonly title: string;
	readonly who: string | null;
	/** Something that speaks against the handling happened here. */
	readonly isAdverse: boolean;
	readonly table: TableName;
	readonly key: string;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
}

interface Parts {
	readonly holds: readonly DossierHold[];
	readonly revenue: readonly DossierRevenue[];
	readonly approvals: readonly DossierApproval[];
	readonly documents: readonly DossierDocument[];
}

export function timelineOf(population: Population, row: DisputeRow, { holds, revenue, approvals, documents }: Parts): DossierEntry[] {
	const disputes = population.table('dispute');
	const entries: DossierEntry[] = [];
	const add = (entry: Partial<DossierEntry> & Pick<DossierEntry, 'at' | 'kind' | 'title' | 'table' | 'key'>): void => {
		if (!Number.isNaN(entry.at)) entries.push({ who: null, isAdverse: false, amountMinor: null, currency: null, ...entry });
	};
	const own = { kind: 'dispute', table: 'dispute', key: row.disputeId } as const;
	add({
		...own,
		at: row.loggedAt,
		title: `Dispute logged by ${disputes.text('channel', row.row) ?? 'an unknown channel'}`,
		amountMinor: row.amountMinor,
		currency: row.currency,
	});
	add({ ...own, at: disputes.instants('escalated_at')[row.row] as number, title: 'Escalated', isAdverse: row.escalation === 'late' });
	if (row.closedAt !== null) add({ ...own, at: row.closedAt, title: `Closed: ${row.status.replaceAll('_', ' ')}` });
	for (const { holdId, kind, from, to, reason, openedBy, closedBy } of holds) {
		const title = `${kind === 'dispute' ? 'Dispute hold' : 'Hold'} ${holdId}`;
		add({ kind: 'hold', table: 'hold', key: holdId, at: from, title: `${title} opened: ${reason}`, who: openedBy });
		if (to !== null)
			add({
				kind: 'hold',
				table: 'hold',
				key: holdId,
				at: to,
				title: `${title} closed`,
				who: closedBy,
				isAdverse: row.isOpen || to < row.loggedAt + row.ageMs,
			});
	}
	for (const { revenueId, kind, postedAt, period, signedMinor, currency, during, isManual } of revenue)
		add({
			kind: 'revenue',
			table: 'revenue_event',
			key: revenueId,
			at: postedAt,
			title: `${REVENUE_WORDS[kind] ?? kind} in ${period ?? 'no period'}${isManual ? ', by hand' : ''}`,
			isAdverse: during === 'under_dispute' && signedMinor > 0n,
			amountMinor: signedMinor,
			currency,
		});
	for (const { approvalId, approver, subject, at, counts } of approvals)
		add({ kind: 'approval', table: 'approval', key: approvalId, at, title: `Approved: ${subject}`, who: approver, isAdverse: !counts });
	for (const { documentId, kind, fileName, at, state } of documents)
		if (at !== null)
			add({
				kind: 'document',
				table: 'document',
				key: documentId,
				at,
				title: `${kind.replaceAll('_', ' ')} ${fileName ?? ''}`.trim(),
				isAdverse: state !== 'present',
			});
	for (const entry of orderEntries(population, row)) add(entry);
	return entries.sort((a, b) => a.at - b.at);
}

const REVENUE_WORDS: Readonly<Record<string, string>> = { recognise: 'Recognised', reverse: 'Reversed', reinstate: 'Reinstated' };
const EVENTS_SHOWN = 200;

function orderEntries(population: Population, row: DisputeRow): DossierEntry[] {
	if (!population.has('order_event') || row.orderId === null) return [];
	const events = population.table('order_event');
	const code = population.dictionary('order').codeOf(row.orderId);
	return [...population.index('order_event', 'order_id').rowsOf(code).subarray(0, EVENTS_SHOWN)].map((event) => ({
		at: events.instants('occurred_at')[event] as number,
		kind: 'order' as const,
		title: (events.text('type', event) ?? '').replace('.', ': ').replaceAll('_', ' '),
		who: nameOf(population, events.text('actor_id', event)),
		isAdverse: false,
		table: 'order_event' as const,
		key: events.text('event_id', event) ?? '',
		amountMinor: null,
		currency: null,
	}));
}
