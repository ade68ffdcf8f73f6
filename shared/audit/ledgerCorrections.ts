/** Corrections, overrides and rule changes: T55, T60, T87. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 30;

/**
 * Three kinds of correction have an original: corrected events, reversing journals, reversed revenue. A reversing journal
 * compensates when the accounts of the original net to nothing, or when a source document of its own gives the target
 * (a partial credit memo, say, whose amount T40 and T33 judge); it may never take back more than was posted.
 */
function correctionNotCompensating({ population }: AuditContext): Outcome {
	const events = uncompensatedEvents(population);
	const journals = uncompensatedJournals(population);
	const revenue = uncompensatedRevenue(population);
	return {
		tested: events.tested + journals.tested + revenue.tested,
		exceptions: [...events.exceptions, ...journals.exceptions, ...revenue.exceptions],
		open: 0,
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
		// Past zero, or on an account the original never touched: more was taken back than was there.
		isOver ||= before === 0n || before > 0n !== after > 0n || absolute(after) > absolute(before);
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
	const byOrder = population.index('revenue_event', 'order_id');
	const reverse = events.dictionary('kind').codeOf('reverse');
	const recognise = events.dictionary('kind').codeOf('recognise');
	const [kinds, orders, lineIds, posted] = [
		events.codes('kind'),
		events.codes('order_id'),
		events.codes('line_id'),
		events.instants('posted_at'),
	];
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		if (kinds[row] !== reverse) continue;
		tested++;
		const original = events.codes('reverses_revenue_id')[row] as number;
		const isKnown = original >= 0 && byId.rowOf(original) >= 0;
		const hasEarlier =
			original < 0 &&
			byOrder
				.rowsOf(orders[row] as number)
				.some(
					(other) =>
						kinds[other] === recognise &&
						(posted[other] as number) <= (posted[row] as number) &&
						(lineIds[other] === lineIds[row] || (lineIds[row] as number) < 0),
				);
		if (isKnown || hasEarlier) continue;
		const currency = events.text('currency', row);
		exceptions.push({
			orderId: events.text('order_id', row),
			keys: keysOf(population, 'revenue_event', row),
			amountMinor: events.minors('amount_minor')[row] as bigint,
			currency,
			reason: `Reversal ${events.text('revenue_id', row)} of ${inMoney(events.minors('amount_minor')[row] as bigint, currency)} ${original < 0 ? 'has no earlier recognition on its order line' : `reverses revenue event ${events.text('reverses_revenue_id', row)}, which does not exist`}.`,
			rows: [ref('revenue_event', row)],
		});
	}
	return { tested, exceptions };
}

/** Only approvals of somebody other than the requester, given before posting, count; two of them are needed. */
function overrideWithoutApproval({ population, number }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const approvals = population.table('approval');
	const subjects = population.translation('revenue', 'subject_id');
	const bySubject = population.index('approval', 'subject_id');
	const kind = approvals.dictionary('subject_kind').codeOf('revenue_event');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		if (events.flags('manual')[row] !== 1) continue;
		tested++;
		const own = bySubject
			.rowsOf(subjects[events.codes('revenue_id')[row] as number] ?? -1)
			.filter((approval) => approvals.codes('subject_kind')[approval] === kind);
		const others = own.filter((approval) => approvals.codes('approver_id')[approval] !== approvals.codes('requested_by')[approval]);
		const postedAt = events.instants('posted_at')[row] as number;
		const late = others.filter((approval) => (approvals.instants('approved_at')[approval] as number) > postedAt);
		const inTimeApprovers = new Set(
			others.filter((approval) => !late.includes(approval)).map((approval) => approvals.codes('approver_id')[approval]),
		);
		if (inTimeApprovers.size >= number('approvers')) continue;
		const amount = events.minors('amount_minor')[row] as bigint;
		const currency = events.text('currency', row);
		const phrase =
			late.length > 0
				? `was approved by ${approvals.text('approver_id', late[0] as number)} on ${inTime(approvals.instants('approved_at')[late[0] as number] as number)}, after it was posted`
				: `has ${inTimeApprovers.size} of ${number('approvers')} approvers other than the requester`;
		exceptions.push({
			orderId: events.text('order_id', row),
			keys: keysOf(population, 'revenue_event', row),
			amountMinor: amount,
			currency,
			reason: `Manual revenue event ${events.text('revenue_id', row)} of ${inMoney(amount, currency)}, posted on ${inTime(postedAt)}, ${phrase}.`,
			rows: [ref('revenue_event', row), ...refs('approval', own.subarray(0, CITED_ROWS_MAX))],
		});
	}
	return { tested, exceptions, open: 0 };
}

interface TicketUse {
	uses: number;
	amount: bigint;
	currency: string | null;
	/** An event that rests on the ticket, to show. */
	readonly first: number;
}

/**
 * A rule version nobody deployed by a ticket before posting: each event is an exception. A ticket that is untested, unapproved or
 * deployed by who asked for it: the ticket is, once, with the events that rest on it counted.
 */
function ruleChangeWithoutControl({ population }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const tickets = population.table('change_ticket');
	const ticketsOf = ticketsByRule(population);
	const uses = new Map<number, TicketUse>();
	const exceptions: ExceptionDraft[] = [];
	for (let row = 0; row < events.rows; row++) {
		const candidates = ticketsOf(events.codes('rule_id')[row] as number, events.integers('rule_version')[row] as number);
		const deployed = candidates.filter(
			(ticket) => (tickets.instants('deployed_at')[ticket] as number) <= (events.instants('posted_at')[row] as number),
		);
		if (deployed.length === 0) {
			exceptions.push(unticketed(population, row, candidates));
			continue;
		}
		for (const ticket of deployed) {
			const use = uses.get(ticket) ?? { uses: 0, amount: 0n, currency: events.text('currency', row), first: row };
			use.uses++;
			use.amount += events.minors('amount_minor')[row] as bigint;
			if (use.currency !== events.text('currency', row)) use.currency = null;
			uses.set(ticket, use);
		}
	}
	for (const [ticket, use] of uses) {
		const fault = ticketFault(population, ticket);
		if (fault === null) continue;
		exceptions.push({
			orderId: null,
			keys: keysOf(population, 'change_ticket', ticket),
			amountMinor: use.currency === null ? null : use.amount,
			currency: use.currency,
			reason: `Ticket ${tickets.text('ticket_id', ticket)} brought rule ${tickets.text('rule_id', ticket)} version ${tickets.cellText('rule_version', ticket)} into use on ${inTime(tickets.instants('deployed_at')[ticket] as number)} ${fault}; ${use.uses} revenue events rest on it.`,
			rows: [ref('change_ticket', ticket), ref('revenue_event', use.first)],
		});
	}
	return { tested: events.rows, exceptions, open: 0 };
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

/** Tickets of a rule version; rule ids of events and tickets are one domain, so codes compare. */
function ticketsByRule(population: Population): (rule: number, version: number) => readonly number[] {
	const tickets = population.table('change_ticket');
	const byKey = new Map<string, number[]>();
	for (let row = 0; row < tickets.rows; row++) {
		const key = `${tickets.codes('rule_id')[row]}/${tickets.integers('rule_version')[row]}`;
		const rows = byKey.get(key);
		if (rows) rows.push(row);
		else byKey.set(key, [row]);
	}
	return (rule, version) => byKey.get(`${rule}/${version}`) ?? [];
}

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
