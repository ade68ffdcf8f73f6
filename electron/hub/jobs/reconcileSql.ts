/**
 * Order ↔ billing ↔ revenue as one statement, so that a million orders are added up where they lie. All of it is `numeric`: exact, and
 * `round` takes ties away from zero, as the rest of the program does.
 *
 * Parameters: $1 the tenant, $2 the first instant after the day. What a source recorded, billed or posted before $2 counts.
 */

/** A NUL in a text is the one thing JSON has and `jsonb` has not; such rows are left out and counted. */
const READABLE = String.raw`strpos(line, '\u0000') = 0`;

/** Rows of a table as columns. The inner select stands for itself, so that no unreadable line reaches the cast. */
const rowsOf = (table: string, columns: string): string => `
	SELECT x.* FROM (SELECT line FROM table_row WHERE tenant = $1 AND table_name = '${table}' AND NOT deleted AND ${READABLE} OFFSET 0) r,
	LATERAL jsonb_to_record(r.line::jsonb) AS x (${columns})`;

const eventsOf = (table: string, columns: string): string => `
	SELECT x.* FROM (SELECT line FROM sealed_line WHERE tenant = $1 AND log_table = '${table}' AND ${READABLE} OFFSET 0) r,
	LATERAL jsonb_to_record(r.line::jsonb) AS x (${columns})`;

const before = (column: string): string => `${column} COLLATE "C" < $2`;

/** Quantity of one type of movement, and whether one of them moved "all that is left". */
const movedBy = (name: string): string => `
	sum(quantity) FILTER (WHERE type = 'line.${name}') AS ${name},
	coalesce(bool_or(quantity IS NULL) FILTER (WHERE type = 'line.${name}'), false) AS ${name}_all`;

const MOVEMENTS = ['shipped', 'delivered', 'accepted', 'returned'] as const;

/** Of a line: its own events, and those of its order that name no line. */
const quantityOf = (name: (typeof MOVEMENTS)[number]): string => `
	CASE WHEN coalesce(m.${name}_all, false) OR coalesce(w.${name}_any, false) THEN l.quantity ELSE coalesce(m.${name}, 0) END AS ${name}`;

export const UNREADABLE_SQL = `
	SELECT (SELECT count(*) FROM table_row WHERE tenant = $1 AND NOT deleted AND NOT ${READABLE})
	     + (SELECT count(*) FROM sealed_line WHERE tenant = $1 AND log_table <> 'hub_record' AND NOT ${READABLE}) AS count`;

export const RECONCILE_SQL = `
WITH o AS MATERIALIZED (
	SELECT s.order_id, s.currency, c.transfer_term, c.billing_term, c.currency AS contract_currency
	FROM (${rowsOf('sales_order', 'order_id text, currency text, contract_id text, ordered_at text')}) s
	LEFT JOIN (${rowsOf('contract', 'contract_id text, transfer_term text, billing_term text, currency text')}) c USING (contract_id)
	WHERE ${before('s.ordered_at')}
), l AS MATERIALIZED (
	SELECT s.order_id, s.line_id, s.quantity, s.unit_price_minor, coalesce(b.allocated_minor, s.amount_minor) AS allocated_minor, b.method
	FROM (${rowsOf('sales_order_line', 'order_id text, line_id text, quantity numeric, unit_price_minor numeric, amount_minor numeric, obligation_id text')}) s
	LEFT JOIN (${rowsOf('obligation', 'obligation_id text, allocated_minor numeric, method text')}) b USING (obligation_id)
), e AS MATERIALIZED (
	SELECT order_id, line_id, type, quantity
	FROM (${eventsOf('order_event', 'order_id text, line_id text, type text, quantity numeric, recorded_at text')}) all_events
	WHERE (type IN (${MOVEMENTS.map((name) => `'line.${name}'`).join(', ')}) OR type IN ('order.amended', 'order.corrected')) AND ${before('recorded_at')}
), m AS (
	SELECT order_id, line_id, ${MOVEMENTS.map(movedBy).join(', ')} FROM e WHERE line_id IS NOT NULL GROUP BY order_id, line_id
), w AS (
	SELECT order_id, bool_or(type IN ('order.amended', 'order.corrected')) AS is_changed,
	${MOVEMENTS.map((name) => `bool_or(type = 'line.${name}') AS ${name}_any`).join(', ')}
	FROM e WHERE line_id IS NULL OR type IN ('order.amended', 'order.corrected') GROUP BY order_id
), moved AS (
	SELECT l.order_id, l.quantity, l.unit_price_minor, l.allocated_minor, l.method, ${MOVEMENTS.map(quantityOf).join(', ')}
	FROM l LEFT JOIN m USING (order_id, line_id) LEFT JOIN w ON w.order_id = l.order_id
), transferred AS (
	SELECT moved.*, o.billing_term,
		CASE o.transfer_term WHEN 'shipment' THEN moved.shipped WHEN 'delivery' THEN moved.delivered WHEN 'acceptance' THEN moved.accepted END AS passed,
		CASE o.billing_term WHEN 'on_shipment' THEN moved.shipped WHEN 'on_delivery' THEN moved.delivered END AS billable
	FROM o JOIN moved USING (order_id)
), value AS (
	SELECT order_id,
		sum(round(shipped * unit_price_minor)) AS shipped, sum(round(delivered * unit_price_minor)) AS delivered,
		sum(round((billable - returned) * unit_price_minor)) AS billable, bool_or(billable IS NULL) AS billable_open,
		sum(round(allocated_minor * least(greatest(passed - returned, 0), quantity) / nullif(quantity, 0))) AS earned,
		bool_or(passed IS NULL OR quantity = 0 OR coalesce(method = 'over_time', false)) AS earned_open
	FROM transferred GROUP BY order_id
), bill AS (
	SELECT n.order_id, i.currency, sum(CASE i.kind WHEN 'credit_memo' THEN -abs(n.amount_minor) ELSE n.amount_minor END) AS minor
	FROM (${rowsOf('invoice', 'invoice_id text, currency text, kind text, issued_at text')}) i
	JOIN (${rowsOf('invoice_line', 'invoice_id text, order_id text, amount_minor numeric')}) n USING (invoice_id)
	WHERE ${before('i.issued_at')} GROUP BY n.order_id, i.currency
), book AS (
	SELECT order_id, currency, sum(CASE kind WHEN 'reverse' THEN -amount_minor ELSE amount_minor END) AS minor
	FROM (${eventsOf('revenue_event', 'order_id text, currency text, kind text, amount_minor numeric, posted_at text')}) revenue
	WHERE ${before('posted_at')} GROUP BY order_id, currency
), per_order AS (
	SELECT o.currency, value.shipped, value.delivered, value.billable, value.earned,
		coalesce(bill.minor, 0) AS invoiced, coalesce(book.minor, 0) AS recognised,
		value.order_id IS NULL OR value.billable_open OR coalesce(w.is_changed, false)
			OR EXISTS (SELECT FROM bill x WHERE x.order_id = o.order_id AND x.currency <> o.currency) AS bill_open,
		value.order_id IS NULL OR value.earned_open OR coalesce(w.is_changed, false)
			OR EXISTS (SELECT FROM book x WHERE x.order_id = o.order_id AND x.currency <> o.currency) AS book_open
	FROM o LEFT JOIN value USING (order_id) LEFT JOIN w ON w.order_id = o.order_id
	LEFT JOIN bill ON bill.order_id = o.order_id AND bill.currency = o.currency
	LEFT JOIN book ON book.order_id = o.order_id AND book.currency = o.currency
), sums AS (
	SELECT currency, count(*) AS orders,
		coalesce(sum(shipped), 0) AS shipped, coalesce(sum(delivered), 0) AS delivered, sum(invoiced) AS invoiced, sum(recognised) AS recognised,
		count(*) FILTER (WHERE NOT bill_open AND billable = invoiced) AS bill_matched,
		count(*) FILTER (WHERE bill_open) AS bill_not_testable,
		count(*) FILTER (WHERE NOT bill_open AND billable > invoiced) AS bill_short,
		coalesce(sum(billable - invoiced) FILTER (WHERE NOT bill_open AND billable > invoiced), 0) AS bill_short_minor,
		count(*) FILTER (WHERE NOT bill_open AND billable < invoiced) AS bill_over,
		coalesce(sum(invoiced - billable) FILTER (WHERE NOT bill_open AND billable < invoiced), 0) AS bill_over_minor,
		count(*) FILTER (WHERE NOT book_open AND earned = recognised) AS book_matched,
		count(*) FILTER (WHERE book_open) AS book_not_testable,
		count(*) FILTER (WHERE NOT book_open AND earned > recognised) AS book_short,
		coalesce(sum(earned - recognised) FILTER (WHERE NOT book_open AND earned > recognised), 0) AS book_short_minor,
		count(*) FILTER (WHERE NOT book_open AND earned < recognised) AS book_over,
		coalesce(sum(recognised - earned) FILTER (WHERE NOT book_open AND earned < recognised), 0) AS book_over_minor,
		count(*) FILTER (WHERE (NOT bill_open AND billable <> invoiced) OR (NOT book_open AND earned <> recognised)) AS broken
	FROM per_order GROUP BY currency
), strays AS (
	SELECT currency, sum(invoiced) AS invoiced, sum(recognised) AS recognised FROM (
		SELECT currency, minor AS invoiced, 0::numeric AS recognised, order_id FROM bill
		UNION ALL SELECT currency, 0::numeric, minor, order_id FROM book
	) both_sides WHERE NOT EXISTS (SELECT FROM o WHERE o.order_id = both_sides.order_id) GROUP BY currency
)
SELECT currency, coalesce(orders, 0)::text AS orders, coalesce(broken, 0)::text AS broken,
	coalesce(sums.shipped, 0)::text AS shipped, coalesce(sums.delivered, 0)::text AS delivered,
	coalesce(sums.invoiced, 0)::text AS invoiced, coalesce(sums.recognised, 0)::text AS recognised,
	coalesce(bill_matched, 0)::text AS bill_matched, coalesce(bill_not_testable, 0)::text AS bill_not_testable,
	coalesce(bill_short, 0)::text AS bill_short, coalesce(bill_short_minor, 0)::text AS bill_short_minor,
	coalesce(bill_over, 0)::text AS bill_over, coalesce(bill_over_minor, 0)::text AS bill_over_minor,
	coalesce(book_matched, 0)::text AS book_matched, coalesce(book_not_testable, 0)::text AS book_not_testable,
	coalesce(book_short, 0)::text AS book_short, coalesce(book_short_minor, 0)::text AS book_short_minor,
	coalesce(book_over, 0)::text AS book_over, coalesce(book_over_minor, 0)::text AS book_over_minor,
	coalesce(strays.invoiced, 0)::text AS stray_invoiced, coalesce(strays.recognised, 0)::text AS stray_recognised
FROM sums FULL JOIN strays USING (currency) ORDER BY currency COLLATE "C"`;
