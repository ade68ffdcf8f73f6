export { worthOf } from './billingDraft.ts';
export {
	type BilledQuantities,
	billedQuantities,
	codeFor,
	invoiceOfInvoiceLine,
	isBilledAhead,
	isCredit,
	isOverTime,
	lineOfInvoiceLine,
	lineOfShipment,
	orderOfLine,
	rowsOfLine,
	type ShippedQuantities,
	type Sums,
	shippedQuantities,
	sumsOf,
} from './billingLines.ts';
export { returnedQuantities, settledPart } from './billingReturns.ts';
export { BY_DELIVERY, BY_NEITHER, BY_SHIPMENT, fulfilmentOfLine } from './billingUninvoiced.ts';
export * from './catalogue.ts';
export * from './engine.ts';
export * from './evidenceFacts.ts';
export { ledgerOf } from './ledger.ts';
export {
	bookingsOf,
	NAMED,
	ON_REVENUE,
	OTHER_CURRENCY,
	OTHER_PERIOD,
	signedAmounts,
	UNSURE,
	unbookedEvents,
	withheldEvents,
} from './ledgerBookings.ts';
export { NOT_IN_THIS_VERSION } from './notYet.ts';
export * from './parameters.ts';
export * from './result.ts';
export * from './types.ts';
