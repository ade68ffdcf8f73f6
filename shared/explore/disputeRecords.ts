/** What the records say of a dispute: its holds, the revenue posted meanwhile, approvals and documents. */
import type { EvidenceFacts } from '#audit';
import { compareText } from '#kernel';
import type { Population } from '#population';
import { eventsOf, holdsOf, type Span } from './disputeSpans.ts';
import type { DisputeRow } from './disputes.ts';
import { isWhole } from './whole.ts';

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
	/** No hold was in force when it was posted, though the dispute was open; null where it can't be told. */
	readonly isInGap: boolean | null;
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

export const postedIn = (revenue: readonly DossierRevenue[], { from, to }: Span): bigint =>
	revenue.reduce((sum, one) => (one.signedMinor > 0n && one.postedAt >= from && one.postedAt < to ? sum + one.signedMinor : sum), 0n);

export function dossierHolds(population: Population, row: DisputeRow): DossierHold[] {
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
export function nameOf(population: Population, id: string | null): string | null {
	if (id === null || !population.has('user_account')) return id;
	const users = population.table('user_account');
	const row = population.index('user_account', 'user_id').rowOf(users.dictionary('user_id').codeOf(id));
	const name = row < 0 ? null : users.text('name', row);
	return name === null ? id : `${name} (${id})`;
}

const SIGN: Readonly<Record<string, bigint>> = { recognise: 1n, reinstate: 1n, reverse: -1n };

export function dossierRevenue(population: Population, row: DisputeRow, span: Span, covered: readonly Span[]): DossierRevenue[] {
	const isHeld = (at: number): boolean => covered.some(({ from, to }) => at >= from && at < to);
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
				isInGap: !isDuring || isHeld(postedAt) ? false : isWhole(population, 'hold') ? true : null,
			};
		})
		.sort((a, b) => a.postedAt - b.postedAt);
}

export function effectsOf(revenue: readonly DossierRevenue[], { from }: Span): RevenueEffect[] {
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
export function dossierApprovals(
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

export function dossierDocuments(population: Population, evidence: EvidenceFacts, { orderId }: DisputeRow): DossierDocument[] {
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
