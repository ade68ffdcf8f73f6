/** What approvals there are of revenue and releases, and whether the company records such at all. */
import type { Population } from '#population';

/** Approvers of one thing other than whoever requested it. */
export function approversOf(population: Population, rows: Iterable<number>): Set<number> {
	const approvals = population.table('approval');
	const approvers = approvals.codes('approver_id');
	const requesters = new Set<number>();
	const found = new Set<number>();
	for (const row of rows) {
		requesters.add(approvals.codes('requested_by')[row] as number);
		if ((approvers[row] as number) >= 0) found.add(approvers[row] as number);
	}
	for (const requester of requesters) found.delete(requester);
	return found;
}

/** Approvals of one subject that are looked at. */
const APPROVALS_MAX = 100;

/** Approvals of a kind by the code of their subject in the domain it is named in. */
function approvalsOf(population: Population, kind: 'revenue_event' | 'hold_release', domain: string, subject: number): number[] {
	if (subject < 0) return [];
	const approvals = population.table('approval');
	const rows = population.index('approval', 'subject_id').rowsOf(population.translation(domain, 'subject_id')[subject] ?? -1);
	if (rows.length === 0) return [];
	const kinds = approvals.codes('subject_kind');
	const wanted = approvals.dictionary('subject_kind').codeOf(kind);
	return Array.from(rows.subarray(0, APPROVALS_MAX)).filter((row) => kinds[row] === wanted && wanted >= 0);
}

/** What this company approves by itself; where it never does, the approvals of the other stand for both. */
export interface ApprovalHabits {
	readonly reinstatements: boolean;
	readonly releases: boolean;
}

export const approvalHabits = (population: Population): ApprovalHabits => population.derive(findHabits);

function findHabits(population: Population): ApprovalHabits {
	const reinstated = reinstatements(population);
	const released = releases(population);
	return {
		reinstatements: reinstated.length === 0 || reinstated.some((event) => ownApprovals(population, event).length > 0),
		releases: released.length === 0 || released.some((hold) => releaseApprovals(population, hold).length > 0),
	};
}

export const reinstatements = (population: Population): readonly number[] => population.derive(findReinstatements);

function findReinstatements(population: Population): readonly number[] {
	const revenue = population.table('revenue_event');
	const code = revenue.dictionary('kind').codeOf('reinstate');
	const kinds = revenue.codes('kind');
	const found: number[] = [];
	for (let row = 0; row < kinds.length; row++) if (code >= 0 && kinds[row] === code) found.push(row);
	return found;
}

/** Dispute holds that were closed. */
export const releases = (population: Population): readonly number[] => population.derive(findReleases);

function findReleases(population: Population): readonly number[] {
	const holds = population.table('hold');
	const closed = holds.instants('closed_at');
	const found: number[] = [];
	for (let row = 0; row < holds.rows; row++)
		if (!Number.isNaN(closed[row] as number) && holds.text('kind', row) === 'dispute') found.push(row);
	return found;
}

export const ownApprovals = (population: Population, event: number): number[] =>
	approvalsOf(population, 'revenue_event', 'revenue', population.table('revenue_event').codes('revenue_id')[event] as number);

/** Approvals of a hold's release, whether they name the hold or its dispute. */
export function releaseApprovals(population: Population, hold: number): number[] {
	const holds = population.table('hold');
	return [
		...approvalsOf(population, 'hold_release', 'hold_id', holds.codes('hold_id')[hold] as number),
		...approvalsOf(population, 'hold_release', 'dispute', holds.codes('dispute_id')[hold] as number),
	];
}
