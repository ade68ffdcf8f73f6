/** Journals and revenue that take something back: is it what was there? */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, ofRevenueEvent, ref } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import type { ExceptionDraft } from './types.ts';

export interface Part {
	readonly tested: number;
	readonly exceptions: readonly ExceptionDraft[];
}

export interface ReversalProblem {
	readonly phrase: string;
	readonly amount: bigint | null;
}

/** Whether original and reversals net to nothing by account, to something lawful, or to more than was posted. */
export function reversalProblem(
	population: Population,
	originalLines: Int32Array,
	reversing: Int32Array,
	hasOwnSource: boolean,
	originalId: string,
): ReversalProblem | null {
	if (originalLines.length === 0) return { phrase: `reverses journal ${originalId}, which does not exist`, amount: null };
	const posted = netByAccount(population, originalLines);
	const left = netByAccount(population, reversing);
	let largest = 0n;
	let account = -1;
	let isOver = false;
	for (const code of new Set([...posted.keys(), ...left.keys()])) {
		const before = posted.get(code) ?? 0n;
		const after = before + (left.get(code) ?? 0n);
		if (after === 0n) continue;
		// Past zero, or away from it: more was taken back than was there. Accounts the original never touched are the reversal's own.
		isOver ||= before !== 0n && (before > 0n !== after > 0n || absolute(after) > absolute(before));
		if (absolute(after) > largest) {
			largest = absolute(after);
			account = code;
		}
	}
	if (account < 0 || (hasOwnSource && !isOver)) return null;
	const currency = population.table('journal_line').text('currency', originalLines[0] as number);
	return {
		phrase: `reverses journal ${originalId} but leaves ${inMoney(largest, currency)} on account ${population.dictionary('account').text(account)}`,
		amount: largest,
	};
}

function netByAccount(population: Population, rows: Int32Array): Map<number, bigint> {
	const lines = population.table('journal_line');
	const nets = new Map<number, bigint>();
	for (const row of rows) {
		const account = lines.codes('account')[row] as number;
		nets.set(
			account,
			(nets.get(account) ?? 0n) + (lines.minors('debit_minor')[row] as bigint) - (lines.minors('credit_minor')[row] as bigint),
		);
	}
	return nets;
}

/** A reversal lacks its original when it names one that is not there, or names none and the line never had revenue before. */
export function uncompensatedRevenue(population: Population): Part {
	if (!population.has('revenue_event')) return { tested: 0, exceptions: [] };
	const events = population.table('revenue_event');
	const byId = population.index('revenue_event', 'revenue_id');
	const reverse = events.dictionary('kind').codeOf('reverse');
	const [kinds, originals, posted] = [events.codes('kind'), events.codes('reverses_revenue_id'), events.instants('posted_at')];
	const firstPosted = firstRecognitions(population);
	const list = new ExceptionList('revenue_event');
	let tested = 0;
	for (let row = 0; row < events.rows; row++) {
		if (kinds[row] !== reverse) continue;
		tested++;
		const original = originals[row] as number;
		if (original < 0 ? firstPosted(row) <= (posted[row] as number) : byId.countOf(original) > 0) continue;
		list.add(() => unfoundedReversal(population, row));
	}
	return { tested, exceptions: list.all() };
}

function unfoundedReversal(population: Population, row: number): ExceptionDraft {
	const events = population.table('revenue_event');
	const [amount, currency, named] = [
		events.minors('amount_minor')[row] as bigint,
		events.text('currency', row),
		events.text('reverses_revenue_id', row),
	];
	return {
		...ofRevenueEvent(population, row),
		reason: `Reversal ${events.text('revenue_id', row)} of ${inMoney(amount, currency)} ${named === null ? 'has no earlier recognition on its order line' : `reverses revenue event ${named}, which does not exist`}.`,
		rows: [ref('revenue_event', row)],
	};
}

/** When revenue was first posted on the line of an event, or on its order where the event names no line; infinity if never. */
function firstRecognitions(population: Population): (row: number) => number {
	const events = population.table('revenue_event');
	const [kinds, orders, posted] = [events.codes('kind'), events.codes('order_id'), events.instants('posted_at')];
	const recognise = events.dictionary('kind').codeOf('recognise');
	const { pairOf, size } = population.pairIndex('revenue_event', 'order_id', 'line_id');
	const byLine = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
	const byOrder = new Float64Array(population.dictionary('order').size).fill(Number.POSITIVE_INFINITY);
	for (let row = 0; row < events.rows; row++) {
		if (kinds[row] !== recognise) continue;
		const [order, line, at] = [orders[row] as number, pairOf[row] as number, posted[row] as number];
		if (at < (byOrder[order] as number)) byOrder[order] = at;
		if (line >= 0 && at < (byLine[line] as number)) byLine[line] = at;
	}
	return (row) =>
		((pairOf[row] as number) >= 0 ? byLine[pairOf[row] as number] : byOrder[orders[row] as number]) ?? Number.POSITIVE_INFINITY;
}
