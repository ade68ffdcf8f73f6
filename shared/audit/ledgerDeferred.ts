/** Deferred revenue rolled forward from the journals, against the trial balances. T42. */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { keysOf, ref, refs } from './draft.ts';
import { inOtherCurrency, judgeBalances, mayLackLines, missingLines, type RolledBalance } from './ledgerMovements.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/** Billed = credits, released = debits, of lines that name a source document; what is merely posted by hand does not roll. */
export function deferredRollForward(context: AuditContext): Outcome {
	const { population } = context;
	const judged = judgeBalances(context, deferredBalances(population), (balance) => notRolledForward(population, balance));
	const isUnsure = mayLackLines(population, judged.exceptions);
	const unsure = isUnsure ? judged.exceptions.length : 0;
	return {
		tested: judged.tested,
		exceptions: isUnsure ? [] : judged.exceptions,
		open: judged.open + unsure,
		openWhy: [...inOtherCurrency(judged.open), ...(isUnsure ? [missingLines(unsure, 'balances')] : [])].join('; '),
	};
}

function notRolledForward(population: Population, { row, opening, closing, currency, movement }: RolledBalance): ExceptionDraft | null {
	const rolled = opening + movement.sourced;
	if (rolled === closing) return null;
	const balances = population.table('trial_balance');
	return {
		orderId: null,
		keys: keysOf(population, 'trial_balance', row),
		amountMinor: absolute(closing - rolled),
		currency,
		reason: `Deferred revenue account ${balances.text('account', row)} of ${balances.text('entity_id', row)} opens ${balances.text('period', row)} at ${formatMoney(-opening, currency)} and moves by ${formatMoney(-movement.sourced, currency)} billed less released, which makes ${formatMoney(-rolled, currency)}; it closes at ${formatMoney(-closing, currency)}.`,
		rows: [ref('trial_balance', row), ...refs('journal_line', movement.rows)],
	};
}

function deferredBalances(population: Population): (row: number) => boolean {
	const balances = population.table('trial_balance');
	const accounts = population.table('account');
	const chart = population.pairIndex('account', 'entity_id', 'account');
	return (row) => {
		const account = chart.rowOf(balances.codes('entity_id')[row] as number, balances.codes('account')[row] as number);
		return account >= 0 && accounts.text('class', account) === 'deferred_revenue';
	};
}
