/** Reconciliation for the window: one computation a population and rule, kept until either changes; its queue, its lines side by side. */
import { z } from 'zod';
import {
	type Comparison,
	compareItem,
	itemKey,
	RECONCILE_CLASSES,
	RECONCILE_REASONS,
	RECONCILE_STAGES,
	type ReconcileFilter,
	type ReconcileRow,
	type ReconcileSort,
	type ReconcileSummary,
	type Reconciliation,
	reconcileRow,
	type Sum,
} from '#explore';
import { compareText, formatInstant, formatMoney, ok, parseDecimal } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import {
	type ExamineGround,
	type LinkedException,
	linkedException,
	TOLERANCE_MINOR,
	TOLERANCE_PERCENT,
	toleranceOf,
} from './examineGround.ts';
import { beginFinding } from './findingSeed.ts';
import { doActs } from './onEngagement.ts';
import { type ImportDelta, reconciliationGround } from './reconciliationGround.ts';
import { guarded, refuse } from './vaultError.ts';

export interface ReconciliationView extends ReconcileSummary {
	/** Names the computation: rows of another one must be asked anew. */
	readonly version: string;
	readonly asOf: string;
	/** Minor units and percent, as the engagement set them. */
	readonly toleranceMinor: string;
	readonly tolerancePercent: string;
	/** Against the import before; null where none is remembered. */
	readonly delta: ImportDelta | null;
}

export interface ReconciliationQueue {
	readonly count: number;
	readonly sums: readonly Sum[];
}

export interface ReconciliationItem extends Comparison {
	readonly linked: readonly (LinkedException & { readonly test: string })[];
}

const PAGE_MAX = 2000;

const filterShape = z.object({
	classes: z.array(z.enum(RECONCILE_CLASSES)).optional(),
	stage: z.enum(RECONCILE_STAGES).nullish(),
	reason: z.custom<ReconcileFilter['reason']>((value) => value == null || RECONCILE_REASONS.some(({ code }) => code === value)).optional(),
	currency: z.string().max(3).nullish(),
	text: z.string().max(200).optional(),
});
const sortShape = z.enum(['amount', 'age', 'order', 'reason']);

export function reconciliationApi(context: CoreContext) {
	const { ground, listOf } = reconciliationGround(context);

	return {
		summary(): Promise<Answer<ReconciliationView>> {
			return guarded(async () => {
				const found = await ground();
				if (!found.ok) return found;
				const { on, kept: one } = found.value;
				const tolerance = toleranceOf(on.engagement.workbook());
				return ok({
					...one.summary,
					version: `${on.loaded.importId}/${one.rule}`,
					asOf: formatInstant(on.loaded.drop.population.asOf),
					toleranceMinor: tolerance.minorText,
					tolerancePercent: tolerance.percentText,
					delta: one.delta,
				});
			});
		},

		/** How many items a filter has, and their sums per currency. */
		queue(filter: ReconcileFilter): Promise<Answer<ReconciliationQueue>> {
			return guarded(async () => {
				const found = await ground();
				const read = readFilter(filter);
				if (!found.ok) return found;
				if (!read.ok) return read;
				const { reconciliation } = found.value.kept;
				const list = listOf(found.value.kept, read.value, 'amount', true);
				const sums = new Map<string, bigint>();
				for (const item of list) {
					const { currency, amountMinor } = reconcileRow(reconciliation, item, read.value.stage ?? null);
					if (amountMinor !== null) sums.set(currency ?? '', (sums.get(currency ?? '') ?? 0n) + amountMinor);
				}
				return ok({
					count: list.length,
					sums: [...sums].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => compareText(a.currency, b.currency)),
				});
			});
		},

		/** Rows [from, to) of a filter in an order, at most 2,000. */
		rows(
			filter: ReconcileFilter,
			sort: ReconcileSort,
			isDescending: boolean,
			from: number,
			to: number,
		): Promise<Answer<readonly ReconcileRow[]>> {
			return guarded(async () => {
				const found = await ground();
				const [read, order] = [readFilter(filter), sortShape.safeParse(sort)];
				if (!found.ok) return found;
				if (!read.ok) return read;
				if (!order.success) return refuse('invalid', 'The sort order can’t be read. Choose a column.');
				const list = listOf(found.value.kept, read.value, order.data, isDescending);
				return ok(
					Array.from(list.subarray(Math.max(0, from), Math.min(to, from + PAGE_MAX)), (item) =>
						reconcileRow(found.value.kept.reconciliation, item, read.value.stage ?? null),
					),
				);
			});
		},

		/** One item over the five books. */
		compare(item: number): Promise<Answer<ReconciliationItem>> {
			return guarded(async () => {
				const found = await ground();
				if (!found.ok) return found;
				const { on, kept: one } = found.value;
				if (!isItem(one.reconciliation, item)) return NO_ITEM;
				const comparison = compareItem(one.reconciliation, item);
				return ok({
					...comparison,
					linked: comparison.sentences
						.filter(({ test }) => test !== '')
						.map(({ test, orderId, keys }) => ({ test, ...linkedException(on.engagement, test, orderId, keys) })),
				});
			});
		},

		/** @param minor whole minor units; @param percent a decimal text */
		async setTolerance(minor: string, percent: string, reason: string): Promise<Answer<void>> {
			const open = context.open();
			if (!open.ok) return open;
			if (!/^\d{1,15}$/.test(minor)) return refuse('invalid', `“${minor}” is no whole number of minor units, such as 50 for 0.50.`);
			if (!parseDecimal(percent).ok || percent.startsWith('-')) return refuse('invalid', `“${percent}” is no percentage, such as 0.1.`);
			return await doActs(
				open.value,
				{ type: 'setting.changed', key: TOLERANCE_MINOR, value: minor, reason },
				{ type: 'setting.changed', key: TOLERANCE_PERCENT, value: percent, reason },
			);
		},

		/** Begins a finding on one item, with its rows and exceptions linked. */
		createFinding(item: number): Promise<Answer<{ readonly findingId: string }>> {
			return guarded(async () => {
				const found = await ground();
				return found.ok ? findingOn(context, found.value.on, found.value.kept.reconciliation, item) : found;
			});
		},
	};
}

function readFilter(value: unknown): Answer<ReconcileFilter> {
	const read = filterShape.safeParse(value);
	return read.success ? ok(read.data as ReconcileFilter) : refuse('invalid', 'The filter can’t be read. Reset it.');
}

function findingOn(
	context: VaultContext,
	on: ExamineGround,
	reconciliation: Reconciliation,
	item: number,
): Promise<Answer<{ readonly findingId: string }>> {
	if (!isItem(reconciliation, item)) return Promise.resolve(NO_ITEM);
	const { row, sentences, stages, rows } = compareItem(reconciliation, item);
	const stopped = stages.find(({ stage }) => stage === row.stage);
	const told = sentences.filter(({ test }) => test !== '');
	return beginFinding(on.engagement, on.loaded, context.randomId, {
		title: `${row.orderId ?? row.key}: ${row.title}`,
		severity: 'high',
		condition:
			sentences.map(({ sentence }) => sentence).join('\n') || `${itemKey(reconciliation, item)}: ${stopped?.reason.words ?? row.title}`,
		criteria: 'ASC 606-10-25-30; AS 1105.11: agreement of orders, shipments, billing, revenue and ledger on one key.',
		...(row.currency === null || row.amountMinor === null ? {} : { effect: `${formatMoney(row.amountMinor, row.currency)} at issue.` }),
		rows: rows.slice(0, 12).map(({ table, row: at, key }) => ({ table, row: at, label: `${table} ${key}` })),
		exceptions: told.map(({ test, orderId, keys }) => ({
			key: linkedException(on.engagement, test, orderId, keys).key,
			label: `${test} ${row.orderId ?? row.key}`,
		})),
	});
}

const isItem = ({ reason }: Reconciliation, item: number): boolean => Number.isInteger(item) && item >= 0 && item < reason.length;

const NO_ITEM = refuse('not_found', 'This item is not there any more. Choose another one.');
