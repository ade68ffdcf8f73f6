/** What every question about orders stands on: what is loaded, the order table over it, and the views that are open. */
import { type OrderTable, orderTable, textColumn } from '#explore';
import { ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { type ExamineGround, examineGround } from './examineGround.ts';
import type { OpenView, OrderViews } from './ordersViews.ts';
import { presentFacts } from './presentKeys.ts';
import { refuse } from './vaultError.ts';

export interface Ground extends ExamineGround {
	readonly table: OrderTable;
}

export function groundOf(context: VaultContext): Answer<Ground> {
	const on = examineGround(context);
	if (!on.ok) return on;
	const { engagement, loaded } = on.value;
	const { population } = loaded.drop;
	const evidence = presentFacts(loaded.drop.evidence, engagement.workbook());
	if (!population.has('sales_order'))
		return refuse('no_evidence', 'The drop has no sales orders (table sales_order), so there is no list of orders. Ask for the table.');
	return ok({ engagement, loaded, table: orderTable(population, evidence, engagement.results()) });
}

export type OnView = <T>(viewId: string, answer: (view: OpenView, on: Ground) => Answer<T>) => Answer<T>;

/** Answers over a view that is open, where an engagement is. A lock forgets all views. */
export const viewReader =
	(context: VaultContext, views: OrderViews): OnView =>
	(viewId, answer) => {
		const on = groundOf(context);
		if (!on.ok) {
			views.clear();
			return on;
		}
		const view = views.get(viewId);
		return view.ok ? answer(view.value, on.value) : view;
	};

/** How the values of a condition read: names of customers in the place of their ids. */
export function labelsOf(table: OrderTable): (column: string, value: string) => string {
	return (column, value) => {
		if (column !== 'customer' && column !== 'chain' && column !== 'severity') return value;
		const { texts } = textColumn(table, column);
		const code = texts.codeOf(value);
		return code < 0 ? value : texts.label(code);
	};
}
