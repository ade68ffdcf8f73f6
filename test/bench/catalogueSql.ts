/**
 * Six tests of the catalogue as SQL over the same tables, each giving the keys of its exceptions. They read as the rules of the tests
 * do, as far as the sample company has cases for; that both sides name the same subjects is checked at every run.
 */

export interface PeerQuery {
	readonly test: string;
	/** Key columns, in the order in which the query gives them. */
	readonly keys: readonly string[];
	readonly sql: string;
}

/** Invoiced and credited quantities by order line; a credit below the price ordered and billed takes back no goods. */
const BILLED = `
invoiced AS (
	SELECT il.order_id, il.line_id, sum(il.quantity) AS invoiced, min(il.unit_price_minor) AS lowest
	FROM invoice_line il JOIN invoice i USING (invoice_id) WHERE i.kind = 'invoice' GROUP BY ALL),
credited AS (
	SELECT il.order_id, il.line_id, sum(abs(il.quantity)) AS goods
	FROM invoice_line il JOIN invoice i USING (invoice_id)
	JOIN sales_order_line l ON l.order_id = il.order_id AND l.line_id = il.line_id
	LEFT JOIN invoiced v ON v.order_id = il.order_id AND v.line_id = il.line_id
	WHERE i.kind = 'credit_memo' AND abs(il.unit_price_minor) >= least(l.unit_price_minor, coalesce(v.lowest, l.unit_price_minor))
	GROUP BY ALL)`;

const SHIPPED = `
shipped AS (
	SELECT order_id, line_id, sum(quantity) AS shipped,
		coalesce(sum(quantity) FILTER (delivered_at IS NOT NULL), 0) AS delivered,
		coalesce(sum(quantity) FILTER (delivered_at IS NOT NULL AND pod_document_id IS NOT NULL), 0) AS proven
	FROM shipment GROUP BY ALL)`;

const RETURNED = `
returned AS (
	SELECT order_id, line_id, sum(quantity) AS returned FROM order_event WHERE type = 'line.returned' GROUP BY ALL)`;

const SETTLED = `
settled AS (
	SELECT order_id, line_id, sum(disputed_quantity) AS settled FROM dispute WHERE status = 'resolved_customer' GROUP BY ALL)`;

const OVER_TIME = `
over_time AS (SELECT DISTINCT order_id, line_id FROM obligation WHERE method = 'over_time')`;

/** T01: `grace_end` is each entity's latest instant whose grace has run out, by its calendar. */
const FULFILLED_NOT_INVOICED = `
WITH ${SHIPPED}, ${BILLED}, ${RETURNED}, ${SETTLED},
short AS (
	SELECT l.order_id, l.line_id, c.billing_term, g.grace_end,
		coalesce(v.invoiced, 0) - coalesce(k.goods, 0) AS billed,
		coalesce(r.returned, 0) + least(greatest(coalesce(k.goods, 0) - coalesce(r.returned, 0), 0), coalesce(t.settled, 0)) AS excused
	FROM sales_order_line l
	JOIN sales_order o USING (order_id)
	JOIN contract c ON c.contract_id = o.contract_id
	JOIN grace g ON g.entity_id = o.entity_id
	JOIN shipped s ON s.order_id = l.order_id AND s.line_id = l.line_id
	LEFT JOIN invoiced v ON v.order_id = l.order_id AND v.line_id = l.line_id
	LEFT JOIN credited k ON k.order_id = l.order_id AND k.line_id = l.line_id
	LEFT JOIN returned r ON r.order_id = l.order_id AND r.line_id = l.line_id
	LEFT JOIN settled t ON t.order_id = l.order_id AND t.line_id = l.line_id
	WHERE c.billing_term IN ('on_shipment', 'on_delivery') AND l.unit_price_minor <> 0
		AND CASE c.billing_term WHEN 'on_shipment' THEN s.shipped ELSE s.delivered END > coalesce(v.invoiced, 0) - coalesce(k.goods, 0))
SELECT x.order_id, x.line_id
FROM short x JOIN shipment s USING (order_id, line_id)
WHERE CASE x.billing_term WHEN 'on_shipment' THEN s.shipped_at ELSE s.delivered_at END < x.grace_end
GROUP BY x.order_id, x.line_id, x.excused, x.billed
HAVING sum(s.quantity) - x.excused > x.billed`;

/** T02: what an invoice line bills beyond what had left by then, cumulatively. */
const INVOICED_NOT_SHIPPED = `
WITH ${OVER_TIME}, ${BILLED},
bound AS (
	SELECT l.order_id, l.line_id, least(l.unit_price_minor, coalesce(v.lowest, l.unit_price_minor)) AS lowest
	FROM sales_order_line l JOIN sales_order o USING (order_id) JOIN contract c ON c.contract_id = o.contract_id
	LEFT JOIN invoiced v ON v.order_id = l.order_id AND v.line_id = l.line_id
	ANTI JOIN over_time t ON t.order_id = l.order_id AND t.line_id = l.line_id
	WHERE c.billing_term NOT IN ('advance', 'milestone') AND NOT c.bill_and_hold),
movement AS (
	SELECT order_id, line_id, shipped_at AS instant, 0 AS rank, quantity AS change, NULL AS invoice_id, NULL AS line_no
	FROM shipment SEMI JOIN bound USING (order_id, line_id)
	UNION ALL
	SELECT order_id, line_id, i.issued_at, CASE i.kind WHEN 'invoice' THEN 1 ELSE 0 END,
		CASE i.kind WHEN 'invoice' THEN -il.quantity ELSE abs(il.quantity) END, il.invoice_id, il.line_no
	FROM invoice_line il JOIN bound b USING (order_id, line_id) JOIN invoice i USING (invoice_id)
	WHERE i.kind = 'invoice' OR abs(il.unit_price_minor) >= b.lowest),
balanced AS (
	SELECT *, sum(change) OVER (PARTITION BY order_id, line_id ORDER BY instant, rank, invoice_id, line_no) AS balance FROM movement)
SELECT invoice_id, line_no FROM balanced WHERE rank = 1 AND balance < 0 AND change < 0`;

/** T03: `due_days` holds for each entity how many days the rule's business days span, by the week day they start on. */
const TRANSFERRED_NOT_RECOGNISED = `
WITH amended AS (
	SELECT order_id, sum(abs(delta_price_minor)) AS moved FROM contract_amendment WHERE order_id IS NOT NULL GROUP BY ALL),
${RETURNED}, ${SETTLED},
transfer AS (
	SELECT s.order_id, s.line_id, CASE c.transfer_term WHEN 'shipment' THEN s.shipped_at ELSE s.delivered_at END AS instant, s.quantity
	FROM shipment s JOIN sales_order o USING (order_id) JOIN contract c ON c.contract_id = o.contract_id
	WHERE c.transfer_term <> 'acceptance' AND CASE c.transfer_term WHEN 'shipment' THEN s.shipped_at ELSE s.delivered_at END IS NOT NULL
	UNION ALL
	SELECT e.order_id, e.line_id, e.occurred_at, e.quantity
	FROM order_event e JOIN sales_order o USING (order_id) JOIN contract c ON c.contract_id = o.contract_id
	WHERE c.transfer_term = 'acceptance' AND e.type = 'line.accepted'),
moved AS (
	SELECT b.obligation_id, t.order_id, t.line_id, t.instant, l.quantity AS ordered, b.allocated_minor AS price,
		sum(t.quantity) OVER (PARTITION BY b.obligation_id ORDER BY t.instant) AS transferred
	FROM transfer t
	JOIN sales_order_line l ON l.order_id = t.order_id AND l.line_id = t.line_id
	JOIN obligation b ON b.order_id = t.order_id AND b.line_id = t.line_id
	WHERE b.method <> 'over_time' AND l.quantity > 0),
short AS (
	SELECT m.obligation_id, m.order_id, m.line_id, m.instant, m.transferred, m.ordered, m.price
	FROM moved m LEFT JOIN revenue_event r
		ON r.obligation_id = m.obligation_id AND r.kind = 'recognise' AND r.recognised_at <= m.instant + INTERVAL 20 HOUR
	GROUP BY ALL
	HAVING coalesce(sum(r.amount_minor), 0) + count(r.revenue_id) + 1 < round(m.price * least(m.transferred, m.ordered) / m.ordered)),
free AS (
	SELECT s.*, w.span,
		greatest(s.instant, c.signed_at, c.approved_at,
			coalesce((SELECT max(h.closed_at) FROM hold h WHERE h.order_id = s.order_id
				AND (h.line_id IS NULL OR h.line_id = s.line_id)
				AND h.opened_at <= s.instant + to_days(w.span[isodow(s.instant)]) AND h.closed_at > s.instant), s.instant),
			coalesce((SELECT max(d.closed_at) FROM dispute d WHERE d.order_id = s.order_id
				AND (d.line_id IS NULL OR d.line_id = s.line_id)
				AND d.logged_at <= s.instant + to_days(w.span[isodow(s.instant)]) AND d.closed_at > s.instant), s.instant)) AS free_at
	FROM short s JOIN sales_order o USING (order_id) JOIN contract c ON c.contract_id = o.contract_id
	JOIN due_days w ON w.entity_id = o.entity_id
	WHERE c.signed_at IS NOT NULL AND c.approved_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.order_id = s.order_id AND h.closed_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM dispute d WHERE d.order_id = s.order_id AND d.status = 'open')),
due AS (SELECT *, free_at + to_days(span[isodow(free_at)]) AS due_at FROM free),
required AS (
	SELECT d.order_id, d.line_id, d.obligation_id, d.instant, d.due_at,
		round(greatest(d.price - coalesce(a.moved, 0), 0)
			* greatest(least(d.transferred, d.ordered) - coalesce(r.returned, 0) - coalesce(t.settled, 0), 0) / d.ordered) AS required
	FROM due d
	LEFT JOIN amended a USING (order_id)
	LEFT JOIN returned r ON r.order_id = d.order_id AND r.line_id = d.line_id
	LEFT JOIN settled t ON t.order_id = d.order_id AND t.line_id = d.line_id
	WHERE d.due_at < (SELECT as_of FROM engagement)),
late AS (
	SELECT q.order_id, q.line_id, q.obligation_id, q.instant
	FROM required q LEFT JOIN revenue_event r
		ON r.obligation_id = q.obligation_id AND r.kind = 'recognise' AND r.recognised_at <= q.due_at
	GROUP BY q.order_id, q.line_id, q.obligation_id, q.instant, q.required
	HAVING coalesce(sum(r.amount_minor), 0) + count(r.revenue_id) + 1 < q.required)
SELECT DISTINCT order_id, line_id FROM late`;

/** T09: ordered, shipped, delivered with proof, and billed, side by side. */
const FOUR_WAY_MISMATCH = `
WITH ${SHIPPED}, ${BILLED}, ${RETURNED}, ${OVER_TIME},
told AS (SELECT order_id, line_id, sum(quantity) AS told FROM order_event WHERE type = 'line.delivered' GROUP BY ALL),
transit AS (
	SELECT s.order_id, s.line_id, sum(s.quantity) AS quantity
	FROM shipment s JOIN sales_order o USING (order_id)
	WHERE s.delivered_at IS NULL
		AND NOT (o.state IN ('delivered', 'accepted', 'fulfilled', 'closed') AND s.shipped_at < (SELECT as_of FROM engagement) - INTERVAL 30 DAY)
	GROUP BY ALL),
side AS (
	SELECT l.order_id, l.line_id, l.quantity AS ordered, coalesce(s.shipped, 0) AS shipped, coalesce(r.returned, 0) AS returned,
		coalesce(e.told, 0) AS told, coalesce(v.invoiced, 0) - coalesce(k.goods, 0) AS billed, coalesce(s.delivered, 0) AS delivered,
		CASE WHEN c.pod_required THEN coalesce(s.proven, 0) ELSE coalesce(s.delivered, 0) END AS arrived, c.pod_required,
		CASE WHEN c.billing_term = 'on_shipment' THEN coalesce(t.quantity, 0) ELSE 0 END AS transit,
		c.billing_term IN ('advance', 'milestone') OR c.bill_and_hold OR x.order_id IS NOT NULL AS ahead
	FROM sales_order_line l
	JOIN sales_order o USING (order_id)
	JOIN contract c ON c.contract_id = o.contract_id
	LEFT JOIN shipped s ON s.order_id = l.order_id AND s.line_id = l.line_id
	LEFT JOIN invoiced v ON v.order_id = l.order_id AND v.line_id = l.line_id
	LEFT JOIN credited k ON k.order_id = l.order_id AND k.line_id = l.line_id
	LEFT JOIN returned r ON r.order_id = l.order_id AND r.line_id = l.line_id
	LEFT JOIN told e ON e.order_id = l.order_id AND e.line_id = l.line_id
	LEFT JOIN transit t ON t.order_id = l.order_id AND t.line_id = l.line_id
	LEFT JOIN over_time x ON x.order_id = l.order_id AND x.line_id = l.line_id)
SELECT order_id, line_id FROM side
WHERE shipped - returned > ordered OR told > shipped
	OR (NOT ahead AND billed <= shipped AND billed - arrived - transit > 0
		AND NOT (pod_required AND billed - transit <= delivered AND EXISTS (
			SELECT 1 FROM document d WHERE d.order_id = side.order_id AND d.kind IN ('pod', 'acceptance')
				AND NOT EXISTS (SELECT 1 FROM shipment s WHERE s.pod_document_id = d.document_id))))`;

/** T40: each revenue event against the journal lines that name it. */
const REVENUE_NOT_IN_LEDGER = `
WITH booked AS (
	SELECT j.source_id, sum(j.credit_minor - j.debit_minor) FILTER (a.class = 'revenue') AS net,
		count(*) FILTER (a.class = 'revenue') AS on_revenue,
		min(j.period) FILTER (a.class = 'revenue') AS first_period, max(j.period) FILTER (a.class = 'revenue') AS last_period,
		min(j.currency) FILTER (a.class = 'revenue') AS first_currency, max(j.currency) FILTER (a.class = 'revenue') AS last_currency
	FROM journal_line j LEFT JOIN account a ON a.entity_id = j.entity_id AND a.account = j.account
	WHERE j.source_kind = 'revenue_event' GROUP BY ALL)
SELECT r.revenue_id
FROM revenue_event r LEFT JOIN booked b ON b.source_id = r.revenue_id
WHERE b.source_id IS NULL OR b.on_revenue = 0 OR b.first_period <> r.period OR b.last_period <> r.period
	OR b.first_currency <> r.currency OR b.last_currency <> r.currency
	OR b.net <> CASE r.kind WHEN 'reverse' THEN -r.amount_minor ELSE r.amount_minor END`;

/** T41: both ledgers by entity, period and currency. */
const SUBLEDGER_DIFFERS = `
WITH sub AS (
	SELECT o.entity_id, r.period, r.currency, sum(CASE r.kind WHEN 'reverse' THEN -r.amount_minor ELSE r.amount_minor END) AS net
	FROM revenue_event r JOIN sales_order o USING (order_id) GROUP BY ALL),
gl AS (
	SELECT j.entity_id, j.period, j.currency, sum(j.credit_minor - j.debit_minor) AS net
	FROM journal_line j JOIN account a ON a.entity_id = j.entity_id AND a.account = j.account
	WHERE a.class = 'revenue' GROUP BY ALL)
SELECT entity_id, period, currency
FROM sub FULL JOIN gl USING (entity_id, period, currency)
WHERE coalesce(sub.net, 0) <> coalesce(gl.net, 0)`;

export const PEER_QUERIES: readonly PeerQuery[] = [
	{ test: 'T01', keys: ['order_id', 'line_id'], sql: FULFILLED_NOT_INVOICED },
	{ test: 'T02', keys: ['invoice_id', 'line_no'], sql: INVOICED_NOT_SHIPPED },
	{ test: 'T03', keys: ['order_id', 'line_id'], sql: TRANSFERRED_NOT_RECOGNISED },
	{ test: 'T09', keys: ['order_id', 'line_id'], sql: FOUR_WAY_MISMATCH },
	{ test: 'T40', keys: ['revenue_id'], sql: REVENUE_NOT_IN_LEDGER },
	{ test: 'T41', keys: ['entity_id', 'period', 'currency'], sql: SUBLEDGER_DIFFERS },
];

/** Tables the queries read. */
export const PEER_TABLES = [
	'account',
	'contract',
	'contract_amendment',
	'dispute',
	'document',
	'hold',
	'invoice',
	'invoice_line',
	'journal_line',
	'obligation',
	'order_event',
	'revenue_event',
	'sales_order',
	'sales_order_line',
	'shipment',
] as const;
