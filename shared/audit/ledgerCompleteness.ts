/** Is the ledger whole? T42 (deferred revenue roll-forward) and T43 (journals balance, trial balances roll). */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 50;

interface Movement {
	debit: bigint;
	credit: bigint;
	/** Debit − credit of lines whose source document is named: what was billed and released, not merely posted. */
	sourced: bigint;
	/** Lines in another currency than the trial balance: they can't be added to it. */
	foreign: number;
	rows: number[];
}

/** Journal movements of every trial-balance row, by row; and lines no trial balance covers. */
function movementsOf(population: Population): { byBalance: Map<number, Movement>; uncovered: number } {
	return population.derive(deriveMovements);
}

function deriveMovements(population: Population): { byBalance: Map<number, Movement>; uncovered: number } {
	const lines = population.table('journal_line');
	const balances = population.table('trial_balance');
	const ledger = ledgerOf(population);
	const rowsOfAccount = population.pairIndex('trial_balance', 'entity_id', 'account');
	const periodsOfBalance = balances.codes('period');
	const currencyOfBalance = balances.codes('currency');
	const [entities, accounts, periods, currencies] = [
		lines.codes('entity_id'),
		lines.codes('account'),
		lines.codes('period'),
		lines.codes('currency'),
	];
	const [debits, credits] = [lines.minors('debit_minor'), lines.minors('credit_minor')];
	const byBalance = new Map<number, Movement>();
	let uncovered = 0;
	for (let row = 0; row < lines.rows; row++) {
		const candidates = rowsOfAccount.rowsOf(entities[row] as number, accounts[row] as number);
		const balance = candidates.find((candidate) => periodsOfBalance[candidate] === periods[row]);
		if (balance === undefined) {
			uncovered++;
			continue;
		}
		let movement = byBalance.get(balance);
		if (!movement) {
			movement = { debit: 0n, credit: 0n, sourced: 0n, foreign: 0, rows: [] };
			byBalance.set(balance, movement);
		}
		if (currencies[row] !== currencyOfBalance[balance]) movement.foreign++;
		movement.debit += debits[row] as bigint;
		movement.credit += credits[row] as bigint;
		const isDeferred = ledger.isOn(row, 'deferred_revenue');
		const isSourced = isDeferred && ledger.sourceOf(row).kind !== 'nothing';
		if (isSourced) movement.sourced += (debits[row] as bigint) - (credits[row] as bigint);
		else if (isDeferred && movement.rows.length < CITED_ROWS_MAX) movement.rows.push(row);
	}
	return { byBalance, uncovered };
}

const NO_MOVEMENT: Movement = { debit: 0n, credit: 0n, sourced: 0n, foreign: 0, rows: [] };

/** Billed = credits, released = debits, of lines that name a source document; what is merely posted by hand does not roll. */
function deferredRollForward(context: AuditContext): Outcome {
	const { population } = context;
	const balances = population.table('trial_balance');
	const { byBalance } = movementsOf(population);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (const row of deferredBalances(population)) {
		if (!isInDeclaredPeriods(context, row)) continue;
		tested++;
		const movement = byBalance.get(row) ?? NO_MOVEMENT;
		if (movement.foreign > 0) {
			open++;
			continue;
		}
		const opening = balances.minors('opening_minor')[row] as bigint;
		const closing = balances.minors('closing_minor')[row] as bigint;
		const rolled = opening + movement.sourced;
		if (rolled === closing) continue;
		const currency = balances.text('currency', row) ?? '';
		exceptions.push({
			orderId: null,
			keys: keysOf(population, 'trial_balance', row),
			amountMinor: absolute(closing - rolled),
			currency,
			reason: `Deferred revenue account ${balances.text('account', row)} of ${balances.text('entity_id', row)} opens ${balances.text('period', row)} at ${formatMoney(-opening, currency)} and moves by ${formatMoney(-movement.sourced, currency)} billed less released, which makes ${formatMoney(-rolled, currency)}; it closes at ${formatMoney(-closing, currency)}.`,
			rows: [ref('trial_balance', row), ...refs('journal_line', movement.rows)],
		});
	}
	return { tested, exceptions, open, openWhy: `${open} balances with journals in another currency` };
}

function deferredBalances(population: Population): number[] {
	const balances = population.table('trial_balance');
	const accounts = population.table('account');
	const chart = population.pairIndex('account', 'entity_id', 'account');
	const rows: number[] = [];
	for (let row = 0; row < balances.rows; row++) {
		const account = chart.rowOf(balances.codes('entity_id')[row] as number, balances.codes('account')[row] as number);
		if (account >= 0 && accounts.text('class', account) === 'deferred_revenue') rows.push(row);
	}
	return rows;
}

function isInDeclaredPeriods({ population, evidence }: AuditContext, balance: number): boolean {
	const period = population.table('trial_balance').text('period', balance) ?? '';
	return period >= evidence.periodFrom && period <= evidence.periodTo;
}

function ledgerCompleteness(context: AuditContext): Outcome {
	const { population } = context;
	const { uncovered } = movementsOf(population);
	const balances = population.table('trial_balance');
	const unrolled = balancesThatDoNotRoll(context);
	const exceptions = [...unbalancedJournals(population), ...unrolled.exceptions, ...openingsThatDoNotFollow(population)];
	return {
		tested: firstLines(population).length + balances.rows,
		exceptions,
		open: uncovered + unrolled.open,
		openWhy: [
			...(uncovered > 0 ? [`${uncovered} journal lines without a trial balance of their account and period`] : []),
			...(unrolled.open > 0 ? [`${unrolled.open} balances with journals in another currency`] : []),
		].join('; '),
	};
}

/** Debits equal credits in every journal, per currency. */
function unbalancedJournals(population: Population): ExceptionDraft[] {
	const lines = population.table('journal_line');
	const [debits, credits, currencies] = [lines.minors('debit_minor'), lines.minors('credit_minor'), lines.codes('currency')];
	const exceptions: ExceptionDraft[] = [];
	for (const first of firstLines(population)) {
		const rows = linesOfJournal(population, first);
		const nets = new Map<number, bigint>();
		for (const row of rows) {
			const currency = currencies[row] as number;
			nets.set(currency, (nets.get(currency) ?? 0n) + (debits[row] as bigint) - (credits[row] as bigint));
		}
		const off = [...nets].find(([, net]) => net !== 0n);
		if (!off) continue;
		const currency = population.dictionary('cur').text(off[0]);
		exceptions.push({
			orderId: ledgerOf(population).orderOf(first),
			keys: { journal_id: lines.text('journal_id', first) ?? '' },
			amountMinor: absolute(off[1]),
			currency,
			reason: `Journal ${lines.text('journal_id', first)} does not balance: its debits exceed its credits by ${formatMoney(off[1], currency)} over ${rows.length} lines (${inMoney(journalAmount(population, rows), currency)}).`,
			rows: refs('journal_line', rows.subarray(0, CITED_ROWS_MAX)),
		});
	}
	return exceptions;
}

function balancesThatDoNotRoll(context: AuditContext): { exceptions: ExceptionDraft[]; open: number } {
	const { population } = context;
	const balances = population.table('trial_balance');
	const { byBalance } = movementsOf(population);
	const exceptions: ExceptionDraft[] = [];
	let open = 0;
	for (let row = 0; row < balances.rows; row++) {
		if (!isInDeclaredPeriods(context, row)) continue;
		const movement = byBalance.get(row) ?? NO_MOVEMENT;
		if (movement.foreign > 0) {
			open++;
			continue;
		}
		const opening = balances.minors('opening_minor')[row] as bigint;
		const closing = balances.minors('closing_minor')[row] as bigint;
		const declared = opening + (balances.minors('debit_minor')[row] as bigint) - (balances.minors('credit_minor')[row] as bigint);
		const journals = opening + movement.debit - movement.credit;
		if (journals === closing && declared === closing) continue;
		const currency = balances.text('currency', row) ?? '';
		const computed = journals === closing ? declared : journals;
		exceptions.push({
			orderId: null,
			keys: keysOf(population, 'trial_balance', row),
			amountMinor: absolute(closing - computed),
			currency,
			reason: `Account ${balances.text('account', row)} of ${balances.text('entity_id', row)} opens ${balances.text('period', row)} at ${formatMoney(opening, currency)}; with its ${journals === closing ? 'own debits and credits' : 'journals'} that makes ${formatMoney(computed, currency)}, but it closes at ${formatMoney(closing, currency)}.`,
			rows: [ref('trial_balance', row)],
		});
	}
	return { exceptions, open };
}

/**
 * Closing equals the next opening. A revenue account that opens January at nothing was closed to equity: lawful at a year end.
 * Months that are missing between two balances are not bridged: nothing can be said of them.
 */
function openingsThatDoNotFollow(population: Population): ExceptionDraft[] {
	const balances = population.table('trial_balance');
	const pairs = population.pairIndex('trial_balance', 'entity_id', 'account');
	const accounts = population.table('account');
	const chart = population.pairIndex('account', 'entity_id', 'account');
	const exceptions: ExceptionDraft[] = [];
	for (let pair = 0; pair < pairs.size; pair++) {
		const rows = [...pairs.rowsOfPair(pair)].sort((a, b) =>
			(balances.text('period', a) ?? '') < (balances.text('period', b) ?? '') ? -1 : 1,
		);
		for (let i = 1; i < rows.length; i++) {
			const [before, after] = [rows[i - 1] as number, rows[i] as number];
			const [from, to] = [balances.text('period', before) ?? '', balances.text('period', after) ?? ''];
			const closing = balances.minors('closing_minor')[before] as bigint;
			const opening = balances.minors('opening_minor')[after] as bigint;
			if (closing === opening || nextPeriod(from) !== to) continue;
			const account = chart.rowOf(balances.codes('entity_id')[after] as number, balances.codes('account')[after] as number);
			const isRevenue = account >= 0 && accounts.text('class', account) === 'revenue';
			if (isRevenue && to.endsWith('-01') && opening === 0n) continue;
			const currency = balances.text('currency', after) ?? '';
			exceptions.push({
				orderId: null,
				keys: keysOf(population, 'trial_balance', after),
				amountMinor: absolute(closing - opening),
				currency,
				reason: `Account ${balances.text('account', after)} of ${balances.text('entity_id', after)} closes ${from} at ${formatMoney(closing, currency)} but opens ${to} at ${formatMoney(opening, currency)}.`,
				rows: refs('trial_balance', [before, after]),
			});
		}
	}
	return exceptions;
}

function nextPeriod(period: string): string {
	const [year = 0, month = 0] = period.split('-').map(Number);
	return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

const BALANCE_NEED = {
	table: 'trial_balance',
	columns: ['entity_id', 'account', 'period', 'currency', 'opening_minor', 'closing_minor'],
} as const;
const JOURNAL_NEED = {
	table: 'journal_line',
	columns: ['journal_id', 'line_no', 'entity_id', 'account', 'debit_minor', 'credit_minor', 'currency', 'period'],
} as const;
const ACCOUNT_NEED = { table: 'account', columns: ['entity_id', 'account', 'class'] } as const;

export const COMPLETENESS_TESTS: readonly AuditTest[] = [
	{
		id: 'T42',
		version: 1,
		title: 'Deferred revenue roll-forward',
		severity: 'high',
		why: 'Deferred revenue that does not roll forward hides revenue taken early or billed amounts never released.',
		rule: 'Opening + billed − released differs from the closing balance of a deferred revenue account.',
		source: 'ASC 606-10-50-8',
		parameters: [],
		needs: [BALANCE_NEED, JOURNAL_NEED, ACCOUNT_NEED],
		mayRead: ['revenue_event', 'invoice', 'payment'],
		run: deferredRollForward,
	},
	{
		id: 'T43',
		version: 1,
		title: 'Ledger completeness',
		severity: 'critical',
		why: 'Journals that do not balance or do not explain the trial balance mean that the ledger handed over is not the whole ledger.',
		rule: 'A journal does not balance; trial balance opening plus journals differs from closing; or closing differs from the next opening.',
		source: 'AS 1105.10',
		parameters: [],
		needs: [{ ...BALANCE_NEED, columns: [...BALANCE_NEED.columns, 'debit_minor', 'credit_minor'] }, JOURNAL_NEED, ACCOUNT_NEED],
		run: ledgerCompleteness,
	},
];
