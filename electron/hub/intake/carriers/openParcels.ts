/** Which parcels of a carrier are still on their way, by the shipments and the carrier events the hub has. */
import type { Queryable } from '../../database/databasePort.ts';

const MAX_PARCELS = 100_000;

/** Tracking numbers of shipments that nothing says were delivered or returned. */
export async function openParcels(db: Queryable, tenant: string, carrier: string): Promise<readonly string[]> {
	// A NUL in a text is the one thing JSON has and `jsonb` has not; the inner select stands for itself, so that none reaches the cast.
	const readable = String.raw`strpos(line, '\u0000') = 0 OFFSET 0`;
	const rows = await db.query<{ tracking_no: string }>(
		`SELECT DISTINCT s.tracking_no FROM (
			SELECT x.* FROM (SELECT line FROM table_row WHERE tenant = $1 AND table_name = 'shipment' AND NOT deleted AND ${readable}) r,
			LATERAL jsonb_to_record(r.line::jsonb) AS x (carrier text, tracking_no text, delivered_at text)
		) s WHERE s.carrier = $2 AND s.delivered_at IS NULL AND NOT EXISTS (
			SELECT FROM carrier_scan c WHERE c.tenant = $1 AND c.carrier = $2 AND c.tracking_no = s.tracking_no AND c.status IN ('delivered', 'returned')
		) ORDER BY s.tracking_no LIMIT ${MAX_PARCELS}`,
		[tenant, carrier],
	);
	return rows.map(({ tracking_no }) => tracking_no);
}
