/** The made-up company, row by row. */
import { sha256HexOfText } from '#kernel';
import type { PlantedOrder } from './anomaly.ts';
import type { Answer, Answers } from './answers.ts';
import { DROP_FLAWS, type DropFlaw } from './dropFlaws.ts';
import { Ledger } from './ledger.ts';
import { fillerJournals, routineJournals } from './manualJournals.ts';
import { invoiceJournal, paymentJournal, revenueJournal } from './orderJournals.ts';
import type { OrderPlan } from './orderPlan.ts';
import { orderRows, type Sha256OfText } from './orderRows.ts';
import { draftOrder, planOrder } from './planOrder.ts';
import { plantedBrief, plantedOrders } from './planting.ts';
import { plantLedger } from './plantLedger.ts';
import { plantMasters } from './plantMasters.ts';
import { rareUses } from './rareUses.ts';
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

export interface Company {
	readonly answers: Answers;
	/** What the writer of the drop has to get wrong. */
	readonly flaws: readonly DropFlaw[];
}

/**
 * Yields every row of the company in the order it is to be written, some rows at a time, and returns what was planted in it.
 * Equal options give equal rows. Memory grows with the orders alive at one time, not with their number.
 */
export function* generateCompany(options: CompanyOptions): Generator<readonly CompanyRow[], Company> {
	const { orders, seed: number, anomalies } = options;
	const books = openBooks(options);
	const { seed, ledger, log } = books;
	const schedule = new Schedule(orders, seed);
	const planted = anomalies === 'all' ? plantedOrders() : [];
	yield [...staticRows(orders, seed)];
	let sown = 0;
	for (const slot of slots(orders)) {
		for (; (planted[sown]?.day ?? Number.POSITIVE_INFINITY) < slot.day; sown++)
			yield sow(planted[sown] as PlantedOrder, sown, slot.index, books);
		const brief = schedule.brief(slot);
		const rows: CompanyRow[] = [];
		log.flushBefore(brief.day, rows);
		writeOrder(planOrder(brief), books, rows);
		yield rows;
	}
	for (; sown < planted.length; sown++) yield sow(planted[sown] as PlantedOrder, sown, orders, books);
	const rows: CompanyRow[] = [];
	log.flushBefore(LAST_DAY + 1, rows);
	for (const journal of routineJournals(seed)) ledger.post(journal, rows);
	yield rows;
	if (anomalies === 'all') yield plantBeside(books);
	else yield ledger.trialBalances([]);
	return {
		answers: { format: 'tieout-answers/1', seed: number, planted: books.planted, consequences: books.consequences },
		flaws: anomalies === 'all' ? DROP_FLAWS : [],
	};
}

interface Books {
	readonly seed: string;
	readonly ledger: Ledger;
	readonly log: SealedLog;
	readonly sha256: Sha256OfText;
	readonly planted: Answer[];
	readonly consequences: Answer[];
}

function openBooks({ seed: number, sha256OfText = sha256HexOfText }: CompanyOptions): Books {
	const seed = String(number);
	return { seed, ledger: new Ledger(), log: new SealedLog(sha256OfText, seed), sha256: sha256OfText, planted: [], consequences: [] };
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
	letGo(plan);
}

/** What waits in the log holds on to its order, so the order lets go of all that is written: papers above all. */
function letGo(plan: OrderPlan): void {
	const written: Partial<OrderPlan> = { shipments: [], tracking: [], documents: [], payments: [], approvals: [], holds: [], disputes: [] };
	Object.assign(plan, written);
}

/** Plans an ordinary order, alters it, and writes it with whatever belongs to it. */
function sow(planted: PlantedOrder, running: number, after: number, books: Books): CompanyRow[] {
	const rows: CompanyRow[] = [];
	const brief = plantedBrief(planted, running, after, books.seed);
	books.log.flushBefore(brief.day, rows);
	const drafting = draftOrder(brief);
	const finding = planted.plant(drafting);
	writeOrder(drafting.plan, books, rows);
	for (const journal of finding.journals ?? []) books.ledger.post(journal, rows);
	rows.push(...(finding.rows ?? []));
	books.planted.push(...finding.planted);
	books.consequences.push(...(finding.consequences ?? []));
	return rows;
}

/** What hangs on no order: masters, journals, balances. Rare pairs and posters need a thousand journals to stand out against. */
function plantBeside({ ledger, planted, consequences, seed }: Books): CompanyRow[] {
	const rows: CompanyRow[] = [];
	const [masters, entries] = [plantMasters(), plantLedger()];
	rows.push(...masters.rows);
	for (const journal of entries.journals) ledger.post(journal, rows);
	for (const journal of fillerJournals(seed, ledger.journals)) ledger.post(journal, rows);
	planted.push(...masters.planted, ...entries.planted);
	consequences.push(...masters.consequences, ...entries.consequences, ...rareUses(ledger, planted));
	rows.push(...ledger.trialBalances(entries.balances));
	return rows;
}
