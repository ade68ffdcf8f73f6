/** Ordered, shipped, delivered and billed quantities of an order line, side by side. T09. */
import { DAY_MS, maximum } from '#kernel';
import type { Population } from '#population';
import { citeInvoices, citeLine, lineCurrency, lineName, worthOf } from './billingDraft.ts';
import {
	billedQuantities,
	codeFor,
	contractOfLine,
	isBilledAhead,
	isOverTime,
	lineOfShipment,
	orderOfLine,
	rowsOfLine,
	shippedQuantities,
} from './billingLines.ts';
import { deliveredByEvents, isProvenElsewhere, needsProof, provenDeliveries } from './billingProof.ts';
import { returnEventsOf, returnedQuantities } from './billingReturns.ts';
import { inUnits, keysOf, refs } from './draft.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

export function mismatch(population: Population, line: number, quantity: bigint, reason: string): ExceptionDraft {
	const lines = population.table('sales_order_line');
	const invoiceLines = rowsOfLine(population, 'invoice_line', line).subarray(0, 20);
	return {
		orderId: lines.text('order_id', line),
		keys: keysOf(population, 'sales_order_line', line),
		amountMinor: worthOf(quantity, lines.minors('unit_price_minor')[line] as bigint),
		currency: lineCurrency(population, line),
		reason,
		rows: [
			...citeLine(population, line, ['invoice_line', ...(population.has('shipment') ? (['shipment'] as const) : [])]),
			...citeInvoices(population, invoiceLines),
			...refs('order_event', returnEventsOf(population, line).slice(0, 5)),
		].slice(0, 50),
	};
}

/**
 * Reading: shipped counts less goods returned, so that a replacement is no excess; delivered counts by shipments, and by events where
 * those tell of more. The last link binds where the contract bills on delivery; where it bills on shipment, goods in transit may be
 * billed, and delivered ones too if the required proof is there. Goods are in transit no more when they left 30 days ago and the order
 * is delivered, fulfilled or closed, in a company that tracks such deliveries and says of the order that it was delivered. Lines billed
 * ahead lawfully, and lines billed beyond what was shipped (T02), are not judged by it. Services are delivered without being shipped.
 */
export function fourWayMismatch({ population, number }: AuditContext): Outcome {
	const lines = population.table('sales_order_line');
	const ordered = lines.quantities('quantity');
	const { shipped, delivered } = population.derive(shippedQuantities);
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	const { returned } = population.derive(returnedQuantities);
	const told = population.derive(deliveredByEvents);
	const proven = population.derive(provenDeliveries);
	const mustProve = population.derive(needsProof);
	const ahead = population.derive(isBilledAhead);
	const onShipment = population.derive(isBilledOnShipment);
	const served = population.derive(isOverTime);
	const tolerance = BigInt(number('qty_tolerance')) * 1_000_000n;
	const exceptions: ExceptionDraft[] = [];
	for (let line = 0; line < lines.rows; line++) {
		const left = shipped[line] as bigint;
		const billed = (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
		const over = left - (returned[line] as bigint) - (ordered[line] as bigint);
		const arrived = (mustProve[line] === 1 ? proven[line] : delivered[line]) as bigint;
		const inTransit = onShipment[line] === 1 && left > (delivered[line] as bigint) ? quantityInTransit(population, line) : 0n;
		const broken: [bigint, string][] = [];
		if (over > tolerance)
			broken.push([
				over,
				`${inUnits(left)} units shipped${returned[line] === 0n ? '' : `, ${inUnits(returned[line] as bigint)} of them returned`}, against ${inUnits(ordered[line] as bigint)} ordered`,
			]);
		const excess = (told[line] as bigint) - left;
		if (excess > tolerance && !(left === 0n && served[line] === 1))
			broken.push([excess, `${inUnits(told[line] as bigint)} units reported delivered against ${inUnits(left)} shipped`]);
		const unproven = billed - arrived - inTransit;
		const isBound = ahead[line] === 0 && billed <= left;
		if (
			unproven > tolerance &&
			isBound &&
			!(mustProve[line] === 1 && billed - inTransit <= (delivered[line] as bigint) && isProvenElsewhere(population, line))
		)
			broken.push([
				unproven,
				`${inUnits(billed)} units invoiced net of credit memos against ${inUnits(arrived)} delivered${mustProve[line] === 1 ? ' with the proof the contract requires' : ''}`,
			]);
		if (broken.length > 0) exceptions.push(brokenChain(population, line, broken, billed > left && ahead[line] === 0));
	}
	return { tested: lines.rows, exceptions, open: 0 };
}

function brokenChain(
	population: Population,
	line: number,
	broken: readonly (readonly [bigint, string])[],
	isUnshipped: boolean,
): ExceptionDraft {
	const largest = broken.reduce((most, [quantity]) => maximum(most, quantity), 0n);
	const citation = isUnshipped ? ' (It is also billed beyond what was shipped: see T02.)' : '';
	const reason = `On ${lineName(population, line)}: ${broken.map(([, text]) => text).join('; ')}.${citation}`;
	return mismatch(population, line, largest, reason);
}

/** Undelivered goods that left so long ago are lost, if the order says that it is complete. */
const IN_TRANSIT_MAX = 30 * DAY_MS;

/** Millionths of an order line's undelivered shipments that may still arrive. */
function quantityInTransit(population: Population, line: number): bigint {
	const shipments = population.table('shipment');
	const isComplete =
		population.derive(completeOrders)[population.derive(orderOfLine)[line] as number] === 1 && population.derive(tracksDeliveries);
	let quantity = 0n;
	for (const row of rowsOfLine(population, 'shipment', line)) {
		if (!Number.isNaN(shipments.instants('delivered_at')[row] as number)) continue;
		const isLost = isComplete && (shipments.instants('shipped_at')[row] as number) < population.asOf - IN_TRANSIT_MAX;
		if (!isLost) quantity += shipments.quantities('quantity')[row] as bigint;
	}
	return quantity;
}

/** 1 for orders in a state that comes behind the last delivery. */
function completeOrders(population: Population): Uint8Array {
	const orders = population.table('sales_order');
	const complete = ['delivered', 'accepted', 'fulfilled', 'closed'].map((state) => codeFor(orders, 'state', state));
	const claimed = population.derive(ordersSaidDelivered);
	return Uint8Array.from(orders.codes('state'), (state, row) => (complete.includes(state) && claimed[row] === 1 ? 1 : 0));
}

/** 1 for orders whose events tell of a delivery: goods sold ex works go from shipped to closed without one. All, where no events are. */
function ordersSaidDelivered(population: Population): Uint8Array {
	const orders = population.table('sales_order');
	const claimed = new Uint8Array(orders.rows);
	if (!population.has('order_event')) return claimed.fill(1);
	const events = population.table('order_event');
	const delivered = codeFor(events, 'type', 'line.delivered');
	const states = ['delivered', 'partially_delivered'].map((state) => codeFor(events, 'to_state', state));
	const types = events.codes('type');
	const to = events.codes('to_state');
	const orderOf = events.codes('order_id');
	const index = population.index('sales_order', 'order_id');
	for (let row = 0; row < events.rows; row++) {
		if (types[row] !== delivered && !states.includes(to[row] as number)) continue;
		const order = index.rowOf(orderOf[row] as number);
		if (order >= 0) claimed[order] = 1;
	}
	return claimed;
}

/** Whether most shipments of complete orders that bill on shipment have a delivery: else the company does not follow its goods that far. */
function tracksDeliveries(population: Population): boolean {
	const deliveredAt = population.table('shipment').instants('delivered_at');
	const lineOf = population.derive(lineOfShipment);
	const orderOf = population.derive(orderOfLine);
	const complete = population.derive(completeOrders);
	const onShipment = population.derive(isBilledOnShipment);
	let delivered = 0;
	let all = 0;
	for (let row = 0; row < lineOf.length; row++) {
		const line = lineOf[row] as number;
		if (line < 0 || onShipment[line] !== 1 || complete[orderOf[line] as number] !== 1) continue;
		all++;
		if (!Number.isNaN(deliveredAt[row] as number)) delivered++;
	}
	return 2 * delivered > all;
}

function isBilledOnShipment(population: Population): Uint8Array {
	const contracts = population.table('contract');
	const terms = contracts.codes('billing_term');
	const onShipment = codeFor(contracts, 'billing_term', 'on_shipment');
	return Uint8Array.from(population.derive(contractOfLine), (contract) => (terms[contract] === onShipment ? 1 : 0));
}
