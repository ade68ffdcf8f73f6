/** What a reconciliation says as a whole: counts and amounts by class, by stage and reason, totals of every book, and what changed since. */
import { CATALOGUE, type EvidenceFacts, orderOfLine, runTest, worthOf } from '#audit';
import { compareText } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { amountAtIssue, currencyOfLine, type Reconciliation } from './reconcile.ts';
import { type BookSupply, bookSupply, lineColumns, RECONCILE_BOOKS, type ReconcileBook, suppliedOr } from './reconcileColumns.ts';
import {
	RECONCILE_CLASSES,
	RECONCILE_REASONS,
	RECONCILE_STAGES,
	type ReasonCode,
	type ReconcileClass,
	type ReconcileStage,
	reasonAt,
	STAGE_TITLES,
} from './reconcileReasons.ts';

export interface Sum {
	readonly currency: string;
	readonly minor: bigint;
}

/** One cell of the matrix stage × reason. */
export interface MatrixCell {
	readonly stage: ReconcileStage;
	readonly reason: ReasonCode;
	readonly class: ReconcileClass;
	readonly title: string;
	/** Order lines, and rows that belong to none. */
	readonly count: number;
	readonly sums: readonly Sum[];
}

export interface StageSummary {
	readonly stage: ReconcileStage;
	readonly title: string;
	/** Tables it lacks: the stage was then not compared, and nothing of it is matched; only what a test stands by is told. */
	readonly missing: readonly TableName[];
	readonly counts: Readonly<Record<ReconcileClass, number>>;
}

/**
 * Sums of every book over all order lines of one currency, in minor units, null where the book was not supplied; shipped goods at the
 * price ordered.
 */
export interface BookTotals extends Readonly<Record<ReconcileBook, bigint | null>> {
	readonly currency: string;
	readonly lines: number;
	/** Recognised less what the ledger carries; null where one of them was not supplied. */
	readonly offLedger: bigint | null;
}

/** An entity, period and currency whose revenue events do not net to its revenue accounts (T41). */
export interface ControlDifference {
	readonly entityId: string;
	readonly period: string;
	readonly currency: string;
	readonly differenceMinor: bigint;
	readonly sentence: string;
}

export interface ReconcileSummary {
	/** Order lines and rows that belong to none; the classes add up to it. */
	readonly items: number;
	readonly classes: Readonly<Record<ReconcileClass, number>>;
	readonly stages: readonly StageSummary[];
	readonly matrix: readonly MatrixCell[];
	readonly totals: readonly BookTotals[];
	/** What each book is drawn from, and what of that is not there. */
	readonly books: Readonly<Record<ReconcileBook, BookSupply>>;
	readonly control: readonly ControlDifference[];
	/** Null where the control totals could be compared. */
	readonly controlNotTold: string | null;
	/** Why more differences may be there than are listed; null where the listed are all. */
	readonly controlOpen: string | null;
	readonly notTold: readonly { readonly test: string; readonly why: string }[];
}

export function summarise(reconciliation: Reconciliation, evidence: EvidenceFacts): ReconcileSummary {
	const { population, reason, missing, notTold, options } = reconciliation;
	const classes = noCounts();
	for (const one of reason) classes[reasonAt(one).class]++;
	const matrix = matrixOf(reconciliation);
	const t41 = CATALOGUE.find(({ id }) => id === 'T41');
	const run = t41 ? runTest(t41, population, evidence, options.overrides) : null;
	return {
		items: reason.length,
		classes,
		stages: RECONCILE_STAGES.map((stage) => ({
			stage,
			title: STAGE_TITLES[stage],
			missing: missing[stage],
			counts: stageCounts(matrix, stage),
		})),
		matrix,
		totals: totalsOf(population),
		books: bookSupply(population),
		control: (run?.exceptions ?? []).map(({ keys, amountMinor, currency, reason: sentence }) => ({
			entityId: keys['entity_id'] ?? '',
			period: keys['period'] ?? '',
			currency: currency ?? '',
			differenceMinor: amountMinor ?? 0n,
			sentence,
		})),
		controlNotTold: run === null || run.verdict === 'not_testable' ? (run?.why ?? 'not in this version') : null,
		controlOpen: run === null || run.verdict === 'not_testable' ? null : run.why,
		notTold,
	};
}

export const noCounts = (): Record<ReconcileClass, number> =>
	Object.fromEntries(RECONCILE_CLASSES.map((one) => [one, 0])) as Record<ReconcileClass, number>;

function stageCounts(matrix: readonly MatrixCell[], stage: ReconcileStage): Record<ReconcileClass, number> {
	const counts = noCounts();
	for (const cell of matrix) if (cell.stage === stage) counts[cell.class] += cell.count;
	return counts;
}

/** All cells that have anything in them, by stage, then in the order of the reasons. Agreement is counted, and has no amount. */
function matrixOf(reconciliation: Reconciliation): MatrixCell[] {
	const { population, stages, orphans } = reconciliation;
	return RECONCILE_STAGES.flatMap((stage) => {
		const counts = new Array<number>(RECONCILE_REASONS.length).fill(0);
		const sums = RECONCILE_REASONS.map(() => new Map<string, bigint>());
		const add = (reason: number, currency: string | null, minor: bigint | null): void => {
			counts[reason] = (counts[reason] as number) + 1;
			if (reason > 0 && minor !== null) sums[reason]?.set(currency ?? '', (sums[reason]?.get(currency ?? '') ?? 0n) + minor);
		};
		const reasons = stages[stage];
		for (let line = 0; line < reasons.length; line++) {
			const reason = reasons[line] as number;
			if (reason === 0) counts[0] = (counts[0] as number) + 1;
			else add(reason, currencyOfLine(population, line), amountAtIssue(reconciliation, line, stage));
		}
		for (const orphan of orphans) if (orphan.stage === stage) add(orphan.reason, orphan.currency, orphan.amountMinor);
		return RECONCILE_REASONS.flatMap(({ code, class: one, title }, number) =>
			counts[number] === 0
				? []
				: [{ stage, reason: code, class: one, title, count: counts[number] as number, sums: sumList(sums[number] ?? new Map()) }],
		);
	});
}

const sumList = (sums: ReadonlyMap<string, bigint>): Sum[] =>
	[...sums].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => compareText(a.currency, b.currency));

function totalsOf(population: Population): BookTotals[] {
	const columns = lineColumns(population);
	const prices = population.table('sales_order_line').minors('unit_price_minor');
	const orderOf = population.derive(orderOfLine);
	const currencies = population.table('sales_order').codes('currency');
	const byCode = new Map<number, Totals>();
	for (let line = 0; line < orderOf.length; line++) {
		const order = orderOf[line] as number;
		const code = order < 0 ? -1 : (currencies[order] as number);
		let totals = byCode.get(code);
		if (!totals) {
			totals = { lines: 0, ordered: 0n, shipped: 0n, invoicedNet: 0n, recognised: 0n, ledger: 0n };
			byCode.set(code, totals);
		}
		totals.lines++;
		totals.ordered += columns.orderedMinor[line] as bigint;
		totals.shipped += worthOf(columns.shipped[line] as bigint, prices[line] as bigint);
		totals.invoicedNet += (columns.invoicedMinor[line] as bigint) - (columns.creditedMinor[line] as bigint);
		totals.recognised += columns.recognisedMinor[line] as bigint;
		totals.ledger += columns.ledgerMinor[line] as bigint;
	}
	const names = population.dictionary('cur');
	return [...byCode]
		.map(([code, totals]) => ({ currency: code < 0 ? '' : names.text(code), ...suppliedTotals(population, totals) }))
		.sort((a, b) => compareText(a.currency, b.currency));
}

/** A book that was not supplied adds up to nothing that can be said, and nothing can be held against it. */
function suppliedTotals(population: Population, totals: Totals): Omit<BookTotals, 'currency'> {
	const sums = Object.fromEntries(RECONCILE_BOOKS.map((book) => [book, suppliedOr(population, book, totals[book])])) as Record<
		ReconcileBook,
		bigint | null
	>;
	const { recognised, ledger } = sums;
	return { lines: totals.lines, ...sums, offLedger: recognised === null || ledger === null ? null : recognised - ledger };
}

type Totals = Record<ReconcileBook, bigint> & { lines: number };
