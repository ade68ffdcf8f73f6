import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE, runTest } from '#audit';
import type { TableName } from '#model';
import { EXACTLY, type Reconciliation, reconcile } from '../../../shared/explore/reconcile.ts';
import { compareItem } from '../../../shared/explore/reconcileCompare.ts';
import { deltaOf, digestOf, untoldSince } from '../../../shared/explore/reconcileDelta.ts';
import { itemsOf } from '../../../shared/explore/reconcileFilter.ts';
import { isBreak, RECONCILE_STAGES, type ReasonCode, reasonAt } from '../../../shared/explore/reconcileReasons.ts';
import { rowOf } from '../../../shared/explore/reconcileRows.ts';
import { summarise } from '../../../shared/explore/reconcileSummary.ts';
import { type SampleDrop, sampleDrop, setAside, without } from './sampleDrop.ts';

const whole = ({ drop }: SampleDrop): Reconciliation => {
	const reconciliation = reconcile(drop.population, drop.evidence, EXACTLY);
	if (!reconciliation) throw new Error('the sample has order lines');
	return reconciliation;
};

/** Which reasons answer for an anomaly planted under a test. */
const FITTING: Readonly<Record<string, readonly ReasonCode[]>> = {
	T01: ['shipped_not_invoiced'],
	T02: ['invoiced_not_shipped'],
	T03: ['transferred_not_recognised'],
	T04: ['recognised_not_invoiced'],
	T05: ['closed_incomplete', 'closed_short'],
	T06: ['invoice_without_order'],
	T07: ['shipped_after_cancellation', 'shipment_without_order'],
	T08: ['price_differs'],
	T09: ['shipped_beyond_order', 'delivered_beyond_shipped', 'invoiced_beyond_delivery'],
	T10: ['currency_differs'],
	T19: ['recognised_beyond_transfer'],
	T24: ['recognised_beyond_transfer'],
	T34: ['recognised_beyond_transfer', 'recognised_below_transfer'],
	T39: ['ledger_without_source'],
	T40: ['ledger_amount_differs', 'not_in_ledger', 'ledger_account_differs', 'ledger_period_differs', 'ledger_currency_differs'],
};

const reasonsOfOrder = (all: Reconciliation, order: string): Set<ReasonCode> => {
	const { population } = all;
	const code = population.dictionary('order').codeOf(order);
	const lines = [...population.index('sales_order_line', 'order_id').rowsOf(code)];
	return new Set(lines.flatMap((line) => RECONCILE_STAGES.map((stage) => reasonAt(all.stages[stage][line] as number).code)));
};

describe.each([3, 11])('the reconciliation of a company with anomalies, seed %i', (seed) => {
	let sample: SampleDrop;
	let all: Reconciliation;
	beforeAll(async () => {
		sample = await sampleDrop(seed, 400, 'all');
		all = whole(sample);
	});

	it('shows every planted break of the chain where it stops, with a fitting reason', () => {
		const orphans = new Set(all.orphans.map(({ reason }) => reasonAt(reason).code));
		const missed = sample.planted.filter(({ test, order_id: order }) => {
			const fitting = FITTING[test];
			if (!fitting) return false;
			const found = order === null ? orphans : new Set([...reasonsOfOrder(all, order), ...orphans]);
			return !fitting.some((code) => found.has(code));
		});
		expect(missed).toEqual([]);
	});

	it('agrees with the tests it shares its rules with: an order they accuse is a break, and no other is of that reason', () => {
		for (const [id, reason] of [
			['T01', 'shipped_not_invoiced'],
			['T03', 'transferred_not_recognised'],
			['T04', 'recognised_not_invoiced'],
		] as const) {
			const test = CATALOGUE.find((one) => one.id === id);
			if (!test) throw new Error(id);
			const accused = new Set(runTest(test, sample.drop.population, sample.drop.evidence).exceptions.map(({ orderId }) => orderId));
			const items = itemsOf(all, { reason, classes: ['unmatched', 'conflicting'] }, 'order', false);
			expect(new Set(Array.from(items, (item) => rowOf(all, item, null).orderId))).toEqual(accused);
		}
	});

	it('counts every item once by class and every line once at each stage', () => {
		const summary = summarise(all, sample.drop.evidence);
		const lines = sample.drop.population.table('sales_order_line').rows;
		expect(summary.items).toBe(lines + all.orphans.length);
		expect(Object.values(summary.classes).reduce((sum, count) => sum + count, 0)).toBe(summary.items);
		for (const { stage, counts } of summary.stages)
			expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(
				lines + all.orphans.filter((orphan) => orphan.stage === stage).length,
			);
		expect(summary.control.length).toBe(sample.planted.filter(({ test }) => test === 'T41').length);
	});

	it('opens the rows of each cell of the matrix, as many as it counts and of the sum it says', () => {
		const { matrix } = summarise(all, sample.drop.evidence);
		for (const cell of matrix) {
			const items = itemsOf(all, { stage: cell.stage, reason: cell.reason }, 'amount', true);
			expect(items.length, `${cell.stage} ${cell.reason}`).toBe(cell.count);
			if (cell.reason === 'matched') continue;
			const sums = new Map<string, bigint>();
			for (const item of items) {
				const row = rowOf(all, item, cell.stage);
				expect(row.reason).toBe(cell.reason);
				sums.set(row.currency ?? '', (sums.get(row.currency ?? '') ?? 0n) + (row.amountMinor ?? 0n));
			}
			expect(sums).toEqual(new Map(cell.sums.map(({ currency, minor }) => [currency, minor])));
		}
	});

	it('lays an unbilled line over the five books', () => {
		const [item] = itemsOf(all, { reason: 'shipped_not_invoiced' }, 'amount', true);
		const comparison = compareItem(all, item as number);
		expect(comparison.stages.find(({ stage }) => stage === 'shipment_billing')?.sign).toBe('≠');
		expect(comparison.sentences.map(({ test }) => test)).toContain('T01');
		expect(comparison.fields.map(({ name, books }) => [name, books.length])).toEqual([
			['quantity', 5],
			['amount', 5],
			['currency', 5],
			['date', 5],
		]);
		expect(comparison.rows.some(({ table }) => table === 'shipment')).toBe(true);
	});

	it('tells an import from the one before: what is gone, what is new', async () => {
		const clean = digestOf(whole(await sampleDrop(seed, 400, 'none')), 'before');
		const now = digestOf(all, 'after');
		const delta = deltaOf(clean, now);
		expect(delta.gone).toBe(0);
		expect(delta.added).toBe(now.breaks.size);
		expect(deltaOf(now, now)).toMatchObject({ gone: 0, added: 0, moved: 0 });
	});

	it('shows what a test stands by as a difference, in a pair that could not be compared otherwise', () => {
		const { population, evidence } = sample.drop;
		const bare = reconcile(without(population, 'shipment'), evidence, EXACTLY);
		if (!bare) throw new Error('the sample has order lines');
		const items = itemsOf(bare, { stage: 'shipment_billing', reason: 'currency_differs' }, 'order', false);
		expect(items.length).toBeGreaterThan(0);
		for (const item of items) expect(compareItem(bare, item).stages[1]?.sign).toBe('≠');
		const cell = summarise(bare, evidence).matrix.find(({ reason }) => reason === 'currency_differs');
		expect(cell?.count).toBe(items.length);
	});

	it('calls no break gone because its book was not supplied again', () => {
		const { population, evidence } = sample.drop;
		const then = digestOf(all, 'before');
		const bare = reconcile(without(population, 'journal_line'), evidence, EXACTLY);
		if (!bare) throw new Error('the sample has order lines');
		const inLedger = [...then.breaks].filter(([key, place]) => key.startsWith('journal_line/') || place.startsWith('revenue_ledger/'));
		expect(new Set(inLedger.map(([key]) => key.split('/')[0]))).toEqual(new Set(['journal_line', 'sales_order_line']));
		expect(deltaOf(then, digestOf(bare, 'after'), untoldSince(then, bare))).toMatchObject({ gone: 0, untold: inLedger.length });
	});
});

describe.each([3, 7, 11, 19])('the reconciliation of the clean twin, seed %i', (seed) => {
	it('has no break, leaves nothing uncompared, and keeps what is open by terms apart from what is matched', async () => {
		const sample = await sampleDrop(seed, 400, 'none');
		const all = whole(sample);
		const summary = summarise(all, sample.drop.evidence);
		const broken = summary.matrix.filter((cell) => isBreak(cell.class) || cell.class === 'not_compared');
		expect(broken).toEqual([]);
		expect(summary.controlOpen).toBeNull();
		expect(summary.classes.open).toBeGreaterThan(0);
		expect(summary.classes.matched + summary.classes.open + summary.classes.within_tolerance).toBe(summary.items);
		for (const { ordered, ledger, recognised, currency } of summary.totals) {
			expect(ledger, currency).toBe(recognised);
			expect(ordered).toBeGreaterThan(0n);
		}
	});
});

describe('the reconciliation of a clean company of which a book was not supplied', () => {
	let sample: SampleDrop;
	beforeAll(async () => {
		sample = await sampleDrop(3, 400, 'none');
	});
	const lacking = (...names: readonly TableName[]): Reconciliation => {
		const reconciliation = reconcile(without(sample.drop.population, ...names), sample.drop.evidence, EXACTLY);
		if (!reconciliation) throw new Error('the sample has order lines');
		return reconciliation;
	};

	it('says nothing of the GL, and holds no revenue against it', () => {
		const all = lacking('journal_line');
		const { totals, books, classes, stages, controlNotTold, controlOpen } = summarise(all, sample.drop.evidence);
		expect(books.ledger.missing).toEqual(['journal_line']);
		expect([controlNotTold, controlOpen]).toEqual(['not supplied: table journal_line', null]);
		for (const one of totals) expect(one).toMatchObject({ ledger: null, offLedger: null });
		expect(totals.every(({ recognised }) => recognised !== null)).toBe(true);
		expect([classes.matched, classes.unmatched, classes.conflicting]).toEqual([0, 0, 0]);
		expect(stages.find(({ stage }) => stage === 'billing_revenue')?.counts.matched).toBeGreaterThan(0);
		expect(rowOf(all, 0, null)).toMatchObject({ ledgerMinor: null });
		expect(compareItem(all, 0).stages.at(-1)).toMatchObject({ sign: '?', reason: { code: 'not_supplied' } });
	});

	it.each<TableName>(['shipment', 'invoice_line', 'revenue_event', 'obligation', 'journal_line', 'order_event', 'hold', 'dispute'])(
		'stops no chain and puts no amount at issue for want of %s',
		(name) => {
			const all = lacking(name);
			const { matrix } = summarise(all, sample.drop.evidence);
			expect(matrix.filter((cell) => isBreak(cell.class))).toEqual([]);
			for (const cell of matrix) if (cell.reason === 'not_supplied') expect(cell.sums).toEqual([]);
			for (const item of itemsOf(all, { reason: 'not_supplied' }, 'amount', true).subarray(0, 20))
				expect(rowOf(all, item, null).amountMinor).toBeNull();
		},
	);

	it('keeps null in the columns of that book alone, in rows, fields and totals', () => {
		const all = lacking('shipment');
		const comparison = compareItem(all, 0);
		const [quantity, amount] = comparison.fields;
		expect(quantity?.books.map((value) => value !== null)).toEqual([true, false, true, false, false]);
		expect(amount?.books.map((value) => value !== null)).toEqual([true, false, true, true, true]);
		expect(comparison.justifiedMinor).toBeNull();
		expect(comparison.row.invoicedMinor).not.toBeNull();
		for (const { shipped, invoicedNet } of summarise(all, sample.drop.evidence).totals)
			expect([shipped, invoicedNet !== null]).toEqual([null, true]);
	});
});

describe('the reconciliation of a clean company of which a journal line was set aside', () => {
	it('counts it beside the book, and does not say that the sub-ledger nets to it', async () => {
		const { drop } = await sampleDrop(3, 400, 'none');
		const all = reconcile(setAside(drop.population, 'journal_line'), drop.evidence, EXACTLY);
		if (!all) throw new Error('the sample has order lines');
		const { books, controlOpen } = summarise(all, drop.evidence);
		expect([books.ledger.setAside, books.invoicedNet.setAside]).toEqual([1, 0]);
		expect(controlOpen).toMatch(/1 malformed line of journal_line set aside/);
	});
});
