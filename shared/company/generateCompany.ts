/** The made-up company, row by row. */
import { sha256HexOfText } from '#kernel';
import type { Answers } from './answers.ts';
import { Ledger } from './ledger.ts';
import { routineJournals } from './manualJournals.ts';
import { invoiceJournal, paymentJournal, revenueJournal } from './orderJournals.ts';
import type { OrderPlan } from './orderPlan.ts';
import { orderRows, type Sha256OfText } from './orderRows.ts';
import { planOrder } from './planOrder.ts';
import { Schedule, slots } from './schedule.ts';
import { SealedLog } from './sealedLog.ts';
import { staticRows } from './staticRows.ts';
import type { CompanyRow } from './wire.ts';
import { LAST_DAY } from './workTime.ts';

export interface CompanyOptions {
	/** Ordinary orders, at least 1. What is planted comes on top. */
	readonly orders: number;
	readonly seed: number;
	readonly anomalies: 'none' | 'all';
	/** SHA-256 in hex of a text's UTF-8 bytes; the portable one unless a faster is handed in. */
	readonly sha256OfText?: Sha256OfText;
}

/**
 * Yields every row of the company in the order it is to be written, and returns what was planted in it. Equal options
 * give equal rows. Memory grows with the orders alive at one time, not with their number.
 */
export function* generateCompany(options: CompanyOptions): Generator<CompanyRow, Answers> {
	const { orders, sha256OfText = sha256HexOfText } = options;
	const seed = String(options.seed);
	const ledger = new Ledger();
	const log = new SealedLog(sha256OfText, seed);
	const schedule = new Schedule(orders, seed);
	yield* staticRows(orders, seed);
	let rows: CompanyRow[] = [];
	for (const slot of slots(orders)) {
		const brief = schedule.brief(slot);
		log.flushBefore(brief.day, rows);
		writeOrder(planOrder(brief), { ledger, log, sha256: sha256OfText }, rows);
		yield* rows;
		rows = [];
	}
	log.flushBefore(LAST_DAY + 1, rows);
	for (const journal of routineJournals(seed)) ledger.post(journal, rows);
	yield* rows;
	yield* ledger.trialBalances([]);
	return { format: 'tieout-answers/1', seed: options.seed, planted: [], consequences: [] };
}

interface Books {
	readonly ledger: Ledger;
	readonly log: SealedLog;
	readonly sha256: Sha256OfText;
}

function writeOrder(plan: OrderPlan, { ledger, log, sha256 }: Books, rows: CompanyRow[]): void {
	orderRows(plan, sha256, rows);
	for (const invoice of plan.invoices) ledger.post(invoiceJournal(plan, invoice), rows);
	for (const revenue of plan.revenue) {
		const journal = revenueJournal(plan, revenue);
		if (journal) ledger.post(journal, rows);
	}
	for (const payment of plan.payments) ledger.post(paymentJournal(plan, payment), rows);
	log.add(plan);
}
