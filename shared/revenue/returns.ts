/** What came back or was given up: quantities returned by customers, and conceded to them in disputes. */
import type { Population } from '#population';
import { MovementList, type Movements } from './movements.ts';
import { addEventsOfType } from './transfers.ts';

/** `line.returned` events by line; one without quantity returns all of it. Needs sales_order_line; reads order_event. */
export const returnedMovements = (population: Population): Movements => population.derive(collectReturns);

function collectReturns(population: Population): Movements {
	const lines = population.table('sales_order_line');
	const list = new MovementList();
	if (population.has('order_event')) addEventsOfType(population, 'line.returned', list, new Uint8Array(lines.rows), () => true);
	return list.build(lines.quantities('quantity'));
}

/** Quantities given up in disputes resolved for the customer, at the instants these were logged; none given means the whole line. */
export const concededMovements = (population: Population): Movements => population.derive(collectConcessions);

function collectConcessions(population: Population): Movements {
	const ordered = population.table('sales_order_line').quantities('quantity');
	const list = new MovementList();
	if (!population.has('dispute')) return list.build(ordered);
	const disputes = population.table('dispute');
	const resolved = disputes.dictionary('status').codeOf('resolved_customer');
	const statuses = disputes.codes('status');
	const instants = disputes.instants('logged_at');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const wholeOrders = new Set<number>();
	for (let row = 0; row < disputes.rows; row++) {
		if (resolved < 0 || statuses[row] !== resolved) continue;
		const order = disputes.codes('order_id')[row] as number;
		const line = disputes.codes('line_id')[row] as number;
		const quantity = disputes.isNull('disputed_quantity', row) ? null : (disputes.quantities('disputed_quantity')[row] as bigint);
		if (line >= 0) list.add(index.rowOf(order, line), instants[row] as number, quantity, 'dispute', row);
		// Of several disputes over one whole order the first stands for all, so that work stays linear in the rows.
		else if (!wholeOrders.has(order)) {
			wholeOrders.add(order);
			for (const each of population.index('sales_order_line', 'order_id').rowsOf(order))
				list.add(each, instants[row] as number, quantity, 'dispute', row);
		}
	}
	return list.build(ordered);
}
