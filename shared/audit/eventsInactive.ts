/** Did somebody act whose account was closed? T62. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, journalAmount, linesOfJournal } from './ledger.ts';
import { orderOfRow, stakeOf } from './subject.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

export const CITED_ROWS_MAX = 20;

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
export function inactiveUser({ population }: AuditContext): Outcome {
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
