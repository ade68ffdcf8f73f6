/** The tables of an order's ledger: which columns of which table, and their heads. */
import type { DossierRow, OrderDossier } from '#explore';
import type { TableName } from '#model';

export interface LedgerPart {
	readonly title: string;
	readonly table: TableName;
	readonly rows: readonly DossierRow[];
	readonly columns: readonly Column[];
}

/** Name and head. */
type Column = readonly [column: string, head: string];

const LINES: readonly Column[] = [
	['line_id', 'Line'],
	['sku', 'Product'],
	['quantity', 'Quantity'],
	['unit_price_minor', 'Unit price'],
	['amount_minor', 'Amount'],
	['obligation_id', 'Obligation'],
];

const SHIPMENTS: readonly Column[] = [
	['shipment_id', 'Shipment'],
	['line_id', 'Line'],
	['quantity', 'Quantity'],
	['carrier', 'Carrier'],
	['tracking_no', 'Tracking'],
	['shipped_at', 'Shipped'],
	['delivered_at', 'Delivered'],
	['pod_document_id', 'Proof of delivery'],
];

const INVOICES: readonly Column[] = [
	['invoice_no', 'Number'],
	['kind', 'Kind'],
	['issued_at', 'Issued'],
	['due_at', 'Due'],
	['total_minor', 'Total with tax'],
	['currency', 'Currency'],
	['corrects_invoice_id', 'Corrects'],
	['entered_by', 'Entered by'],
	['approved_by', 'Approved by'],
];

const INVOICE_LINES: readonly Column[] = [
	['invoice_id', 'Invoice'],
	['line_no', 'No.'],
	['line_id', 'Order line'],
	['shipment_id', 'Shipment'],
	['quantity', 'Quantity'],
	['amount_minor', 'Amount'],
	['tax_minor', 'Tax'],
];

const PAYMENTS: readonly Column[] = [
	['payment_id', 'Payment'],
	['invoice_id', 'Invoice'],
	['received_at', 'Received'],
	['amount_minor', 'Amount'],
	['currency', 'Currency'],
];

const REVENUE: readonly Column[] = [
	['revenue_id', 'Event'],
	['kind', 'Kind'],
	['recognised_at', 'Recognised'],
	['period', 'Period'],
	['amount_minor', 'Amount'],
	['currency', 'Currency'],
	['trigger_event_id', 'Triggered by'],
	['manual', 'By hand'],
];

const JOURNALS: readonly Column[] = [
	['journal_id', 'Journal'],
	['account', 'Account'],
	['debit_minor', 'Debit'],
	['credit_minor', 'Credit'],
	['currency', 'Currency'],
	['period', 'Period'],
	['effective_on', 'Effective'],
	['source_kind', 'Source'],
	['source_id', 'Source id'],
	['description', 'Text'],
];

const HOLDS: readonly Column[] = [
	['hold_id', 'Hold'],
	['kind', 'Kind'],
	['line_id', 'Line'],
	['opened_at', 'Opened'],
	['opened_by', 'By'],
	['closed_at', 'Closed'],
	['reason_code', 'Reason'],
];

const DISPUTES: readonly Column[] = [
	['dispute_id', 'Dispute'],
	['status', 'Status'],
	['logged_at', 'Logged'],
	['closed_at', 'Closed'],
	['channel', 'Channel'],
	['amount_minor', 'Amount'],
];

const APPROVALS: readonly Column[] = [
	['subject_kind', 'Of'],
	['subject_id', 'Which'],
	['requested_by', 'Asked by'],
	['requested_at', 'Asked'],
	['approver_id', 'Approved by'],
	['approved_at', 'Approved'],
];

export const ledgerParts = (dossier: OrderDossier): readonly LedgerPart[] => [
	{ title: 'Order lines', table: 'sales_order_line', rows: dossier.lines, columns: LINES },
	{ title: 'Shipments', table: 'shipment', rows: dossier.shipments, columns: SHIPMENTS },
	{ title: 'Invoices', table: 'invoice', rows: dossier.invoices, columns: INVOICES },
	{ title: 'Invoice lines of this order', table: 'invoice_line', rows: dossier.invoiceLines, columns: INVOICE_LINES },
	{ title: 'Payments', table: 'payment', rows: dossier.payments, columns: PAYMENTS },
	{ title: 'Revenue events', table: 'revenue_event', rows: dossier.revenue, columns: REVENUE },
	{ title: 'Journal lines', table: 'journal_line', rows: dossier.journals, columns: JOURNALS },
	{ title: 'Holds', table: 'hold', rows: dossier.holds, columns: HOLDS },
	{ title: 'Disputes', table: 'dispute', rows: dossier.disputes, columns: DISPUTES },
	{ title: 'Approvals', table: 'approval', rows: dossier.approvals, columns: APPROVALS },
];
