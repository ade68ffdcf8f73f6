/** Which lines of a reconciliation are listed, and in which order. */
import { compareText } from '#kernel';
import type { Reconciliation } from './reconcile.ts';
import {
	isBreak,
	RECONCILE_STAGES,
	type ReasonCode,
	type ReconcileClass,
	type ReconcileStage,
	reasonAt,
	reasonNumber,
} from './reconcileReasons.ts';
import { ageOf, amountOf, currencyOf, orderIdOf, rowKey } from './reconcileRows.ts';

export interface ReconcileFilter {
	/** Breaks only (unmatched and conflicting) where not given. */
	readonly classes?: readonly ReconcileClass[];
	readonly stage?: ReconcileStage | null;
	readonly reason?: ReasonCode | null;
	readonly currency?: string | null;
	/** A part of the order id. */
	readonly text?: string;
}

export type ReconcileSort = 'amount' | 'age' | 'order' | 'reason';

/** Items that pass a filter, in order. Amounts of several currencies are sorted currency by currency, since they cannot be compared. */
export function itemsOf(reconciliation: Reconciliation, filter: ReconcileFilter, sort: ReconcileSort, isDescending: boolean): Int32Array {
	const passes = passerOf(reconciliation, filter);
	const items: number[] = [];
	for (let item = 0; item < reconciliation.reason.length; item++) if (passes(item)) items.push(item);
	const compare = comparerOf(reconciliation, filter, items, sort);
	const sign = isDescending ? -1 : 1;
	return Int32Array.from(items.map((_, at) => at).sort((a, b) => sign * compare(a, b) || a - b)).map((at) => items[at] as number);
}

function passerOf(reconciliation: Reconciliation, filter: ReconcileFilter): (item: number) => boolean {
	const { reason, lines, orphans, stages } = reconciliation;
	const stage = filter.stage ?? null;
	const wanted = filter.reason == null ? -1 : reasonNumber(filter.reason);
	const text = (filter.text ?? '').trim().toLowerCase();
	const isWanted = (number: number): boolean => {
		if (wanted >= 0) return number === wanted;
		const one = reasonAt(number).class;
		return filter.classes ? filter.classes.includes(one) : isBreak(one);
	};
	return (item) => {
		const orphan = orphans[item - lines];
		// Of one stage a line is judged by what that stage says, not by the reason that names it as a whole.
		const number = stage === null || orphan ? (reason[item] as number) : (stages[stage][item] as number);
		if (orphan && stage !== null && orphan.stage !== stage) return false;
		const isThere =
			stage === null && wanted > 0 && !orphan ? RECONCILE_STAGES.some((one) => stages[one][item] === wanted) : isWanted(number);
		if (!isThere) return false;
		if (filter.currency && currencyOf(reconciliation, item) !== filter.currency) return false;
		return text === '' || (orderIdOf(reconciliation, item) ?? rowKey(reconciliation, item)).toLowerCase().includes(text);
	};
}

function comparerOf(
	reconciliation: Reconciliation,
	filter: ReconcileFilter,
	items: readonly number[],
	sort: ReconcileSort,
): (a: number, b: number) => number {
	if (sort === 'amount') {
		const amounts = items.map((item) => amountOf(reconciliation, item, filter.stage ?? null) ?? -1n);
		// What has no currency comes last.
		const currencies = items.map((item) => currencyOf(reconciliation, item) ?? '\uffff');
		return (a, b) => {
			const byCurrency = compareText(currencies[a] as string, currencies[b] as string);
			if (byCurrency !== 0) return -byCurrency;
			return (amounts[a] as bigint) < (amounts[b] as bigint) ? -1 : (amounts[a] as bigint) > (amounts[b] as bigint) ? 1 : 0;
		};
	}
	if (sort === 'age') {
		const ages = items.map((item) => ageOf(reconciliation, item, filter.stage ?? null) ?? -1);
		return (a, b) => (ages[a] as number) - (ages[b] as number);
	}
	if (sort === 'reason') {
		const numbers = items.map((item) => (reconciliation.stage[item] as number) * 256 + (reconciliation.reason[item] as number));
		return (a, b) => (numbers[a] as number) - (numbers[b] as number);
	}
	const keys = items.map((item) => rowKey(reconciliation, item));
	return (a, b) => compareText(keys[a] as string, keys[b] as string);
}
