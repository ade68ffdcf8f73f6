/** Corrections, overrides and rule changes: T55, T60, T87. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 30;

/**
 * Three kinds of correction have an original: corrected events, reversing journals, reversed revenue. A reversing journal
 * compensates when the accounts of the original net to nothing, or when a source document of its own gives the target
 * (a partial credit memo, say, whose amount T40 and T33 judge); it may never take back more than was posted. As many corrections
 * as lines of their table were set aside may correct, or be completed by, just those lines, and stay open.
 */
function correctionNotCompensating({ population }: AuditContext): Outcome {
	const parts = [
		{ table: 'order_event' as const, ...uncompensatedEvents(population) },
		{ table: 'journal_line' as const, ...uncompensatedJournals(population) },
		{ table: 'revenue_event' as const, ...uncompensatedRevenue(population) },
	];
	const unsure = parts.filter(
		({ table, exceptions }) => exceptions.length > 0 && exceptions.length <= population.table(table).quarantine.length,
	);
	const open = unsure.reduce((sum, { exceptions }) => sum + exceptions.length, 0);
	return {
		tested: parts.reduce((sum, { tested }) => sum + tested, 0),
		exceptions: parts.filter((part) => !unsure.includes(part)).flatMap(({ exceptions }) => exceptions),
		open,
		openWhy: `${open} corrections whose original may be a line set aside`,
	};
}

interface Part {
	readonly tested: number;
	readonly exceptions: readonly ExceptionDraft[];
}

function uncompensatedEvents(population: Population): Part {
	if (!population.has('order_event')) return { tested: 0, exceptions: [] };
	const events = population.table('order_event');
	const corrected = events.dictionary('type').codeOf('order.corrected');
	const byId = population.index('order_event', 'event_id');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		const original = events.codes('corrects_event_id')[row] as number;
		if (original < 0 && (corrected < 0 || events.codes('type')[row] !== corrected)) continue;
		tested++;
		const at = byId.rowOf(original);
		const sameOrder = at >= 0 && events.codes('order_id')[at] === events.codes('order_id')[row];
		if (sameOrder) continue;
		const problem =
			original < 0
				? 'names no event it corrects'
				: at < 0
					? `corrects event ${events.text('corrects_event_id', row)}, which does not exist`
					: `corrects event ${events.text('corrects_event_id', row)}, which belongs to order ${events.text('order_id', at)}`;
		exceptions.push({
			orderId: events.text('order_id', row),
			keys: keysOf(population, 'order_event', row),
			amountMinor: null,
			currency: null,
			reason: `The correction ${events.text('event_id', row)} of ${inTime(events.instants('occurred_at')[row] as number)} by ${events.text('actor_id', row)} ${problem}.`,
			rows: refs('order_event', [row, at]),
		});
	}
	return { tested, exceptions };
}

function uncompensatedJournals(population: Population): Part {
	const lines = population.table('journal_line');
	const byId = population.index('journal_line', 'journal_id');
	const reversals = population.index('journal_line', 'reversal_of_journal_id');
	const ledger = ledgerOf(population);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (const first of firstLines(population)) {
		const original = lines.codes('reversal_of_journal_id')[first] as number;
		if (original < 0) continue;
		tested++;
		const originalLines = byId.rowsOf(original);
		const reversing = reversals.rowsOf(original);
		const problem = reversalProblem(
			population,
			originalLines,
			reversing,
			ledger.sourceOf(first).kind === 'resolved',
			lines.text('reversal_of_journal_id', first) ?? '',
		);
		if (problem === null) continue;
		const own = linesOfJournal(population, first);
		exceptions.push({
			orderId: ledger.orderOf(first),
			keys: { journal_id: lines.text('journal_id', first) ?? '' },
			amountMinor: problem.amount ?? journalAmount(population, own),
			currency: lines.text('currency', first),
			reason: `Journal ${lines.text('journal_id', first)} (${inMoney(journalAmount(population, own), lines.text('currency', first))}) ${problem.phrase}.`,
			rows: refs('journal_line', [...own.subarray(0, CITED_ROWS_MAX), ...originalLines.subarray(0, CITED_ROWS_MAX)]),
		});
	}
	return { tested, exceptions };
}

/** Whether original and reversals net to nothing by account, to something lawful, or to more than was posted. */
function reversalProblem(
	population: Population,
	originalLines: Int32Array,
	reversing: Int32Array,
	hasOwnSource: boolean,
	originalId: string,
): { phrase: string; amount: bigint | null } | null {
	if (originalLines.length === 0) return { phrase: `reverses journal ${originalId}, which does not exist`, amount: null };
	const posted = netByAccount(population, originalLines);
	const left = netByAccount(population, reversing);
	let largest = 0n;
	let account = -1;
	let isOver = false;
	for (const code of new Set([...posted.keys(), ...left.keys()])) {
		const before = posted.get(code) ?? 0n;
		const after = before + (left.get(code) ?? 0n);
		if (after === 0n) continue;
		// Past zero, or away from it: more was taken back than was there. Accounts the original never touched are the reversal's own.
		isOver ||= before !== 0n && (before > 0n !== after > 0n || absolute(after) > absolute(before));
		if (absolute(after) > largest) {
			largest = absolute(after);
			account = code;
		}
	}
	if (account < 0 || (hasOwnSource && !isOver)) return null;
	const currency = population.table('journal_line').text('currency', originalLines[0] as number);
	const left_ = inMoney(largest, currency);
	return {
		phrase: `reverses journal ${originalId} but leaves ${left_} on account ${population.dictionary('account').text(account)}`,
		amount: largest,
	};
}

function netByAccount(population: Population, rows: Int32Array): Map<number, bigint> {
	const lines = population.table('journal_line');
	const nets = new Map<number, bigint>();
	for (const row of rows) {
		const account = lines.codes('account')[row] as number;
		nets.set(
			account,
			(nets.get(account) ?? 0n) + (lines.minors('debit_minor')[row] as bigint) - (lines.minors('credit_minor')[row] as bigint),
		);
	}
	return nets;
}

/** A reversal lacks its original when it names one that is not there, or names none and the line never had revenue before. */
function uncompensatedRevenue(population: Population): Part {
	if (!population.has('revenue_event')) return { tested: 0, exceptions: [] };
	const events = population.table('revenue_event');
	const byId = population.index('revenue_event', 'revenue_id');
	const reverse = events.dictionary('kind').codeOf('reverse');
	const [kinds, originals, posted] = [events.codes('kind'), events.codes('reverses_revenue_id'), events.instants('posted_at')];
	const firstPosted = firstRecognitions(population);
	const list = new ExceptionList('revenue_event');
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		if (kinds[row] !== reverse) continue;
		tested++;
		const original = originals[row] as number;
		if (original < 0 ? firstPosted(row) <= (posted[row] as number) : byId.countOf(original) > 0) continue;
		list.add(() => unfoundedReversal(population, row));
	}
	return { tested, exceptions: list.all() };
}

function unfoundedReversal(population: Population, row: number): ExceptionDraft {
	const events = population.table('revenue_event');
	const [amount, currency, named] = [
		events.minors('amount_minor')[row] as bigint,
		events.text('currency', row),
		events.text('reverses_revenue_id', row),
	];
	return {
		orderId: events.text('order_id', row),
		keys: keysOf(population, 'revenue_event', row),
		amountMinor: absolute(amount),
		currency,
		reason: `Reversal ${events.text('revenue_id', row)} of ${inMoney(amount, currency)} ${named === null ? 'has no earlier recognition on its order line' : `reverses revenue event ${named}, which does not exist`}.`,
		rows: [ref('revenue_event', row)],
	};
}

/** When revenue was first posted on the line of an event, or on its order where the event names no line; infinity if never. */
function firstRecognitions(population: Population): (row: number) => number {
	const events = population.table('revenue_event');
	const [kinds, orders, posted] = [events.codes('kind'), events.codes('order_id'), events.instants('posted_at')];
	const recognise = events.dictionary('kind').codeOf('recognise');
	const { pairOf, size } = population.pairIndex('revenue_event', 'order_id', 'line_id');
	const byLine = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
	const byOrder = new Float64Array(population.dictionary('order').size).fill(Number.POSITIVE_INFINITY);
	for (let row = 0; row < events.rows; row++) {
		if (kinds[row] !== recognise) continue;
		const [order, line, at] = [orders[row] as number, pairOf[row] as number, posted[row] as number];
		if (at < (byOrder[order] as number)) byOrder[order] = at;
		if (line >= 0 && at < (byLine[line] as number)) byLine[line] = at;
	}
	return (row) =>
		((pairOf[row] as number) >= 0 ? byLine[pairOf[row] as number] : byOrder[orders[row] as number]) ?? Number.POSITIVE_INFINITY;
}

/**
 * Approvals of people who asked for the event themselves do not count, nor do those given after it was posted. As many events as approvals
 * were set aside may lack just those.
 */
function overrideWithoutApproval({ population, number }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const [manual, ids, posted] = [events.flags('manual'), events.codes('revenue_id'), events.instants('posted_at')];
	const approvals = approvalsByRevenue(population);
	const needed = number('approvers');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		if (manual[row] !== 1) continue;
		tested++;
		const own = approvals(ids[row] as number);
		const approvers = approversOf(population, own, posted[row] as number);
		if (approvers.inTime < needed) exceptions.push(unapprovedOverride(population, row, own, approvers, needed));
	}
	const aside = population.table('approval').quarantine.length;
	const mayBeAside = exceptions.length <= aside;
	return {
		tested,
		exceptions: mayBeAside ? [] : exceptions,
		open: mayBeAside ? exceptions.length : 0,
		openWhy: `${exceptions.length} overrides whose approvals may be lines set aside`,
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
	return candidates.flatMap((ticket) => {
		const deployedAt = tickets.instants('deployed_at')[ticket] as number;
		const fault = ticketFault(population, ticket);
		if (fault === null || deployedAt > (posted[latest] as number)) return [];
		return [faultyTicket(population, ticket, fault, rows)];
	});
}

function faultyTicket(population: Population, ticket: number, fault: string, rows: readonly number[]): ExceptionDraft {
	const tickets = population.table('change_ticket');
	const events = population.table('revenue_event');
	const [amounts, currencies] = [events.minors('amount_minor'), events.codes('currency')];
	const [first = 0] = rows;
	const isMixed = rows.some((row) => currencies[row] !== currencies[first]);
	return {
		orderId: null,
		keys: keysOf(population, 'change_ticket', ticket),
		amountMinor: isMixed ? null : rows.reduce((sum, row) => sum + absolute(amounts[row] as bigint), 0n),
		currency: isMixed ? null : events.text('currency', first),
		reason: `Ticket ${tickets.text('ticket_id', ticket)} brought rule ${tickets.text('rule_id', ticket)} version ${tickets.cellText('rule_version', ticket)} into use on ${inTime(tickets.instants('deployed_at')[ticket] as number)} ${fault}; ${rows.length} revenue events rest on that version.`,
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

export const CORRECTION_TESTS: readonly AuditTest[] = [
	{
		id: 'T55',
		version: 1,
		title: 'Correction not compensating',
		severity: 'medium',
		source: 'AS 2401.61',
		why: 'A correction that leaves a remainder, or corrects nothing, changes the books without an explanation.',
		rule: 'A correction lacks its original; or original and reversal (and rebooking) do not come to the target.',
		parameters: [],
		mayRead: ['order_event', 'revenue_event', 'invoice', 'invoice_line', 'payment'],
		needs: [
			{ table: 'journal_line', columns: ['journal_id', 'entity_id', 'account', 'debit_minor', 'credit_minor', 'currency'] },
			{ table: 'account', columns: ['entity_id', 'account', 'class'] },
		],
		run: correctionNotCompensating,
	},
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
