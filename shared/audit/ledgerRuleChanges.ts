/** Was a rule that makes revenue changed under control? T87. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

export const CITED_ROWS_MAX = 30;

/**
 * A rule version nobody deployed by a ticket before posting: each event is an exception. A ticket that is untested, unapproved or
 * deployed by who asked for it: the ticket is, once, with the events that rest on it. As many rule versions without a ticket as tickets
 * were set aside may have had just those.
 */
export function ruleChangeWithoutControl({ population }: AuditContext): Outcome {
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
