/** Corrections: T55. */
import type { Population } from '#population';
import { inMoney, inTime, keysOf, refs } from './draft.ts';
import { firstLines, journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import { type Part, type ReversalProblem, reversalProblem, uncompensatedRevenue } from './ledgerReversals.ts';
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
	/** By original, apart for reversals with a source of their own: what many journals reverse is summed once. */
	const problems = [new Map<number, ReversalProblem | null>(), new Map<number, ReversalProblem | null>()] as const;
	let tested = 0;
	for (const first of firstLines(population)) {
		const original = lines.codes('reversal_of_journal_id')[first] as number;
		if (original < 0) continue;
		tested++;
		const originalLines = byId.rowsOf(original);
		const hasOwnSource = ledger.sourceOf(first).kind === 'resolved';
		const known = problems[hasOwnSource ? 1 : 0];
		let problem = known.get(original);
		if (problem === undefined) {
			const originalId = lines.text('reversal_of_journal_id', first) ?? '';
			problem = reversalProblem(population, originalLines, reversals.rowsOf(original), hasOwnSource, originalId);
			known.set(original, problem);
		}
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
];
