/** Were those who acted entitled to? T59 (roles) and T62 (accounts). */
import { absolute } from '#kernel';
import { authorityOf, roleGrantsOf, stateTableOf } from '#orders';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, journalAmount, linesOfJournal } from './ledger.ts';
import { orderOfRow, stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 20;

/**
 * The transition's roles are judged where the state table allowed the pair then (others are T56's); that the role acted in was held is
 * judged for every event. A row that names no role lets anybody. People whom `user_account` does not know are T62's. As many people as
 * lines of `user_role` were set aside may have held just those roles.
 */
function unauthorisedChange({ population }: AuditContext): Outcome {
	const events = population.table('order_event');
	const [states, grants, authority] = [stateTableOf(population), roleGrantsOf(population), authorityOf(population)];
	const [from, to, actors, roles] = [
		events.codes('from_state'),
		events.codes('to_state'),
		events.codes('actor_id'),
		events.codes('actor_role'),
	];
	const occurred = events.instants('occurred_at');
	const isKnown = knownUsers(population);
	const list = new ExceptionList('order_event');
	const accused = new Set<number>();
	let [tested, open] = [0, 0];
	for (let row = 0; row < events.rows; row++) {
		const actor = actors[row] as number;
		const at = occurred[row] as number;
		if (actor < 0 || Number.isNaN(at) || isKnown?.[actor] === 0) continue;
		if (isKnown === null && grants.rolesOf(actor).length === 0) {
			open++;
			continue;
		}
		tested++;
		const [left, reached, role] = [from[row] as number, to[row] as number, roles[row] as number];
		const pair = left === reached ? -1 : states.pair(left, reached);
		const mayNot = states.allows(pair, at) && !authority.may(actor, pair, at);
		const notHeld = role >= 0 && !grants.holds(actor, role, at);
		if (!mayNot && !notHeld) continue;
		accused.add(actor);
		list.add(() => unauthorised(population, row, mayNot ? pair : -1, notHeld));
	}
	const mayLackRoles = accused.size <= population.table('user_role').quarantine.length;
	return {
		tested,
		exceptions: mayLackRoles ? [] : list.all(),
		open: open + (mayLackRoles ? accused.size : 0),
		openWhy: [
			...(open > 0 ? [`${open} events by people of whom neither account nor role was supplied`] : []),
			...(accused.size > 0 && mayLackRoles ? [`${accused.size} people whose roles may be lines set aside`] : []),
		].join('; '),
	};
}

/** @param pair the transition that the actor may not do, or -1 */
function unauthorised(population: Population, row: number, pair: number, notHeld: boolean): ExceptionDraft {
	const events = population.table('order_event');
	const actor = events.codes('actor_id')[row] as number;
	const faults = [
		...(notHeld ? [`as ${events.text('actor_role', row)}, a role not held then`] : []),
		...(pair < 0
			? []
			: [
					`although none of the roles held then may take an order from ${events.text('from_state', row)} to ${events.text('to_state', row)} (allowed: ${allowedRoles(population, pair)})`,
				]),
	];
	return {
		...stakeOf(population, events.codes('order_id')[row] as number),
		keys: keysOf(population, 'order_event', row),
		reason: `${events.text('actor_id', row)} did ${events.text('type', row)} on order ${events.text('order_id', row)} on ${inTime(events.instants('occurred_at')[row] as number)} (event ${events.text('event_id', row)}) ${faults.join(', and ')}.`,
		rows: [
			ref('order_event', row),
			...refs('user_role', population.index('user_role', 'user_id').rowsOf(actor).subarray(0, CITED_ROWS_MAX)),
			...(pair < 0 ? [] : refs('state_transition', stateTableOf(population).rowsOf(pair).subarray(0, CITED_ROWS_MAX))),
		],
	};
}

const allowedRoles = (population: Population, pair: number): string =>
	[
		...new Set(
			[...stateTableOf(population).rowsOf(pair).subarray(0, 10)].map((row) => population.table('state_transition').text('roles', row)),
		),
	].join('; ');

/** 1 by user code for accounts that were supplied; null if the table was not. */
function knownUsers(population: Population): Uint8Array | null {
	if (!population.has('user_account')) return null;
	const known = new Uint8Array(population.dictionary('user').size);
	for (const user of population.table('user_account').codes('user_id')) known[user] = 1;
	return known;
}

/** Who was active when, by user code; accounts are unique by key, so two doubles a user say it. */
class Accounts {
	readonly #from: Float64Array;
	readonly #to: Float64Array;
	readonly #row: Int32Array;
	readonly #population: Population;
	readonly #mayBeAside: boolean;
	/** Users nobody knows, where lines of the user list were set aside that may be theirs: not judged. */
	readonly unjudged = new Set<number>();

	constructor(population: Population) {
		const users = population.table('user_account');
		const size = population.dictionary('user').size;
		this.#population = population;
		this.#mayBeAside = users.quarantine.length > 0;
		this.#from = new Float64Array(size).fill(Number.NaN);
		this.#to = new Float64Array(size);
		this.#row = new Int32Array(size).fill(-1);
		const [ids, from, to] = [users.codes('user_id'), users.instants('active_from'), users.instants('active_to')];
		for (let row = 0; row < users.rows; row++) {
			const user = ids[row] as number;
			this.#from[user] = from[row] as number;
			this.#to[user] = Number.isNaN(to[row]) ? Number.POSITIVE_INFINITY : (to[row] as number);
			this.#row[user] = row;
		}
	}

	/** Whether nothing speaks against the user at an instant; nobody (-1) and never (NaN) are not judged. */
	isActive(user: number, at: number): boolean {
		if (user < 0 || Number.isNaN(at)) return true;
		if (this.#mayBeAside && (this.#row[user] as number) < 0) {
			this.unjudged.add(user);
			return true;
		}
		return (this.#from[user] as number) <= at && at < (this.#to[user] as number);
	}

	rowOf(user: number): number {
		return this.#row[user] ?? -1;
	}

	/** What is wrong with a user who is not active at an instant. */
	fault(user: number): string {
		const row = this.rowOf(user);
		const name = this.#population.dictionary('user').text(user);
		if (row < 0) return `${name}, whom the user list does not know`;
		const users = this.#population.table('user_account');
		const until = users.instants('active_to')[row] as number;
		return `${name}, whose account was active from ${inTime(users.instants('active_from')[row] as number)}${Number.isNaN(until) ? '' : ` to ${inTime(until)}`}`;
	}
}

/** Who entered or approved counts at issued_at (invoices) and entered_at (journals, one exception a journal). */
function inactiveUser({ population }: AuditContext): Outcome {
	const accounts = new Accounts(population);
	const parts = [inactiveActors, inactiveBillers, inactivePosters].map((part) => part(population, accounts));
	const absent = (['invoice', 'journal_line'] as const).filter(
		(name) => !population.has(name) || !population.table(name).has('entered_by'),
	);
	return {
		tested: parts.reduce((sum, part) => sum + part.tested, 0),
		exceptions: parts.flatMap((part) => part.exceptions),
		open: absent.length + accounts.unjudged.size,
		openWhy: [
			...(absent.length > 0 ? [`not supplied: who entered ${absent.join(' and ')}`] : []),
			...(accounts.unjudged.size > 0 ? [`${accounts.unjudged.size} unknown users may be lines set aside`] : []),
		].join('; '),
	};
}

interface Part {
	readonly tested: number;
	readonly exceptions: readonly ExceptionDraft[];
}

function inactiveActors(population: Population, accounts: Accounts): Part {
	const events = population.table('order_event');
	const [actors, occurred] = [events.codes('actor_id'), events.instants('occurred_at')];
	const list = new ExceptionList('order_event');
	for (let row = 0; row < events.rows; row++) {
		const actor = actors[row] as number;
		if (accounts.isActive(actor, occurred[row] as number)) continue;
		list.add(() => ({
			...stakeOf(population, events.codes('order_id')[row] as number),
			keys: keysOf(population, 'order_event', row),
			reason: `Event ${events.text('event_id', row)} (${events.text('type', row)}) of order ${events.text('order_id', row)}, ${inTime(occurred[row] as number)}, is by ${accounts.fault(actor)}.`,
			rows: [ref('order_event', row), ...refs('user_account', [accounts.rowOf(actor)])],
		}));
	}
	return { tested: events.rows, exceptions: list.all() };
}

function inactiveBillers(population: Population, accounts: Accounts): Part {
	if (!population.has('invoice')) return { tested: 0, exceptions: [] };
	const invoices = population.table('invoice');
	const [enterers, approvers, issued] = [invoices.codes('entered_by'), invoices.codes('approved_by'), invoices.instants('issued_at')];
	const list = new ExceptionList('invoice');
	for (let row = 0; row < invoices.rows; row++) {
		const at = issued[row] as number;
		const [enterer, approver] = [enterers[row] as number, approvers[row] as number];
		if (accounts.isActive(enterer, at) && accounts.isActive(approver, at)) continue;
		list.add(() => ({
			orderId: orderOfRow(population, 'invoice', row),
			keys: keysOf(population, 'invoice', row),
			amountMinor: absolute(invoices.minors('total_minor')[row] as bigint),
			currency: invoices.text('currency', row),
			reason: `${invoices.text('kind', row) === 'credit_memo' ? 'Credit memo' : 'Invoice'} ${invoices.text('invoice_no', row)}, issued on ${inTime(at)}, ${faultsOf(accounts, enterer, approver, at)}.`,
			rows: [ref('invoice', row), ...refs('user_account', [accounts.rowOf(enterer), accounts.rowOf(approver)])],
		}));
	}
	return { tested: invoices.rows, exceptions: list.all() };
}

const faultsOf = (accounts: Accounts, enterer: number, approver: number, at: number): string =>
	[
		...(accounts.isActive(enterer, at) ? [] : [`was entered by ${accounts.fault(enterer)}`]),
		...(accounts.isActive(approver, at) ? [] : [`was approved by ${accounts.fault(approver)}`]),
	].join(', and ');

function inactivePosters(population: Population, accounts: Accounts): Part {
	if (!population.has('journal_line')) return { tested: 0, exceptions: [] };
	const lines = population.table('journal_line');
	const [enterers, approvers, entered] = [lines.codes('entered_by'), lines.codes('approved_by'), lines.instants('entered_at')];
	const list = new ExceptionList('journal_line');
	const reported = new Set<number>();
	for (let row = 0; row < lines.rows; row++) {
		const at = entered[row] as number;
		const [enterer, approver] = [enterers[row] as number, approvers[row] as number];
		if (accounts.isActive(enterer, at) && accounts.isActive(approver, at)) continue;
		const journal = lines.codes('journal_id')[row] as number;
		if (reported.has(journal)) continue;
		reported.add(journal);
		const own = linesOfJournal(population, row);
		list.add(() => ({
			orderId: orderOfRow(population, 'journal_line', row),
			keys: { journal_id: lines.text('journal_id', row) ?? '' },
			amountMinor: journalAmount(population, own),
			currency: lines.text('currency', row),
			reason: `Journal ${lines.text('journal_id', row)}, entered on ${inTime(at)}, ${faultsOf(accounts, enterer, approver, at)}.`,
			rows: [
				...refs('journal_line', own.subarray(0, CITED_ROWS_MAX)),
				...refs('user_account', [accounts.rowOf(enterer), accounts.rowOf(approver)]),
			],
		}));
	}
	return { tested: firstLines(population).length, exceptions: list.all() };
}

export const EVENT_AUTHORITY_TESTS: readonly AuditTest[] = [
	{
		id: 'T59',
		version: 1,
		title: 'Unauthorised status change',
		severity: 'high',
		why: 'A step done by somebody whose role does not allow it was not controlled at all.',
		rule: "None of the actor's roles valid at occurred_at may do the transition, or the role acted in was not held then.",
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at', 'actor_id', 'actor_role'] },
			{ table: 'state_transition', columns: ['from_state', 'to_state', 'valid_from', 'roles'] },
			{ table: 'user_role', columns: ['user_id', 'role', 'valid_from'] },
		],
		mayRead: ['user_account', 'sales_order'],
		run: unauthorisedChange,
	},
	{
		id: 'T62',
		version: 1,
		title: 'Inactive or unknown user',
		severity: 'high',
		why: 'What was done under an account that was closed, not yet open or never existed was done by somebody else.',
		rule: 'The actor of an event, or who entered or approved an invoice or journal, was not active then, or is unknown.',
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'user_account', columns: ['user_id', 'active_from'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at', 'actor_id'] },
		],
		mayRead: ['invoice', 'invoice_line', 'journal_line', 'sales_order'],
		run: inactiveUser,
	},
];
