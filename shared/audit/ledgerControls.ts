/** Was revenue made by hand, or by a changed rule, under control? T60, T87. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 30;

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
		orderId: events.text('order_id', row),
		keys: keysOf(population, 'revenue_event', row),
		amountMinor: absolute(amount),
		currency,
		reason: `Manual revenue event ${events.text('revenue_id', row)} of ${inMoney(amount, currency)}, posted on ${inTime(events.instants('posted_at')[row] as number)}, ${phrase}.`,
		rows: [ref('revenue_event', row), ...refs('approval', own.subarray(0, CITED_ROWS_MAX))],
	};
}

/**
 * A rule version nobody deployed by a ticket before posting: each event is an exception. A ticket that is untested, unapproved or
 * deployed by who asked for it: the ticket is, once, with the events that rest on it. As many rule versions without a ticket as tickets
 * were set aside may have had just those.
 */
function ruleChangeWithoutControl({ population }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const tickets = population.table('change_ticket');
	const [rules, versions, posted] = [events.codes('rule_id'), events.integers('rule_version'), events.instants('posted_at')];
	const ticketsOf = ticketsByRule(population);
	const list = new ExceptionList('revenue_event');
	const unknown = new Set<string>();
	const uses = new Map<readonly number[], number[]>();
	for (let row = 0; row < events.rows; row++) {
		const candidates = ticketsOf(rules[row] as number, versions[row] as number);
		const [first] = candidates;
		if (first !== undefined && (tickets.instants('deployed_at')[first] as number) <= (posted[row] as number)) {
			const known = uses.get(candidates);
			if (known) known.push(row);
			else uses.set(candidates, [row]);
			continue;
		}
		unknown.add(`${rules[row]}/${versions[row]}`);
		list.add(() => unticketed(population, row, candidates));
	}
	const mayBeAside = unknown.size <= tickets.quarantine.length;
	const faulty = [...uses].flatMap(([candidates, rows]) => faultyTickets(population, candidates, rows));
	return {
		tested: events.rows,
		exceptions: [...(mayBeAside ? [] : list.all()), ...faulty],
		open: mayBeAside ? unknown.size : 0,
		openWhy: `${unknown.size} rule versions whose ticket may be a line set aside`,
	};
}

/** @param candidates tickets of one rule version, by deployment · @param rows events that use it */
function faultyTickets(population: Population, candidates: readonly number[], rows: readonly number[]): ExceptionDraft[] {
	const tickets = population.table('change_ticket');
	const posted = population.table('revenue_event').instants('posted_at');
	const latest = rows.reduce((best, row) => ((posted[row] as number) > (posted[best] as number) ? row : best));
	const faulty = candidates.filter(
		(ticket) =>
			ticketFault(population, ticket) !== null && (tickets.instants('deployed_at')[ticket] as number) <= (posted[latest] as number),
	);
	if (faulty.length === 0) return [];
	const use = ruleUse(population, rows);
	return faulty.map((ticket) => faultyTicket(population, ticket, use));
}

interface RuleUse {
	readonly rows: readonly number[];
	/** Null where the events are of several currencies. */
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
}

function ruleUse(population: Population, rows: readonly number[]): RuleUse {
	const events = population.table('revenue_event');
	const [amounts, currencies] = [events.minors('amount_minor'), events.codes('currency')];
	const [first = 0] = rows;
	if (rows.some((row) => currencies[row] !== currencies[first])) return { rows, amountMinor: null, currency: null };
	return {
		rows,
		amountMinor: rows.reduce((sum, row) => sum + absolute(amounts[row] as bigint), 0n),
		currency: events.text('currency', first),
	};
}

function faultyTicket(population: Population, ticket: number, { rows, amountMinor, currency }: RuleUse): ExceptionDraft {
	const tickets = population.table('change_ticket');
	return {
		orderId: null,
		keys: keysOf(population, 'change_ticket', ticket),
		amountMinor,
		currency,
		reason: `Ticket ${tickets.text('ticket_id', ticket)} brought rule ${tickets.text('rule_id', ticket)} version ${tickets.cellText('rule_version', ticket)} into use on ${inTime(tickets.instants('deployed_at')[ticket] as number)} ${ticketFault(population, ticket)}; ${rows.length} revenue events rest on that version.`,
		rows: [ref('change_ticket', ticket), ...refs('revenue_event', rows.slice(0, CITED_ROWS_MAX))],
	};
}

function unticketed(population: Population, row: number, later: readonly number[]): ExceptionDraft {
	const events = population.table('revenue_event');
	const tickets = population.table('change_ticket');
	const amount = events.minors('amount_minor')[row] as bigint;
	const phrase =
		later.length === 0
			? 'no change ticket brought into use'
			: `ticket ${tickets.text('ticket_id', later[0] as number)} brought into use only on ${inTime(tickets.instants('deployed_at')[later[0] as number] as number)}`;
	return {
		orderId: events.text('order_id', row),
		keys: keysOf(population, 'revenue_event', row),
		amountMinor: amount,
		currency: events.text('currency', row),
		reason: `Revenue event ${events.text('revenue_id', row)} of ${inMoney(amount, events.text('currency', row))}, posted on ${inTime(events.instants('posted_at')[row] as number)}, used rule ${events.text('rule_id', row)} version ${events.cellText('rule_version', row)}, which ${phrase}.`,
		rows: [ref('revenue_event', row), ...refs('change_ticket', later.slice(0, CITED_ROWS_MAX))],
	};
}

function ticketFault(population: Population, ticket: number): string | null {
	const tickets = population.table('change_ticket');
	if (tickets.flags('tested')[ticket] !== 1) return 'without a test';
	if ((tickets.codes('approved_by')[ticket] as number) < 0) return 'without an approval';
	const deployer = tickets.codes('deployed_by')[ticket];
	if (deployer === tickets.codes('requested_by')[ticket]) return `deployed by ${tickets.text('deployed_by', ticket)}, who had asked for it`;
	return null;
}

/** Tickets of a rule version, by deployment; rule ids of events and tickets are one domain, so codes compare. */
function ticketsByRule(population: Population): (rule: number, version: number) => readonly number[] {
	const tickets = population.table('change_ticket');
	const [rules, versions, deployed] = [tickets.codes('rule_id'), tickets.integers('rule_version'), tickets.instants('deployed_at')];
	const byRule = new Map<number, Map<number, number[]>>();
	for (let row = 0; row < tickets.rows; row++) {
		const byVersion = byRule.get(rules[row] as number) ?? new Map<number, number[]>();
		byRule.set(rules[row] as number, byVersion);
		const rows = byVersion.get(versions[row] as number);
		if (rows) rows.push(row);
		else byVersion.set(versions[row] as number, [row]);
	}
	for (const byVersion of byRule.values())
		for (const rows of byVersion.values()) rows.sort((a, b) => (deployed[a] as number) - (deployed[b] as number));
	return (rule, version) => byRule.get(rule)?.get(version) ?? NO_TICKETS;
}

const NO_TICKETS: readonly number[] = [];

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
