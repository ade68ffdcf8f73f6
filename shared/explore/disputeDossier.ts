/** The dossier of one dispute: what happened, what held its revenue and when nothing did, on what evidence it was released, and by whom. */
import type { EvidenceFacts } from '#audit';
import { compareText } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import {
	coverOf,
	type DisputeBook,
	type DisputeException,
	type DisputeRow,
	eventsOf,
	gapsOf,
	holdsOf,
	type Span,
	spanOf,
} from './disputes.ts';

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

export interface DossierHold {
	readonly holdId: string;
	readonly kind: string;
	readonly from: number;
	/** Null while it is in force. */
	readonly to: number | null;
	readonly reason: string;
	readonly openedBy: string | null;
	readonly closedBy: string | null;
	/** The hold of this dispute, and not another one on the same order. */
	readonly isOwn: boolean;
}

export interface DossierGap extends Span {
	/** Recognised or reinstated in it, in minor units of the dispute's currency. */
	readonly postedMinor: bigint;
}

export interface DossierApproval {
	readonly approvalId: string;
	readonly subject: string;
	readonly approver: string;
	readonly requestedBy: string;
	readonly at: number;
	/** Counts as one of the two that a release needs. */
	readonly counts: boolean;
	/** Why it does not; "" where it does. */
	readonly why: string;
}

export interface DossierRevenue {
	readonly revenueId: string;
	readonly kind: string;
	readonly recognisedAt: number;
	readonly postedAt: number;
	readonly period: string | null;
	/** With the sign its kind gives it. */
	readonly signedMinor: bigint;
	readonly currency: string | null;
	readonly isManual: boolean;
	readonly during: 'before' | 'under_dispute' | 'after';
	/** No hold was in force when it was posted, though the dispute was open. */
	readonly isInGap: boolean;
}

export interface DossierDocument {
	readonly documentId: string;
	readonly kind: string;
	readonly fileName: string | null;
	readonly sha256: string;
	readonly at: number | null;
	readonly state: 'present' | 'missing' | 'altered';
}

export interface RevenueEffect {
	readonly currency: string;
	/** Posted while the dispute was open. */
	readonly recognised: bigint;
	readonly reversed: bigint;
	readonly reinstated: bigint;
	/** Net of all events on the line since it was logged. */
	readonly netSince: bigint;
}

export interface DisputeDossier {
	readonly row: DisputeRow;
	readonly facts: {
		readonly channel: string | null;
		readonly rootCause: string | null;
		readonly disputedQuantity: string | null;
		readonly escalatedAt: number | null;
	};
	readonly span: Span;
	readonly timeline: readonly DossierEntry[];
	readonly holds: readonly DossierHold[];
	readonly gaps: readonly DossierGap[];
	readonly approvals: readonly DossierApproval[];
	/** Distinct people whose approval counts; two are needed. */
	readonly approvers: readonly string[];
	/** The dispute's hold was closed or its revenue reinstated: then the approvals matter. */
	readonly wasReleased: boolean;
	readonly revenue: readonly DossierRevenue[];
	readonly effects: readonly RevenueEffect[];
	readonly documents: readonly DossierDocument[];
	readonly exceptions: readonly DisputeException[];
}

/** Null where there is no dispute of that id. */
export function disputeDossier(
	population: Population,
	evidence: EvidenceFacts,
	book: DisputeBook,
	disputeId: string,
): DisputeDossier | null {
	const row = book.rows.find((one) => one.disputeId === disputeId);
	if (!row) return null;
	const disputes = population.table('dispute');
	const span = spanOf(population, row.row);
	const holds = dossierHolds(population, row);
	const covered = coverOf(
		span,
		holdsOf(population, row.row).map(({ span: held }) => held),
	);
	const revenue = dossierRevenue(population, row, span, covered);
	const approvals = dossierApprovals(population, row, holds, revenue);
	const documents = dossierDocuments(population, evidence, row);
	const escalated = disputes.instants('escalated_at')[row.row] as number;
	return {
		row,
		facts: {
			channel: disputes.text('channel', row.row),
			rootCause: disputes.text('root_cause_code', row.row),
			disputedQuantity: disputes.cellText('disputed_quantity', row.row),
			escalatedAt: Number.isNaN(escalated) ? null : escalated,
		},
		span,
		timeline: timelineOf(population, row, { holds, revenue, approvals, documents }),
		holds,
		gaps: gapsOf(span, covered).map((gap) => ({ ...gap, postedMinor: postedIn(revenue, gap) })),
		approvals,
		approvers: [...new Set(approvals.filter(({ counts }) => counts).map(({ approver }) => approver))],
		wasReleased: holds.some(({ isOwn, to }) => isOwn && to !== null) || revenue.some(({ kind }) => kind === 'reinstate'),
		revenue,
		effects: effectsOf(revenue, span),
		documents,
		exceptions: book.exceptions.get(row.row) ?? [],
	};
}

const postedIn = (revenue: readonly DossierRevenue[], { from, to }: Span): bigint =>
	revenue.reduce((sum, one) => (one.signedMinor > 0n && one.postedAt >= from && one.postedAt < to ? sum + one.signedMinor : sum), 0n);

function dossierHolds(population: Population, row: DisputeRow): DossierHold[] {
	return holdsOf(population, row.row).map(({ row: hold, span }) => {
		const holds = population.table('hold');
		const own = holds.text('dispute_id', hold);
		return {
			holdId: holds.text('hold_id', hold) ?? '',
			kind: holds.text('kind', hold) ?? '',
			from: span.from,
			to: span.to === Number.POSITIVE_INFINITY ? null : span.to,
			reason: holds.text('reason_code', hold) ?? '',
			openedBy: nameOf(population, holds.text('opened_by', hold)),
			closedBy: nameOf(population, holds.text('closed_by', hold)),
			isOwn: own === row.disputeId || (own === null && holds.text('kind', hold) === 'dispute'),
		};
	});
}

/** The name of a user, with the id that the data know; the id alone where no user table says more. */
function nameOf(population: Population, id: string | null): string | null {
	if (id === null || !population.has('user_account')) return id;
	const users = population.table('user_account');
	const row = population.index('user_account', 'user_id').rowOf(users.dictionary('user_id').codeOf(id));
	const name = row < 0 ? null : users.text('name', row);
	return name === null ? id : `${name} (${id})`;
}

const SIGN: Readonly<Record<string, bigint>> = { recognise: 1n, reinstate: 1n, reverse: -1n };

function dossierRevenue(population: Population, row: DisputeRow, span: Span, covered: readonly Span[]): DossierRevenue[] {
	return eventsOf(population, row.row)
		.map((event): DossierRevenue => {
			const revenue = population.table('revenue_event');
			const kind = revenue.text('kind', event) ?? '';
			const postedAt = revenue.instants('posted_at')[event] as number;
			const isDuring = postedAt >= span.from && (postedAt < span.to || row.isOpen);
			return {
				revenueId: revenue.text('revenue_id', event) ?? '',
				kind,
				recognisedAt: revenue.instants('recognised_at')[event] as number,
				postedAt,
				period: revenue.text('period', event),
				signedMinor: (SIGN[kind] ?? 0n) * (revenue.minors('amount_minor')[event] as bigint),
				currency: revenue.text('currency', event),
				isManual: revenue.flags('manual')[event] === 1,
				during: isDuring ? 'under_dispute' : postedAt < span.from ? 'before' : 'after',
				isInGap: isDuring && !covered.some(({ from, to }) => postedAt >= from && postedAt < to),
			};
		})
		.sort((a, b) => a.postedAt - b.postedAt);
}

function effectsOf(revenue: readonly DossierRevenue[], { from }: Span): RevenueEffect[] {
	const byCurrency = new Map<string, { recognised: bigint; reversed: bigint; reinstated: bigint; netSince: bigint }>();
	for (const { currency, during, kind, signedMinor, postedAt } of revenue) {
		const effect = byCurrency.get(currency ?? '') ?? { recognised: 0n, reversed: 0n, reinstated: 0n, netSince: 0n };
		byCurrency.set(currency ?? '', effect);
		if (postedAt >= from) effect.netSince += signedMinor;
		if (during !== 'under_dispute') continue;
		if (kind === 'recognise') effect.recognised += signedMinor;
		else if (kind === 'reverse') effect.reversed += -signedMinor;
		else if (kind === 'reinstate') effect.reinstated += signedMinor;
	}
	return [...byCurrency].map(([currency, effect]) => ({ currency, ...effect })).sort((a, b) => compareText(a.currency, b.currency));
}

/** Approvals of the release: of the dispute, of its holds, and of what was reinstated. */
function dossierApprovals(
	population: Population,
	{ disputeId }: DisputeRow,
	holds: readonly DossierHold[],
	revenue: readonly DossierRevenue[],
): DossierApproval[] {
	if (!population.has('approval')) return [];
	const approvals = population.table('approval');
	const subjects = new Set([
		disputeId,
		...holds.filter(({ isOwn }) => isOwn).map(({ holdId }) => holdId),
		...revenue.filter(({ kind }) => kind === 'reinstate').map(({ revenueId }) => revenueId),
	]);
	const rows = [...subjects].flatMap((subject) => [
		...population.index('approval', 'subject_id').rowsOf(approvals.dictionary('subject_id').codeOf(subject)),
	]);
	const requesters = new Set(rows.map((row) => approvals.text('requested_by', row)));
	return [...new Set(rows)]
		.map((row): DossierApproval => {
			const approver = approvals.text('approver_id', row);
			const isRequester = requesters.has(approver);
			return {
				approvalId: approvals.text('approval_id', row) ?? '',
				subject: `${approvals.text('subject_kind', row)} ${approvals.text('subject_id', row)}`,
				approver: nameOf(population, approver) ?? '',
				requestedBy: nameOf(population, approvals.text('requested_by', row)) ?? '',
				at: approvals.instants('approved_at')[row] as number,
				counts: !isRequester && approver !== null,
				why: isRequester ? 'asked for it, so this does not count' : '',
			};
		})
		.sort((a, b) => a.at - b.at);
}

function dossierDocuments(population: Population, evidence: EvidenceFacts, { orderId }: DisputeRow): DossierDocument[] {
	if (!population.has('document') || orderId === null) return [];
	const documents = population.table('document');
	const code = population.dictionary('order').codeOf(orderId);
	const [missing, altered] = [new Set(evidence.documents.missing), new Set(evidence.documents.altered)];
	return [...population.index('document', 'order_id').rowsOf(code)].map((row) => {
		const sha256 = documents.text('sha256', row) ?? '';
		const dated = documents.instants('dated_at')[row] as number;
		return {
			documentId: documents.text('document_id', row) ?? '',
			kind: documents.text('kind', row) ?? '',
			fileName: documents.text('file_name', row),
			sha256,
			at: Number.isNaN(dated) ? null : dated,
			state: missing.has(sha256) ? 'missing' : altered.has(sha256) ? 'altered' : 'present',
		};
	});
}

interface Parts {
	readonly holds: readonly DossierHold[];
	readonly revenue: readonly DossierRevenue[];
	readonly approvals: readonly DossierApproval[];
	readonly documents: readonly DossierDocument[];
}

function timelineOf(population: Population, row: DisputeRow, { holds, revenue, approvals, documents }: Parts): DossierEntry[] {
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
