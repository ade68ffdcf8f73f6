/** Was revenue made by hand, or by a changed rule, under control? T60, T87. */
import type { Population } from '#population';
import { inMoney, inTime, ofRevenueEvent, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { CITED_ROWS_MAX, ruleChangeWithoutControl } from './ledgerRuleChanges.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Approvals of people who asked for the event themselves do not count, nor do those given after it was posted. As many events as approvals
 * were set aside may lack just those.
 */
function overrideWithoutApproval({ population, number }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const [manual, ids, posted] = [events.flags('manual'), events.codes('revenue_id'), events.instants('posted_at')];
	const approvals = approvalsByRevenue(population);
	const needed = number('approvers');
	const list = new ExceptionList('revenue_event');
	let [tested, count] = [0, 0];
	for (let row = 0; row < events.rows; row++) {
		if (manual[row] !== 1) continue;
		tested++;
		const own = approvals(ids[row] as number);
		const approvers = approversOf(population, own, posted[row] as number);
		if (approvers.inTime >= needed) continue;
		count++;
		list.add(() => unapprovedOverride(population, row, own, approvers, needed));
	}
	const aside = population.table('approval').quarantine.length;
	const mayBeAside = count <= aside;
	return {
		tested,
		exceptions: mayBeAside ? [] : list.all(),
		open: mayBeAside ? count : 0,
		openWhy: `${count} overrides whose approvals may be lines set aside`,
	};
}

/** Approvals of a revenue event, by the code of its id. */
function approvalsByRevenue(population: Population): (revenue: number) => Int32Array {
	const approvals = population.table('approval');
	const subjects = population.translation('revenue', 'subject_id');
	const bySubject = population.index('approval', 'subject_id');
	const kinds = approvals.codes('subject_kind');
	const kind = approvals.dictionary('subject_kind').codeOf('revenue_event');
	return (revenue) => bySubject.rowsOf(subjects[revenue] ?? -1).filter((approval) => kinds[approval] === kind);
}

interface Approvers {
	/** Distinct people other than the requesters who approved before posting. */
	readonly inTime: number;
	/** An approval given only after posting, or -1. */
	readonly late: number;
}

function approversOf(population: Population, own: Int32Array, postedAt: number): Approvers {
	const approvals = population.table('approval');
	const [approvers, requesters, approvedAt] = [
		approvals.codes('approver_id'),
		approvals.codes('requested_by'),
		approvals.instants('approved_at'),
	];
	const asked = new Set([...own].map((approval) => requesters[approval]));
	const inTime = new Set<number>();
	let late = -1;
	for (const approval of own) {
		const approver = approvers[approval] as number;
		if (asked.has(approver)) continue;
		if ((approvedAt[approval] as number) > postedAt) late = approval;
		else inTime.add(approver);
	}
	return { inTime: inTime.size, late };
}

function unapprovedOverride(
	population: Population,
	row: number,
	own: Int32Array,
	{ inTime: count, late }: Approvers,
	needed: number,
): ExceptionDraft {
	const events = population.table('revenue_event');
	const approvals = population.table('approval');
	const amount = events.minors('amount_minor')[row] as bigint;
	const currency = events.text('currency', row);
	const phrase =
		late < 0
			? `has ${count} of ${needed} approvers other than the requester`
			: `was approved by ${approvals.text('approver_id', late)} on ${inTime(approvals.instants('approved_at')[late] as number)}, after it was posted`;
	return {
		...ofRevenueEvent(population, row),
		reason: `Manual revenue event ${events.text('revenue_id', row)} of ${inMoney(amount, currency)}, posted on ${inTime(events.instants('posted_at')[row] as number)}, ${phrase}.`,
		rows: [ref('revenue_event', row), ...refs('approval', own.subarray(0, CITED_ROWS_MAX))],
	};
}

export const CONTROL_TESTS: readonly AuditTest[] = [
	{
		id: 'T60',
		version: 1,
		title: 'Override without dual approval',
		severity: 'critical',
		source: 'AS 2401.08',
		why: 'Manual recognition is where management can override the revenue controls.',
		rule: 'A manual revenue event with fewer than {approvers} distinct approvers other than the requester, or approved after it was posted.',
		parameters: [{ name: 'approvers', default: 2, unit: 'people', doc: 'distinct approvers needed' }],
		needs: [
			{ table: 'revenue_event', columns: ['revenue_id', 'order_id', 'posted_at', 'amount_minor', 'currency', 'manual'] },
			{ table: 'approval', columns: ['subject_kind', 'subject_id', 'requested_by', 'approver_id', 'approved_at'] },
		],
		run: overrideWithoutApproval,
	},
	{
		id: 'T87',
		version: 1,
		title: 'Rule change without control',
		severity: 'high',
		source: 'AS 2201.39',
		why: 'A recognition rule changed without test and approval can misstate every order it touches.',
		rule: "A revenue event's (rule_id, rule_version) has no ticket deployed before it; or the ticket is untested, unapproved or self-deployed.",
		parameters: [],
		needs: [
			{ table: 'revenue_event', columns: ['revenue_id', 'order_id', 'posted_at', 'amount_minor', 'currency', 'rule_id', 'rule_version'] },
			{ table: 'change_ticket', columns: ['ticket_id', 'requested_by', 'deployed_by', 'deployed_at', 'tested'] },
		],
		run: ruleChangeWithoutControl,
	},
];
