/** An order draft as rows of the tables that are not sealed. Keys stand in canonical order. */
import type {
	AmendmentPlan,
	ApprovalPlan,
	ContractPlan,
	DisputePlan,
	DocumentPlan,
	HoldPlan,
	LinePlan,
	ObligationPlan,
	OrderPlan,
	PaymentPlan,
	ShipmentPlan,
	TrackingPlan,
} from './orderPlan.ts';
import { type CompanyRow, type Wire, wireMinor, wireQuantity } from './wire.ts';
import { timeText } from './workTime.ts';

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. Handed in: Node's own is many times faster than the portable one. */
export type Sha256OfText = (text: string) => string;

const timeOrNull = (at: number | null): string | null => (at === null ? null : timeText(at));
const moneyOrNull = (minor: bigint | null): number | null => (minor === null ? null : wireMinor(minor));

export function orderRows(plan: OrderPlan, sha256: Sha256OfText, rows: CompanyRow[]): void {
	const add = (table: CompanyRow['table'], record: Wire): void => {
		rows.push({ table, record });
	};
	add('contract', contractRecord(plan, plan.contract));
	add('sales_order', orderRecord(plan));
	for (const line of plan.lines) add('sales_order_line', lineRecord(plan, line));
	for (const obligation of plan.obligations) add('obligation', obligationRecord(plan, obligation));
	for (const amendment of plan.amendments) add('contract_amendment', amendmentRecord(plan, amendment));
	for (const shipment of plan.shipments) add('shipment', shipmentRecord(shipment));
	for (const tracking of plan.tracking) add('carrier_event', trackingRecord(tracking, sha256));
	for (const document of plan.documents) rows.push(documentRow(plan, document, sha256));
	for (const payment of plan.payments) add('payment', paymentRecord(plan, payment));
	for (const [index, approval] of plan.approvals.entries()) add('approval', approvalRecord(`APR-${plan.number}-${index + 1}`, approval));
	for (const dispute of plan.disputes) add('dispute', disputeRecord(plan, dispute));
	for (const hold of plan.holds) add('hold', holdRecord(plan, hold));
}

const contractRecord = ({ entity, customer }: OrderPlan, contract: ContractPlan): Wire => ({
	approved_at: timeOrNull(contract.approvedAt),
	approved_by: contract.approvedBy,
	bill_and_hold: contract.billAndHold,
	bill_and_hold_criteria: contract.billAndHoldCriteria,
	billing_term: contract.billing,
	contract_id: contract.contractId,
	currency: entity.currency,
	customer_id: customer.customerId,
	entity_id: entity.entityId,
	pod_required: contract.podRequired,
	price_minor: wireMinor(contract.priceMinor),
	signed_at: timeOrNull(contract.signedAt),
	transfer_term: contract.transfer,
});

const orderRecord = (plan: OrderPlan): Wire => ({
	contract_id: plan.contract.contractId,
	currency: plan.entity.currency,
	customer_id: plan.customerId,
	entity_id: plan.entity.entityId,
	order_id: plan.orderId,
	ordered_at: timeText(plan.orderedAt),
	region: plan.region,
	revision: plan.revision,
	schema_version: 1,
	state: plan.state,
	total_minor: wireMinor(plan.lines.reduce((sum, line) => sum + line.amountMinor, 0n)),
});

const lineRecord = ({ orderId }: OrderPlan, line: LinePlan): Wire => ({
	amount_minor: wireMinor(line.amountMinor),
	line_id: line.lineId,
	obligation_id: line.obligationId,
	order_id: orderId,
	quantity: wireQuantity(line.quantity),
	sku: line.sku,
	unit_price_minor: wireMinor(line.unitMinor),
});

const obligationRecord = ({ orderId, contract }: OrderPlan, obligation: ObligationPlan): Wire => ({
	allocated_minor: wireMinor(obligation.allocatedMinor),
	contract_id: contract.contractId,
	description: obligation.line.product.description,
	line_id: obligation.line.lineId,
	method: obligation.method,
	obligation_id: obligation.obligationId,
	order_id: orderId,
	ssp_minor: wireMinor(obligation.sspMinor),
});

/** A separate contract concerns no line of this order: its goods are ordered on their own. */
const amendmentRecord = ({ orderId, contract }: OrderPlan, amendment: AmendmentPlan): Wire => ({
	adds_distinct: amendment.addsDistinct,
	amendment_id: amendment.amendmentId,
	approved_at: timeOrNull(amendment.approvedAt),
	approved_by: amendment.approvedBy,
	at_ssp: amendment.atSsp,
	catch_up_minor: moneyOrNull(amendment.catchUpMinor),
	contract_id: contract.contractId,
	delta_price_minor: wireMinor(amendment.deltaMinor),
	effective_at: timeText(amendment.effectiveAt),
	order_id: amendment.treatment === 'separate' ? null : orderId,
	remaining_distinct: amendment.remainingDistinct,
	signed_at: timeOrNull(amendment.signedAt),
	treatment: amendment.treatment,
});

const shipmentRecord = (shipment: ShipmentPlan): Wire => ({
	carrier: shipment.carrier,
	delivered_at: timeOrNull(shipment.deliveredAt),
	line_id: shipment.line.lineId,
	order_id: shipment.orderId,
	pod_document_id: shipment.documentId,
	quantity: wireQuantity(shipment.quantity),
	shipment_id: shipment.shipmentId,
	shipped_at: timeText(shipment.shippedAt),
	tracking_no: shipment.trackingNo,
});

const trackingRecord = ({ trackingNo, status, at }: TrackingPlan, sha256: Sha256OfText): Wire => ({
	at: timeText(at),
	raw_sha256: sha256(`${trackingNo} ${status} ${at}`),
	status,
	tracking_no: trackingNo,
});

/** The row names the hash of the untouched bytes; what is planted is done to the bytes, or takes them away. */
function documentRow(plan: OrderPlan, document: DocumentPlan, sha256: Sha256OfText): CompanyRow {
	const record: Wire = {
		bytes: document.content.length,
		created_at: timeText(document.createdAt),
		dated_at: timeText(document.datedAt),
		document_id: document.documentId,
		file_name: document.fileName,
		kind: document.kind,
		media_type: 'application/pdf',
		order_id: plan.orderId,
		sha256: sha256(document.content),
	};
	const altered = document.content.replace('good order', 'poor order');
	return {
		table: 'document',
		record,
		content: document.flaw === 'withheld' ? null : document.flaw === 'altered' ? altered : document.content,
	};
}

const paymentRecord = ({ entity }: OrderPlan, payment: PaymentPlan): Wire => ({
	amount_minor: wireMinor(payment.amountMinor),
	currency: entity.currency,
	invoice_id: payment.invoice.invoiceId,
	payment_id: payment.paymentId,
	received_at: timeText(payment.receivedAt),
});

const approvalRecord = (approvalId: string, approval: ApprovalPlan): Wire => ({
	approval_id: approvalId,
	approved_at: timeText(approval.approvedAt),
	approver_id: approval.approverId,
	requested_at: timeText(approval.requestedAt),
	requested_by: approval.requestedBy,
	subject_id: approval.subjectId,
	subject_kind: approval.subjectKind,
});

const holdRecord = ({ orderId }: OrderPlan, hold: HoldPlan): Wire => ({
	amount_minor: moneyOrNull(hold.amountMinor),
	closed_at: timeOrNull(hold.closedAt),
	closed_by: hold.closedBy,
	dispute_id: hold.dispute?.disputeId ?? null,
	hold_id: hold.holdId,
	kind: hold.kind,
	line_id: hold.lineId,
	opened_at: timeText(hold.openedAt),
	opened_by: hold.openedBy,
	order_id: orderId,
	quantity: hold.quantity === null ? null : wireQuantity(hold.quantity),
	reason_code: hold.reason,
});

const disputeRecord = ({ orderId }: OrderPlan, dispute: DisputePlan): Wire => ({
	amount_minor: wireMinor(dispute.amountMinor),
	channel: dispute.channel,
	closed_at: timeOrNull(dispute.closedAt),
	dispute_id: dispute.disputeId,
	disputed_quantity: wireQuantity(dispute.quantity),
	escalated_at: timeOrNull(dispute.escalatedAt),
	evidence_score: dispute.score,
	evidence_threshold: dispute.threshold,
	line_id: dispute.line.lineId,
	logged_at: timeText(dispute.loggedAt),
	order_id: orderId,
	root_cause_code: dispute.rootCause,
	status: dispute.status,
});
