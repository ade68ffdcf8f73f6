/** Journal entry testing (AS 2401.58–.62): who posted what, when, to which accounts. T44–T48, T53. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, ref } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { ledgerOf } from './ledger.ts';
import { unusualAccountPair } from './ledgerAccountPairs.ts';
import { ACCOUNT_NEED, DESCRIPTION_MAX, JOURNAL } from './ledgerEntries.ts';
import { afterHours, blankText, postedAfterClose, unusualPoster } from './ledgerPosting.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

function manualRevenueEntries({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue')) continue;
		tested++;
		if (!ledger.isManual(row)) continue;
		list.add(() => manualRevenue(population, row));
	}
	return { tested, exceptions: list.all(), open: 0 };
}

function manualRevenue(population: Population, row: number): ExceptionDraft {
	const { lines } = ledgerOf(population);
	const net = (lines.minors('credit_minor')[row] as bigint) - (lines.minors('debit_minor')[row] as bigint);
	const currency = lines.text('currency', row);
	const description = lines.text('description', row) ?? '';
	const shown = description.length > DESCRIPTION_MAX ? `${description.slice(0, DESCRIPTION_MAX - 1)}…` : description;
	return {
		orderId: ledgerOf(population).orderOf(row),
		keys: keysOf(population, 'journal_line', row),
		amountMinor: absolute(net),
		currency,
		reason: `Journal ${lines.text('journal_id', row)} line ${lines.cellText('line_no', row)}: ${lines.text('entered_by', row)} posted ${inMoney(net, currency)} by hand to revenue account ${lines.text('account', row)} on ${inTime(lines.instants('entered_at')[row] as number)} ("${shown}").`,
		rows: [ref('journal_line', row)],
	};
}

const K = { name: 'k', default: 3, unit: 'journals' } as const;
const SOURCES = ['revenue_event', 'invoice', 'invoice_line', 'payment'] as const;

export const JOURNAL_TESTS: readonly AuditTest[] = [
	{
		id: 'T44',
		version: 1,
		title: 'Manual revenue entries',
		severity: 'high',
		source: 'AS 2401.61',
		why: 'Revenue posted by hand bypasses the controls of the revenue process.',
		rule: 'A journal line with source manual on a revenue account.',
		parameters: [],
		mayRead: SOURCES,
		needs: [{ table: 'journal_line', columns: [...JOURNAL, 'entered_at', 'entered_by', 'description'] }, ACCOUNT_NEED],
		run: manualRevenueEntries,
	},
	{
		id: 'T45',
		version: 1,
		title: 'Unusual account pair',
		severity: 'high',
		source: 'AS 2401.61',
		why: 'Fraudulent entries tend to use account combinations that ordinary business does not.',
		rule: 'A journal whose debit and credit account pair is seen fewer than {k} times among at least 1,000 journals.',
		parameters: [{ ...K, doc: 'a pair seen fewer times is unusual' }],
		mayRead: SOURCES,
		needs: [{ table: 'journal_line', columns: JOURNAL }, ACCOUNT_NEED],
		run: unusualAccountPair,
	},
	{
		id: 'T46',
		version: 1,
		title: 'Single-handed or unusual poster',
		severity: 'high',
		source: 'AS 2401.61',
		why: 'Entries by people who do not usually post, or who approve their own, are a mark of management override.',
		rule: 'Entered and approved by one person; or entered by somebody with fewer than {k} journals among at least 1,000.',
		parameters: [{ ...K, doc: 'somebody with fewer journals is an unusual poster' }],
		mayRead: SOURCES,
		needs: [{ table: 'journal_line', columns: [...JOURNAL, 'entered_by'] }, ACCOUNT_NEED],
		run: unusualPoster,
	},
	{
		id: 'T47',
		version: 1,
		title: 'Weekend or after hours',
		severity: 'low',
		source: 'AS 2401.61',
		why: 'Manual entries made when nobody is around deserve a second look.',
		rule: "A manual journal entered outside the entity's work days and hours, in its own time zone.",
		parameters: [],
		mayRead: SOURCES,
		needs: [
			{ table: 'journal_line', columns: [...JOURNAL, 'entered_at'] },
			{ table: 'entity', columns: ['entity_id', 'timezone', 'workdays', 'day_start', 'day_end'] },
			ACCOUNT_NEED,
		],
		run: afterHours,
	},
	{
		id: 'T48',
		version: 1,
		title: 'Posted after close',
		severity: 'high',
		source: 'AS 2401.61',
		why: 'An entry made into a closed period changes figures already reported.',
		rule: "A journal entered later than its period's closing.",
		parameters: [],
		mayRead: SOURCES,
		needs: [
			{ table: 'journal_line', columns: [...JOURNAL, 'entered_at', 'period'] },
			{ table: 'period', columns: ['entity_id', 'period'] },
			ACCOUNT_NEED,
		],
		run: postedAfterClose,
	},
	{
		id: 'T53',
		version: 1,
		title: 'Blank text',
		severity: 'low',
		source: 'AS 2401.61',
		why: 'A manual entry nobody explained cannot be reviewed.',
		rule: 'A manual journal none of whose lines has a description.',
		parameters: [],
		mayRead: SOURCES,
		needs: [{ table: 'journal_line', columns: [...JOURNAL, 'entered_by', 'description'] }, ACCOUNT_NEED],
		run: blankText,
	},
];
