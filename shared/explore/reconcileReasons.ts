/** The closed list of reasons why the chain of an order line stops, or agrees, between two books. */

/** Two neighbouring books of the chain order → shipment → billing → revenue → general ledger. */
export const RECONCILE_STAGES = ['order_shipment', 'shipment_billing', 'billing_revenue', 'revenue_ledger'] as const;
export type ReconcileStage = (typeof RECONCILE_STAGES)[number];

export const STAGE_TITLES: Readonly<Record<ReconcileStage, string>> = {
	order_shipment: 'Orders ↔ Shipments',
	shipment_billing: 'Shipments ↔ Billing',
	billing_revenue: 'Billing ↔ Revenue',
	revenue_ledger: 'Revenue ↔ GL',
};

/**
 * `matched` both books agree on all fields compared · `within_tolerance` they differ by no more than the rule allows ·
 * `open` they differ and may, by the contract's terms or because the time allowed has not run out ·
 * `not_compared` could not be told · `unmatched` one book has nothing for what the other has · `conflicting` both have it and disagree.
 */
export const RECONCILE_CLASSES = ['matched', 'within_tolerance', 'open', 'not_compared', 'unmatched', 'conflicting'] as const;
export type ReconcileClass = (typeof RECONCILE_CLASSES)[number];

export interface ReconcileReason {
	readonly code: ReasonCode;
	readonly stage: ReconcileStage | null;
	readonly class: ReconcileClass;
	/** What the queue says: "fulfilled, not invoiced". */
	readonly title: string;
	/** Why, as a sentence without values. */
	readonly words: string;
	/** The audit test with the same rule; "" where none has it. */
	readonly test: string;
}

const REASONS = [
	{ code: 'matched', stage: null, class: 'matched', title: 'agrees', words: 'Both books agree on every field compared.', test: '' },
	{
		code: 'rounding',
		stage: null,
		class: 'within_tolerance',
		title: 'differs within tolerance',
		words: 'The amounts differ by no more than the tolerance.',
		test: '',
	},
	{
		code: 'set_aside',
		stage: null,
		class: 'not_compared',
		title: 'may be a line set aside',
		words: 'What is missing may be a malformed line that was set aside.',
		test: '',
	},
	{
		code: 'not_supplied',
		stage: null,
		class: 'not_compared',
		title: 'not supplied',
		words: 'A table these two books are compared by was not supplied, so it could not be told.',
		test: '',
	},
	{
		code: 'not_shipped_yet',
		stage: 'order_shipment',
		class: 'open',
		title: 'not shipped yet',
		words: 'The order is open and nothing of the line has left.',
		test: '',
	},
	{
		code: 'part_shipped',
		stage: 'order_shipment',
		class: 'open',
		title: 'shipped in part',
		words: 'The order is open and a part of the line has left.',
		test: '',
	},
	{
		code: 'in_transit',
		stage: 'order_shipment',
		class: 'open',
		title: 'in transit',
		words: 'What was shipped has not all been reported delivered.',
		test: '',
	},
	{
		code: 'shipped_beyond_order',
		stage: 'order_shipment',
		class: 'conflicting',
		title: 'shipped beyond the order',
		words: 'More was shipped, less returns, than was ordered.',
		test: 'T09',
	},
	{
		code: 'delivered_beyond_shipped',
		stage: 'order_shipment',
		class: 'conflicting',
		title: 'delivered beyond shipped',
		words: 'Events report more delivered than was shipped.',
		test: 'T09',
	},
	{
		code: 'shipped_after_cancellation',
		stage: 'order_shipment',
		class: 'conflicting',
		title: 'shipped after cancellation',
		words: 'The order was cancelled before the goods left.',
		test: 'T07',
	},
	{
		code: 'closed_short',
		stage: 'order_shipment',
		class: 'conflicting',
		title: 'closed, not all shipped',
		words: 'The order is closed and less was shipped than ordered, and nothing says that the rest was cancelled.',
		test: 'T05',
	},
	{
		code: 'shipment_without_order',
		stage: 'order_shipment',
		class: 'unmatched',
		title: 'shipment without order line',
		words: 'The shipment names no order line of the population.',
		test: 'T07',
	},
	{
		code: 'over_time',
		stage: 'order_shipment',
		class: 'open',
		title: 'service in progress',
		words: 'The line is performed over time and ships nothing.',
		test: '',
	},
	{
		code: 'return_unclear',
		stage: 'shipment_billing',
		class: 'not_compared',
		title: 'returned quantity not told',
		words: 'Something came back, but the drop does not say how much of this line.',
		test: '',
	},
	{
		code: 'contract_unknown',
		stage: 'shipment_billing',
		class: 'not_compared',
		title: 'terms unknown',
		words: 'The contract is not in the population, so what was due cannot be told.',
		test: '',
	},
	{
		code: 'invoice_not_due',
		stage: 'shipment_billing',
		class: 'open',
		title: 'fulfilled, invoice not due',
		words: 'Fulfilled less than the days of grace before as-of.',
		test: 'T01',
	},
	{
		code: 'billed_ahead',
		stage: 'shipment_billing',
		class: 'open',
		title: 'billed ahead by contract',
		words: 'The contract bills in advance, by milestone, over time or as bill-and-hold.',
		test: '',
	},
	{
		code: 'bill_by_milestone',
		stage: 'shipment_billing',
		class: 'open',
		title: 'bill due by contract later',
		words: 'The contract bills by milestone or in advance, so shipping alone makes no invoice due.',
		test: '',
	},
	{
		code: 'shipped_not_invoiced',
		stage: 'shipment_billing',
		class: 'unmatched',
		title: 'fulfilled, not invoiced',
		words: 'Goods left or arrived and no invoice followed in the days of grace.',
		test: 'T01',
	},
	{
		code: 'invoiced_not_shipped',
		stage: 'shipment_billing',
		class: 'unmatched',
		title: 'invoiced, not shipped',
		words: 'The invoice was issued before the goods had left, and the terms do not allow it.',
		test: 'T02',
	},
	{
		code: 'invoiced_beyond_delivery',
		stage: 'shipment_billing',
		class: 'conflicting',
		title: 'quantity differs',
		words: 'More was invoiced, less credits, than was delivered with the proof the contract requires.',
		test: 'T09',
	},
	{
		code: 'closed_incomplete',
		stage: 'shipment_billing',
		class: 'conflicting',
		title: 'closed, bill differs from order',
		words: 'The order is closed, but ordered less returned is not what was invoiced less credited.',
		test: 'T05',
	},
	{
		code: 'invoice_without_order',
		stage: 'shipment_billing',
		class: 'unmatched',
		title: 'invoice without order',
		words: 'The invoice line names no order line of the population.',
		test: 'T06',
	},
	{
		code: 'price_differs',
		stage: 'shipment_billing',
		class: 'conflicting',
		title: 'price differs',
		words: 'The invoiced unit price is not the one ordered.',
		test: 'T08',
	},
	{
		code: 'currency_differs',
		stage: 'shipment_billing',
		class: 'conflicting',
		title: 'currency differs',
		words: 'The invoice is in another currency than the order.',
		test: 'T10',
	},
	{
		code: 'price_not_told',
		stage: 'billing_revenue',
		class: 'not_compared',
		title: 'allocated price not told',
		words: 'No obligation of this line alone is in the population, so what it earns cannot be recomputed.',
		test: '',
	},
	{
		code: 'amended',
		stage: 'billing_revenue',
		class: 'not_compared',
		title: 'amended, not recomputed',
		words: 'The order was amended and its revenue is treated as the amendment says; see T31.',
		test: 'T31',
	},
	{
		code: 'recognised_over_time',
		stage: 'billing_revenue',
		class: 'open',
		title: 'recognised over time',
		words: 'The obligation is satisfied over time and not complete yet.',
		test: 'T26',
	},
	{
		code: 'recognition_not_due',
		stage: 'billing_revenue',
		class: 'open',
		title: 'recognition not due',
		words: 'Control passed less than the days allowed before as-of, or its contract is not approved.',
		test: 'T03',
	},
	{
		code: 'frozen',
		stage: 'billing_revenue',
		class: 'open',
		title: 'on hold or in dispute',
		words: 'A hold or an open dispute freezes recognition.',
		test: 'T18',
	},
	{
		code: 'deferred',
		stage: 'billing_revenue',
		class: 'open',
		title: 'invoiced, not transferred yet',
		words: 'Billed ahead by contract: the amount is deferred until control passes.',
		test: '',
	},
	{
		code: 'unbilled_within_limit',
		stage: 'billing_revenue',
		class: 'open',
		title: 'recognised, invoice to follow',
		words: 'Recognised and not invoiced for fewer days than the limit.',
		test: 'T04',
	},
	{
		code: 'transferred_not_recognised',
		stage: 'billing_revenue',
		class: 'unmatched',
		title: 'transferred, not recognised',
		words: 'Control passed and the revenue it justifies was not recognised in the days allowed.',
		test: 'T03',
	},
	{
		code: 'recognised_not_invoiced',
		stage: 'billing_revenue',
		class: 'unmatched',
		title: 'recognised, not invoiced',
		words: 'Recognised longer ago than the limit and not invoiced.',
		test: 'T04',
	},
	{
		code: 'recognised_beyond_transfer',
		stage: 'billing_revenue',
		class: 'conflicting',
		title: 'recognised beyond transfer',
		words: 'Net revenue is more than the transferred quantity justifies.',
		test: 'T24',
	},
	{
		code: 'recognised_below_transfer',
		stage: 'billing_revenue',
		class: 'conflicting',
		title: 'amount differs',
		words: 'Net revenue is less than the transferred quantity justifies.',
		test: 'T23',
	},
	{
		code: 'revenue_currency_differs',
		stage: 'billing_revenue',
		class: 'conflicting',
		title: 'currency differs',
		words: 'Revenue was recognised in another currency than the order.',
		test: 'T10',
	},
	{
		code: 'revenue_without_order',
		stage: 'billing_revenue',
		class: 'unmatched',
		title: 'revenue without order line',
		words: 'The revenue event names no order line of the population.',
		test: 'T76',
	},
	{
		code: 'ledger_not_told',
		stage: 'revenue_ledger',
		class: 'not_compared',
		title: 'journal may be a line set aside',
		words: 'Lines of the ledger or of the chart of accounts were set aside as malformed, or values are withheld.',
		test: '',
	},
	{
		code: 'not_in_ledger',
		stage: 'revenue_ledger',
		class: 'unmatched',
		title: 'recognised, not in GL',
		words: 'No journal names the revenue event.',
		test: 'T40',
	},
	{
		code: 'ledger_account_differs',
		stage: 'revenue_ledger',
		class: 'conflicting',
		title: 'GL account differs',
		words: 'The journal of the revenue event posts to no revenue account.',
		test: 'T40',
	},
	{
		code: 'ledger_currency_differs',
		stage: 'revenue_ledger',
		class: 'conflicting',
		title: 'GL currency differs',
		words: 'The journal is in another currency than the revenue event.',
		test: 'T40',
	},
	{
		code: 'ledger_period_differs',
		stage: 'revenue_ledger',
		class: 'conflicting',
		title: 'GL period differs',
		words: 'The journal is in another period than the revenue event.',
		test: 'T40',
	},
	{
		code: 'ledger_amount_differs',
		stage: 'revenue_ledger',
		class: 'conflicting',
		title: 'GL amount differs',
		words: 'The revenue accounts carry another amount for the revenue event.',
		test: 'T40',
	},
	{
		code: 'ledger_without_source',
		stage: 'revenue_ledger',
		class: 'unmatched',
		title: 'GL without source',
		words: 'A line on a revenue or deferred revenue account names no document of the population.',
		test: 'T39',
	},
] as const satisfies readonly {
	code: string;
	stage: ReconcileStage | null;
	class: ReconcileClass;
	title: string;
	words: string;
	test: string;
}[];

export type ReasonCode = (typeof REASONS)[number]['code'];

/** Every reason; its place in the list is its number in the columns. Number 0 is `matched`. */
export const RECONCILE_REASONS: readonly ReconcileReason[] = REASONS;

const NUMBERS: ReadonlyMap<string, number> = new Map(REASONS.map(({ code }, index) => [code, index]));

export const reasonNumber = (code: ReasonCode): number => NUMBERS.get(code) ?? 0;

export const reasonAt = (number: number): ReconcileReason => RECONCILE_REASONS[number] ?? (REASONS[0] as ReconcileReason);

/** How much a class weighs where a line has several: the heaviest names the line. */
const WEIGHT: Readonly<Record<ReconcileClass, number>> = {
	conflicting: 5,
	unmatched: 5,
	not_compared: 4,
	open: 3,
	within_tolerance: 2,
	matched: 1,
};

export const reasonWeights: Uint8Array = Uint8Array.from(REASONS, ({ class: one }) => WEIGHT[one]);

export const isBreak = (one: ReconcileClass): boolean => one === 'unmatched' || one === 'conflicting';
