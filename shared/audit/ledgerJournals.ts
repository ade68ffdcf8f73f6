/** Journal entry testing (AS 2401.58–.62): who posted what, when, to which accounts. T44–T48, T53. */
import { absolute, isBusinessTime, localTime } from '#kernel';
import type { Population } from '#population';
import { calendarOfEntity } from '#revenue';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 20;
const JOURNALS_MIN = 1000;
/** Characters of a description shown in a sentence. */
const DESCRIPTION_MAX = 80;
/** Account pairs of one journal that are looked at: a journal of hundreds of accounts on both sides would be thousands of pairs. */
const PAIRS_PER_JOURNAL_MAX = 400;

/** An exception whose subject is a whole journal. */
function journalException(population: Population, first: number, reason: string): ExceptionDraft {
	const lines = population.table('journal_line');
	const rows = linesOfJournal(population, first);
	return {
		orderId: ledgerOf(population).orderOf(first),
		keys: { journal_id: lines.text('journal_id', first) ?? '' },
		amountMinor: journalAmount(population, rows),
		currency: lines.text('currency', first),
		reason,
		rows: refs('journal_line', rows.subarray(0, CITED_ROWS_MAX)),
	};
}

const described = (population: Population, first: number): string => {
	const lines = population.table('journal_line');
	const rows = linesOfJournal(population, first);
	return `Journal ${lines.text('journal_id', first)} (${inMoney(journalAmount(population, rows), lines.text('currency', first))})`;
};

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

/**
 * Pairs are counted once a journal, by account number over all entities; lines of no amount say nothing; entries of several sources in
 * one journal are kept apart. A pair or poster that lines
 * set aside might bring to {k} is left open.
 */
function unusualAccountPair({ population, number }: AuditContext): Outcome {
	const journals = firstLines(population);
	if (journals.length < JOURNALS_MIN) return fewJournals(journals.length);
	const accounts = population.dictionary('account');
	const seen = new Map<number, number>();
	for (const first of journals) for (const pair of accountPairs(population, first)) seen.set(pair, (seen.get(pair) ?? 0) + 1);
	const k = number('k');
	const rare = new Set([...seen].filter(([, count]) => count < k).map(([pair]) => pair));
	const aside = population.table('journal_line').quarantine.length;
	const list = new ExceptionList('journal_line');
	let open = 0;
	for (const first of rare.size > 0 ? journals : []) {
		const pair = accountPairs(population, first).find((candidate) => rare.has(candidate));
		if (pair === undefined) continue;
		const count = seen.get(pair) ?? 0;
		if (count + aside >= k) {
			open++;
			continue;
		}
		const [debit, credit] = [Math.floor(pair / accounts.size), pair % accounts.size].map((code) => accounts.text(code));
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} debits account ${debit} against ${credit}, a pair seen in ${count} of ${journals.length} journals.`,
			),
		);
	}
	return {
		tested: journals.length,
		exceptions: list.all(),
		open,
		openWhy: `${open} journals whose account pair may be in lines set aside`,
	};
}

/** Pairs of debited and credited accounts, as debit code × number of accounts + credit code. */
function accountPairs(population: Population, first: number): number[] {
	const size = population.dictionary('account').size;
	const pairs = new Set<number>();
	for (const rows of entriesOf(population, linesOfJournal(population, first))) {
		const [debited, credited] = sidesOf(population, rows);
		for (const debit of debited) {
			for (const credit of credited) {
				if (pairs.size === PAIRS_PER_JOURNAL_MAX) return [...pairs];
				pairs.add(debit * size + credit);
			}
		}
	}
	return [...pairs];
}

/** Accounts that rows debit, and those that they credit. */
function sidesOf(population: Population, rows: ArrayLike<number>): readonly [debited: ReadonlySet<number>, credited: ReadonlySet<number>] {
	const lines = population.table('journal_line');
	const [accounts, debits, credits] = [lines.codes('account'), lines.minors('debit_minor'), lines.minors('credit_minor')];
	const debited = new Set<number>();
	const credited = new Set<number>();
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] as number;
		// A negative debit is a credit in some systems' way of writing reversals.
		const [debit, credit] = [debits[row] as bigint, credits[row] as bigint];
		if (debit > credit) debited.add(accounts[row] as number);
		if (debit < credit) credited.add(accounts[row] as number);
	}
	return [debited, credited];
}

/** A journal that gathers the entries of several sources, such as a day's, pairs accounts within each, if every line has one and each balances. */
function entriesOf(population: Population, rows: Int32Array): readonly ArrayLike<number>[] {
	const lines = population.table('journal_line');
	const [sources, debits, credits] = [lines.codes('source_id'), lines.minors('debit_minor'), lines.minors('credit_minor')];
	const source = sources[rows[0] as number] as number;
	if (rows.every((row) => sources[row] === source)) return [rows];
	const groups = new Map<number, { readonly rows: number[]; net: bigint }>();
	for (const row of rows) {
		if ((sources[row] as number) < 0) return [rows];
		const group = groups.get(sources[row] as number) ?? { rows: [], net: 0n };
		groups.set(sources[row] as number, group);
		group.rows.push(row);
		group.net += (debits[row] as bigint) - (credits[row] as bigint);
	}
	const entries = [...groups.values()];
	return entries.every(({ net }) => net === 0n) ? entries.map((entry) => entry.rows) : [rows];
}

const fewJournals = (count: number): Outcome => ({
	tested: count,
	exceptions: [],
	open: 0,
	notTestable: `${count} journals; "unusual" means something among at least ${JOURNALS_MIN.toLocaleString('en-US')}`,
});

/** The four-eyes part is tested on any number of journals, the rarity of a poster only among 1,000 and more. */
function unusualPoster({ population, number }: AuditContext): Outcome {
	const lines = population.table('journal_line');
	const [enterers, approvers] = [lines.codes('entered_by'), lines.codes('approved_by')];
	const journals = firstLines(population);
	const posted = new Int32Array(lines.dictionary('entered_by').size);
	for (const first of journals) {
		const poster = enterers[first] as number;
		posted[poster] = (posted[poster] as number) + 1;
	}
	const aside = lines.quarantine.length;
	const isRare = (poster: number) => journals.length >= JOURNALS_MIN && (posted[poster] as number) < number('k');
	const list = new ExceptionList('journal_line');
	let open = 0;
	for (const first of journals) {
		const poster = enterers[first] as number;
		const alone = linesOfJournal(population, first).find((row) => enterers[row] === approvers[row] && (enterers[row] as number) >= 0);
		if (alone === undefined && isRare(poster) && (posted[poster] as number) + aside >= number('k')) open++;
		else if (alone !== undefined || isRare(poster)) {
			const problem =
				alone === undefined
					? `by ${lines.text('entered_by', first)}, who entered only ${posted[poster]} of ${journals.length} journals`
					: `and approved by the same person, ${lines.text('entered_by', alone)}`;
			list.add(() => journalException(population, first, `${described(population, first)} was entered ${problem}.`));
		}
	}
	return {
		tested: journals.length,
		exceptions: list.all(),
		open,
		openWhy: `${open} journals whose poster may have entered lines set aside`,
	};
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function afterHours({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	let open = 0;
	for (const first of firstLines(population)) {
		if (!ledger.isManual(first)) continue;
		tested++;
		const calendar = calendarOfEntity(population, lines.codes('entity_id')[first] as number);
		const enteredAt = lines.instants('entered_at')[first] as number;
		if (!calendar) {
			open++;
			continue;
		}
		if (isBusinessTime(enteredAt, calendar)) continue;
		const local = localTime(enteredAt, calendar.timezone);
		const clock = `${String(Math.floor(local.minute / 60)).padStart(2, '0')}:${String(local.minute % 60).padStart(2, '0')}`;
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} was entered by hand on ${WEEKDAYS[local.weekday]} at ${clock} in ${calendar.timezone} (${inTime(enteredAt)}), outside the business hours of ${lines.text('entity_id', first)}.`,
			),
		);
	}
	return { tested, exceptions: list.all(), open, openWhy: `${open} manual journals of entities without a readable calendar` };
}

function postedAfterClose({ population }: AuditContext): Outcome {
	const lines = population.table('journal_line');
	const periods = population.table('period');
	const byPeriod = population.pairIndex('period', 'entity_id', 'period');
	const list = new ExceptionList('journal_line');
	let open = 0;
	const journals = firstLines(population);
	for (const first of journals) {
		const period = byPeriod.rowOf(lines.codes('entity_id')[first] as number, lines.codes('period')[first] as number);
		if (period < 0) {
			open++;
			continue;
		}
		const closedAt = periods.instants('closed_at')[period] as number;
		const enteredAt = lines.instants('entered_at')[first] as number;
		if (Number.isNaN(closedAt) || enteredAt <= closedAt) continue;
		list.add(() => {
			const exception = journalException(
				population,
				first,
				`${described(population, first)} was entered into ${lines.text('period', first)} on ${inTime(enteredAt)}, after that period was closed on ${inTime(closedAt)}.`,
			);
			return { ...exception, rows: [...exception.rows, ref('period', period)] };
		});
	}
	return { tested: journals.length, exceptions: list.all(), open, openWhy: `${open} journals of periods that are not in the period table` };
}

/** The journal has no description when none of its lines has one: many systems write it on the first line only. */
function blankText({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	for (const first of firstLines(population)) {
		if (!ledger.isManual(first)) continue;
		tested++;
		const isBlank = linesOfJournal(population, first).every((row) => (lines.text('description', row) ?? '').trim() === '');
		if (!isBlank) continue;
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} was entered by hand by ${lines.text('entered_by', first)} without a description.`,
			),
		);
	}
	return { tested, exceptions: list.all(), open: 0 };
}

const JOURNAL = ['journal_id', 'line_no', 'entity_id', 'account', 'debit_minor', 'credit_minor', 'currency', 'source'];
const ACCOUNT_NEED = { table: 'account', columns: ['entity_id', 'account', 'class'] } as const;
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
