/** Is the ledger whole? T42 (deferred revenue roll-forward) and T43 (journals balance, trial balances roll). */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { sumsOf } from './billingLines.ts';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import { deferredRollForward } from './ledgerDeferred.ts';
import {
	CITED_ROWS_MAX,
	deriveMovements,
	inOtherCurrency,
	judgeBalances,
	mayLackLines,
	missingLines,
	type RolledBalance,
} from './ledgerMovements.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Journals balance, trial balances roll, and each opens as the one before it closed. */
function ledgerCompleteness(context: AuditContext): Outcome {
	const { population } = context;
	const { uncovered } = population.derive(deriveMovements);
	const unrolled = judgeBalances(
		context,
		() => true,
		(balance) => notRolled(population, balance),
	);
	const parts = [
		{ what: 'journals', exceptions: unbalancedJournals(population) },
		{ what: 'balances', exceptions: unrolled.exceptions },
	];
	const unsure = parts.filter(({ exceptions }) => mayLackLines(population, exceptions));
	return {
		tested: firstLines(population).length + population.table('trial_balance').rows,
		exceptions: [
			...parts.filter((part) => !unsure.includes(part)).flatMap(({ exceptions }) => exceptions),
			...openingsThatDoNotFollow(population),
		],
		open: uncovered + unrolled.open + unsure.reduce((sum, { exceptions }) => sum + exceptions.length, 0),
		openWhy: [
			...(uncovered > 0 ? [`${uncovered} journal lines without a trial balance of their account and period`] : []),
			...inOtherCurrency(unrolled.open),
			...unsure.map(({ what, exceptions }) => missingLines(exceptions.length, what)),
		].join('; '),
	};
}

/** Debits equal credits in every journal, per currency. */
function unbalancedJournals(population: Population): ExceptionDraft[] {
	const lines = population.table('journal_line');
	const [journals, currencies] = [lines.codes('journal_id'), lines.codes('currency')];
	const [debits, credits] = [lines.minors('debit_minor'), lines.minors('credit_minor')];
	const size = lines.dictionary('journal_id').size;
	const nets = sumsOf(size, debits, credits);
	const currencyOf = new Int32Array(size).fill(-1);
	const isMixed = new Uint8Array(size);
	for (let row = 0; row < lines.rows; row++) {
		const journal = journals[row] as number;
		nets[journal] = (nets[journal] as bigint) + (debits[row] as bigint) - (credits[row] as bigint);
		if ((currencyOf[journal] as number) < 0) currencyOf[journal] = currencies[row] as number;
		else if (currencyOf[journal] !== currencies[row]) isMixed[journal] = 1;
	}
	const list = new ExceptionList('journal_line');
	for (const first of firstLines(population)) {
		const journal = journals[first] as number;
		if (nets[journal] === 0n && isMixed[journal] === 0) continue;
		const off = imbalance(population, first);
		if (off) list.add(() => unbalanced(population, first, off));
	}
	return list.all();
}

interface Imbalance {
	readonly currency: string;
	/** Debits less credits. */
	readonly net: bigint;
}

/** What a journal is off by in the first of its currencies that does not balance, or null. */
function imbalance(population: Population, first: number): Imbalance | null {
	const lines = population.table('journal_line');
	const [debits, credits, currencies] = [lines.minors('debit_minor'), lines.minors('credit_minor'), lines.codes('currency')];
	const nets = new Map<number, bigint>();
	for (const row of linesOfJournal(population, first)) {
		const currency = currencies[row] as number;
		nets.set(currency, (nets.get(currency) ?? 0n) + (debits[row] as bigint) - (credits[row] as bigint));
	}
	const off = [...nets].find(([, net]) => net !== 0n);
	return off ? { currency: population.dictionary('cur').text(off[0]), net: off[1] } : null;
}

function unbalanced(population: Population, first: number, { currency, net }: Imbalance): ExceptionDraft {
	const lines = population.table('journal_line');
	const rows = linesOfJournal(population, first);
	const problem =
		net > 0n
			? `its debits exceed its credits by ${formatMoney(net, currency)}`
			: `its credits exceed its debits by ${formatMoney(-net, currency)}`;
	return {
		orderId: ledgerOf(population).orderOf(first),
		keys: { journal_id: lines.text('journal_id', first) ?? '' },
		amountMinor: absolute(net),
		currency,
		reason: `Journal ${lines.text('journal_id', first)} does not balance: ${problem} over ${rows.length} lines (${inMoney(journalAmount(population, rows), currency)}).`,
		rows: refs('journal_line', rows.subarray(0, CITED_ROWS_MAX)),
	};
}

function notRolled(population: Population, { row, opening, closing, currency, movement }: RolledBalance): ExceptionDraft | null {
	const balances = population.table('trial_balance');
	const declared = opening + (balances.minors('debit_minor')[row] as bigint) - (balances.minors('credit_minor')[row] as bigint);
	const journals = opening + movement.debit - movement.credit;
	if (journals === closing && declared === closing) return null;
	const computed = journals === closing ? declared : journals;
	return {
		orderId: null,
		keys: keysOf(population, 'trial_balance', row),
		amountMinor: absolute(closing - computed),
		currency,
		reason: `Account ${balances.text('account', row)} of ${balances.text('entity_id', row)} opens ${balances.text('period', row)} at ${formatMoney(opening, currency)}; with its ${journals === closing ? 'own debits and credits' : 'journals'} that makes ${formatMoney(computed, currency)}, but it closes at ${formatMoney(closing, currency)}.`,
		rows: [ref('trial_balance', row)],
	};
}

/** Classes whose accounts may be closed to equity at a year end: revenue, and the expenses among the others. */
const CLOSED_YEARLY = ['revenue', 'other'];

/**
 * Closing equals the next opening. A revenue or expense account that opens January at nothing was closed to equity, which is lawful.
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
			const mayBeClosed = account >= 0 && CLOSED_YEARLY.includes(accounts.text('class', account) ?? '');
			if (mayBeClosed && to.endsWith('-01') && opening === 0n) continue;
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
