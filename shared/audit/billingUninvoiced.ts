/** T01: goods that left or arrived, and no invoice followed. */
import { addBusinessDays } from '#kernel';
import type { Population } from '#population';
import { calendarOfEntity } from '#revenue';
import { citeInvoices, citeLine, counted, lineCurrency, lineName, worthOf } from './billingDraft.ts';
import { billedQuantities, codeFor, contractOfLine, orderOfLine, rowsOfLine, shippedQuantities } from './billingLines.ts';
import { returnEventsOf, returnedQuantities, settledPart } from './billingReturns.ts';
import { inTime, inUnits, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: goods that came back, and goods credited after a dispute resolved for the customer, need no invoice; a credit that only
 * lowers the price leaves its goods invoiced; lines that cost nothing need none. Disputes and holds do not stop the clock.
 */
function fulfilledNotInvoiced({ population, number }: AuditContext): Outcome {
	const lines = population.table('sales_order_line');
	const { shipped, delivered } = population.derive(shippedQuantities);
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	const { returned, isUnclear } = population.derive(returnedQuantities);
	const prices = lines.minors('unit_price_minor');
	const terms = population.derive(fulfilmentOfLine);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let waiting = 0;
	let unknown = 0;
	for (let line = 0; line < lines.rows; line++) {
		const term = terms[line];
		if (term === BY_NEITHER) continue;
		tested++;
		const fulfilled = (term === BY_SHIPMENT ? shipped[line] : delivered[line]) as bigint;
		const billed = (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
		if (fulfilled <= billed || prices[line] === 0n) continue;
		const excused = (returned[line] as bigint) + settledPart(population, line);
		if (fulfilled - excused <= billed) continue;
		const due = dueQuantity(population, line, number('grace_days'));
		if (due === null || isUnclear[line] === 1) unknown++;
		else if (due.quantity - excused <= billed) waiting++;
		else exceptions.push(uninvoiced(population, line, { ...due, excused, billed }));
	}
	const why = [
		waiting > 0
			? `${counted(waiting, 'line')} fulfilled ${number('grace_days')} business days before as-of or later and not yet invoiced`
			: '',
		unknown > 0 ? `${counted(unknown, 'line')} whose entity has no readable calendar, or whose returned quantity is not told by line` : '',
	];
	return { tested, exceptions, open: waiting + unknown, openWhy: why.filter(Boolean).join('; ') };
}

/** Neither shipment nor delivery calls for an invoice, or the contract is not known. */
export const BY_NEITHER = 0;
export const BY_SHIPMENT = 1;
export const BY_DELIVERY = 2;

/** Which fulfilment calls for an invoice, by sales_order_line row. Broken references are T76's. */
export function fulfilmentOfLine(population: Population): Uint8Array {
	const contracts = population.table('contract');
	const terms = contracts.codes('billing_term');
	const onShipment = codeFor(contracts, 'billing_term', 'on_shipment');
	const onDelivery = codeFor(contracts, 'billing_term', 'on_delivery');
	const contractOf = population.derive(contractOfLine);
	const fulfilments = new Uint8Array(contractOf.length);
	for (let line = 0; line < contractOf.length; line++) {
		const term = terms[contractOf[line] as number];
		fulfilments[line] = term === onShipment ? BY_SHIPMENT : term === onDelivery ? BY_DELIVERY : BY_NEITHER;
	}
	return fulfilments;
}

interface Due {
	readonly quantity: bigint;
	/** The earliest fulfilment that is due. */
	readonly since: number;
	readonly shipments: readonly number[];
}

/** What was fulfilled so long before as-of that its grace has run out; null where the entity has no readable calendar. */
function dueQuantity(population: Population, line: number, graceDays: number): Due | null {
	const order = population.derive(orderOfLine)[line] as number;
	const calendar = calendarOfEntity(population, population.table('sales_order').codes('entity_id')[order] as number);
	if (!calendar) return null;
	const table = population.table('shipment');
	const isByShipment = population.derive(fulfilmentOfLine)[line] === BY_SHIPMENT;
	const fulfilledAt = table.instants(isByShipment ? 'shipped_at' : 'delivered_at');
	const shipments: number[] = [];
	let quantity = 0n;
	let since = Number.POSITIVE_INFINITY;
	for (const row of rowsOfLine(population, 'shipment', line)) {
		const at = fulfilledAt[row] as number;
		if (Number.isNaN(at) || !(addBusinessDays(at, graceDays, calendar) < population.asOf)) continue;
		quantity += table.quantities('quantity')[row] as bigint;
		if (at < since) since = at;
		shipments.push(row);
	}
	return { quantity, since, shipments };
}

function uninvoiced(
	population: Population,
	line: number,
	{ quantity, since, excused, billed, shipments }: Due & { readonly excused: bigint; readonly billed: bigint },
): ExceptionDraft {
	const lines = population.table('sales_order_line');
	const missing = quantity - excused - billed;
	const verb = population.derive(fulfilmentOfLine)[line] === BY_SHIPMENT ? 'shipped' : 'delivered';
	const returnedText = excused > 0n ? `, ${inUnits(excused)} of it returned or settled` : '';
	const invoiceLines = rowsOfLine(population, 'invoice_line', line).subarray(0, 20);
	return {
		orderId: lines.text('order_id', line),
		keys: keysOf(population, 'sales_order_line', line),
		amountMinor: worthOf(missing, lines.minors('unit_price_minor')[line] as bigint),
		currency: lineCurrency(population, line),
		reason: `On ${lineName(population, line)}, ${inUnits(quantity)} units were ${verb} from ${inTime(since)} on${returnedText}, but ${inUnits(billed)} are invoiced net of credit memos at as-of ${inTime(population.asOf)}: ${inUnits(missing)} units are not invoiced.`,
		rows: [
			...citeLine(population, line, []),
			...refs('shipment', shipments.slice(0, 20)),
			...refs('invoice_line', invoiceLines),
			...citeInvoices(population, invoiceLines),
			...refs('order_event', returnEventsOf(population, line).slice(0, 5)),
		].slice(0, 50),
	};
}

export const UNINVOICED_TESTS: readonly AuditTest[] = [
	{
		id: 'T01',
		judgesByAbsence: true,
		version: 1,
		title: 'Fulfilled, not invoiced',
		severity: 'high',
		why: 'Goods delivered and never billed are lost income, and receivables and revenue may be understated.',
		rule: 'The delivered quantity of an order line (shipped, where the contract bills on shipment) exceeds what is invoiced less credited, and was fulfilled more than {grace_days} business days before as-of. Contracts that bill in advance or by milestone are left out; goods returned or settled in a dispute for the customer need no invoice.',
		source: 'AS 1105.11 (completeness)',
		parameters: [
			{
				name: 'grace_days',
				default: 5,
				unit: 'business days',
				doc: 'Business days of the entity between fulfilment and invoice that are in order.',
			},
		],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'entity_id', 'contract_id', 'currency', 'state'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'quantity', 'unit_price_minor'] },
			{ table: 'contract', columns: ['contract_id', 'billing_term'] },
			{ table: 'entity', columns: ['entity_id', 'timezone', 'workdays', 'day_start', 'day_end'] },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
			{ table: 'invoice', columns: ['invoice_id', 'kind'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
		],
		mayRead: ['order_event', 'dispute'],
		run: fulfilledNotInvoiced,
	},
];
