/** T05: orders that are closed though their lines are not complete; with the quantities side by side, T09. */
import { absolute, maximum } from '#kernel';
import { counted, lineName } from './billingDraft.ts';
import { fourWayMismatch, mismatch } from './billingFourWay.ts';
import { billedQuantities, codeFor, orderOfLine, shippedQuantities } from './billingLines.ts';
import { returnedQuantities, settledPart } from './billingReturns.ts';
import { inUnits } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: returned goods that were shipped anew are not returned; a line cancelled by its own event is not ordered; goods credited in a
 * dispute resolved for the customer need no return. A credit that only lowers a price may be counted either way.
 */
function closedButIncomplete({ population }: AuditContext): Outcome {
	const lines = population.table('sales_order_line');
	const orders = population.table('sales_order');
	const closed = codeFor(orders, 'state', 'closed');
	const states = orders.codes('state');
	const orderOf = population.derive(orderOfLine);
	const ordered = lines.quantities('quantity');
	const { invoiced, credited, creditedGoods } = population.derive(billedQuantities);
	const { returned, cancelled, isUnclear } = population.derive(returnedQuantities);
	const shipped = population.has('shipment') ? population.derive(shippedQuantities).shipped : null;
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (let line = 0; line < lines.rows; line++) {
		if (states[orderOf[line] as number] !== closed) continue;
		tested++;
		const billed = (invoiced[line] as bigint) - (credited[line] as bigint);
		const order = ordered[line] as bigint;
		if (billed === order && returned[line] === 0n && cancelled[line] === 0n) continue;
		const again = shipped ? maximum((shipped[line] as bigint) - order, 0n) : 0n;
		const kept = order - (cancelled[line] as bigint) - maximum((returned[line] as bigint) - again, 0n);
		const expected = kept - settledPart(population, line);
		const billedGoods = (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
		const isFree = lines.minors('unit_price_minor')[line] === 0n && billed === 0n;
		if (billed === expected || billedGoods === expected || isFree) continue;
		if (isUnclear[line] === 1) {
			open++;
			continue;
		}
		const away = order - kept;
		const reason = `Order ${lines.text('order_id', line)} is closed, but on ${lineName(population, line)} ${inUnits(order)} units were ordered${away > 0n ? ` and ${inUnits(away)} returned or cancelled` : ''}, while ${inUnits(invoiced[line] as bigint)} were invoiced and ${inUnits(credited[line] as bigint)} credited: the bill is ${inUnits(absolute(expected - billed))} units too ${billed < expected ? 'small' : 'large'}.`;
		exceptions.push(mismatch(population, line, expected - billed, reason));
	}
	return { tested, exceptions, open, openWhy: `${counted(open, 'line')} whose returned quantity is not told by line` };
}

export const COMPLETENESS_TESTS: readonly AuditTest[] = [
	{
		id: 'T05',
		judgesByAbsence: true,
		version: 1,
		title: 'Closed but incomplete',
		severity: 'medium',
		why: 'A closed order that was not billed as delivered is never looked at again.',
		rule: 'The order is closed, and on a line the quantity ordered less returned differs from the quantity invoiced less credited.',
		source: 'AS 1105.11 (completeness)',
		parameters: [],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'currency', 'state'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'quantity', 'unit_price_minor'] },
			{ table: 'invoice', columns: ['invoice_id', 'kind'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type'] },
		],
		mayRead: ['shipment', 'dispute'],
		run: closedButIncomplete,
	},
	{
		id: 'T09',
		judgesByAbsence: true,
		version: 1,
		title: 'Quantity four-way mismatch',
		severity: 'high',
		why: 'Order, shipment, delivery proof and invoice are kept by different people; where they disagree, one of them is wrong.',
		rule: 'Not (ordered ≥ shipped ≥ delivered with proof ≥ invoiced less credited) by more than {qty_tolerance} units. Proof counts only where the contract requires it. What is billed beyond what was shipped is T02, not repeated here.',
		source: 'AS 1105.11',
		parameters: [{ name: 'qty_tolerance', default: 0, unit: 'units', doc: 'Difference in whole units that is in order.' }],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'contract_id', 'currency', 'state'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'quantity', 'unit_price_minor'] },
			{ table: 'contract', columns: ['contract_id', 'billing_term', 'pod_required', 'bill_and_hold'] },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity'] },
			{ table: 'invoice', columns: ['invoice_id', 'kind'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
		],
		mayRead: ['order_event', 'dispute', 'obligation', 'document'],
		run: fourWayMismatch,
	},
];
